"""One person's ways by the stored roads, for pages that everybody may ask.

`hall` knows where one may go and `plans` the roads, and neither may import the other: the page
asks both. Engine and roads take up to seconds to load when a process is asked first, so a thread
of their own does that and every search; a request waits a second for it, then does without.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circle15.areas.queries import path_near
from circle15.planning.arrays import NO_WAY
from circle15.planning.demand import Points
from circle15.planning.problems import PlanningRefused
from circle15.plans.files import open_whole_network
from circle15.plans.queries import network_for
from circle15.plans.refusals import NoNetwork, RoadsNotReady

if TYPE_CHECKING:
    from circle15.planning.travel.outward import Outward

LONGEST_DS = 36_000
"""Nobody is told of ways beyond an hour, so no search goes farther."""
WAIT_S = 1.0
KEPT = 6
"""How many networks, by mode, a process keeps ready."""

Point = tuple[Decimal, Decimal]
"""Longitude and latitude, degrees."""

_log = logging.getLogger(__name__)


class RoadWay(NamedTuple):
    """A way by road: its seconds, None beyond an hour; whether the place is near these roads."""

    seconds: float | None
    is_joined: bool


def ways_by_road(
    *, start: Point, ends: Sequence[Point], mode: str, wait_s: float = WAIT_S
) -> tuple[RoadWay, ...]:
    """Time the ways from a point to others on the roads of its area.

    Raises NoNetwork where there are none to use, RoadsNotReady if it takes longer than the wait.
    """
    network = network_for(path_near(*start))
    if mode not in network.modes:
        raise NoNetwork
    asked = _thread().submit(_ways, network.digest, mode, _points([start]), _points(ends))
    try:
        return asked.result(wait_s)
    except TimeoutError:
        asked.cancel()  # if it has not begun; what is being loaded is there for the next one
        raise RoadsNotReady from None
    except (PlanningRefused, OSError) as why:  # off these roads, or the file can't be used
        _log.info("no way on roads %s: %s", network.digest[:12], why)
        raise NoNetwork from None


def _points(places: Sequence[Point]) -> Points:
    lon, lat = (np.array([float(place[axis]) for place in places]) for axis in (0, 1))
    return Points(tuple(str(row) for row in range(len(places))), lon, lat, None)


@cache
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="roads")


def _ways(digest: str, mode: str, start: Points, ends: Points) -> tuple[RoadWay, ...]:
    times, joined = _roads(digest, mode).times(start, ends, LONGEST_DS)
    return tuple(
        RoadWay(None if time_ds == NO_WAY else int(time_ds) / 10, bool(is_joined))
        for time_ds, is_joined in zip(times, joined, strict=True)
    )


@lru_cache(maxsize=KEPT)
def _roads(digest: str, mode: str) -> "Outward":
    from circle15.planning.travel.outward import Outward  # noqa: PLC0415 -- slow import

    return Outward(open_whole_network(digest), mode)
