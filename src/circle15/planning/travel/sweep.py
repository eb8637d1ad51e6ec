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

from circle15.planning.arrays import I32, I64, NO_WAY, U8, U16, U32, U64, Whole
from circle15.planning.compiled import compiled
from circle15.planning.network.model import TravelGraph
from circle15.planning.travel.buckets import Entries, check_search, entries_of, seeds_of
from circle15.planning.travel.catchments import Part, copy_rows
from circle15.planning.travel.customize import Hierarchy
from circle15.planning.travel.direct import direct_ways
from circle15.planning.travel.model import Doors, Reach

LANES = 32
TILE = 64
PAIR_BYTES = 6
FAR = np.uint16(NO_WAY)

Tree = tuple[U32, U32, U32]
"""`first`, `head` of all arcs, `size` of the part below: which ranks can pass on a time."""
Arcs = tuple[U32, U32, U16]
"""`first`, `head`, `step`: the arcs within the limit, up or down, listed at their lower end."""
Seeds = tuple[I64, U32, U16]
"""`first` by site, `rank`, `time`: the doors of the sites."""
Places = tuple[Entries, U32, U16]
"""Doors of places by rank, and by place (k, 2): `rank`, `time`."""
Task = tuple[Tree, Arcs, Arcs, Seeds, Places, Entries]
"""What all threads read; `Arcs` up, then down; last the direct ways by site."""
Labels = tuple[U16, U8, U64, U32]
"""`time` (n, 32) by rank and lane, `near` (n) whether some lane is within the limit, a bit for
every rank above a site, room for the list of the ranks in reach."""
Marks = tuple[U64, U8]
"""A bit a place in reach; by place whether it has a direct way to a site of the group."""
Scratch = tuple[Labels, Marks]
"""What one thread writes on."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What a group reaches: `place` (p) ascending, `time` (p, 32), `count` of places by site.

    It takes a third of the room of the rows, which are written once, where they belong.
    """

    sites: I64
    place: U32
    time: U16
    count: I64


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
    scratch: SimpleQueue[Scratch] = SimpleQueue()
    for _ in range(threads):
        scratch.put((_labels(hierarchy.order.node_count), _marks(len(demand))))

    def sweep(group: I64) -> Block | Part:
        mine = scratch.get()
        try:
            count = np.zeros(LANES, np.int64)
            place, time = _sweep(task, mine, group, count, limit_ds)
        finally:
            scratch.put(mine)
        return _narrow(Block(group, place, time, count[: len(group)]), limit_ds)

    parts = []
    pool = ThreadPoolExecutor(threads)
    try:
        for part in pool.map(sweep, _groups(sites)):
            parts.append(part)
            if progress is not None:
                progress(sum(len(done.sites) for done in parts), len(sites))
        return _together(pool, parts, len(demand), limit_ds)
    finally:
        pool.shutdown(cancel_futures=True)


def _task(
    hierarchy: Hierarchy, sites: Doors, demand: Doors, limit_ds: int, *, home_visits: bool
) -> Task:
    order = hierarchy.order
    check_search(TravelGraph(order.first, order.head, hierarchy.up_ds), limit_ds, sites, demand)
    ways = direct_ways(sites, demand, limit_ds, home_visits=home_visits)
    rank, time, site = seeds_of(_by_rank(sites, order.rank), limit_ds)
    doors = _by_rank(demand, order.rank)
    return (
        (order.first, order.head, order.size),
        _within(order.first, order.head, hierarchy.up_ds, limit_ds),
        _within(order.first, order.head, hierarchy.down_ds, limit_ds),
        (_first(site, len(sites)), rank, time),
        (entries_of(doors, order.node_count, limit_ds), doors.node, _writable(doors.time_ds)),
        (_first(ways[0], len(sites)).astype(np.uint32), ways[1].astype(np.uint32), ways[2]),
    )


def _by_rank(doors: Doors, rank: U32) -> Doors:
    return replace(doors, node=rank[doors.node])


def _writable(times: U16) -> U16:
    # For compiled code an array that can't be written to is another type.
    return np.require(times, np.uint16, ["C", "W"])


def _first(site: I32 | I64, count: int) -> I64:
    return np.searchsorted(site, np.arange(count + 1)).astype(np.int64)


