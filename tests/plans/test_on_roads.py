"""Ways for everybody: on the stored roads, and without a way where these can't be used."""

from decimal import Decimal

import pytest
from tests.factories import VillageFactory
from tests.plans import places
from tests.plans.places import NORTH, SOUTH, STEP, WEST

from circle15.plans import on_roads
from circle15.plans.files import network_path
from circle15.plans.on_roads import RoadWay, ways_by_road
from circle15.plans.queries import network_for
from circle15.plans.refusals import NoNetwork, RoadsNotReady

pytestmark = pytest.mark.django_db

LONG_S = 60.0
"""A machine that has never compiled the engine needs seconds."""


def point(lon: float, lat: float) -> on_roads.Point:
    return Decimal(str(round(lon, 6))), Decimal(str(lat))


HERE, NEXT, ACROSS = point(WEST, NORTH), point(WEST + STEP, NORTH), point(WEST, SOUTH)
FAR = point(WEST, NORTH + 0.1)


@pytest.fixture(autouse=True)
def _roads():
    on_roads._roads.cache_clear()
    VillageFactory(lon=HERE[0], lat=HERE[1])
    places.network(places.river())


def ways(*ends, start=HERE, mode="ebike", wait_s=LONG_S):
    return ways_by_road(start=start, ends=ends, mode=mode, wait_s=wait_s)


def test_ways_go_over_the_bridge() -> None:
    assert ways(ACROSS, NEXT, FAR)[:2] == (RoadWay(1200, True), RoadWay(240, True))
    assert not ways(ACROSS, NEXT, FAR)[2].is_joined


def test_more_than_an_hour_is_no_time() -> None:
    assert ways(ACROSS, mode="walk") == (RoadWay(None, True),)


def test_without_roads_of_the_mode_or_at_the_place_there_is_no_network() -> None:
    with pytest.raises(NoNetwork):
        ways(NEXT, mode="drive")
    with pytest.raises(NoNetwork):
        ways(NEXT, start=FAR)


def test_lost_and_damaged_files_are_no_network() -> None:
    path = network_path(network_for(places.COUNTY_PATH).digest)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(NoNetwork):
        ways(NEXT)
    path.unlink()
    with pytest.raises(NoNetwork):
        ways(NEXT)
    path.write_bytes(whole)

    assert ways(NEXT) == (RoadWay(240, True),)


def test_nobody_waits_for_roads_that_are_being_loaded() -> None:
    with pytest.raises(RoadsNotReady):
        ways(NEXT, wait_s=0)

    assert ways(NEXT) == (RoadWay(240, True),)
