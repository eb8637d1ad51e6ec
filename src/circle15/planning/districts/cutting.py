"""Cut a network into districts that give exactly the answers of the whole.

A district brings along every node its residents can reach within the limit: every way of theirs
that counts lies inside. The neighbours' sites in that rim come with it.
"""

from dataclasses import dataclass, replace

import numpy as np

from circle15.planning.arrays import I64, NO_WAY, U32
from circle15.planning.network.model import TravelGraph
from circle15.planning.travel.model import Doors
from circle15.planning.travel.search import nearest


@dataclass(frozen=True, slots=True, eq=False)
class District:
    """Part of a network: `nodes` ascending (numbers in the whole), of them `own` ones (mask).

    `graph`: the arcs between these nodes, in the direction of the search.
    """

    nodes: U32
    own: np.ndarray[tuple[int], np.dtype[np.bool_]]
    graph: TravelGraph


def ranges(node_count: int, districts: int) -> I64:
    """Make districts of equal ranges of nodes: neighbours, for nodes are in Hilbert order."""
    return np.arange(node_count, dtype=np.int64) * districts // max(1, node_count)


def cut(
    search: TravelGraph, outward: TravelGraph, district_of: I64, number: int, limit_ds: int
) -> District:
    """Cut one district out: its own nodes and all they can reach along `outward` in time.

    `search` is the graph the nearest site is looked for on: the same roads turned round.
    """
    own = np.flatnonzero(district_of == number)
    nodes = np.flatnonzero(nearest(outward, at_nodes(own), limit_ds).time_ds != NO_WAY)
    return District(nodes.astype(np.uint32), district_of[nodes] == number, induced(search, nodes))


def at_nodes(nodes: I64) -> Doors:
    """Give the doors of places that stand on nodes."""
    count = len(nodes)
    no_way = np.full((count, 2), NO_WAY, np.uint16)
    times = no_way.copy()
    times[:, 0] = 0
    return Doors(
        node=np.column_stack((nodes, nodes)).astype(np.uint32),
        time_ds=times,
        piece=np.full(count, -1, np.int64),
        along=np.zeros(count),
        direct_ds=no_way,
        gap_ds=np.zeros(count, np.uint16),
    )


def induced(graph: TravelGraph, nodes: I64) -> TravelGraph:
    """Keep the arcs between some nodes (ascending), renumbered by their place among them."""
    number = np.full(graph.node_count, -1, np.int32)
    number[nodes] = np.arange(len(nodes))
    start = graph.first[nodes].astype(np.int64)
    counts = graph.first[nodes + 1] - start
    before = np.cumsum(counts) - counts
    arcs = np.repeat(start - before, counts) + np.arange(counts.sum())
    head, tail = number[graph.head[arcs]], np.repeat(np.arange(len(nodes)), counts)
    keep = head >= 0
    first = np.zeros(len(nodes) + 1, np.uint32)
    np.cumsum(np.bincount(tail[keep], minlength=len(nodes)), out=first[1:])
    return TravelGraph(first, head[keep].astype(np.uint32), graph.time_ds[arcs[keep]])


def doors_inside(doors: Doors, nodes: U32) -> tuple[I64, Doors]:
    """Keep the places with a usable door at one of the nodes; doors elsewhere are no way in.

    Returns their numbers (ascending, so ties go as in the whole) and their doors, renumbered.
    """
    place = np.minimum(np.searchsorted(nodes, doors.node), max(0, len(nodes) - 1))
    inside = (nodes[place] == doors.node) & (doors.time_ds != NO_WAY)
    rows = np.flatnonzero(inside.any(axis=1))
    kept, found = inside[rows], doors.take(rows)
    return rows, replace(
        found,
        node=np.where(kept, place[rows], 0).astype(np.uint32),
        time_ds=np.where(kept, found.time_ds, NO_WAY),
    )
