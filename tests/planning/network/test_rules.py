"""What tags open and close, and how fast each mode goes: walk, e-bike, drive."""

import pytest

from circle15.planning.network.profiles import default_scenario
from circle15.planning.network.rules import relevant_tags, road_class, way

BOTH_WAYS = [
    ({"highway": "residential"}, (4.5, 15, 25)),
    ({"highway": "footway"}, (4.5, 0, 0)),
    ({"highway": "steps"}, (2.5, 0, 0)),
    ({"highway": "cycleway"}, (4.5, 15, 0)),
    ({"highway": "footway", "bicycle": "yes"}, (4.5, 10, 0)),
    ({"highway": "footway", "bicycle": "dismount"}, (4.5, 4.5, 0)),
    ({"highway": "footway", "motor_vehicle": "destination"}, (4.5, 0, 15)),
    ({"highway": "residential", "access": "no"}, (0, 0, 0)),
    ({"highway": "residential", "access": "private", "foot": "yes"}, (4.5, 0, 0)),
    ({"highway": "service", "access": "private", "bicycle": "designated"}, (0, 12, 0)),
    ({"highway": "footway", "access": "yes"}, (4.5, 0, 0)),
    ({"highway": "residential", "motor_vehicle": "no"}, (4.5, 15, 0)),
    ({"highway": "residential", "motor_vehicle": "no", "motorcar": "yes"}, (4.5, 15, 25)),
    ({"highway": "residential", "vehicle": "no"}, (4.5, 0, 0)),
    ({"highway": "residential", "foot": "no"}, (0, 15, 25)),
    ({"highway": "residential", "foot": "no;yes"}, (0, 15, 25)),
    ({"highway": "residential", "foot": "who knows"}, (4.5, 15, 25)),
    ({"highway": "trunk", "motorroad": "yes"}, (0, 0, 60)),
    ({"highway": "primary", "maxspeed": "60"}, (4.5, 15, 48)),
    ({"highway": "primary", "maxspeed": "60 km/h"}, (4.5, 15, 48)),
    ({"highway": "primary", "maxspeed": "50 mph"}, (4.5, 15, 64.37376)),
    ({"highway": "primary", "maxspeed": "80;60"}, (4.5, 15, 48)),
    ({"highway": "primary", "maxspeed": "CN:rural"}, (4.5, 15, 56)),
    ({"highway": "primary", "maxspeed": "variable"}, (4.5, 15, 50)),
    ({"highway": "primary", "maxspeed": "0"}, (4.5, 15, 50)),
    ({"route": "ferry"}, (10, 10, 10)),
    ({"route": "ferry", "motor_vehicle": "no", "maxspeed": "60"}, (10, 10, 0)),
]
OPEN = [
    ({}, (True, True, True), (True, True, True)),
    ({"oneway": "yes"}, (True, True, True), (True, False, False)),
    ({"oneway": "1"}, (True, True, True), (True, False, False)),
    ({"oneway": "-1"}, (True, False, False), (True, True, True)),
    ({"oneway": "reversible"}, (True, True, True), (True, True, True)),
    ({"oneway": "yes", "oneway:bicycle": "no"}, (True, True, True), (True, True, False)),
    ({"oneway": "yes", "cycleway": "opposite_lane"}, (True, True, True), (True, True, False)),
    ({"oneway": "-1", "cycleway": "opposite"}, (True, True, False), (True, True, True)),
    ({"oneway:foot": "yes"}, (True, True, True), (False, True, True)),
    ({"junction": "roundabout"}, (True, True, True), (True, False, False)),
    ({"junction": "circular", "oneway": "no"}, (True, True, True), (True, True, True)),
]


def speeds(tags):
    scenario = default_scenario()
    return way(scenario, road_class(scenario, tags), tags)


@pytest.mark.parametrize(("tags", "kmh"), BOTH_WAYS)
def test_speeds_of_walk_ebike_and_drive(tags, kmh) -> None:
    found = speeds(tags)
    assert found.there == pytest.approx(kmh)
    assert found.back == found.there
    assert found.is_open == any(kmh)


@pytest.mark.parametrize(("tags", "there", "back"), OPEN)
def test_directions_of_walk_ebike_and_drive(tags, there, back) -> None:
    found = speeds({"highway": "tertiary", **tags})
    assert tuple(kmh > 0 for kmh in found.there) == there
    assert tuple(kmh > 0 for kmh in found.back) == back


def test_motorways_are_one_way_for_cars_only() -> None:
    found = speeds({"highway": "motorway", "maxspeed": "120"})
    assert (found.there, found.back) == ((0, 0, 96), (0, 0, 0))


def test_a_sign_may_differ_by_direction() -> None:
    tags = {"highway": "primary", "maxspeed:forward": "40", "maxspeed": "80"}
    assert (speeds(tags).there[2], speeds(tags).back[2]) == (32, 64)


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ({"highway": "platform"}, None),
        ({}, None),
        ({"route": "ferry"}, "ferry"),
        ({"highway": "path"}, "path"),
    ],
)
def test_only_classes_of_the_table_are_roads(tags, name) -> None:
    assert road_class(default_scenario(), tags) == name


def test_tags_that_make_no_difference_are_not_kept() -> None:
    relevant = relevant_tags(default_scenario())
    assert {"highway", "route", "junction", "motorroad", "oneway:bicycle", "access"} <= relevant
    assert not {"name", "surface", "lanes"} & relevant
