"""Compiled repair of nearest sites after one site came, went or moved; everything is recorded."""

import numpy as np

from circle15.planning.arrays import F64, I32, I64, NO_WAY, U16, U32, Mask, Whole
from circle15.planning.compiled import compiled
from circle15.planning.travel.buckets import (
    NOBODY,
    Arcs,
    Entries,
    Labels,
    Queue,
    Seeds,
    beats,
    grow,
    put,
    sow,
)

Places = tuple[Entries, tuple[U32, U16], Labels, Labels, Labels, F64, Mask]
"""Doors by node; doors by place (k, 2); best direct ways; labels; labels of nodes; weight; marks
(scratch, all False between calls)."""
Record = tuple[U32, U16, I32]
"""Numbers of nodes or places, and the time and site each had before."""


@compiled
def repair(
    arcs: Arcs,
    back: Arcs,
    queue: Queue,
    labels: Labels,
    old: Labels,
    gone: tuple[int, U32],
    seeds: Seeds,
    limit: int,
) -> int:
    """Make the labels those of the sites in `seeds`; gives how many entries of the pool tell.

    `back`: the arcs turned round. `gone`: the site that leaves and the nodes of its doors. The
    queue needs a bucket for every time up to the limit: the rim of what the site leaves behind
    is of all ages. Entry i of the pool: a node changed and what it had then is in `old`.
    """
    cleared = _clear(arcs, queue[1], labels, old, gone)
    top = _sow_rim(back, queue, labels, old, cleared, limit)
    top = sow(queue, labels, old, seeds, top)
    return grow(arcs, queue, labels, old, top - cleared, top, limit)


@compiled
def _clear(arcs: Arcs, pool: U32, labels: Labels, old: Labels, gone: tuple[int, U32]) -> int:
    """Take the label off all nodes of a site; each but the first hangs on one of the same."""
    first, heads, _ = arcs
    site, doors = gone
    top = 0
    for node in doors:
        top = _take_off(pool, labels, old, node, site, top)
    entry = 0
    while entry < top:
        node = pool[entry]
        for arc in range(first[node], first[node + 1]):
            top = _take_off(pool, labels, old, heads[arc], site, top)
        entry += 1
    return top


@compiled
def _take_off(pool: U32, labels: Labels, old: Labels, node: Whole, site: Whole, top: int) -> int:
    times, sites = labels
    if sites[node] != site:
        return top
    old[0][top], old[1][top] = times[node], site
    times[node], sites[node] = NO_WAY, NOBODY
    pool[top] = node
    return top + 1


@compiled
def _sow_rim(
    back: Arcs, queue: Queue, labels: Labels, old: Labels, cleared: int, limit: int
) -> int:
    """Queue the cleared nodes by the best way in from any neighbour that has a label."""
    first, tails, step = back
    times, sites = labels
    top = cleared
    for entry in range(cleared):
        node = queue[1][entry]
        time, site = np.int64(NO_WAY), np.int64(NOBODY)
        for arc in range(first[node], first[node + 1]):
            tail = tails[arc]
            way = np.int64(times[tail]) + np.int64(step[arc])
            if way <= limit and beats(way, sites[tail], time, site):
                time, site = way, np.int64(sites[tail])
        if site != NOBODY:
            top = put(queue, labels, old, node, time, site, top)
    return top


@compiled
def settle(places: Places, nodes: U32, more: I64, record: Record, change: F64, limit: int) -> int:
    """Label the places anew that have a door at one of `nodes`, and `more` places.

    Gives how many are in the record. `change`: weight that came within the limit, that left it.
    All in one loop: to hand so many arrays to a function for every place takes longer than the
    rest.
    """
    _, (door_nodes, door_times), (near_times, near_sites), (times, sites), on_road, weight, _ = (
        places
    )
    numbers, old_times, old_sites = record
    count = 0
    for i in range(_touched(places, nodes, more, numbers)):
        place = numbers[i]
        time, site = np.int64(near_times[place]), np.int64(near_sites[place])
        for door in range(2):
            node, extra = door_nodes[place, door], np.int64(door_times[place, door])
            total = np.int64(on_road[0][node]) + extra
            if total <= limit and extra != NO_WAY and beats(total, on_road[1][node], time, site):
                time, site = total, np.int64(on_road[1][node])
        if time == times[place] and site == sites[place]:
            continue
        numbers[count], old_times[count], old_sites[count] = place, times[place], sites[place]
        change[0] += weight[place] if sites[place] == NOBODY else 0.0
        change[1] += weight[place] if site == NOBODY else 0.0
        times[place], sites[place] = time, site
        count += 1
    return count


@compiled
def _touched(places: Places, nodes: U32, more: I64, numbers: U32) -> int:
    """List each place with a door at one of the nodes, and each of `more`, once."""
    (first, at_node, _), _, _, _, _, _, is_listed = places
    count = 0
    for node in nodes:
        for entry in range(first[node], first[node + 1]):
            place = at_node[entry]
            numbers[count] = place
            count += not is_listed[place]
            is_listed[place] = True
    for place in more:
        numbers[count] = place
        count += not is_listed[place]
        is_listed[place] = True
    for i in range(count):
        is_listed[numbers[i]] = False
    return count


@compiled
def restore(labels: Labels, record: Record) -> None:
    """Give nodes or places back what they had, the last change first."""
    numbers, times, sites = record
    for i in range(len(numbers) - 1, -1, -1):
        labels[0][numbers[i]], labels[1][numbers[i]] = times[i], sites[i]
