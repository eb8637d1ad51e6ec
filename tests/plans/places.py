"""A small county with a straight road, four villages along it and one site at its western end."""

from decimal import Decimal

import numpy as np
from tests import factories
from tests.factories import AT

from circle15.accounts.actors import Actor, actor_of, system_actor
from circle15.accounts.states import Role
from circle15.planning.network.build import Arcs, Nodes, build
from circle15.planning.network.model import Network
from circle15.plans.actions import install_network
from circle15.plans.models import RoadNetwork
from circle15.sites.models import Site

COUNTY = "320681000000"
COUNTY_PATH = "/320600000000/320681000000/"
WEST, LAT = 121.60, 31.80
STEP = 0.01
NODES = 11
SECONDS_A_STEP = 300.0
SYSTEM = system_actor("test")


def road() -> Network:
    """Eleven nodes from west to east, five minutes from one to the next, both ways."""
    lon = WEST + STEP * np.arange(NODES)
    west, east = np.arange(NODES - 1), np.arange(1, NODES)
    tail, head = np.concatenate((west, east)), np.concatenate((east, west))
    time_s = {"ebike": np.full(len(tail), SECONDS_A_STEP)}
    arcs = Arcs(tail, head, np.full(len(tail), 945.0), np.zeros(len(tail), np.uint8), time_s)
    return build(Nodes(lon, np.full(NODES, LAT), np.arange(NODES)), arcs, ("tertiary",), {})


NORTH, SOUTH = 31.80, 31.797


def river() -> Network:
    """A road east along the north bank, over a bridge, back west on the south bank.

    Eleven nodes, two minutes by e-bike from one to the next; the bridge is at the eastern end, so
    that node 10 lies 330 m from node 0 and twenty minutes away. The way to the bridge is one-way,
    eastward; on foot it takes over an hour, and cars may not go at all.
    """
    lon = WEST + STEP * np.array([0, 1, 2, 3, 4, 5, 4, 3, 2, 1, 0]) / 2
    lat = np.array([NORTH] * 6 + [SOUTH] * 5)
    there, back = np.arange(10), np.array([1, 2, 3, 4, 6, 7, 8, 9, 10])
    tail = np.concatenate((there, back))
    head = np.concatenate((there + 1, back - 1))
    length_m = np.full(len(tail), 470.0)
    time_s = {"ebike": np.full(len(tail), 120.0), "walk": np.full(len(tail), 400.0)}
    arcs = Arcs(tail, head, length_m, np.zeros(len(tail), np.uint8), time_s)
    return build(Nodes(lon, lat, np.arange(11)), arcs, ("tertiary",), {})


def villages() -> None:
    """People at nodes 0, 2, 4 and 10: 0, 10, 20 and 50 minutes from the site; one placeholder."""
    for number, (node, people) in enumerate([(0, 1000), (2, 200), (4, 30), (10, 4)], 1):
        factories.VillageFactory(
            code=f"32068110000{number}",
            name=f"第{number}村",
            lon=Decimal(str(round(WEST + STEP * node, 6))),
            lat=Decimal(str(LAT)),
            population_resident=people,
            population_over_60=people // 2,
        )
    factories.VillageFactory(code="320681100098", name="虚拟社区", is_placeholder=True)
    factories.SiteFactory(lon=Decimal(str(WEST)), lat=Decimal(str(LAT)))


def hall(node: int) -> Site:
    """Put a hall of the county on the road."""
    found: Site = factories.SiteFactory(
        code=f"320681{node:06}A01",
        kind="county_hall",
        division=factories.CountyFactory(),
        lon=Decimal(str(round(WEST + STEP * node, 6))),
        lat=Decimal(str(LAT)),
    )
    return found


def network(roads: Network | None = None) -> RoadNetwork:
    return install_network(
        network=roads or road(),
        name="试验路网",
        division_code=COUNTY,
        is_synthetic=True,
        by=SYSTEM,
        at=AT,
    )


def county() -> None:
    villages()
    network()


def planner(path: str = COUNTY_PATH, role: str = Role.PLANNER) -> Actor:
    return actor_of(user_id=7, name="规划员", role=role, area_path=path, area_name="启东市")


COVERAGE = {"mode": "ebike", "minutes": 15, "site_kinds": [], "changes": []}
SITING = {"mode": "ebike", "minutes": 15, "site_kinds": [], "objective": "mclp", "count": 1}
