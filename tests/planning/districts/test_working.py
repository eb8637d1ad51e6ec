"""Districts give exactly what the whole gives, here and on other processes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.planning.arrays import NO_WAY
from circle15.planning.districts.cutting import at_nodes, cut, ranges
from circle15.planning.districts.working import nearest_by_district, on_scheduler
from circle15.planning.network.build import Arcs, Nodes, build
from circle15.planning.network.model import from_sites, toward_sites
from circle15.planning.problems import PlanningRefused
from circle15.planning.synthetic import CLASSES, spread, synthetic_city
from circle15.planning.travel.search import nearest

LIMIT = 1_200


def city(seed: int, nodes: int = 3_000):
    rng = np.random.default_rng(seed)
    made = synthetic_city(rng, nodes)
    arcs = Arcs(made.tail, made.head, made.length_m, made.road_class, made.time_s)
    network = build(Nodes(made.lon, made.lat, np.arange(len(made.lon))), arcs, CLASSES, {})
    return network, at_nodes(spread(rng, made, 12))


@given(st.integers(0, 10_000), st.integers(1, 9), st.sampled_from(["drive", "ebike"]))
def test_districts_equal_the_whole(seed: int, districts: int, mode: str) -> None:
    network, sites = city(seed, 400)
    search, outward = toward_sites(network, mode), from_sites(network, mode)
    whole = nearest(search, sites, LIMIT)
    district_of = ranges(network.node_count, districts)
    found = nearest_by_district(search, outward, sites, district_of, LIMIT)
    assert found.time_ds.tolist() == whole.time_ds.tolist()
    assert found.site.tolist() == whole.site.tolist()


def test_without_the_rim_many_times_would_be_wrong() -> None:
    network, sites = city(15)
    search = toward_sites(network, "drive")
    whole = nearest(search, sites, LIMIT)
    district_of = ranges(network.node_count, 4)
    # No way out: each district knows its own nodes only.
    nowhere = cut(search, search, district_of, 0, 0)
    assert len(nowhere.nodes) == nowhere.own.sum()
    from circle15.planning.districts.cutting import doors_inside

    numbers, inside = doors_inside(sites, nowhere.nodes)
    alone = nearest(nowhere.graph, inside, LIMIT) if len(numbers) else None
    wrong = alone is None or (alone.time_ds != whole.time_ds[nowhere.nodes]).any()
    assert wrong


def test_a_district_without_any_site_reaches_nothing() -> None:
    network, _ = city(3, 400)
    search, outward = toward_sites(network, "walk"), from_sites(network, "walk")
    nobody = at_nodes(np.zeros(0, np.int64))
    found = nearest_by_district(search, outward, nobody, ranges(network.node_count, 2), LIMIT)
    assert (found.time_ds == NO_WAY).all()


def test_a_scheduler_that_is_not_there_is_named() -> None:
    with pytest.raises(PlanningRefused) as refused, on_scheduler("tcp://127.0.0.1:9", within_s=0.5):
        pass
    assert "tcp://127.0.0.1:9" in refused.value.problems[0].zh


@pytest.mark.slow
def test_processes_of_a_scheduler_give_the_same(scheduler: str) -> None:
    network, sites = city(15)
    search, outward = toward_sites(network, "ebike"), from_sites(network, "ebike")
    whole = nearest(search, sites, LIMIT)
    district_of = ranges(network.node_count, 7)
    with on_scheduler(scheduler) as run:
        found = nearest_by_district(search, outward, sites, district_of, LIMIT, run=run)
    assert found.time_ds.tolist() == whole.time_ds.tolist()
    assert found.site.tolist() == whole.site.tolist()
