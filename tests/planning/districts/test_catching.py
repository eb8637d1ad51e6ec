"""Catchments by district are those of the whole, direct ways on one road piece included."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.planning.districts.test_working import LIMIT, city

from circle15.planning.arrays import NO_WAY
from circle15.planning.demand import Points
from circle15.planning.districts.catching import catchments_by_district
from circle15.planning.districts.cutting import ranges
from circle15.planning.districts.working import on_scheduler
from circle15.planning.network.model import Network, TravelGraph, from_sites, toward_sites
from circle15.planning.network.places import Snapper
from circle15.planning.travel.model import Doors, Reach
from circle15.planning.travel.search import catchments


def beside_roads(network: Network, seed: int, count: int) -> Points:
    """Take places some 20 m beside crossings, so that they join pieces and share some."""
    rng = np.random.default_rng(seed)
    near = rng.integers(0, network.node_count, count)
    lon, lat = (axis[near] + rng.normal(0, 2e-4, count) for axis in (network.lon, network.lat))
    return Points(tuple(map(str, range(count))), lon, lat, None)


def rows(reach: Reach) -> tuple[list[int], list[int], list[int]]:
    return reach.first.tolist(), reach.demand.tolist(), reach.time_ds.tolist()


@given(st.integers(0, 10_000), st.integers(1, 9), st.sampled_from(["drive", "walk"]), st.booleans())
def test_districts_equal_the_whole(seed: int, districts: int, mode: str, visits: bool) -> None:
    network, _ = city(seed, 400)
    snapper = Snapper(network, mode)
    sites = snapper.snap(beside_roads(network, seed, 40), arriving=not visits).doors
    demand = snapper.snap(beside_roads(network, seed + 1, 300), arriving=visits).doors
    graph = (from_sites if visits else toward_sites)(network, mode)
    whole = catchments(graph, sites, demand, LIMIT, home_visits=visits)
    found = catchments_by_district(
        graph, sites, demand, ranges(network.node_count, districts), LIMIT, home_visits=visits
    )
    assert rows(found) == rows(whole)


def on_piece(node: list[int], along: float, times: tuple[int, int], gap_ds: int = 0) -> Doors:
    """Put a place on the only piece, which takes 65,000 ds each way."""
    return Doors(
        node=np.array([node], np.uint32),
        time_ds=np.array([times], np.uint16),
        piece=np.zeros(1, np.int64),
        along=np.array([along]),
        direct_ds=np.full((1, 2), 65_000, np.uint16),
        gap_ds=np.array([gap_ds], np.uint16),
    )


@pytest.mark.parametrize(
    ("place", "limit_ds", "time_ds"),
    [
        # Both ends are beyond the limit, and the place counts them the other way round.
        (on_piece([1, 0], 0.5, (32_500, 32_500)), 6_501, 6_500),
        # No door of the place can be used at all: it is too far from both ends.
        (on_piece([0, 1], 0.5, (NO_WAY, NO_WAY), gap_ds=40_000), 47_000, 46_500),
    ],
)
def test_a_site_is_reached_along_its_own_piece(place: Doors, limit_ds: int, time_ds: int) -> None:
    site = on_piece([0, 1], 0.4, (26_000, 39_000))
    empty = np.zeros(0, np.uint32)
    roads = TravelGraph(np.zeros(3, np.uint32), empty, empty.astype(np.uint16))
    assert rows(catchments(roads, site, place, limit_ds)) == ([0, 1], [0], [time_ds])
    found = catchments_by_district(roads, site, place, ranges(2, 2), limit_ds)
    assert rows(found) == ([0, 1], [0], [time_ds])


@pytest.mark.slow
def test_processes_of_a_scheduler_give_the_same(scheduler: str) -> None:
    network, sites = city(15)
    graph = toward_sites(network, "drive")
    demand = Snapper(network, "drive").snap(beside_roads(network, 3, 500), arriving=False).doors
    whole = catchments(graph, sites, demand, LIMIT)
    district_of = ranges(network.node_count, 5)
    with on_scheduler(scheduler) as run:
        found = catchments_by_district(graph, sites, demand, district_of, LIMIT, run=run)
    assert rows(found) == rows(whole)
