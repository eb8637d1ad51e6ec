"""Ways between two places on one road piece that pass no node."""

import numpy as np

from circle15.planning.arrays import I32, I64, NO_WAY, U16, Mask
from circle15.planning.travel.model import Doors


def direct_ways(
    sites: Doors, demand: Doors, limit_ds: int, *, home_visits: bool = False
) -> tuple[I64, I64, U16]:
    """List site, place and time of all direct ways within the limit, by site, then by place.

    The way leads from the place to the site, with `home_visits` from the site to the place.
    """
    site, place = _on_one_piece(sites.piece, demand.piece)
    # How far each is along the piece, seen from the first door of the demand place.
    same_way = sites.node[site, 0] == demand.node[place, 0]
    at_site = np.where(same_way, sites.along[site], 1.0 - sites.along[site])
    # Rounded: places at one spot stay at one spot, whichever end each was measured from.
    ahead = np.round(at_site - demand.along[place], 9) * (-1 if home_visits else 1)
    whole = demand.direct_ds[place, np.where(ahead < 0, 1, 0)].astype(np.int64)
    time = np.rint(np.abs(ahead) * whole).astype(np.int64)
    time += sites.gap_ds[site].astype(np.int64) + demand.gap_ds[place]
    usable: Mask = ((whole != NO_WAY) | (ahead == 0)) & (time <= limit_ds)
    return site[usable], place[usable], time[usable].astype(np.uint16)


def nearest_direct(
    sites: Doors, demand: Doors, limit_ds: int, *, home_visits: bool = False
) -> tuple[U16, I32]:
    """Find time and number of the site each place reaches soonest without passing a node."""
    site, place, time = direct_ways(sites, demand, limit_ds, home_visits=home_visits)
    times, found = np.full(len(demand), NO_WAY), np.full(len(demand), -1, np.int32)
    # Worst first: of several assignments the last one stays.
    order = np.lexsort((site, time))[::-1]
    times[place[order]], found[place[order]] = time[order], site[order]
    return times, found


def _on_one_piece(site_piece: I64, demand_piece: I64) -> tuple[I64, I64]:
    """Pair all sites and places that stand on the same piece."""
    order = np.argsort(demand_piece, kind="stable")
    pieces = demand_piece[order]
    begin = np.searchsorted(pieces, site_piece, "left")
    count = np.searchsorted(pieces, site_piece, "right") - begin
    count[site_piece < 0] = 0
    site = np.repeat(np.arange(len(site_piece)), count)
    nth = np.arange(len(site)) - np.repeat(np.cumsum(count) - count, count)
    return site, order[np.repeat(begin, count) + nth]