@compiled
def _within(first: U32, head: U32, step: U16, limit: int) -> Arcs:
    """Leave out the arcs that take longer than the limit."""
    short_first = np.zeros(len(first), np.uint32)
    short_head, short_step = np.empty(len(head), np.uint32), np.empty(len(head), np.uint16)
    kept = 0
    for low in range(len(first) - 1):
        for arc in range(first[low], first[low + 1]):
            short_head[kept], short_step[kept] = head[arc], step[arc]
            kept += step[arc] <= limit
        short_first[low + 1] = kept
    return short_first, short_head[:kept], short_step[:kept]


def _labels(count: int) -> Labels:
    return (
        np.empty((count, LANES), np.uint16),
        np.zeros(count, np.uint8),
        np.zeros(count // 64 + 1, np.uint64),
        np.empty(count, np.uint32),
    )


def _marks(places: int) -> Marks:
    return np.zeros(places // 64 + 1, np.uint64), np.zeros(places, np.uint8)


def _groups(sites: Doors) -> Iterator[I64]:
    """Take 32 at a time, neighbours on the map together: what they reach is much the same."""
    order = np.argsort(sites.node[:, 0], kind="stable")
    return (order[begin : begin + LANES] for begin in range(0, len(order), LANES))


def _narrow(block: Block, limit_ds: int) -> Block | Part:
    """Write the rows at once where they take less room: the sites were far from each other."""
    pairs = int(block.count.sum())
    if pairs * PAIR_BYTES >= block.time.nbytes:
        return block
    to = np.empty(pairs, np.uint32), np.empty(pairs, np.uint16)
    _unfold(block.place, block.time, np.cumsum(block.count) - block.count, to, limit_ds)
    return Part(block.sites, block.count, *to)


def _together(
    pool: ThreadPoolExecutor, parts: list[Block | Part], places: int, limit_ds: int
) -> Reach:
    """Write all rows in the order of the sites; each part is let go as it is written."""
    first = np.zeros(sum(len(part.sites) for part in parts) + 1, np.int64)
    for part in parts:
        first[part.sites + 1] = part.count
    np.cumsum(first, out=first)
    to = np.empty(first[-1], np.uint32), np.empty(first[-1], np.uint16)

    def write(_: int) -> None:
        part = parts.pop()
        if isinstance(part, Part):
            copy_rows(part.sites, first, part.place, part.time, *to)
        else:
            _unfold(part.place, part.time, first[part.sites], to, limit_ds)

    for _ in pool.map(write, range(len(parts))):
        pass
    return Reach(first, *to, places, float(limit_ds))


@compiled
def _sweep(task: Task, scratch: Scratch, sites: I64, count: I64, limit: int) -> tuple[U32, U16]:
    """Find the places that some site of the group reaches, and the times in every lane."""
    tree, up, down, seeds, places, direct = task
    labels, marks = scratch
    _start(tree, seeds, labels, sites)
    _go_up(up, labels, limit)
    reached = _go_down(tree, down, labels, limit)
    _mark_places(places, labels, marks, reached)
    _mark_direct(direct, marks, sites, 1)
    place = _listed(marks[0])
    time = np.full((len(place), LANES), FAR, np.uint16)
    for i in range(len(place)):
        _time_place(places, labels, place[i], time[i])
        if marks[1][place[i]]:
            _go_directly(direct, sites, place[i], time[i])
    _count_within(time, count, limit)
    _mark_direct(direct, marks, sites, 0)
    labels[1][labels[3][:reached]] = 0
    return place, time


@compiled
def _start(tree: Tree, seeds: Seeds, labels: Labels, sites: I64) -> None:
    """Mark all ranks above the doors of the sites, and give the doors their times."""
    first, head, _ = tree
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
def _has(bits: U64, number: Whole) -> bool:
    return bool((bits[number >> 6] >> np.uint64(number & 63)) & np.uint64(1))


@compiled
def _set(bits: U64, number: Whole) -> None:
    bits[number >> 6] |= np.uint64(1) << np.uint64(number & 63)


@compiled
def _go_up(up: Arcs, labels: Labels, limit: int) -> None:
    """Carry the times of the marked ranks up, lowest first; all that is above them is marked."""
    first, head, step = up
    time, _, above, _ = labels
    for word in range(len(above)):
        if above[word] != 0:
            for bit in range(64):
                rank = word * 64 + bit
                if _has(above, rank) and _in_reach(time[rank], limit):
                    for arc in range(first[rank], first[rank + 1]):
                        _relax(time[head[arc]], time[rank], step[arc])


@compiled
def _go_down(tree: Tree, down: Arcs, labels: Labels, limit: int) -> int:
    """Take the times down from the top, past all parts out of reach; gives how many are in reach.

    Times of ranks out of reach are never read, so nothing has to be cleaned but `near`.
    """
    first, head, step = down
    time, near, above, reached = labels
    found, rank = 0, len(near) - 1
    while rank >= 0:
        if not _has(above, rank):
            time[rank, :] = FAR
        for arc in range(first[rank], first[rank + 1]):
            if near[head[arc]]:
                _relax(time[rank], time[head[arc]], step[arc])
        if _in_reach(time[rank], limit):
            near[rank] = 1
            reached[found] = rank
            found += 1
            rank -= 1
        else:
            rank -= 1 if _leads_into_reach(tree, labels, rank) else tree[2][rank]
    above[:] = 0
    return found


@compiled
def _leads_into_reach(tree: Tree, labels: Labels, rank: int) -> bool:
    """Tell whether something below may be in reach: a site, or by way of a higher neighbour."""
    first, head, _ = tree
    _, near, above, _ = labels
    if _has(above, rank):
        return True
    for arc in range(first[rank], first[rank + 1]):  # noqa: SIM110 -- numba knows no any()
        if near[head[arc]]:
            return True
    return False


@compiled
def _relax(to: U16, start: U16, step: np.uint16) -> None:
    """Take the sooner time in every lane; no sum runs over 65,535."""
    room = np.uint16(FAR - step)
    for lane in range(LANES):
        to[lane] = min(to[lane], np.uint16(min(start[lane], room) + step))


@compiled
def _in_reach(times: U16, limit: int) -> bool:
    least = FAR
    for lane in range(LANES):
        least = min(least, times[lane])
    return bool(least <= limit)


@compiled
def _mark_places(places: Places, labels: Labels, marks: Marks, reached: int) -> None:
    """Mark the places that have a door in reach."""
    (first, place, _), _, _ = places
    for rank in labels[3][:reached]:
        for entry in range(first[rank], first[rank + 1]):
            _set(marks[0], place[entry])


@compiled
def _mark_direct(direct: Entries, marks: Marks, sites: I64, value: int) -> None:
    """Mark the places with direct ways to sites of the group, or take that mark away."""
    first, place, _ = direct
    for site in sites:
        for entry in range(first[site], first[site + 1]):
            marks[1][place[entry]] = value
            if value:
                _set(marks[0], place[entry])


@compiled
def _listed(marked: U64) -> U32:
    """List the numbers of the marked places, ascending, and clear the marks."""
    place, found = np.empty(64 * len(marked), np.uint32), 0
    for word in range(len(marked)):
        if marked[word] != 0:
            for number in range(word * 64, word * 64 + 64):
                place[found] = number
                found += _has(marked, number)
            marked[word] = 0
    return place[:found].copy()


@compiled
def _time_place(places: Places, labels: Labels, place: int, times: U16) -> None:
    """Take the sooner door in every lane; times out of reach are old and not to be read."""
    _, ranks, steps = places
    time, near, _, _ = labels
    for door in range(2):
        if steps[place, door] != FAR and near[ranks[place, door]]:
            _relax(times, time[ranks[place, door]], steps[place, door])


@compiled
def _count_within(time: U16, count: I64, limit: int) -> None:
    for i in range(len(time)):
        for lane in range(LANES):
            count[lane] += time[i, lane] <= limit


@compiled
def _go_directly(direct: Entries, sites: I64, place: int, times: U16) -> None:
    first, places, ways = direct
    for lane in range(len(sites)):
        for entry in range(first[sites[lane]], first[sites[lane] + 1]):
            if places[entry] == place:
                times[lane] = min(times[lane], ways[entry])


@compiled
def _unfold(place: U32, time: U16, slot: I64, to: tuple[U32, U16], limit: int) -> None:
    """Write the row of every lane from its slot on, a tile of places at a time: reads stay near.

    What is within the limit is gathered in a tile first, so that there is nothing to guess.
    """
    to_place, to_time = to
    some_place, some_time = np.empty(TILE, np.uint32), np.empty(TILE, np.uint16)
    for begin in range(0, len(place), TILE):
        end = min(begin + TILE, len(place))
        for lane in range(len(slot)):
            kept = 0
            for i in range(begin, end):
                some_place[kept] = place[i]
                some_time[kept] = time[i, lane]
                kept += time[i, lane] <= limit
            to_place[slot[lane] : slot[lane] + kept] = some_place[:kept]
            to_time[slot[lane] : slot[lane] + kept] = some_time[:kept]
            slot[lane] += kept
