"""Which places every site reaches within the limit: one bounded search a site, on all cores."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np

from circle15.planning.arrays import I32, I64, NO_WAY, U8, U16, U32, U64, Whole
from circle15.planning.compiled import compiled
from circle15.planning.network.model import TravelGraph
from circle15.planning.travel.buckets import (
    Arcs,
    Entries,
    Queue,
    Seeds,
    arcs_of,
    check_search,
    entries_of,
    longest_door,
    queue_for,
    reach,
    seeds_of,
)
from circle15.planning.travel.direct import direct_ways
from circle15.planning.travel.model import Doors, Reach

ROOM = 1 << 24
"""Pairs a thread has room for; pages are taken only as they are filled."""
MOST_SITES = 64
# Where the lowest bit of a word is, by multiplication with a de Bruijn sequence.
DE_BRUIJN = 0x03F79D71B4CB0A89
LOWEST: U8 = np.zeros(64, np.uint8)
LOWEST[[(DE_BRUIJN << bit) % 2**64 >> 58 for bit in range(64)]] = range(64)


Task = tuple[Arcs, Seeds, I64, Entries, Entries]
"""What all threads read: roads, doors of sites and their rows, doors of places, direct ways."""
Scratch = tuple[Queue, U16, U16, U64, U32, U16]
"""What one thread writes on: queue, times by node, times by place, a bit a place, its pairs."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The rows of some sites."""

    sites: I64
    count: I64
    place: U32
    time: U16


