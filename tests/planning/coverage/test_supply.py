"""Floating catchments against the formulas written out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.planning.coverage.supply import (
    accessibility,
    flat_decay,
    gaussian_decay,
    stepped_decay,
)
from circle15.planning.travel.model import Reach

LIMIT = 100


def reach(times: list[list[int | None]]) -> Reach:
    """Write a dense table (sites x demand, None = out of reach) as a sparse one."""
    rows = [[(d, t) for d, t in enumerate(row) if t is not None] for row in times]
    first = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    pairs = [pair for row in rows for pair in row]
    demand = np.array([pair[0] for pair in pairs], np.uint32)
    cost = np.array([pair[1] for pair in pairs], np.uint16)
    return Reach(first, demand, cost, len(times[0]), LIMIT)


def by_formula(times, weight, supply, decay) -> list[float]:
    ratio = []
    for row, staff in zip(times, supply, strict=True):
        people = sum(p * decay[t] for p, t in zip(weight, row, strict=True) if t is not None)
        ratio.append(staff / people if people else 0.0)
    return [
        sum(
            rate * decay[row[place]]
            for rate, row in zip(ratio, times, strict=True)
            if row[place] is not None
        )
        for place in range(len(weight))
    ]


tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.none() | st.integers(0, LIMIT), min_size=width, max_size=width),
        min_size=1,
        max_size=4,
    )
)


@given(tables, st.sampled_from([flat_decay(LIMIT), gaussian_decay(LIMIT)]))
def test_it_is_the_formula(times: list[list[int | None]], decay: np.ndarray) -> None:
    weight = np.arange(len(times[0]), dtype=np.float64)
    supply = np.arange(1.0, len(times) + 1)
    found = accessibility(reach(times), weight, supply, decay)
    assert found == pytest.approx(by_formula(times, weight, supply, decay))


def test_what_people_can_reach_adds_up_to_the_supply() -> None:
    weight = np.array([100.0, 300.0, 50.0])
    found = accessibility(
        reach([[0, 40, None], [100, None, 7]]), weight, np.array([3.0, 5.0]), gaussian_decay(LIMIT)
    )
    assert np.dot(found, weight) == pytest.approx(8.0)


def test_zones_include_their_end() -> None:
    table = stepped_decay([(5, 1.0), (10, 0.68), (15, 0.22)])
    assert [table[0], table[3_000], table[3_001], table[6_000], table[9_000]] == [
        1.0,
        1.0,
        0.68,
        0.68,
        0.22,
    ]


def test_costs_that_are_no_times_are_refused() -> None:
    metres = Reach(np.array([0, 1]), np.zeros(1, np.uint32), np.array([1.5]), 1, 10.0)
    with pytest.raises(TypeError):
        accessibility(metres, np.ones(1), np.ones(1), flat_decay(LIMIT))
