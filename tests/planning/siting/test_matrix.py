"""Travel matrices in both forms, and what is wrong with them."""

import numpy as np
import pytest

from circle15.planning.problems import PlanningRefused
from circle15.planning.siting.matrix import reach_of, read_matrix, read_site_list, read_weights


def written(tmp_path, text, name="m.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def as_dict(matrix):
    return {
        (matrix.site_id[site], matrix.demand_id[demand]): cost
        for site, demand, cost in zip(matrix.site, matrix.demand, matrix.cost, strict=True)
    }


PAIRS = {("S", "a"): 1.0, ("S", "b"): 2.5, ("t", "b"): 3.0}


@pytest.mark.parametrize(
    "text",
    [
        "demand,S,t\na,1,\nb,2.5,3\n",
        "\ufeffDestinationName;S;t\r\na;1;inf\r\nb;2.5;3\r\n",
        "site,demand,cost\nS,a,1\nS,b,2.5\nt,b,3\n",
        "minutes,village,site_id\n3,b,t\n2.5,b,S\n1,a,S\nNA,a,t\n",
    ],
)
def test_long_and_wide_in_any_order_are_the_same(tmp_path, text):
    assert as_dict(read_matrix(written(tmp_path, text))) == PAIRS


def test_reach_keeps_the_order_asked_for_and_the_limit(tmp_path):
    matrix = read_matrix(written(tmp_path, "demand,S,t\na,1,\nb,2.5,3\n"))
    reach = reach_of(matrix, ("t", "unknown", "S"), ("b", "a"), 2.5)
    assert reach.first.tolist() == [0, 0, 0, 2]
    assert (reach.demand.tolist(), reach.cost.tolist()) == ([0, 1], [2.5, 1.0])


def test_faults_are_named_by_line(tmp_path):
    path = written(tmp_path, "site,demand,cost\nS,a,-1\nS,b,x\nS,a,2\n")
    with pytest.raises(PlanningRefused) as caught:
        read_matrix(path)
    assert [problem.en for problem in caught.value.problems] == [
        "m.csv line 2: the same site and demand come twice",
        "m.csv line 2: cost must not be negative: -1",
        "m.csv line 3: cost is no number: 'x'",
    ]


def test_ids_of_another_file_are_refused(tmp_path):
    matrix = read_matrix(written(tmp_path, "demand,S\na,1\n"))
    with pytest.raises(PlanningRefused) as caught:
        reach_of(matrix, ("other",), ("a",), np.inf)
    assert [problem.en for problem in caught.value.problems] == [
        "m.csv: has none of the sites listed, such as other"
    ]


@pytest.mark.parametrize("text", ["id,weight\na,3\nb,0\n", "tract,demand\na,3\nb,0\n"])
def test_weights_need_an_id_and_people(tmp_path, text):
    ids, weight = read_weights(written(tmp_path, text))
    assert (ids, weight.tolist()) == (("a", "b"), [3.0, 0.0])


def test_weights_without_people_or_negative_are_refused(tmp_path):
    for text, problem in (
        ("id,name\na,b\n", "m.csv: no column weight (people)"),
        ("id,weight\na,-3\n", "m.csv line 2: weight must not be negative: -3"),
    ):
        with pytest.raises(PlanningRefused) as caught:
            read_weights(written(tmp_path, text))
        assert [each.en for each in caught.value.problems] == [problem]


def test_site_list_needs_no_coordinates(tmp_path):
    listed = read_site_list(written(tmp_path, "id,cost,town\nS,2,T\n"))
    assert (listed.points.id, listed.labels) == (("S",), {"town": ("T",)})
    assert listed.cost is not None
    assert (listed.cost.tolist(), listed.capacity) == ([2.0], None)
