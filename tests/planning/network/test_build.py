"""Networks from arcs: nothing lost, nothing double, times to the decisecond."""

import numpy as np
import pytest
from hypothesis import given
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from tests.planning.network.made import INF, arcs_by_id, arcs_of, drawn, network_of, nodes_at

from circle15.planning.network.model import from_sites, toward_sites

SQUARE = nodes_at((121.0, 31.0), (121.01, 31.0), (121.01, 31.01), (121.0, 31.01), ids=(7, 5, 9, 3))


def quickest(nodes, arcs, mode):
    """Say by brute force what the network must hold."""
    best = {}
    for u, v, time in zip(arcs.tail, arcs.head, arcs.time_s[mode], strict=True):
        ds = max(int(np.rint(time * 10)), 1) if time < INF else 65_535
        if u != v and ds <= 65_534:
            pair = int(nodes.id[u]), int(nodes.id[v])
            best[pair] = min(ds, best.get(pair, 65_535))
    return best


@given(drawn())
def test_every_pair_keeps_its_quickest_time_by_mode(roads) -> None:
    nodes, arcs = roads
    network = network_of(nodes, arcs)
    for mode in ("walk", "drive"):
        assert arcs_by_id(network, mode) == quickest(nodes, arcs, mode)
    assert sorted(network.node_id.tolist()) == nodes.id.tolist()


@given(drawn())
def test_arcs_are_sorted_and_none_is_double(roads) -> None:
    network = network_of(*roads)
    pairs = list(zip(network.tails().tolist(), network.head.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert network.first[0] == 0
    assert network.first[-1] == network.arc_count


@given(drawn())
def test_the_two_directions_share_a_piece_and_no_other_arc_does(roads) -> None:
    network = network_of(*roads)
    pairs = zip(network.tails().tolist(), network.head.tolist(), strict=True)
    ends = [tuple(sorted(pair)) for pair in pairs]
    numbers = {pair: number for number, pair in enumerate(sorted(set(ends)))}
    assert network.piece.tolist() == [numbers[pair] for pair in ends]


@given(drawn())
def test_parts_are_those_of_scipy_the_largest_first(roads) -> None:
    network = network_of(*roads)
    count = network.node_count
    graph = csr_array((np.ones(network.arc_count), (network.tails(), network.head)), (count, count))
    _, part = connected_components(graph, directed=False)
    sizes = np.bincount(network.component)
    assert (np.diff(sizes) <= 0).all()
    assert sorted(sizes.tolist()) == sorted(np.bincount(part).tolist())
    same = network.component[:, None] == network.component
    assert (same == (part[:, None] == part)).all()


def test_a_self_loop_a_double_and_a_closed_arc_are_left_out_and_counted() -> None:
    arcs = arcs_of(
        (0, 1, 100, 80, 9),
        (0, 1, 90, 70, 12),
        (1, 1, 50, 40, 5),
        (1, 2, 100, INF, INF),
        (2, 3, 0, 0, 0),
        (3, 0, 9000, 6553.5, 600),
    )
    network = network_of(SQUARE, arcs)
    assert arcs_by_id(network, "walk") == {(7, 5): 700, (9, 3): 1}
    assert arcs_by_id(network, "drive") == {(7, 5): 90, (9, 3): 1, (3, 7): 6000}
    assert network.source["build"] == {
        "nodes": 4,
        "arcs": 3,
        "pieces": 3,
        "self_loops": 1,
        "closed": 1,
        "parallel": 1,
        "zero_time": 1,
        "too_long": 1,
    }


def test_of_parallel_roads_the_shortest_gives_length_and_class() -> None:
    arcs = arcs_of((0, 1, 100, 80, 9), (0, 1, 90.04, 85, 12), classes=(0, 1))
    network = network_of(SQUARE, arcs)
    assert network.length_dm.tolist() == [900]
    assert network.road_class.tolist() == [1]


@pytest.mark.parametrize(("seconds", "ds"), [(6553.4, 65_534), (6553.45, 65_534), (0.04, 1)])
def test_times_are_rounded_within_the_limit(seconds, ds) -> None:
    network = network_of(SQUARE, arcs_of((0, 1, 10, seconds, 1)))
    assert network.times["walk"].tolist() == [ds]


def test_bends_run_from_the_lower_to_the_higher_node_whichever_way_they_came() -> None:
    bend = [(121.004, 31.001), (121.006, 31.002)]
    for row, line in (((0, 1, 9, 9, 9), bend), ((1, 0, 9, 9, 9), bend[::-1])):
        network = network_of(SQUARE, arcs_of(row, bends=[line]))
        ids = network.node_id.tolist()
        expected = bend if ids.index(7) < ids.index(5) else bend[::-1]
        shapes = network.shapes
        assert list(zip(shapes.lon.tolist(), shapes.lat.tolist(), strict=True)) == expected
        assert len(shapes) == 1


def test_a_network_without_bends_has_no_shapes() -> None:
    assert network_of(SQUARE, arcs_of((0, 1, 9, 9, 9), bends=[[]])).shapes is None


def test_residents_walk_to_sites_on_the_reverse_graph() -> None:
    network = network_of(SQUARE, arcs_of((0, 1, 10, 8, 1), (1, 2, 10, 9, INF)))
    to, out = toward_sites(network, "walk"), from_sites(network, "walk")
    place = {int(node): number for number, node in enumerate(network.node_id)}
    assert out.head[out.first[place[7]] : out.first[place[7] + 1]].tolist() == [place[5]]
    assert to.head[to.first[place[5]] : to.first[place[5] + 1]].tolist() == [place[7]]
    assert toward_sites(network, "drive").time_ds.tolist() == [10]
    assert (to.node_count, network.modes()) == (4, ("walk", "drive"))
