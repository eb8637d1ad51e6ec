"""A speed table for the hierarchy: how long its arcs take; a second or two for a new table.

Customization of Dibbelt, Strasser and Wagner (2016): an arc is as fast as the road it stands
for, or as a way through a node taken out before both its ends (a lower triangle). A second pass
through the nodes taken out later finds the true times; an arc that takes longer than another
way is never needed and is shut (their "perfect" customization).

In both passes u is the middle node of the three by rank: its arc up to w is found by a table of
slots, filled once for u, for all triangles of u with a node v below.
"""

from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import I32, I64, NO_WAY, U16, U32
from circle15.planning.compiled import compiled
from circle15.planning.network.model import TravelGraph
from circle15.planning.travel.buckets import arcs_of
from circle15.planning.travel.order import Order


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """The times of one mode on the arcs of `order`: `up_ds` to the higher node, `down_ds` from it.

    NO_WAY: no way that fast, beyond LONGEST_LIMIT_DS, or not needed.
    """

    order: Order
    up_ds: U16
    down_ds: U16


Arcs = tuple[U32, U32]
"""`first` by rank, `head`."""
Below = tuple[I64, I32, I32]
"""By the higher end: `first`, the arc from the lower node, and where that node's arcs end."""


def customize(order: Order, graph: TravelGraph) -> Hierarchy:
    """Find the times of all arcs from those of the roads; ValueError for those of another map."""
    up = np.full(len(order.head), NO_WAY, np.uint16)
    down = np.full(len(order.head), NO_WAY, np.uint16)
    arcs = (order.first, order.head)
    roads = arcs_of(graph)
    same = graph.node_count == order.node_count
    if not (same and _take_over(order.rank, arcs, roads, up, down)):
        message = "the order was made for another map: it lacks a road of this one"
        raise ValueError(message)
    below = _by_higher_end(*arcs)
    _through_lower(arcs, below, up, down)
    true_up, true_down = up.copy(), down.copy()
    _through_higher(arcs, below, true_up, true_down)
    up[true_up < up] = NO_WAY
    down[true_down < down] = NO_WAY
    return Hierarchy(order, up, down)


@compiled
def _take_over(rank: U32, arcs: Arcs, roads: tuple[U32, U32, U16], up: U16, down: U16) -> bool:
    """Give every arc the time of its road; False if a road has no arc."""
    first, head = arcs
    road_first, road_head, time = roads
    for node in range(len(rank)):
        for road in range(road_first[node], road_first[node + 1]):
            start, end = rank[node], rank[road_head[road]]
            if start == end:
                continue
            low, high = min(start, end), max(start, end)
            arc = first[low] + np.searchsorted(head[first[low] : first[low + 1]], high)
            if arc == first[low + 1] or head[arc] != high:
                return False
            times = up if start == low else down
            times[arc] = min(times[arc], time[road])
    return True


@compiled
def _by_higher_end(first: U32, head: U32) -> Below:
    count = len(first) - 1
    below_first = np.zeros(count + 1, np.int64)
    for high in head:
        below_first[high + 1] += 1
    below_first = np.cumsum(below_first)
    free = below_first[:-1].copy()
    below_arc, below_end = np.empty(len(head), np.int32), np.empty(len(head), np.int32)
    for low in range(count):
        for arc in range(first[low], first[low + 1]):
            slot = free[head[arc]]
            free[head[arc]] = slot + 1
            below_arc[slot] = arc
            below_end[slot] = first[low + 1]
    return below_first, below_arc, below_end


@compiled
def _through_lower(arcs: Arcs, below: Below, up: U16, down: U16) -> None:
    """Let every arc u-w be as fast as the ways u-v-w through lower nodes v, from the bottom up."""
    first, head = arcs
    below_first, below_arc, below_end = below
    slot = np.zeros(len(first), np.int64)
    for u in range(len(first) - 1):
        for arc in range(first[u], first[u + 1]):
            slot[head[arc]] = arc
        for entry in range(below_first[u], below_first[u + 1]):
            vu = np.int64(below_arc[entry])
            from_u, to_u = np.int64(down[vu]), np.int64(up[vu])
            for vw in range(vu + 1, below_end[entry]):
                uw = slot[head[vw]]
                up[uw] = min(np.int64(up[uw]), from_u + up[vw])
                down[uw] = min(np.int64(down[uw]), to_u + down[vw])


@compiled
def _through_higher(arcs: Arcs, below: Below, up: U16, down: U16) -> None:
    """Let v-u and v-w be as fast as the ways v-w-u and v-u-w, from the top down: true times."""
    first, head = arcs
    below_first, below_arc, below_end = below
    slot = np.zeros(len(first), np.int64)
    for u in range(len(first) - 2, -1, -1):
        for arc in range(first[u], first[u + 1]):
            slot[head[arc]] = arc
        for entry in range(below_first[u], below_first[u + 1]):
            vu = np.int64(below_arc[entry])
            to_u, from_u = np.int64(up[vu]), np.int64(down[vu])
            for vw in range(vu + 1, below_end[entry]):
                uw = slot[head[vw]]
                up_uw, down_uw = np.int64(up[uw]), np.int64(down[uw])
                to_w, from_w = np.int64(up[vw]), np.int64(down[vw])
                up[vw] = min(to_w, to_u + up_uw)
                down[vw] = min(from_w, down_uw + from_u)
                to_u = min(to_u, to_w + down_uw)
                from_u = min(from_u, up_uw + from_w)
            up[vu], down[vu] = to_u, from_u
