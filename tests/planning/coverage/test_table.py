"""Coverage tables against counting by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.planning.arrays import NO_WAY
from circle15.planning.coverage.table import (
    Count,
    Minutes,
    coverage_by,
    coverage_of_all,
    gaps,
    share_within,
)
from circle15.planning.demand import Demand, Points

LIMIT = 9_000


def people(weight: list[float], towns: list[str], over_60: list[float] | None = None) -> Demand:
    count = len(weight)
    points = Points(tuple(f"V{i}" for i in range(count)), np.zeros(count), np.zeros(count), None)
    groups = {} if over_60 is None else {"over_60": np.array(over_60)}
    return Demand(points, np.array(weight), groups, {"town": tuple(towns)})


def times(*values: int) -> np.ndarray:
    return np.array(values, np.uint16)


def test_the_limit_itself_is_within() -> None:
    demand = people([10, 20, 30], ["a", "a", "b"])
    row = coverage_of_all(demand, times(9_000, 9_001, NO_WAY), LIMIT)
    assert row.all == Count(60, 10)
    assert row.unreached == 30


def test_areas_come_in_their_order_with_their_groups() -> None:
    demand = people([10, 20, 30], ["b", "a", "b"], [1, 2, 3])
    rows = coverage_by(demand, times(1, 9_001, 9_000), LIMIT, "town")
    assert [(row.label, row.places, row.all) for row in rows] == [
        ("b", 2, Count(40, 40)),
        ("a", 1, Count(20, 0)),
    ]
    assert [row.groups["over_60"] for row in rows] == [Count(4, 4), Count(2, 0)]


def test_nobody_living_there_gives_no_rate() -> None:
    row = coverage_of_all(people([0], ["a"]), times(1), LIMIT)
    assert row.all.share is None
    assert row.minutes is None


def test_minutes_are_weighted_by_people() -> None:
    row = coverage_of_all(people([1, 8, 1], ["a"] * 3), times(600, 1_200, 6_000), LIMIT)
    assert row.minutes == Minutes(mean=pytest.approx(2.7), median=2.0, p90=2.0, longest=10.0)


def test_gaps_name_people_minutes_and_the_nearest_site_most_people_first() -> None:
    demand = people([5, 7, 9, 0], ["a", "a", "b", "b"])
    site = np.array([0, 1, -1, 0], np.int32)
    found = gaps(demand, times(9_600, 9_001, NO_WAY, 9_999), site, ("S0", "S1"), LIMIT)
    assert [(gap.place, gap.people, gap.minutes, gap.nearest) for gap in found] == [
        ("V2", 9.0, None, None),
        ("V1", 7.0, pytest.approx(15.0016667), "S1"),
        ("V0", 5.0, 16.0, "S0"),
    ]


@given(st.lists(st.tuples(st.integers(0, 65_535), st.integers(0, 99), st.sampled_from("abc"))))
def test_areas_add_up_to_the_whole(rows: list[tuple[int, int, str]]) -> None:
    demand = people([float(row[1]) for row in rows], [row[2] for row in rows])
    time_ds = np.array([row[0] for row in rows], np.uint16)
    whole = coverage_of_all(demand, time_ds, LIMIT)
    parts = coverage_by(demand, time_ds, LIMIT, "town")
    assert whole.all.people == sum(part.all.people for part in parts)
    assert whole.all.covered == sum(part.all.covered for part in parts)
    assert share_within(demand, time_ds, [15])[0] == whole.all
