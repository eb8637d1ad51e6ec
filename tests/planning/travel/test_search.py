import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.travel.streets import (
    NO,
    at_nodes,
    doors_of,
    first_nearest,
    graph_of,
    limits,
    oracle,
    places,
    scipy_times,
    streets,
    within,
)

from circle15.planning.travel.search import nearest, place_times


@pytest.mark.parametrize("limit", [0, 599, 600, 9_000, 65_534])
def test_nearest_equals_scipy_on_real_roads(roads, limit):
    name, graph = roads
    sites = np.random.default_rng(15).choice(graph.node_count, 40, replace=False)

    field = nearest(graph, at_nodes(sites), limit)

    assert (field.time_ds == scipy_times(graph, sites, limit, nearest=True)).all(), name
    assert ((field.site >= 0) == (field.time_ds != NO)).all()


def test_nearest_names_the_smallest_of_the_equally_near_on_real_roads(roads):
    _, graph = roads
    sites = np.random.default_rng(16).choice(graph.node_count, 25, replace=False)

    field = nearest(graph, at_nodes(sites), 6_000)

    time, site = first_nearest(scipy_times(graph, sites, 6_000))
    assert (field.time_ds == time).all()
    assert (field.site == site).all()


@pytest.mark.slow
def test_times_equal_networkx_on_real_roads(roads):
    name, graph = roads
    tails = np.repeat(np.arange(graph.node_count), np.diff(graph.first).astype(np.int64))
    arcs = nx.DiGraph()
    ends = zip(tails.tolist(), graph.head.tolist(), graph.time_ds.tolist(), strict=True)
    for tail, head, time in ends:
        if time < arcs.get_edge_data(tail, head, {"weight": NO})["weight"]:
            arcs.add_edge(tail, head, weight=time)
    for source in np.random.default_rng(17).choice(tails, 3).tolist():
        told = nx.single_source_dijkstra_path_length(arcs, source, cutoff=6_000)
        found = nearest(graph, at_nodes([source]), 6_000).time_ds
        reached = np.flatnonzero(found != NO)
        assert dict(zip(reached.tolist(), found[reached].tolist(), strict=True)) == told, name


@settings(max_examples=150)
@given(st.data(), streets(), st.booleans())
def test_place_times_equal_networkx_on_cut_up_streets(data, street, toward):
    sites, demand = data.draw(places(street)), data.draw(places(street))
    table = oracle(street, sites, demand, toward=toward)
    limit = data.draw(limits(table))
    at_sites = street.doors(sites, arriving=toward)
    at_demand = street.doors(demand, arriving=not toward)

    field = nearest(street.graph(toward=toward), at_sites, limit)
    time, site = place_times(field, at_sites, at_demand, home_visits=not toward)

    told = first_nearest(within(table, limit))
    assert time.tolist() == told[0].tolist()
    assert site.tolist() == told[1].tolist()


def test_no_sites_reach_nobody():
    graph = graph_of(2, [(0, 1, 5), (1, 0, 5)])
    field = nearest(graph, at_nodes([]), 100)
    assert field.time_ds.tolist() == [NO, NO]
    assert field.site.tolist() == [-1, -1]
    time, site = place_times(field, at_nodes([]), at_nodes([0]))
    assert (time.tolist(), site.tolist()) == ([NO], [-1])


def test_two_sites_at_one_door_are_told_apart_by_number():
    graph = graph_of(2, [(0, 1, 5)])
    field = nearest(graph, at_nodes([0, 0]), 5)
    assert field.site.tolist() == [0, 0]


def test_a_way_longer_than_any_limit_is_not_taken():
    graph = graph_of(3, [(0, 1, 65_534), (1, 2, 65_534), (0, 2, 65_534)])
    field = nearest(graph, at_nodes([0]), 65_534)
    assert field.time_ds.tolist() == [0, 65_534, 65_534]


def test_a_door_may_be_farther_than_the_longest_road():
    graph = graph_of(2, [(0, 1, 3)])
    sites = doors_of([(0, 700, 0, NO, -1, 0, NO, NO, 700)])
    assert nearest(graph, sites, 703).time_ds.tolist() == [700, 703]
    assert nearest(graph, sites, 702).time_ds.tolist() == [700, NO]
    assert nearest(graph, sites, 699).time_ds.tolist() == [NO, NO]


@pytest.mark.parametrize("limit", [-1, 65_535])
def test_a_limit_that_no_label_holds_is_refused(limit):
    with pytest.raises(ValueError, match="limit"):
        nearest(graph_of(1, []), at_nodes([0]), limit)


def test_a_door_outside_the_network_is_refused():
    with pytest.raises(ValueError, match="door"):
        nearest(graph_of(1, []), at_nodes([1]), 5)
