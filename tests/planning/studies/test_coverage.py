"""The coverage study on a made-up city: at once, in districts, both directions, refusals."""

from dataclasses import replace

import numpy as np
import pytest

from circle15.planning.demand import Demand, Points, Supply
from circle15.planning.network.build import Arcs, Nodes, build
from circle15.planning.problems import PlanningRefused
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.studies.coverage import nearest_in_districts, study_coverage
from circle15.planning.studies.coverage_record import coverage_to_json
from circle15.planning.synthetic import CLASSES, spread, synthetic_city

ASKED = CoverageQuestion("ebike", 4, ("town",))


@pytest.fixture(scope="module")
def city():
    rng = np.random.default_rng(15)
    made = synthetic_city(rng, 2_500)
    arcs = Arcs(made.tail, made.head, made.length_m, made.road_class, made.time_s)
    network = build(Nodes(made.lon, made.lat, np.arange(len(made.lon))), arcs, CLASSES, {})
    homes, sites = spread(rng, made, 300), spread(rng, made, 6)
    towns = {"town": tuple("东" if node % 2 else "西" for node in homes)}
    demand = Demand(at(homes, "H"), made.people[homes] + 1, {}, towns)
    return network, demand, Supply(at(sites, "S"), None, None, {})


def at(nodes: np.ndarray, letter: str) -> Points:
    return Points(tuple(f"{letter}{node}" for node in nodes), None, None, nodes.astype(np.int64))


def test_districts_count_the_same_people(city) -> None:
    whole = study_coverage(*city, ASKED)
    cut = study_coverage(*city, ASKED, nearest_in_districts(5))
    assert cut.whole.all == whole.whole.all
    assert [area.all for area in cut.areas["town"]] == [area.all for area in whole.areas["town"]]
    assert 0.1 < whole.whole.all.share < 0.95
    assert "4分钟" in cut.times.warnings[-1].zh
    assert cut.times.warnings[:-1] == whole.times.warnings


def test_home_visits_take_the_other_way_round(city) -> None:
    drive = replace(ASKED, mode="drive", minutes=2)
    there = study_coverage(*city, drive)
    visit = study_coverage(*city, replace(drive, home_visits=True))
    assert there.times.time_ds.tolist() != visit.times.time_ds.tolist()
    assert coverage_to_json(visit, 6)["direction"] == "home_visit"


def test_the_record_names_mode_minutes_start_points_and_sites(city) -> None:
    record = coverage_to_json(study_coverage(*city, ASKED), 6)
    named = [record[name] for name in ("mode", "minutes", "start_points", "sites", "direction")]
    assert named == ["ebike", 4, 300, 6, "to_site"]
    assert record["covered"] + sum(gap["people"] for gap in record["gaps"]) == record["people"]


def test_without_a_site_nobody_is_covered(city) -> None:
    network, demand, _ = city
    nothing = Supply(at(np.zeros(0, np.int64), "S"), None, None, {})
    answer = study_coverage(network, demand, nothing, ASKED)
    assert (answer.whole.all.covered, answer.whole.unreached) == (0, demand.weight.sum())


def test_everything_wrong_with_a_question_is_named_at_once(city) -> None:
    with pytest.raises(PlanningRefused) as refused:
        study_coverage(*city, CoverageQuestion("rocket", 110, ("village",)))
    assert [problem.en for problem in refused.value.problems] == [
        "the network has no mode rocket; it has walk, ebike, drive",
        "110 minutes: want more than 0 and at most 109",
        "the demand has no column village",
    ]
