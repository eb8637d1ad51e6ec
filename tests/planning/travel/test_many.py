"""The quicker search is taken, and both give the same."""

from pathlib import Path

import numpy as np
import pytest

from circle15.planning.districts.cutting import at_nodes
from circle15.planning.network.build import Arcs, Nodes, build
from circle15.planning.network.model import toward_sites
from circle15.planning.problems import PlanningRefused
from circle15.planning.synthetic import CLASSES, synthetic_city
from circle15.planning.travel import many
from circle15.planning.travel.many import (
    catchments_of_many,
    is_worth_sweeping,
    order_beside,
    order_path,
)
from circle15.planning.travel.order import order, save_order


@pytest.fixture(scope="module")
def town():
    made = synthetic_city(np.random.default_rng(15), 900)
    arcs = Arcs(made.tail, made.head, made.length_m, made.road_class, made.time_s)
    return build(Nodes(made.lon, made.lat, np.arange(len(made.lon))), arcs, CLASSES, {})


def test_with_an_order_wide_catchments_are_swept_and_equal(town, monkeypatch) -> None:
    graph, sequence = toward_sites(town, "drive"), order(town)
    everywhere = at_nodes(np.arange(town.node_count))
    worth = [is_worth_sweeping(graph, everywhere, 900, each) for each in (None, sequence)]
    assert worth == [False, False]
    monkeypatch.setattr(many, "WIDE_NODES", 30)
    assert is_worth_sweeping(graph, everywhere, 900, sequence)
    assert not is_worth_sweeping(graph, everywhere.take(np.arange(199)), 900, sequence)
    found = [
        catchments_of_many(graph, everywhere, everywhere, 900, order=each)
        for each in (None, sequence)
    ]
    assert found[0].first[-1] > 50_000
    for part in ("first", "demand", "cost"):
        assert getattr(found[0], part).tobytes() == getattr(found[1], part).tobytes()


def test_an_order_lies_beside_its_network(town, tmp_path: Path) -> None:
    network = tmp_path / "town.net"
    assert order_beside(network) is None
    save_order(order(town), order_path(network))
    found = order_beside(network)
    assert found is not None
    assert found.rank.tolist() == order(town).rank.tolist()
    order_path(network).write_bytes(b"x")
    with pytest.raises(PlanningRefused):
        order_beside(network)
