"""The published optima of the San Francisco instance (205 tracts, 16 stores)."""

from pathlib import Path

import numpy as np
import pytest

from circle15.planning.siting.matrix import reach_of, read_matrix, read_weights
from circle15.planning.siting.question import Objective, Question
from circle15.planning.siting.solve import solve

DATA = Path(__file__).parents[1] / "data"
MATRIX = read_matrix(DATA / "sf_network_distance_m.csv")
TRACTS, PEOPLE = read_weights(DATA / "sf_demand.csv")


def ask(limit=np.inf, **question):
    reach = reach_of(MATRIX, MATRIX.site_id, TRACTS, limit)
    answer = solve(reach, PEOPLE, Question(**question))
    return answer, [MATRIX.site_id[row] for row in answer.chosen]


def test_p_median_has_the_published_sites_and_total():
    answer, chosen = ask(objective=Objective.P_MEDIAN, sites=4)
    assert chosen == ["Store_2", "Store_11", "Store_12", "Store_15"]
    assert answer.value == pytest.approx(2848268132.7, abs=0.05)
    assert (answer.status, answer.gap) == ("optimal", 0.0)


def test_cover_of_all_within_5000_takes_eight_sites():
    answer, chosen = ask(5000, objective=Objective.LSCP, cover=1.0)
    assert (len(chosen), answer.value, answer.bound) == (8, 8.0, 8.0)
    assert (answer.status, answer.share) == ("optimal", 1.0)


def test_ranked_gains_add_up_to_the_people_covered():
    answer, chosen = ask(5000, objective=Objective.MCLP, sites=4)
    gains = [each.gained for each in answer.ranked]
    assert gains == sorted(gains, reverse=True)
    assert sum(gains) == answer.value == answer.covered == 875247.0
    assert sorted(MATRIX.site_id[each.site] for each in answer.ranked) == sorted(chosen)


def test_center_is_the_least_distance_at_which_a_cover_is_found():
    answer, _ = ask(objective=Objective.P_CENTER, sites=4)
    within, _ = ask(answer.value, objective=Objective.LSCP, cover=1.0)
    below, _ = ask(answer.value - 0.001, objective=Objective.LSCP, cover=1.0)
    assert (within.value, below.value > 4) == (4.0, True)


def test_more_sites_never_cover_fewer_people():
    shares = [ask(5000, objective=Objective.MCLP, sites=count)[0].value for count in range(1, 9)]
    assert shares == sorted(shares)
    assert shares[-1] == PEOPLE.sum()


def test_robustness_is_the_same_every_time():
    first, _ = ask(5000, objective=Objective.MCLP, sites=4, scenarios=2)
    second, _ = ask(5000, objective=Objective.MCLP, sites=4, scenarios=2)
    assert first == second
    assert all(0.0 <= each.stays <= 1.0 for each in first.ranked)
