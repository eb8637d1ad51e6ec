"""All catchments at once: 32 sites go through the contraction hierarchy side by side.

Delling, Goldberg, Nowatzyk and Werneck, "PHAST" (2011/2013): the ways up from the sites first,
then one pass over the nodes from the top down, several sources in the lanes of a vector. Here
the pass keeps within the limit: what lies below a node is joined to the rest by that node and
its higher neighbours, and is left out when none of them is in reach of any lane.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from queue import SimpleQueue

import numpy as np

from circle15.planning.arrays import I64, NO_WAY, U8, U16, U32, U64
from circle15.planning.compiled import compiled
from circle15.planning.travel.buckets import Entries, entries_of, seeds_of
from circle15.planning.travel.catchments import Part, _together
from circle15.planning.travel.customize import Hierarchy
from circle15.planning.travel.direct import direct_ways
from circle15.planning.travel.model import Doors, Reach

LANES = 32
FAR = np.uint16(NO_WAY)

Climb = tuple[U32, U32, U16, U16, U32]
"""`first`, `head`, `up`, `down`, `size`: the hierarchy."""
Seeds = tuple[I64, U32, U16]
"""`first` by site, `rank`, `time`: the doors of the sites."""
Places = tuple[Entries, U32, U16]
"""Doors of places by rank, and by place (k, 2): `rank`, `time`."""
Task = tuple[Climb, Seeds, Places, Entries]
"""What all threads read; last the direct ways by site."""
Labels = tuple[U16, U8, U64, U32]
"""`time` (n, 32) by rank and lane, `near` (n) whether some lane is within the limit, a bit for
every rank above a site, room for the list of the ranks in reach."""
Rows = tuple[U64, U8, U32, U16]
"""A bit a place in reach, `direct` (k) whether it has a direct way to a site of the group, and
by lane (32, k + 1) the places found and their times."""


def catchments_by_sweep(
    hierarchy: Hierarchy,
    sites: Doors,
    demand: Doors,
    limit_ds: int,
    *,
    threads: int = 2,
    home_visits: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Reach:
    """Find what `catchments` finds, to the last decisecond, faster for hundreds of sites.

    `home_visits`: the speed table leads from the sites outward. `progress` is called with sites
    done and all, in the calling thread; it may raise to stop.
    """
    task = _task(hierarchy, sites, demand, limit_ds, home_visits=home_visits)
    scratch: SimpleQueue[tuple[Labels, Rows]] = SimpleQueue()
    for _ in range(threads):
        scratch.put((_labels(hierarchy.order.node_count), _rows(len(demand))))

    def sweep(group: I64) -> Part:
        labels, rows = scratch.get()
        try:
            count = np.zeros(LANES, np.int64)
            place, time = _sweep(task, labels, rows, (group, count), limit_ds)
            return Part(group, count[: len(group)], place, time)
        finally:
            scratch.put((labels, rows))

    parts = []
    pool = ThreadPoolExecutor(threads)
    try:
        for part in pool.map(sweep, _groups(sites)):
            parts.append(part)
            if progress is not None:
                progress(sum(len(done.sites) for done in parts), len(sites))
    finally:
        pool.shutdown(cancel_futures=True)
    return _together(parts, len(sites), len(demand), limit_ds)


def _task(
    hierarchy: Hierarchy, sites: Doors, demand: Doors, limit_ds: int, *, home_visits: bool
) -> Task:
    order = hierarchy.order
    ways = direct_ways(sites, demand, limit_ds, home_visits=home_visits)
    rank, time, site = seeds_of(_by_rank(sites, order.rank), limit_ds)
    doors = _by_rank(demand, order.rank)
    return (
        (order.first, order.head, hierarchy.up_ds, hierarchy.down_ds, order.size),
        (_first(site, len(sites)), rank, time),
        (entries_of(doors, order.node_count, limit_ds), doors.node, doors.time_ds),
        (_first(ways[0], len(sites)).astype(np.uint32), ways[1].astype(np.uint32), ways[2]),
    )


def _by_rank(doors: Doors, rank: U32) -> Doors:
    return replace(doors, node=rank[doors.node])


def _first(site: I64, count: int) -> I64:
    return np.searchsorted(site, np.arange(count + 1)).astype(np.int64)


def _labels(count: int) -> Labels:
    return (
        np.empty((count, LANES), np.uint16),
        np.zeros(count, np.uint8),
        np.zeros(count // 64 + 1, np.uint64),
        np.empty(count, np.uint32),
    )


def _rows(places: int) -> Rows:
    return (
        np.zeros(places // 64 + 1, np.uint64),
        np.zeros(places, np.uint8),
        np.empty((LANES, places + 1), np.uint32),
        np.empty((LANES, places + 1), np.uint16),
    )


def _groups(sites: Doors) -> Iterator[I64]:
    """Take 32 at a time, neighbours on the map together: what they reach is much the same."""
    order = np.argsort(sites.node[:, 0], kind="stable")
    return (order[begin : begin + LANES] for begin in range(0, len(order), LANES))


@compiled
def _sweep(
    task: Task, labels: Labels, rows: Rows, group: tuple[I64, I64], limit: int
) -> tuple[U32, U16]:
    """Write how many places each site of the group reaches; gives them with times, row by row."""
    climb, seeds, places, direct = task
    sites, count = group
    _start(climb, seeds, labels, sites)
    _go_up(climb, labels, limit)
    reached = _go_down(climb, labels, limit)
    _mark_places(places, labels, rows, reached)
    _mark_direct(direct, rows, sites, 1)
    _write_rows(task, labels, rows, group, limit)
    _mark_direct(direct, rows, sites, 0)
    labels[1][labels[3][:reached]] = 0
    return _pack(rows, count)


@compiled
def _start(climb: Climb, seeds: Seeds, labels: Labels, sites: I64) -> None:
    """Mark all ranks above the doors of the sites, and give the doors their times."""
    first, head, _, _, _ = climb
    seed_first, ranks, times = seeds
    time, _, above, _ = labels
    for lane in range(len(sites)):
        for seed in range(seed_first[sites[lane]], seed_first[sites[lane] + 1]):
            rank = ranks[seed]
            while not _has(above, rank):
                _set(above, rank)
                time[rank, :] = FAR
                if first[rank] < first[rank + 1]:
                    rank = head[first[rank]]
    for lane in range(len(sites)):
        for seed in range(seed_first[sites[lane]], seed_first[sites[lane] + 1]):
            time[ranks[seed], lane] = min(time[ranks[seed], lane], times[seed])


@compiled
def _has(bits: U64, number: int) -> bool:
    return (bits[number >> 6] >> np.uint64(number & 63)) & np.uint64(1) != 0


@compiled
def _set(bits: U64, number: int) -> None:
    bits[number >> 6] |= np.uint64(1) << np.uint64(number & 63)


@compiled
def _go_up(climb: Climb, labels: Labels, limit: int) -> None:
    """Carry the times of the marked ranks up, lowest first; all that is above them is marked."""
    first, head, up, _, _ = climb
    time, _, above, _ = labels
    for word in range(len(above)):
        if above[word] != 0:
            for bit in range(64):
                rank = word * 64 + bit
                if _has(above, rank) and _in_reach(time[rank], limit):
                    for arc in range(first[rank], first[rank + 1]):
                        if up[arc] <= limit:
                            _relax(time[head[arc]], time[rank], up[arc])


@compiled
def _go_down(climb: Climb, labels: Labels, limit: int) -> int:
    """Take the times down from the top, past all parts out of reach; gives how many are in reach."""
    first, head, _, down, size = climb
    time, near, above, reached = labels
    found, rank = 0, len(near) - 1
    while rank >= 0:
        alive = _has(above, rank)
        if not alive:
            time[rank, :] = FAR
        for arc in range(first[rank], first[rank + 1]):
            if near[head[arc]]:
                alive = True
                if down[arc] <= limit:
                    _relax(time[rank], time[head[arc]], down[arc])
        if alive and _in_reach(time[rank], limit):
            near[rank] = 1
            reached[found] = rank
            found += 1
        rank -= 1 if alive else size[rank]
    above[:] = 0
    return found


@compiled
def _relax(to: U16, start: U16, step: int) -> None:
    """Take the sooner time in every lane; no sum runs over 65,535."""
    step = np.uint16(step)
    room = np.uint16(65_535 - step)
    for lane in range(LANES):
        to[lane] = min(to[lane], np.uint16(min(start[lane], room) + step))


@compiled
def _in_reach(times: U16, limit: int) -> bool:
    least = FAR
    for lane in range(LANES):
        least = min(least, times[lane])
    return least <= limit


@compiled
def _mark_places(places: Places, labels: Labels, rows: Rows, reached: int) -> None:
    """Mark the places that have a door in reach."""
    (first, place, _), _, _ = places
    for rank in labels[3][:reached]:
        for entry in range(first[rank], first[rank + 1]):
            _set(rows[0], place[entry])


@compiled
def _mark_direct(direct: Entries, rows: Rows, sites: I64, value: int) -> None:
    """Mark the places with direct ways to sites of the group, or take the mark away."""
    first, place, _ = direct
    for site in sites:
        for entry in range(first[site], first[site + 1]):
            rows[1][place[entry]] = value
            if value:
                _set(rows[0], place[entry])


@compiled
def _write_rows(task: Task, labels: Labels, rows: Rows, group: tuple[I64, I64], limit: int) -> None:
    """Time the marked places in ascending order, and put each into the rows it belongs to."""
    _, _, places, direct = task
    marked, has_direct, to_place, to_time = rows
    sites, count = group
    times = np.empty(LANES, np.uint16)
    for word in range(len(marked)):
        if marked[word] != 0:
            for bit in range(64):
                if (marked[word] >> np.uint64(bit)) & np.uint64(1) != 0:
                    place = word * 64 + bit
                    _time_place(places, labels, place, times)
                    if has_direct[place]:
                        _go_directly(direct, sites, place, times)
                    for lane in range(LANES):
                        slot = count[lane]
                        to_place[lane, slot] = place
                        to_time[lane, slot] = times[lane]
                        count[lane] = slot + (times[lane] <= limit)
            marked[word] = 0


@compiled
def _time_place(places: Places, labels: Labels, place: int, times: U16) -> None:
    _, ranks, steps = places
    time, near, _, _ = labels
    times[:] = FAR
    for door in range(2):
        rank = ranks[place, door]
        if near[rank]:
            _relax(times, time[rank], steps[place, door])


@compiled
def _go_directly(direct: Entries, sites: I64, place: int, times: U16) -> None:
    first, places, ways = direct
    for lane in range(len(sites)):
        for entry in range(first[sites[lane]], first[sites[lane] + 1]):
            if places[entry] == place:
                times[lane] = min(times[lane], ways[entry])


@compiled
def _pack(rows: Rows, count: I64) -> tuple[U32, U16]:
    """Copy the rows one after the other, without the room between them."""
    _, _, from_place, from_time = rows
    total = count.sum()
    place, time = np.empty(total, np.uint32), np.empty(total, np.uint16)
    begin = 0
    for lane in range(LANES):
        end = begin + count[lane]
        place[begin:end] = from_place[lane, : count[lane]]
        time[begin:end] = from_time[lane, : count[lane]]
        begin = end
    return place, time
