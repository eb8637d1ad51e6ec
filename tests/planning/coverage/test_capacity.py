"""Sites with limited capacity, filled one after the other."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.planning.coverage.test_supply import reach, tables

from circle15.planning.coverage.capacity import SiteLoad, order_by_people, serve_in_order

TIMES = [[10, 20, 30], [5, None, 1]]
PEOPLE = np.array([10.0, 20.0, 5.0])


def test_the_nearest_are_served_first_and_the_last_in_part() -> None:
    found = serve_in_order(reach(TIMES), PEOPLE, np.array([15.0, 100.0]), [0, 1])
    assert found.loads == (SiteLoad(0, 35.0, 15.0, 0.0), SiteLoad(1, 5.0, 5.0, 95.0))
    assert found.residual.tolist() == [0.0, 15.0, 0.0]


def test_sites_with_most_people_in_reach_come_first() -> None:
    assert order_by_people(reach(TIMES), PEOPLE).tolist() == [0, 1]
    assert order_by_people(reach(list(reversed(TIMES))), PEOPLE).tolist() == [1, 0]


@given(tables, st.integers(0, 10))
def test_nobody_is_served_twice_or_lost(times: list[list[int | None]], capacity: int) -> None:
    people = np.arange(1.0, len(times[0]) + 1)
    limits = np.full(len(times), float(capacity))
    found = serve_in_order(reach(times), people, limits, range(len(times)))
    served = sum(load.served for load in found.loads)
    assert served + found.residual.sum() == people.sum()
    assert all(0 <= load.served <= capacity for load in found.loads)
    assert (found.residual >= 0).all()