def catchments(
    graph: TravelGraph,
    sites: Doors,
    demand: Doors,
    limit_ds: int,
    *,
    threads: int = 2,
    home_visits: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Reach:
    """Find all places within the limit of every site, with their times, to the last decisecond.

    `home_visits`: the graph leads from the sites outward. `progress` is called with sites done
    and all, in the calling thread; it may raise to stop.
    """
    check_search(graph, limit_ds, sites, demand)
    task = _task(graph, sites, demand, limit_ds, home_visits=home_visits)
    scratch: SimpleQueue[Scratch] = SimpleQueue()
    for _ in range(threads):
        scratch.put(_scratch(task, len(demand), longest_door(sites), limit_ds))

    def search(part: I64) -> Part:
        mine = scratch.get()
        try:
            return _search(task, mine, part, limit_ds)
        finally:
            scratch.put(mine)

    parts: list[Part] = []
    pool = ThreadPoolExecutor(threads)
    try:
        for part in pool.map(search, _chunks(sites, len(demand))):
            parts.append(part)
            if progress is not None:
                progress(sum(len(done.sites) for done in parts), len(sites))
        return _together(pool, parts, len(demand), limit_ds)
    finally:
        pool.shutdown(cancel_futures=True)


def _task(
    graph: TravelGraph, sites: Doors, demand: Doors, limit_ds: int, *, home_visits: bool
) -> Task:
    seeds = seeds_of(sites, limit_ds)
    site, place, time = direct_ways(sites, demand, limit_ds, home_visits=home_visits)
    direct = _rows(site, len(sites)).astype(np.uint32), place.astype(np.uint32), time
    entries = entries_of(demand, graph.node_count, limit_ds)
    return arcs_of(graph), seeds, _rows(seeds[2], len(sites)), entries, direct


def _rows(site: I32 | I64, count: int) -> I64:
    return np.searchsorted(site, np.arange(count + 1)).astype(np.int64)


def _scratch(task: Task, places: int, door_ds: int, limit_ds: int) -> Scratch:
    arcs, room = task[0], max(ROOM, places)
    return (
        queue_for(arcs, limit_ds, door_ds, 2),
        np.full(len(arcs[0]) - 1, limit_ds + 1, np.uint16),
        np.full(places, NO_WAY, np.uint16),
        np.zeros(places // 64 + 1, np.uint64),
        np.empty(room, np.uint32),
        np.empty(room, np.uint16),
    )


def _chunks(sites: Doors, places: int) -> Iterator[I64]:
    """Cut the sites up, neighbours on the map together: their searches share the caches."""
    order = np.argsort(sites.node[:, 0], kind="stable")
    size = max(1, min(MOST_SITES, ROOM // max(1, places)))
    return (order[begin : begin + size] for begin in range(0, len(order), size))


def _search(task: Task, scratch: Scratch, sites: I64, limit_ds: int) -> Part:
    count = np.zeros(len(sites), np.int64)
    used = _fill(task, scratch, LOWEST, sites, count, limit_ds)
    return Part(sites, count, scratch[4][:used].copy(), scratch[5][:used].copy())


def _together(pool: ThreadPoolExecutor, parts: list[Part], places: int, limit_ds: int) -> Reach:
    """Put all rows in the order of the sites; each part is let go as it is copied."""
    first = np.zeros(sum(len(part.sites) for part in parts) + 1, np.int64)
    for part in parts:
        first[part.sites + 1] = part.count
    np.cumsum(first, out=first)
    place, time = np.empty(first[-1], np.uint32), np.empty(first[-1], np.uint16)

    def copy(_: int) -> None:
        part = parts.pop()
        copy_rows(part.sites, first, part.place, part.time, place, time)

    for _ in pool.map(copy, range(len(parts))):
        pass
    return Reach(first, place, time, places, float(limit_ds))


@compiled
def _fill(task: Task, scratch: Scratch, lowest: U8, sites: I64, count: I64, limit: int) -> int:
    """Write the pairs of these sites, by site, then by place; gives how many."""
    arcs, seeds, rows, entries, direct = task
    queue, times, best, marks, to_place, to_time = scratch
    used = 0
    for i in range(len(sites)):
        site = sites[i]
        top = reach(arcs, queue, times, seeds, rows[site : site + 2])
        _serve(entries, queue[1][:top], times, best, marks, limit)
        _go_directly(direct, site, best, marks)
        before = used
        used = _take(best, marks, lowest, to_place, to_time, used)
        count[i] = used - before
    return used


@compiled
def _serve(entries: Entries, nodes: U32, times: U16, best: U16, marks: U64, limit: int) -> None:
    """Time the places with a door at one of the nodes; leaves the times of nodes clean."""
    first, places, door_times = entries
    far = limit + 1
    for node in nodes:
        time = np.int64(times[node])
        times[node] = far  # a node queued twice is served once
        for entry in range(first[node], first[node + 1]):
            place = np.int64(places[entry])
            total = time + np.int64(door_times[entry])
            if total <= limit:
                best[place] = min(total, np.int64(best[place]))
                marks[place >> 6] |= np.uint64(1) << np.uint64(place & 63)


@compiled
def _go_directly(direct: Entries, site: Whole, best: U16, marks: U64) -> None:
    """Time the places on the site's own piece of road."""
    first, places, times = direct
    for entry in range(first[site], first[site + 1]):
        place = np.int64(places[entry])
        best[place] = min(times[entry], best[place])
        marks[place >> 6] |= np.uint64(1) << np.uint64(place & 63)


@compiled
def _take(best: U16, marks: U64, lowest: U8, to_place: U32, to_time: U16, used: int) -> int:
    """Move what is marked to the pairs, in ascending order; leaves marks and times clean."""
    for word in range(len(marks)):
        bits = marks[word]
        marks[word] = 0
        while bits != 0:
            bit = bits & (~bits + np.uint64(1))
            nth = lowest[np.int64((bit * np.uint64(DE_BRUIJN)) >> np.uint64(58))]
            place = word * 64 + np.int64(nth)
            to_place[used] = place
            to_time[used] = best[place]
            best[place] = NO_WAY
            used += 1
            bits ^= bit
    return used


@compiled
def copy_rows(sites: I64, first: I64, place: U32, time: U16, to_place: U32, to_time: U16) -> None:
    """Copy the rows of a part to where they belong."""
    begin = 0
    for site in sites:
        end = begin + first[site + 1] - first[site]
        to_place[first[site] : first[site + 1]] = place[begin:end]
        to_time[first[site] : first[site + 1]] = time[begin:end]
        begin = end
