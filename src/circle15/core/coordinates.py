"""Coordinate systems met in Chinese data and the conversion between them.

WGS-84 is what satellites give, GCJ-02 what Chinese maps show, BD-09 what Baidu shows. CGCS2000
(Tianditu) differs from WGS-84 by a few centimetres: at the scale of a service circle they are
the same, so converting between the two changes nothing.
"""

import math
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from circle15.core.messages import Message

_AXIS_M = 6378245.0  # semi-major axis of the Krasovsky ellipsoid, which GCJ-02 uses
_ECCENTRICITY_2 = 0.00669342162296594323
_BD_TURN = math.pi * 3000.0 / 180.0
_ROUNDS = 6  # each leaves less than a hundredth of the error; 1e-6 degrees is reached after 2

# Rough outline of where GCJ-02 applies, as (west, south, east, north).
_INSIDE = (
    (79.4462, 42.8899, 96.3300, 49.2204),
    (109.6872, 39.3742, 135.0002, 54.1415),
    (73.1246, 29.5297, 124.143255, 42.8899),
    (82.9684, 26.7186, 97.0352, 29.5297),
    (97.0253, 20.414096, 124.367395, 29.5297),
    (107.975793, 17.871542, 111.744104, 20.414096),
)
_NOT_INSIDE = (
    (119.921265, 21.785006, 122.497559, 25.398623),  # Taiwan
    (101.8652, 20.0988, 106.6650, 22.2840),  # Laos, Vietnam
    (106.4525, 20.4878, 108.0510, 21.5422),  # Vietnam
    (109.0323, 50.3257, 119.1270, 55.8175),  # Russia, Mongolia
    (127.7000, 49.6500, 137.0227, 55.8175),  # Russia
    (131.2662, 42.5692, 137.0227, 44.8922),  # Russia
)

_AROUND = ((72.0, 17.0, 138.0, 56.0),)


class CoordinateSystem(StrEnum):
    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"


class Position(NamedTuple):
    """Degrees, longitude first."""

    lon: float
    lat: float


def check_position(lon: float, lat: float) -> tuple[Message, ...]:
    """Name every problem of a longitude and latitude; empty means usable."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return (Message("经纬度不是有效的数字"),)
    problems = []
    if _looks_swapped(lon, lat):
        return (Message("经度和纬度可能填反了"),)
    if abs(lon) > 180:  # noqa: PLR2004 -- degrees
        problems.append(Message("经度应在-180至180之间"))
    if abs(lat) > 90:  # noqa: PLR2004 -- degrees
        problems.append(Message("纬度应在-90至90之间"))
    return tuple(problems)


def _looks_swapped(lon: float, lat: float) -> bool:
    return is_in_mainland(lat, lon) and not is_in_mainland(lon, lat)


def is_in_mainland(lon: float, lat: float) -> bool:
    """Say whether GCJ-02 applies here: a rough outline, good to some kilometres at the border."""
    return _within(_INSIDE, lon, lat) and not _within(_NOT_INSIDE, lon, lat)


def _within(boxes: tuple[tuple[float, float, float, float], ...], lon: float, lat: float) -> bool:
    return any(w <= lon <= e and s <= lat <= n for w, s, e, n in boxes)


def convert(lon: float, lat: float, source: CoordinateSystem, target: CoordinateSystem) -> Position:
    """Convert a position, exact to 1e-6 degrees both ways; unchanged outside mainland China.

    Raises ValueError for a position that is not on the globe.
    """
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 -- degrees; false for nan too
        raise ValueError("经纬度超出范围")
    position = Position(lon, lat)
    if _LIKE_WGS84.get(source, source) is _LIKE_WGS84.get(target, target):
        return position
    if not _within(_AROUND, lon, lat):
        return position
    wgs = _TO_WGS84[source](position)
    return _FROM_WGS84[target](wgs) if is_in_mainland(*wgs) else position


def _unchanged(position: Position) -> Position:
    return position


def _wgs_to_gcj(position: Position) -> Position:
    x, y = position.lon - 105.0, position.lat - 35.0
    d_lat, d_lon = _lat_wave(x, y), _lon_wave(x, y)
    phi = math.radians(position.lat)
    magic = 1 - _ECCENTRICITY_2 * math.sin(phi) ** 2
    d_lat /= math.radians(_AXIS_M * (1 - _ECCENTRICITY_2) / (magic * math.sqrt(magic)))
    d_lon /= math.radians(_AXIS_M / math.sqrt(magic) * math.cos(phi))
    return Position(position.lon + d_lon, position.lat + d_lat)


def _lat_wave(x: float, y: float) -> float:
    turn = math.pi
    wave = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    wave += (20.0 * math.sin(6.0 * x * turn) + 20.0 * math.sin(2.0 * x * turn)) * 2.0 / 3.0
    wave += (20.0 * math.sin(y * turn) + 40.0 * math.sin(y / 3.0 * turn)) * 2.0 / 3.0
    return wave + (160.0 * math.sin(y / 12.0 * turn) + 320.0 * math.sin(y / 30.0 * turn)) * 2 / 3


def _lon_wave(x: float, y: float) -> float:
    turn = math.pi
    wave = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    wave += (20.0 * math.sin(6.0 * x * turn) + 20.0 * math.sin(2.0 * x * turn)) * 2.0 / 3.0
    wave += (20.0 * math.sin(x * turn) + 40.0 * math.sin(x / 3.0 * turn)) * 2.0 / 3.0
    return wave + (150.0 * math.sin(x / 12.0 * turn) + 300.0 * math.sin(x / 30.0 * turn)) * 2 / 3


def _gcj_to_bd(position: Position) -> Position:
    lon, lat = position
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BD_TURN)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BD_TURN)
    return Position(radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006)


def _wgs_to_bd(position: Position) -> Position:
    return _gcj_to_bd(_wgs_to_gcj(position))


def _inverse(forward: Callable[[Position], Position]) -> Callable[[Position], Position]:
    """Invert a small shift by repeating: guess, look where it lands, correct by the miss."""

    def backward(landed: Position) -> Position:
        guess = landed
        for _ in range(_ROUNDS):
            there = forward(guess)
            miss = Position(landed.lon - there.lon, landed.lat - there.lat)
            guess = Position(guess.lon + miss.lon, guess.lat + miss.lat)
        return guess

    return backward


_LIKE_WGS84 = {CoordinateSystem.CGCS2000: CoordinateSystem.WGS84}
_FROM_WGS84: dict[CoordinateSystem, Callable[[Position], Position]] = {
    CoordinateSystem.WGS84: _unchanged,
    CoordinateSystem.CGCS2000: _unchanged,
    CoordinateSystem.GCJ02: _wgs_to_gcj,
    CoordinateSystem.BD09: _wgs_to_bd,
}
_TO_WGS84: dict[CoordinateSystem, Callable[[Position], Position]] = {
    CoordinateSystem.WGS84: _unchanged,
    CoordinateSystem.CGCS2000: _unchanged,
    CoordinateSystem.GCJ02: _inverse(_wgs_to_gcj),
    CoordinateSystem.BD09: _inverse(_wgs_to_bd),
}
