import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.travel.streets import NO, graph_of, scipy_times

from circle15.planning.travel.customize import customize
from circle15.planning.travel.order import order_of_roads


def hierarchy_of(graph, x=None, y=None):
    tail = np.repeat(np.arange(graph.node_count), np.diff(graph.first))
    line = np.arange(graph.node_count, dtype=float)
    order = order_of_roads(tail, graph.head, line if x is None else x, line * 0 if y is None else y)
    return customize(order, graph)


def times_by_arc(hierarchy, table):
    """Give the true times up and down for the arcs from a table by node."""
    order = hierarchy.order
    node = np.argsort(order.rank)
    low = np.repeat(node, np.diff(order.first))
    high = node[order.head]
    return table[low, high], table[high, low]


@st.composite
def graphs(draw):
    count = draw(st.integers(1, 12))
    node, time = st.integers(0, count - 1), st.sampled_from([1, 2, 3, 10, 30_000, 65_534])
    arcs = draw(st.lists(st.tuples(node, node, time), max_size=40))
    return graph_of(count, arcs)


@settings(max_examples=200)
@given(graphs())
def test_open_arcs_take_the_true_time_and_no_needed_arc_is_shut(graph):
    hierarchy = hierarchy_of(graph)
    far = scipy_times(graph, np.arange(graph.node_count), 65_534)
    up, down = times_by_arc(hierarchy, far)
    for true, found in ((up, hierarchy.up_ds), (down, hierarchy.down_ds)):
        assert ((found == true) | (found == NO)).all()
    assert over_the_top(hierarchy).tolist() == far.tolist()


def over_the_top(hierarchy):
    """Take every way that goes up first and then down: these alone must give all times."""
    order = hierarchy.order
    count = order.node_count
    rank_of = order.rank.astype(int)
    up = np.full((count, count), NO, np.int64)
    np.fill_diagonal(up, 0)
    down = up.copy()
    for low in range(count - 1, -1, -1):
        for arc in range(order.first[low], order.first[low + 1]):
            high = order.head[arc]
            up[low] = np.minimum(up[low], int(hierarchy.up_ds[arc]) + up[high])
            down[low] = np.minimum(down[low], int(hierarchy.down_ds[arc]) + down[high])
    both = (up[:, None, :] + down[None, :, :]).min(axis=2)
    return np.minimum(both, NO)[np.ix_(rank_of, rank_of)]


def test_a_graph_with_other_roads_than_the_order_is_refused():
    order = hierarchy_of(graph_of(3, [(0, 1, 5), (1, 2, 5)])).order
    with pytest.raises(ValueError, match="another map"):
        customize(order, graph_of(3, [(0, 2, 5)]))
    with pytest.raises(ValueError, match="another map"):
        customize(order, graph_of(2, []))


def test_no_time_runs_over_the_end_of_its_type():
    graph = graph_of(3, [(0, 1, 65_534), (1, 2, 65_534), (2, 0, 1)])
    hierarchy = hierarchy_of(graph)
    assert over_the_top(hierarchy).tolist() == [[0, 65_534, NO], [NO, 0, 65_534], [1, NO, 0]]
