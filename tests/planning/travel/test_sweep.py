import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.travel.conftest import network
from tests.planning.travel.streets import (
    at_nodes,
    graph_of,
    limits,
    oracle,
    places,
    scipy_times,
    streets,
    within,
)
from tests.planning.travel.test_catchments import dense
from tests.planning.travel.test_customize import hierarchy_of

from circle15.planning.demand import Points
from circle15.planning.network.model import from_sites, toward_sites
from circle15.planning.network.places import doors
from circle15.planning.travel import sweep as module
from circle15.planning.travel.customize import customize
from circle15.planning.travel.order import order
from circle15.planning.travel.search import catchments
from circle15.planning.travel.sweep import catchments_by_sweep


def assert_same(reach, other):
    for name in ("first", "demand", "cost"):
        assert getattr(reach, name).dtype == getattr(other, name).dtype
        assert getattr(reach, name).tobytes() == getattr(other, name).tobytes()
    assert (reach.demand_count, reach.limit) == (other.demand_count, other.limit)


@pytest.mark.parametrize("name", ["hongkong", "new_york", "liechtenstein", "synthetic"])
def test_sweep_equals_scipy_and_the_plain_search_on_real_roads(name):
    graph = toward_sites(network(name), "drive")
    hierarchy = customize(order(network(name)), graph)
    rng = np.random.default_rng(15)
    sites = rng.choice(graph.node_count, 70, replace=False)
    demand = rng.choice(graph.node_count, 3_000)  # some places share a node

    reach = catchments_by_sweep(hierarchy, at_nodes(sites), at_nodes(demand), 6_000)

    few = dense(reach)[:10]
    assert (few == scipy_times(graph, sites[:10], 6_000)[:, demand]).all(), name
    assert_same(reach, catchments(graph, at_nodes(sites), at_nodes(demand), 6_000))


@settings(max_examples=150)
@given(st.data(), streets(), st.booleans())
def test_sweep_equals_networkx_on_cut_up_streets(data, street, toward):
    sites, demand = data.draw(places(street, most=40)), data.draw(places(street))
    table = oracle(street, sites, demand, toward=toward)
    limit = data.draw(limits(table))

    reach = catchments_by_sweep(
        hierarchy_of(street.graph(toward=toward)),
        street.doors(sites, arriving=toward),
        street.doors(demand, arriving=not toward),
        limit,
        home_visits=not toward,
    )

    assert dense(reach).tolist() == within(table, limit).tolist()
    assert reach.limit == limit


@st.composite
def towns(draw):
    """Draw a sparse town with one-ways and parts apart, sites for 1 to 4 groups, and a limit."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = draw(st.integers(2, 80))
    shape = (draw(st.integers(0, 3 * count)), 2)
    arcs = np.column_stack((rng.integers(0, count, shape), rng.integers(1, 40, shape[0]) * 10))
    sites = rng.integers(0, count, draw(st.integers(1, 110)))
    limit = draw(st.integers(0, 120)) * 10 + draw(st.sampled_from([-1, 0, 1]))
    return graph_of(count, arcs.tolist()), sites, np.arange(count), max(0, limit)


@settings(max_examples=50)
@given(towns(), st.integers(1, 3))
def test_sweep_equals_scipy_on_random_towns(town, threads):
    graph, sites, demand, limit = town
    reach = catchments_by_sweep(
        hierarchy_of(graph), at_nodes(sites), at_nodes(demand), limit, threads=threads
    )
    assert dense(reach).tolist() == within(scipy_times(graph, sites)[:, demand], limit).tolist()


@pytest.mark.parametrize("home_visits", [False, True])
def test_sweep_equals_the_plain_search_beside_the_road(home_visits):
    roads = network("hongkong")
    graph = (from_sites if home_visits else toward_sites)(roads, "drive")
    rng = np.random.default_rng(3)
    pick = rng.choice(roads.node_count, 1_500)
    lon, lat = (v[pick] + rng.uniform(-1e-4, 1e-4, 1_500) for v in (roads.lon, roads.lat))
    points = Points(tuple(map(str, range(1_500))), lon, lat, None)
    demand = doors(roads, points, "drive", arriving=home_visits)
    sites = doors(roads, points, "drive", arriving=not home_visits)

    for limit in (0, 37, 3_000):
        asked = (sites, demand, limit)
        found = catchments_by_sweep(customize(order(roads), graph), *asked, home_visits=home_visits)
        assert_same(found, catchments(graph, *asked, home_visits=home_visits))


def test_times_at_the_ends_of_the_longest_limit_are_told_apart():
    graph = graph_of(4, [(0, 1, 65_533), (1, 2, 1), (2, 3, 1)])
    reach = catchments_by_sweep(hierarchy_of(graph), at_nodes([0]), at_nodes(range(4)), 65_534)
    assert list(zip(reach.demand.tolist(), reach.cost.tolist(), strict=True)) == [
        (0, 0),
        (1, 65_533),
        (2, 65_534),
    ]


@pytest.mark.parametrize(("limit", "reached"), [(4, [0]), (5, [0, 1]), (6, [0, 1])])
def test_a_place_exactly_at_the_limit_is_served(limit, reached):
    graph = graph_of(2, [(0, 1, 5), (1, 0, 7)])
    reach = catchments_by_sweep(hierarchy_of(graph), at_nodes([0]), at_nodes([0, 1]), limit)
    assert reach.demand.tolist() == reached


def test_progress_counts_sites_and_may_stop_the_sweep():
    graph, told = graph_of(1, []), []
    asked = (hierarchy_of(graph), at_nodes([0] * 70), at_nodes([0]), 9)
    catchments_by_sweep(*asked, progress=lambda *it: told.append(it))
    assert told == [(32, 70), (64, 70), (70, 70)]

    def stop(_done, _all):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        catchments_by_sweep(*asked, progress=stop)


@pytest.mark.parametrize(("sites", "demand"), [([], []), ([0], []), ([], [0])])
def test_nothing_to_sweep_gives_an_empty_matrix(sites, demand):
    hierarchy = hierarchy_of(graph_of(1, []))
    reach = catchments_by_sweep(hierarchy, at_nodes(sites), at_nodes(demand), 9)
    assert (reach.site_count, reach.demand_count) == (len(sites), len(demand))
    assert len(reach.demand) == 0


@pytest.mark.parametrize("limit", [-1, 65_535])
def test_limits_out_of_range_are_refused(limit):
    with pytest.raises(ValueError, match="a limit is 0 to 65534 deciseconds"):
        catchments_by_sweep(hierarchy_of(graph_of(1, [])), at_nodes([0]), at_nodes([0]), limit)


@pytest.mark.parametrize("pair_bytes", [0, 1_000])
def test_near_and_far_sites_are_kept_apart_with_the_same_result(pair_bytes, monkeypatch):
    graph = toward_sites(network("synthetic"), "drive")
    rng = np.random.default_rng(4)
    sites = at_nodes(rng.choice(graph.node_count, 40))
    demand = at_nodes(rng.choice(graph.node_count, 500))
    monkeypatch.setattr(module, "PAIR_BYTES", pair_bytes)
    found = catchments_by_sweep(customize(order(network("synthetic")), graph), sites, demand, 3_000)
    assert_same(found, catchments(graph, sites, demand, 3_000))
