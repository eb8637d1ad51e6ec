import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.travel.conftest import network

from circle15.planning.network.store import save
from circle15.planning.problems import PlanningRefused
from circle15.planning.travel.order import FIELDS, load_order, order, order_of_roads, save_order


def ordered(count, pairs, places=None):
    tail, head = np.array(pairs, np.uint32).reshape(-1, 2).T
    x, y = np.array(places or [(i, 0) for i in range(count)], float).reshape(-1, 2).T
    return order_of_roads(tail, head, x, y)


def higher(found):
    rows = np.split(found.head.astype(np.int64), found.first[1:-1].astype(np.int64))
    return [row.tolist() for row in rows]


def eliminated(count, pairs, rank):
    """Take the nodes out one by one with networkx, as the definition says."""
    roads = nx.Graph(pairs)
    roads.add_nodes_from(range(count))
    rows = []
    for node in np.argsort(rank).tolist():
        neighbours = list(roads[node])
        roads.remove_node(node)
        roads.add_edges_from((a, b) for a in neighbours for b in neighbours if a < b)
        rows.append(sorted(int(rank[other]) for other in neighbours))
    return rows


@st.composite
def maps(draw):
    count = draw(st.integers(1, 30))
    node = st.integers(0, count - 1)
    pairs = draw(st.lists(st.tuples(node, node), max_size=60))
    place = st.tuples(st.integers(0, 4), st.integers(0, 4))  # many stand in one place
    places = draw(st.lists(place, min_size=count, max_size=count))
    return count, pairs, places


@settings(max_examples=200)
@given(maps())
def test_arcs_are_those_of_the_elimination_game(drawn):
    count, pairs, places = drawn
    found = ordered(count, pairs, places)
    assert sorted(found.rank.tolist()) == list(range(count))
    roads = [(a, b) for a, b in pairs if a != b]
    assert higher(found) == eliminated(count, roads, found.rank)


@settings(max_examples=100)
@given(maps())
def test_what_lies_below_a_node_stands_right_before_it(drawn):
    found = ordered(*drawn)
    parent = [row[0] if row else None for row in higher(found)]
    below = [{rank} for rank in range(drawn[0])]
    for rank, above in enumerate(parent):
        if above is not None:
            below[above] |= below[rank]
    assert below == [set(range(r - int(found.size[r]) + 1, r + 1)) for r in range(drawn[0])]


def test_a_grid_is_cut_through_its_middle():
    side = 20
    pairs = [(i, i + 1) for i in range(side**2) if i % side < side - 1]
    pairs += [(i, i + side) for i in range(side**2 - side)]
    found = ordered(side**2, pairs, [divmod(i, side) for i in range(side**2)])
    # Row by row would give 20 arcs a node.
    assert len(found.head) / side**2 < 9
    assert max(len(row) for row in higher(found)) < 2 * side


def test_a_line_needs_two_arcs_a_node_and_a_flat_tree():
    found = ordered(1000, [(i, i + 1) for i in range(999)])
    depth = np.zeros(1000, int)
    for rank in range(998, -1, -1):
        depth[rank] = depth[found.head[found.first[rank]]] + 1
    assert len(found.head) < 2 * 1000
    assert depth.max() < 25


@pytest.mark.parametrize(("count", "pairs"), [(1, []), (3, []), (2, [(0, 0), (1, 1)])])
def test_nodes_without_roads_have_no_arcs(count, pairs):
    found = ordered(count, pairs)
    assert (found.node_count, found.head.tolist()) == (count, [])
    assert found.size.tolist() == [1] * count


def test_an_empty_map_has_an_empty_order():
    assert len(ordered(0, []).head) == 0


def test_the_order_of_a_city_is_the_same_each_time_and_small():
    first, second = order(network("hongkong")), order(network("hongkong"))
    for name in FIELDS:
        values = getattr(first, name)
        assert values.dtype == np.uint32
        assert values.tobytes() == getattr(second, name).tobytes()
    assert len(first.head) < 2.4 * first.node_count


def test_an_order_read_from_its_file_is_the_one_written(tmp_path):
    found = ordered(4, [(0, 1), (1, 2), (2, 3), (3, 0)])
    save_order(found, tmp_path / "town.order")
    read = load_order(tmp_path / "town.order")
    for name in FIELDS:
        assert getattr(read, name).tolist() == getattr(found, name).tolist()
        assert getattr(read, name).flags.writeable


def test_a_network_is_not_taken_for_an_order(tmp_path):
    save(network("synthetic"), tmp_path / "town.net")
    with pytest.raises(PlanningRefused, match="不是所需的文件种类"):
        load_order(tmp_path / "town.net")
