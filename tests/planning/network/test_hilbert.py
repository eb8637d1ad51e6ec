"""The curve goes through every cell and never jumps."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from circle15.planning.network.hilbert import hilbert_order


def test_a_grid_is_walked_cell_by_cell() -> None:
    x, y = (axis.ravel().astype(float) for axis in np.meshgrid(np.arange(32), np.arange(32)))
    order = hilbert_order(x, y)
    steps = np.abs(np.diff(x[order])) + np.abs(np.diff(y[order]))
    assert sorted(order.tolist()) == list(range(1024))
    assert steps.tolist() == [1.0] * 1023


@given(st.lists(st.tuples(st.floats(-1e7, 1e7), st.floats(-1e7, 1e7)), max_size=30))
def test_every_place_comes_once(places) -> None:
    x, y = np.array(places, float).reshape(-1, 2).T
    assert sorted(hilbert_order(x, y).tolist()) == list(range(len(places)))


def test_places_at_one_spot_keep_their_order() -> None:
    same = np.full(5, 7.0)
    assert hilbert_order(same, same).tolist() == [0, 1, 2, 3, 4]
