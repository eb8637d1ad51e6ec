"""One person's ways: outward, on the roads of the mode, to places that stand at them."""

import numpy as np
import pytest
from tests.plans.places import NORTH, SOUTH, STEP, WEST, river

from circle15.planning.arrays import NO_WAY
from circle15.planning.demand import Points
from circle15.planning.problems import PlanningRefused
from circle15.planning.travel.outward import Outward


def at(*places):
    lon, lat = np.array(places, float).T
    return Points(tuple(str(row) for row in range(len(places))), lon, lat, None)


HERE, NEXT, ACROSS = (WEST, NORTH), (WEST + STEP, NORTH), (WEST, SOUTH)


def test_times_follow_the_road_and_its_direction() -> None:
    roads = Outward(river(), "ebike")

    there, joined = roads.times(at(HERE), at(ACROSS, NEXT, (WEST, NORTH + 0.1)))
    back, _ = roads.times(at(ACROSS), at(HERE))

    assert there.tolist()[:2] == [12_000, 2_400]
    assert joined.tolist() == [True, True, False]
    assert back.tolist() == [NO_WAY]


def test_beyond_the_limit_there_is_no_way() -> None:
    times, _ = Outward(river(), "ebike").times(at(HERE), at(ACROSS, NEXT), 2_400)

    assert times.tolist() == [NO_WAY, 2_400]


def test_start_off_the_roads_and_mode_without_roads_are_refused() -> None:
    with pytest.raises(PlanningRefused):
        Outward(river(), "ebike").times(at((WEST, NORTH + 0.1)), at(HERE))
    with pytest.raises(PlanningRefused):
        Outward(river(), "drive")
