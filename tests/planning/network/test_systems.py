"""Coordinates of another system are noticed, and it is said which."""

import numpy as np
import pytest
from tests.planning.network.made import arcs_of, network_of, nodes_at

from circle15.core.coordinates import CoordinateSystem, convert
from circle15.planning.demand import Points
from circle15.planning.network.places import Snapper
from circle15.planning.network.systems import refuse_wrong_system
from circle15.planning.problems import PlanningRefused

# A lone village street in Qidong: GCJ-02 shifts by some 500 m here, BD-09 by over 1 km.
VILLAGE = [(121.65, 31.81 + 0.0001 * i) for i in range(21)]
STREET = ((0, 20, 222, 178, 20), (20, 0, 222, 178, 20))
ROADS = network_of(nodes_at(*VILLAGE), arcs_of(*STREET))


def in_system(system, places=VILLAGE):
    return [convert(*place, CoordinateSystem.WGS84, system) for place in places]


def points_at(*places):
    lon, lat = np.array(places, float).T.copy()
    return Points(tuple(map(str, range(len(places)))), lon, lat, None)


def refusal(places, roads=ROADS):
    with pytest.raises(PlanningRefused) as refused:
        Snapper(roads, "walk").snap(points_at(*places), arriving=True)
    (problem,) = refused.value.problems
    return problem


def test_baidu_coordinates_are_recognized() -> None:
    assert refusal(in_system(CoordinateSystem.BD09)).zh == (
        "所有点距最近的路都超过 1 公里，看来是百度坐标（BD-09）；请换成 WGS-84 或 CGCS2000 经纬度"
    )


def test_gaode_coordinates_are_recognized_where_no_road_is_near() -> None:
    lon, lat = np.array(in_system(CoordinateSystem.GCJ02)).T
    with pytest.raises(PlanningRefused, match=r"看来是高德、腾讯坐标（GCJ-02）"):
        refuse_wrong_system(ROADS, lon, lat, Snapper(ROADS, "walk").gaps)


def test_swapped_coordinates_are_recognized() -> None:
    west = network_of(nodes_at((80.0, 41.0), (80.01, 41.0)), arcs_of((0, 1, 836, 700, 90)))
    assert refusal([(41.0, 80.0), (41.0, 80.01)], west).en == (
        "every point is more than 1 km from a road; they look like longitude and latitude "
        "swapped: give WGS-84 or CGCS2000 longitude and latitude"
    )


def test_a_shift_that_stays_near_roads_is_a_warning() -> None:
    snapped = Snapper(ROADS, "walk").snap(
        points_at(*in_system(CoordinateSystem.GCJ02)), arriving=True
    )
    usual = f"{np.median(snapped.gap_m):.0f}"
    assert snapped.warnings[0].zh == (
        f"半数的点距路超过 {usual} 米；若是高德、腾讯坐标（GCJ-02），则只有 0 米：请核对坐标系"
    )


def test_right_coordinates_and_few_of_them_raise_no_doubt() -> None:
    snapper = Snapper(ROADS, "walk")
    beside = [(lon + 0.001, lat) for lon, lat in VILLAGE]
    assert snapper.snap(points_at(*VILLAGE), arriving=True).warnings == ()
    assert snapper.snap(points_at(*beside), arriving=True).warnings == ()
    few = in_system(CoordinateSystem.GCJ02)[:19]
    assert [text.zh[:2] for text in snapper.snap(points_at(*few), arriving=True).warnings] == ["19"]


def test_another_area_is_told_with_both_extents() -> None:
    assert refusal([(114.0, 22.5), (114.1, 22.6)]).en == (
        "every point is more than 1 km from a road: the roads are at 121.650–121.650, "
        "31.810–31.812, the points at 114.000–114.100, 22.500–22.600: another area, "
        "or another coordinate system"
    )


def test_one_place_near_a_road_is_enough() -> None:
    places = points_at((121.65, 31.81), (110.0, 30.0))
    snapped = Snapper(ROADS, "walk").snap(places, arriving=True)
    assert snapped.gap_m[0] == 0
    assert snapped.doors.time_ds[1].tolist() == [65_535, 65_535]
