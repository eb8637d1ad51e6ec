"""Catchments district by district, for siting at the size of a country.

Sites are shared out among districts. A district brings along every node from which one of its
sites can be reached within the limit, whoever's it is: all ways that count lie inside.
"""

from dataclasses import dataclass, replace

import numpy as np

from circle15.planning.arrays import I64, NO_WAY, U32
from circle15.planning.districts.cutting import induced
from circle15.planning.districts.working import Runner
from circle15.planning.network.model import TravelGraph
from circle15.planning.travel.catchments import Part, catchments, copy_rows
from circle15.planning.travel.model import Doors, Reach
from circle15.planning.travel.search import nearest


@dataclass(frozen=True, slots=True, eq=False)
class Catching:
    """All a worker needs for the sites of one district; `..._number`: numbers in the whole."""

    graph: TravelGraph
    sites: Doors
    site_number: I64
    demand: Doors
    demand_number: I64
    limit_ds: int
    threads: int
    home_visits: bool


def catchments_by_district(
    graph: TravelGraph,
    sites: Doors,
    demand: Doors,
    district_of: I64,
    limit_ds: int,
    *,
    threads: int = 2,
    home_visits: bool = False,
    run: Runner = map,
) -> Reach:
    """Find all places within the limit of every site; equal to `catchments` on the whole.

    `district_of`: (nodes) number of the district; a site belongs to that of its first door.
    `threads`: of each worker.
    """
    owner = district_of[sites.node[:, 0]]
    tasks = (
        _task(graph, sites, demand, np.flatnonzero(owner == number), limit_ds, threads, home_visits)
        for number in np.unique(owner)
    )
    parts = list(run(catch, tasks))
    first = np.zeros(len(sites) + 1, np.int64)
    for part in parts:
        first[part.sites + 1] = part.count
    np.cumsum(first, out=first)
    place, time = np.empty(first[-1], np.uint32), np.empty(first[-1], np.uint16)
    while parts:  # each is let go as it is copied
        part = parts.pop()
        copy_rows(part.sites, first, part.place, part.time, place, time)
    return Reach(first, place, time, len(demand), float(limit_ds))


def catch(task: Catching) -> Part:
    """Find the catchments of one district's sites, by their numbers in the whole."""
    found = catchments(
        task.graph,
        task.sites,
        task.demand,
        task.limit_ds,
        threads=task.threads,
        home_visits=task.home_visits,
    )
    place = task.demand_number[found.demand].astype(np.uint32)
    return Part(task.site_number, np.diff(found.first), place, found.time_ds)


def _task(
    graph: TravelGraph,
    sites: Doors,
    demand: Doors,
    own: I64,
    limit_ds: int,
    threads: int,
    home_visits: bool,  # noqa: FBT001 -- passed on as it came
) -> Catching:
    mine = sites.take(own)
    reached = np.flatnonzero(nearest(graph, mine, limit_ds).time_ds != NO_WAY)
    # Both ends of a site's own piece: a place on that piece may go to it straight.
    nodes = np.union1d(reached, mine.node).astype(np.uint32)
    places = _places_inside(demand, mine, nodes)
    return Catching(
        graph=induced(graph, nodes.astype(np.int64)),
        sites=_renumbered(mine, nodes),
        site_number=own,
        demand=_renumbered(demand.take(places), nodes),
        demand_number=places,
        limit_ds=limit_ds,
        threads=threads,
        home_visits=home_visits,
    )


def _places_inside(demand: Doors, sites: Doors, nodes: U32) -> I64:
    """Give the places with a usable door at one of the nodes, or on the piece of a site."""
    by_door = (np.isin(demand.node, nodes) & (demand.time_ds != NO_WAY)).any(axis=1)
    on_piece = (demand.piece >= 0) & np.isin(demand.piece, sites.piece)
    return np.flatnonzero(by_door | on_piece)


def _renumbered(doors: Doors, nodes: U32) -> Doors:
    """Give door nodes their place among the nodes as numbers; a door elsewhere is no way in."""
    place = np.minimum(np.searchsorted(nodes, doors.node), len(nodes) - 1)
    inside = nodes[place] == doors.node
    return replace(
        doors,
        node=np.where(inside, place, 0).astype(np.uint32),
        time_ds=np.where(inside, doors.time_ds, NO_WAY),
    )
