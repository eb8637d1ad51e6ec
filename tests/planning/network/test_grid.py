"""The grid finds the nearest segment, as brute force and shapely do."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.network.made import arcs_of, network_of, nodes_at

from circle15.planning.network.grid import NOTHING, grid_of
from circle15.planning.network.segments import Segments, segments_of

spot = st.tuples(st.integers(-50, 50), st.integers(-50, 50))
FAR = 1e9


def segments(*ends):
    ax, ay, bx, by = np.array(ends, float).reshape(-1, 4).T.copy()
    length = np.hypot(bx - ax, by - ay)
    return Segments(ax, ay, bx, by, np.arange(len(ax)), np.zeros(len(ax)), length)


def nearest(roads, places, reach=FAR):
    x, y = np.array(places, float).reshape(-1, 2).T.copy()
    return grid_of(roads).nearest(x, y, np.full(len(x), float(reach)))


@settings(max_examples=300)
@given(st.lists(st.tuples(spot, spot), min_size=1, max_size=40), st.lists(spot, max_size=20))
def test_it_is_the_nearest_and_the_first_of_equals(ends, places) -> None:
    roads = segments(*((*a, *b) for a, b in ends))
    found, share, away = nearest(roads, [(x * 1.3, y * 1.3) for x, y in places])
    drawn = shapely.linestrings([[a, b] for a, b in ends])
    for k, (x, y) in enumerate(places):
        distance = shapely.distance(drawn, shapely.Point(x * 1.3, y * 1.3))
        assert away[k] == pytest.approx(distance.min(), abs=1e-9)
        assert distance[found[k]] == pytest.approx(distance.min(), abs=1e-9)
        (a, b) = np.array(ends[found[k]], float)
        at = a + share[k] * (b - a)
        assert np.hypot(*(at - (x * 1.3, y * 1.3))) == pytest.approx(away[k], abs=1e-9)
        assert ends.index(ends[found[k]]) == found[k]


@pytest.mark.parametrize("size", [1.0, 1000.0, 4e6])
def test_ten_thousand_places_agree_with_shapely(size) -> None:
    rng = np.random.default_rng(15)
    start = rng.uniform(0, size, (2000, 2))
    ends = start + rng.normal(0, size / 30, (2000, 2)) * (rng.random((2000, 1)) ** 4)
    places = rng.uniform(-size / 5, size * 1.2, (10_000, 2))
    found, _, away = nearest(segments(*np.hstack((start, ends))), places)
    drawn = shapely.linestrings(np.stack((start, ends), axis=1))
    _, truth = shapely.STRtree(drawn).query_nearest(
        shapely.points(places), return_distance=True, all_matches=False
    )
    assert away == pytest.approx(truth, rel=1e-9, abs=size * 1e-12)
    assert shapely.distance(drawn[found], shapely.points(places)) == pytest.approx(truth)


def test_at_a_crossing_the_first_road_is_taken_at_its_very_end() -> None:
    roads = segments((5, 5, 0.1, 0.3), (0.1, 0.3, 9, 2), (0.1, 0.3, 0.1, 0.3))
    found, share, away = nearest(roads, [(0.1, 0.3), (0, 0)])
    assert (found.tolist(), share.tolist()) == ([0, 0], [1.0, 1.0])
    assert away[0] == 0


def test_beyond_reach_there_is_nothing() -> None:
    found, _, away = nearest(segments((0, 0, 1, 0)), [(0, 3), (0, 3.01), (1e7, 0)], reach=3)
    assert found.tolist() == [0, NOTHING, NOTHING]
    assert away.tolist() == [3, np.inf, np.inf]


def test_a_road_of_no_length_has_a_place() -> None:
    roads = segments((4, 4, 4, 4))
    found, share, _ = nearest(roads, [(0, 0)])
    assert (found.tolist(), roads.along(found, share).tolist()) == ([0], [0.0])


def test_bends_make_segments_that_add_up() -> None:
    nodes = nodes_at((0, 0), (0.03, 0), (0, 0.01))
    bends = [[(0.01, 0.01), (0.02, 0.01)], []]
    made = network_of(nodes, arcs_of((0, 1, 9, 9, 9), (0, 2, 9, 9, 9), bends=bends))
    tail, head = made.tails().astype(np.int64), made.head.astype(np.int64)
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    roads = segments_of(made, low, high, made.piece.astype(np.int64))
    assert np.bincount(roads.line).tolist() == np.diff(made.shapes.first + np.arange(3)).tolist()
    length = np.hypot(roads.bx - roads.ax, roads.by - roads.ay)
    assert roads.total.tolist() == pytest.approx(np.bincount(roads.line, length).tolist())
    every = np.arange(len(length))
    ends = roads.along(every, np.ones(len(length)))
    assert ends[np.flatnonzero(np.diff(roads.line, append=9))].tolist() == [1.0, 1.0]
    assert (roads.along(every, np.zeros(len(length))) < ends).all()
