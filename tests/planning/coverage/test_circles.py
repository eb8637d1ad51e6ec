"""Circles against the road, referral chains, borders."""

import numpy as np
import pytest

from circle15.planning.arrays import NO_WAY
from circle15.planning.coverage.borders import BorderEffect, border_effect
from circle15.planning.coverage.circles import CircleError, circle_error, nearest_straight_m
from circle15.planning.coverage.referral import Referral, Step, chains


def test_a_river_makes_circles_wrong_both_ways() -> None:
    # 0.01 degrees of latitude are 1,108.9 m here; e-bikes make 3,750 m in 15 minutes.
    demand = np.array([[121.0, 32.01], [121.0, 32.02], [121.0, 32.05]])
    found = circle_error(
        demand_lonlat=demand,
        site_lonlat=np.array([[121.0, 32.0]]),
        weight=np.array([1.0, 10.0, 100.0]),
        time_ds=np.array([9_000, NO_WAY, 8_000], np.uint16),
        limit_ds=9_000,
        speed_kmh=15.0,
    )
    assert found == CircleError(pytest.approx(3_750), 11.0, 101.0, 10.0, 100.0)


def test_the_straight_distance_is_the_one_on_the_ellipsoid() -> None:
    metres = nearest_straight_m(
        np.array([[121.0, 32.0]]), np.array([[121.0, 40.0], [121.0, 32.01]])
    )
    assert metres == pytest.approx([1_108.8], abs=0.2)


def test_without_a_site_every_distance_is_infinite() -> None:
    assert np.isinf(nearest_straight_m(np.zeros((2, 2)), np.zeros((0, 2)))).all()


def test_chains_follow_the_nearest_site_and_stop_where_there_is_no_way() -> None:
    towns = np.array([100, NO_WAY, 300], np.uint16), np.array([1, -1, 0], np.int32)
    hospitals = np.array([50, 70], np.uint16), np.array([0, 4], np.int32)
    found = chains((towns, hospitals))
    assert found == (
        Referral(0, (Step(1, 100), Step(4, 70))),
        Referral(1, (Step(None, None), Step(None, None))),
        Referral(2, (Step(0, 300), Step(0, 50))),
    )
    assert [chain.total_ds for chain in found] == [170, None, 350]


def test_neighbours_cover_those_their_own_sites_do_not() -> None:
    found = border_effect(
        weight=np.array([1.0, 2.0, 4.0]),
        own_ds=np.array([9_000, 9_001, NO_WAY], np.uint16),
        all_ds=np.array([9_000, 9_000, NO_WAY], np.uint16),
        limit_ds=9_000,
    )
    assert found == BorderEffect(by_own=1.0, by_all=3.0)
    assert found.thanks_to_neighbours == 2.0
