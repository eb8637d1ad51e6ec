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
from circle15.planning.travel.direct import nearest_direct
from circle15.planning.travel.model import Doors, Field

__all__ = ["catchments", "nearest", "place_times"]
SITE_BITS = 32
LAST_SITE = 2**SITE_BITS - 1


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
    ways = [_by_door(field, demand, door) for door in (0, 1)]
    ways.append(nearest_direct(sites, demand, field.limit_ds, home_visits=home_visits))
    best = np.min([_key(*way) for way in ways], axis=0)
    return (best >> SITE_BITS).astype(np.uint16), (best & LAST_SITE).astype(np.uint32).view(
        np.int32
    )


def _by_door(field: Field, demand: Doors, door: int) -> tuple[U16, I32]:
    node = demand.node[:, door]
    on_road, extra = field.time_ds[node], demand.time_ds[:, door]
    time = on_road.astype(np.int64) + extra
    usable = (on_road != NO_WAY) & (extra != NO_WAY) & (time <= field.limit_ds)
    return (
        np.where(usable, time, NO_WAY).astype(np.uint16),
        np.where(usable, field.site[node], np.int32(NOBODY)),
    )


def _key(time: U16, site: I32) -> I64:
    """Make one number whose order is that of the labels: time first, then site; nobody is last."""
    return (time.astype(np.int64) << SITE_BITS) | site.view(np.uint32)
