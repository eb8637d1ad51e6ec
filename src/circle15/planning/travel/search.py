"""The nearest site of every node, and of every place beside the road."""

import numpy as np

from circle15.planning.arrays import I32, I64, NO_WAY, U16
from circle15.planning.network.model import TravelGraph
from circle15.planning.travel.buckets import (
    NOBODY,
    arcs_of,
    check_search,
    grow,
    labels_for,
    longest_door,
    queue_for,
    record_for,
    seeds_of,
    sow,
)
from circle15.planning.travel.catchments import catchments
from circle15.planning.travel.direct import direct_ways
from circle15.planning.travel.model import Doors, Field

__all__ = ["catchments", "nearest", "place_times"]
NO_KEY = np.iinfo(np.int64).max


def nearest(graph: TravelGraph, sites: Doors, limit_ds: int) -> Field:
    """Find the nearest site of every node within the limit, the smallest number among equals."""
    check_search(graph, limit_ds, sites)
    arcs, seeds = arcs_of(graph), seeds_of(sites, limit_ds)
    queue = queue_for(arcs, limit_ds, longest_door(sites), len(seeds[0]))
    labels, old = labels_for(graph.node_count), record_for(queue)
    sown = sow(queue, labels, old, seeds, 0)
    grow(arcs, queue, labels, old, sown, sown, limit_ds)
    return Field(*labels, limit_ds)


def place_times(
    field: Field, sites: Doors, demand: Doors, *, home_visits: bool = False
) -> tuple[U16, I32]:
    """Find time and site of every place: by either door, or straight along a shared road piece.

    Beyond the limit of the field NO_WAY and -1. `home_visits`: the field was searched from the
    sites outward, so the ways along a piece lead from the site to the place.
    """
    key = np.min([_by_door(field, demand, door) for door in (0, 1)], axis=0)
    site, place, time = direct_ways(sites, demand, field.limit_ds, home_visits=home_visits)
    np.minimum.at(key, place, _key(time.astype(np.int64), site.astype(np.int64)))
    found = key != NO_KEY
    times = np.where(found, key >> 32, NO_WAY).astype(np.uint16)
    return times, np.where(found, key & 0xFFFF_FFFF, NOBODY).astype(np.int32)


def _by_door(field: Field, demand: Doors, door: int) -> I64:
    node = demand.node[:, door]
    on_road, walk = field.time_ds[node], demand.time_ds[:, door]
    time = on_road.astype(np.int64) + walk
    usable = (on_road != NO_WAY) & (walk != NO_WAY) & (time <= field.limit_ds)
    return np.where(usable, _key(time, field.site[node].astype(np.int64)), NO_KEY)


def _key(time: I64, site: I64) -> I64:
    """Make one number whose order is that of the labels: time first, then site."""
    return (time << 32) | site
