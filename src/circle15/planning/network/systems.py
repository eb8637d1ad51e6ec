"""Guess which coordinate system places are in when none of them is near a road."""

from collections.abc import Callable

import numpy as np

from circle15.core.coordinates import CoordinateSystem, convert
from circle15.planning.arrays import F64
from circle15.planning.network.model import Network
from circle15.planning.problems import PlanningRefused
from circle15.standards.text import Text

FARTHEST_M = 1_000.0
"""If no place is as near as this to a road, something is wrong with the coordinates."""

SAMPLE = 500
FEWEST = 20
NEAR_M = 50.0
TIMES_NEARER = 3
MOST_LAT = 90.0
Gaps = Callable[[F64, F64], F64]
Reading = Callable[[float, float], tuple[float, float]]


def refuse_wrong_system(network: Network, lon: F64, lat: F64, gaps: Gaps) -> None:
    """Raise PlanningRefused; it names the reading under which the places are nearest to roads."""
    lon, lat = lon[:SAMPLE], lat[:SAMPLE]
    found = [(_median_gap(reading, lon, lat, gaps), name) for name, reading in _READINGS.items()]
    gap, likely = min(found, key=lambda each: each[0])
    raise PlanningRefused(
        [_looks_like(likely) if gap <= FARTHEST_M else _outside(network, lon, lat)]
    )


def suspicion(lon: F64, lat: F64, gap_m: F64, gaps: Gaps) -> tuple[Text, ...]:
    """Warn of places that are near roads, but would be far nearer in another system.

    GCJ-02 is half a kilometre off: in a town there is always some road within that.
    """
    if len(lon) < FEWEST or np.median(gap_m) < NEAR_M:
        return ()
    step = -(-len(lon) // SAMPLE)
    lon, lat, usual = lon[::step], lat[::step], float(np.median(gap_m))
    found = [(_median_gap(reading, lon, lat, gaps), name) for name, reading in _READINGS.items()]
    gap, likely = min(found, key=lambda each: each[0])
    if gap * TIMES_NEARER > usual:
        return ()
    return (
        Text(
            f"半数的点距路超过 {usual:.0f} 米；若是{likely.zh}，则只有 {gap:.0f} 米：请核对坐标系",
            f"half of the points are over {usual:.0f} m from a road; read as {likely.en} "
            f"it would be {gap:.0f} m: check the coordinate system",
        ),
    )


def _median_gap(reading: Reading, lon: F64, lat: F64, gaps: Gaps) -> float:
    read = np.array([reading(*pair) for pair in zip(lon.tolist(), lat.tolist(), strict=True)])
    if (np.abs(read[:, 1]) >= MOST_LAT).any():
        return float("inf")
    return float(np.median(gaps(read[:, 0], read[:, 1])))


def _as_gcj02(lon: float, lat: float) -> tuple[float, float]:
    return convert(lon, lat, CoordinateSystem.GCJ02, CoordinateSystem.WGS84)


def _as_bd09(lon: float, lat: float) -> tuple[float, float]:
    return convert(lon, lat, CoordinateSystem.BD09, CoordinateSystem.WGS84)


def _swapped(lon: float, lat: float) -> tuple[float, float]:
    return lat, lon


_READINGS: dict[Text, Reading] = {
    Text("高德、腾讯坐标（GCJ-02）", "GCJ-02 (Gaode, Tencent)"): _as_gcj02,
    Text("百度坐标（BD-09）", "BD-09 (Baidu)"): _as_bd09,
    Text("经度和纬度填反", "longitude and latitude swapped"): _swapped,
}


def _looks_like(likely: Text) -> Text:
    return Text(
        f"所有点距最近的路都超过 1 公里，看来是{likely.zh}；请换成 WGS-84 或 CGCS2000 经纬度",
        f"every point is more than 1 km from a road; they look like {likely.en}: "
        "give WGS-84 or CGCS2000 longitude and latitude",
    )


def _outside(network: Network, lon: F64, lat: F64) -> Text:
    roads, points = _extent(network.lon, network.lat), _extent(lon, lat)
    return Text(
        f"所有点距最近的路都超过 1 公里：路网在 {roads}，点在 {points}；不是同一地区，或坐标系不对",
        f"every point is more than 1 km from a road: the roads are at {roads}, the points at "
        f"{points}: another area, or another coordinate system",
    )


def _extent(lon: F64, lat: F64) -> str:
    return f"{lon.min():.3f}–{lon.max():.3f}, {lat.min():.3f}–{lat.max():.3f}"
