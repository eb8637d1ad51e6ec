"""Coordinate systems: vectors, round trips to 1e-6 degrees, unchanged abroad."""

import json
import math
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.core.coordinates import (
    CoordinateSystem,
    Position,
    check_position,
    convert,
    is_in_mainland,
)

RAW = json.loads((Path(__file__).parent / "vectors/gcj02_bd09.json").read_text("utf-8"))
NAMES = {
    "wgs": CoordinateSystem.WGS84,
    "gcj": CoordinateSystem.GCJ02,
    "bd": CoordinateSystem.BD09,
}
SYSTEMS = st.sampled_from(CoordinateSystem)
INLAND = st.tuples(st.floats(98, 122), st.floats(25.5, 41))


def near(one, other, degrees=1e-6):
    return math.dist(one, other) < degrees


@pytest.mark.parametrize("vector", RAW["vectors"], ids=lambda v: str(v["wgs"]))
@pytest.mark.parametrize(("source", "target"), list(permutations(NAMES, 2)))
def test_vectors_in_all_six_directions(vector, source, target):
    lat, lon = vector[source]
    want_lat, want_lon = vector[target]
    assert near(convert(lon, lat, NAMES[source], NAMES[target]), (want_lon, want_lat))


@pytest.mark.parametrize("vector", RAW["outside"], ids=lambda v: str(v["wgs"]))
@pytest.mark.parametrize(("source", "target"), list(permutations(CoordinateSystem, 2)))
def test_positions_abroad_pass_unchanged(vector, source, target):
    lat, lon = vector["wgs"]
    assert convert(lon, lat, source, target) == Position(lon, lat)


@given(INLAND, SYSTEMS, SYSTEMS)
def test_there_and_back_is_the_same_to_a_millionth(position, source, target):
    there = convert(*position, source, target)
    assert near(convert(*there, target, source), position)


@given(INLAND)
def test_the_shift_is_some_hundred_meters(position):
    shifted = convert(*position, CoordinateSystem.WGS84, CoordinateSystem.GCJ02)
    assert 1e-4 < math.dist(position, shifted) < 0.015


@given(INLAND, SYSTEMS)
def test_cgcs2000_counts_as_wgs84(position, other):
    by_cgcs = convert(*position, CoordinateSystem.CGCS2000, other)
    if other is CoordinateSystem.CGCS2000:
        assert by_cgcs == position
    else:
        assert by_cgcs == convert(*position, CoordinateSystem.WGS84, other)


@given(st.floats(-180, 180), st.floats(-90, 90), SYSTEMS, SYSTEMS)
def test_every_position_on_the_globe_converts(lon, lat, source, target):
    assert all(math.isfinite(part) for part in convert(lon, lat, source, target))


@pytest.mark.parametrize(
    ("lon", "lat", "inside"),
    [
        (121.655, 31.811, True),  # Qidong
        (127.53, 50.24, True),  # Heihe
        (87.6, 43.8, True),  # Urumqi
        (109.5, 18.25, True),  # Sanya
        (121.5, 25.0, False),  # Taipei
        (126.98, 37.57, False),  # Seoul
        (105.85, 21.03, False),  # Hanoi
        (106.9, 47.9, False),  # Ulan Bator
    ],
)
def test_mainland_outline(lon, lat, inside):
    assert is_in_mainland(lon, lat) is inside


@pytest.mark.parametrize(
    ("lon", "lat"), [(math.nan, 30), (120, math.nan), (math.inf, 30), (180.1, 0), (0, -90.1)]
)
def test_positions_off_the_globe_are_refused(lon, lat):
    with pytest.raises(ValueError, match="经纬度超出范围"):
        convert(lon, lat, CoordinateSystem.WGS84, CoordinateSystem.GCJ02)


@pytest.mark.parametrize(
    ("lon", "lat", "problems"),
    [
        (121.6, 31.8, ()),
        (-180, -90, ()),
        (31.8, 121.6, ("经度和纬度可能填反了",)),
        (math.nan, 31.8, ("经纬度不是有效的数字",)),
        (121.6, math.inf, ("经纬度不是有效的数字",)),
        (-180.1, 90.1, ("经度应在-180至180之间", "纬度应在-90至90之间")),
    ],
)
def test_every_problem_of_a_position_is_named(lon, lat, problems):
    assert check_position(lon, lat) == problems
