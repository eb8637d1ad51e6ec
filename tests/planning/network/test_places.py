"""Places on the roads: the nearest piece, the share along it, both directions, the walk to it."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from tests.planning.network.made import INF, arcs_of, network_of, nodes_at

from circle15.planning.demand import Points
from circle15.planning.network.places import Snapper, doors
from circle15.planning.network.projection import mercator, metres
from circle15.planning.problems import PlanningRefused

NO = 65_535
# One long street from west to east along the equator, one-way for cars from 10 to 11.
STREET = nodes_at((0.0, 0.0), (0.01, 0.0), (0.02, 0.0), ids=(10, 11, 12))
ROWS = (
    (0, 1, 1112, 800, 100),
    (1, 0, 1112, 900, INF),
    (1, 2, 1112, 800, 100),
    (2, 1, 1112, 800, 100),
)
WALK_DS_PER_M = 3.6 / 4.5 * 10


def at(*places):
    lon, lat = np.array(places, float).T.copy()
    return Points(tuple(f"p{i}" for i in range(len(places))), lon, lat, None)


def by_id(network, found, row=0):
    """Give the doors of one place as {node: time}."""
    ids = network.node_id[found.node[row]].tolist()
    times = found.time_ds[row].tolist()
    return {node: time for node, time in zip(ids, times, strict=True) if time != NO}


@pytest.fixture
def street():
    return network_of(STREET, arcs_of(*ROWS))


def test_a_resident_leaves_by_both_ends_of_the_road(street) -> None:
    found = doors(street, at((0.0025, 0.0001)), "walk", arriving=False)
    gap = round(metres(*np.array([[0.0025], [0.0001], [0.0025], [0.0]]))[0] * WALK_DS_PER_M)
    assert found.gap_ds.tolist() == [gap]
    assert by_id(street, found) == {11: gap + 6000, 10: gap + 2250}


def test_a_site_is_reached_from_both_ends_of_the_road(street) -> None:
    found = doors(street, at((0.0025, 0.0)), "walk", arriving=True)
    assert by_id(street, found) == {10: 2000, 11: 6750}


def test_a_one_way_street_is_left_and_entered_at_one_end(street) -> None:
    place = at((0.0025, 0.0))
    assert by_id(street, doors(street, place, "drive", arriving=False)) == {11: 750}
    assert by_id(street, doors(street, place, "drive", arriving=True)) == {10: 250}


def test_the_direct_way_over_the_piece_is_kept(street) -> None:
    found = doors(street, at((0.0025, 0.0)), "drive", arriving=False)
    west_first = street.node_id[found.node[0, 0]] == 10
    assert found.direct_ds.tolist() == [[1000, NO] if west_first else [NO, 1000]]
    assert found.along.tolist() == pytest.approx([0.25 if west_first else 0.75])


def test_a_place_on_a_node_has_one_door_whatever_the_street_allows(street) -> None:
    for arriving in (True, False):
        found = doors(street, at((0.0, 0.0)), "drive", arriving=arriving)
        assert by_id(street, found) == {10: 0}
        assert (found.piece.tolist(), found.direct_ds.tolist()) == ([-1], [[NO, NO]])
        assert found.node[0, 0] == found.node[0, 1]


def test_places_may_be_given_by_node(street) -> None:
    points = Points(("a", "b"), None, None, np.array([12, 10]))
    found = doors(street, points, "drive", arriving=True)
    assert street.node_id[found.node].tolist() == [[12, 12], [10, 10]]
    assert found.time_ds.tolist() == [[0, NO], [0, NO]]


def test_nodes_that_are_not_there_are_all_named(street) -> None:
    points = Points(("a", "b", "c"), None, None, np.array([12, 13, -1]))
    with pytest.raises(PlanningRefused) as refused:
        doors(street, points, "drive", arriving=True)
    assert [problem.zh for problem in refused.value.problems] == [
        "b：路网中没有节点 13",
        "c：路网中没有节点 -1",
    ]


def test_far_places_are_named_the_farthest_first(street) -> None:
    snapped = Snapper(street, "walk").snap(
        at((0.001, 0.004), (0.001, 0.001), (0.01, 0.006)), arriving=True
    )
    assert snapped.gap_m.round().tolist() == [445, 111, 667]
    assert [text.zh for text in snapped.warnings] == [
        "2 处距最近的路超过 300 米：p2 667 m、p0 445 m"
    ]


def test_more_than_five_far_places_are_counted(street) -> None:
    snapped = Snapper(street, "walk").snap(at(*((0.001, 0.004),) * 7), arriving=True)
    (warning,) = snapped.warnings
    assert warning.en.startswith("over 300 m from a road: 7 (p0 445 m, p1 445 m")
    assert warning.en.endswith(", p4 445 m, …)")


def test_no_door_opens_onto_a_motorway_or_a_ferry() -> None:
    nodes = nodes_at((0, 0), (0.01, 0), (0, 0.002), (0.01, 0.002), (0, -0.001), (0.01, -0.001))
    rows = tuple((i, i + 1, 1112, 800, 100) for i in (0, 2, 4))
    made = network_of(nodes, arcs_of(*rows, classes=(1, 0, 2)))
    found = doors(made, at((0.005, 0.0)), "drive", arriving=False)
    assert set(by_id(made, found)) <= {2, 3}
    only = network_of(nodes, arcs_of(*rows, classes=(1, 1, 2)))
    assert set(by_id(only, doors(only, at((0.005, 0.0)), "drive", arriving=False))) <= {0, 1}


def test_a_scrap_of_road_has_no_door_while_a_larger_part_is_there() -> None:
    main = [(0.001 * i, 0.001) for i in range(12)]
    nodes = nodes_at(*main, (0.002, 0.0), (0.004, 0.0))
    rows = [(i, i + 1, 111, 80, 10) for i in range(11)] + [(12, 13, 222, 160, 20)]
    made = network_of(nodes, arcs_of(*rows))
    assert set(by_id(made, doors(made, at((0.003, 0.0)), "walk", arriving=False))) <= set(range(12))


def test_an_island_large_enough_is_joined_and_told_of() -> None:
    nodes = nodes_at(*((0.001 * i, 0.02 * (i > 11)) for i in range(22)))
    rows = [(i, i + 1, 111, 80, 10) for i in range(21) if i != 11]
    made = network_of(nodes, arcs_of(*rows))
    island = Points(("a", "b"), None, None, np.array([0, 12]))
    for places in (at((0.0, 0.0), (0.012, 0.02)), island):
        snapped = Snapper(made, "walk").snap(places, arriving=True)
        assert made.node_id[snapped.doors.node[:, 0]].tolist() == [0, 12]
        name = places.id[1]
        assert [text.zh for text in snapped.warnings] == [
            f"1 处所在的路与路网的最大部分不相通：{name}"
        ]


def test_a_place_no_one_walks_to_has_no_way_in(street) -> None:
    snapped = Snapper(street, "walk").snap(at((0.0, 0.0), (0.0, 1.0)), arriving=True)
    assert snapped.gap_m.tolist() == [0, INF]
    assert snapped.doors.time_ds[1].tolist() == [NO, NO]
    assert snapped.doors.gap_ds[1] == NO
    assert snapped.warnings[0].en == "over 300 m from a road: 1 (p1 no road near)"


def test_no_places_have_no_doors(street) -> None:
    nowhere = Points((), np.zeros(0), np.zeros(0), None)
    assert len(doors(street, nowhere, "walk", arriving=True)) == 0


def test_a_road_closed_to_the_mode_is_not_joined(street) -> None:
    nodes = nodes_at((0, 0), (0.01, 0), (0, 0.001), (0.01, 0.001))
    made = network_of(nodes, arcs_of((0, 1, 1112, 800, INF), (2, 3, 1112, 800, 100)))
    found = doors(made, at((0.004, 0.0)), "drive", arriving=False)
    assert by_id(made, found).keys() == {3}


def test_an_unknown_mode_and_one_without_roads_are_refused(street) -> None:
    with pytest.raises(PlanningRefused, match="路网没有出行方式“swim”，有：walk、drive"):
        Snapper(street, "swim")
    closed = network_of(STREET, arcs_of((0, 1, 9, 9, INF)))
    with pytest.raises(PlanningRefused, match="路网中没有“drive”能走的路"):
        Snapper(closed, "drive")


def test_bends_count_for_what_is_near_and_how_far_along_it_is() -> None:
    nodes = nodes_at((0, 0), (0.01, 0), (0, 0.004), (0.01, 0.004))
    bends = [[(0.0, 0.003), (0.01, 0.003)], []]
    rows = ((0, 1, 1779, 1600, 160), (2, 3, 1112, 800, 80))
    made = network_of(nodes, arcs_of(*rows, bends=bends))
    found = doors(made, at((0.005, 0.0029)), "walk", arriving=True)
    assert by_id(made, found) == {0: 8000 + found.gap_ds[0]}


def drawn_line(*spots):
    return shapely.LineString(np.column_stack(mercator(*np.array(spots, float).T)))


@given(
    st.lists(st.tuples(st.floats(-0.02, 0.04), st.floats(-0.004, 0.004)), min_size=1, max_size=10)
)
def test_the_gap_is_that_of_the_nearest_line(places) -> None:
    street = network_of(STREET, arcs_of(*ROWS))
    found = Snapper(street, "walk").snap(at((0.005, 0), *places), arriving=True)
    drawn = [drawn_line((0, 0), (0.01, 0)), drawn_line((0.01, 0), (0.02, 0))]
    spots = shapely.points(np.column_stack(mercator(*np.array([(0.005, 0), *places]).T)))
    nearest = [min(shapely.distance(drawn, spot)) for spot in spots]
    shrink = np.cos(np.radians([0, *(lat for _, lat in places)]))
    assert found.gap_m.tolist() == pytest.approx((np.array(nearest) * shrink).tolist())


@given(st.floats(0, 1))
def test_both_parts_of_a_road_add_up_to_the_whole(share) -> None:
    street = network_of(STREET, arcs_of(*ROWS))
    found = doors(street, at((0.01 + 0.01 * share, 0.0)), "drive", arriving=True)
    times = by_id(street, found)
    assert sum(times.values()) in ({0} if len(times) == 1 else {999, 1000, 1001})


def test_the_same_places_give_the_same_doors_in_any_order(street) -> None:
    places = [(0.003 * i, 0.0001 * i) for i in range(7)]
    ahead = doors(street, at(*places), "walk", arriving=True)
    back = doors(street, at(*places[::-1]), "walk", arriving=True)
    assert ahead.time_ds.tolist() == back.time_ds[::-1].tolist()
    assert ahead.node.tolist() == back.node[::-1].tolist()
