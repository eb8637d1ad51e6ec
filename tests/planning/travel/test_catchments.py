import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.travel.streets import (
    NO,
    at_nodes,
    graph_of,
    limits,
    oracle,
    places,
    scipy_times,
    streets,
    within,
)

from circle15.planning.travel import catchments as module
from circle15.planning.travel.search import catchments


def dense(reach):
    table = np.full((reach.site_count, reach.demand_count), NO, np.int64)
    rows = np.repeat(np.arange(reach.site_count), np.diff(reach.first))
    assert len(np.unique(rows * reach.demand_count + reach.demand)) == len(rows)
    table[rows, reach.demand] = reach.time_ds
    return table


@pytest.mark.parametrize("threads", [1, 2])
def test_catchments_equal_scipy_on_real_roads(roads, threads):
    name, graph = roads
    rng = np.random.default_rng(15)
    sites = rng.choice(graph.node_count, 30, replace=False)
    demand = rng.choice(graph.node_count, 3_000)  # some places share a node

    reach = catchments(graph, at_nodes(sites), at_nodes(demand), 6_000, threads=threads)

    assert (dense(reach) == scipy_times(graph, sites, 6_000)[:, demand]).all(), name
    rows = np.split(reach.demand.astype(np.int64), reach.first[1:-1])
    assert all((np.diff(row) > 0).all() for row in rows)
    assert (reach.demand.dtype, reach.cost.dtype) == (np.uint32, np.uint16)


@settings(max_examples=150)
@given(st.data(), streets(), st.booleans())
def test_catchments_equal_networkx_on_cut_up_streets(data, street, toward):
    sites, demand = data.draw(places(street)), data.draw(places(street))
    table = oracle(street, sites, demand, toward=toward)
    limit = data.draw(limits(table))

    reach = catchments(
        street.graph(toward=toward),
        street.doors(sites, arriving=toward),
        street.doors(demand, arriving=not toward),
        limit,
        home_visits=not toward,
    )

    assert dense(reach).tolist() == within(table, limit).tolist()
    assert reach.limit == limit


def test_any_cut_into_parts_gives_the_same_bytes(roads, monkeypatch):
    _, graph = roads
    rng = np.random.default_rng(3)
    sites = at_nodes(rng.choice(graph.node_count, 50))
    demand = at_nodes(rng.choice(graph.node_count, 1_000))
    whole = catchments(graph, sites, demand, 3_000, threads=1)
    monkeypatch.setattr(module, "MOST_SITES", 3)
    parted = catchments(graph, sites, demand, 3_000, threads=3)
    for name in ("first", "demand", "cost"):
        assert getattr(whole, name).tobytes() == getattr(parted, name).tobytes()


def test_progress_counts_sites_and_may_stop_the_search(monkeypatch):
    monkeypatch.setattr(module, "MOST_SITES", 2)
    graph, told = graph_of(1, []), []
    catchments(graph, at_nodes([0] * 5), at_nodes([0]), 9, progress=lambda *it: told.append(it))
    assert told == [(2, 5), (4, 5), (5, 5)]

    def stop(_done, _all):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        catchments(graph, at_nodes([0] * 5), at_nodes([0]), 9, progress=stop)


@pytest.mark.parametrize(("sites", "demand"), [([], []), ([0], []), ([], [0])])
def test_nothing_to_search_gives_an_empty_matrix(sites, demand):
    reach = catchments(graph_of(1, []), at_nodes(sites), at_nodes(demand), 9)
    assert (reach.site_count, reach.demand_count, len(reach.demand)) == (
        len(sites),
        len(demand),
        0,
    )
