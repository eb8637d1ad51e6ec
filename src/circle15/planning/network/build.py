"""Turn roads as a source gives them into a network: ordered, without doubles, parts numbered."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from circle15.planning.arrays import F64, I64, LONGEST_LIMIT_DS, NO_WAY, U8, U16, U32, Mask
from circle15.planning.network.hilbert import hilbert_order
from circle15.planning.network.model import Network, Shapes
from circle15.planning.network.projection import mercator

DS_PER_SECOND = 10
DM_PER_METRE = 10


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """n places where roads meet: degrees, and the source's own ids (each once)."""

    lon: F64
    lat: F64
    id: I64


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """m one-way arcs in any order; `tail` and `head` are places in the list of nodes (0 to n - 1).

    `time_s`: seconds by mode, infinity where the mode may not go. `shapes`: bends from tail to
    head, by arc, or None.
    """

    tail: I64
    head: I64
    length_m: F64
    road_class: U8
    time_s: Mapping[str, F64]
    shapes: Shapes | None = None


def build(
    nodes: Nodes, arcs: Arcs, classes: tuple[str, ...], source: Mapping[str, object]
) -> Network:
    """Make a network; what was left out is counted in its `source["build"]`.

    Self-loops and arcs closed to every mode are left out. Of parallel arcs one stays: the
    shortest, with the quickest time of each mode. An arc that takes no time takes 1 ds.
    """
    order = hilbert_order(*mercator(nodes.lon, nodes.lat))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    tail, head = rank[arcs.tail], rank[arcs.head]
    times = {mode: _deciseconds(time) for mode, time in arcs.time_s.items()}
    loop, closed = tail == head, _closed_to_all(times, len(tail))
    rows, starts = _grouped(tail, head, arcs.length_m, ~loop & ~closed)
    best = rows[starts]
    tail, head = tail[best], head[best]
    piece, low_to_high = _pieces(tail, head, len(order))
    turned = tail[low_to_high] > head[low_to_high]
    shapes = None if arcs.shapes is None else arcs.shapes.taken(best[low_to_high], turned)
    first = np.zeros(len(order) + 1, np.uint32)
    np.cumsum(np.bincount(tail, minlength=len(order)), out=first[1:])
    counts = {
        "nodes": len(order),
        "arcs": len(best),
        "pieces": len(low_to_high),
        "self_loops": int(np.count_nonzero(loop)),
        "closed": int(np.count_nonzero(closed & ~loop)),
        "parallel": len(rows) - len(best),
        "zero_time": _count_zero(arcs.time_s, rows),
        "too_long": _count_too_long(arcs.time_s),
    }
    return Network(
        lon=nodes.lon[order],
        lat=nodes.lat[order],
        node_id=nodes.id[order].astype(np.int64),
        first=first,
        head=head.astype(np.uint32),
        length_dm=np.rint(arcs.length_m[best] * DM_PER_METRE).astype(np.uint32),
        piece=piece,
        road_class=arcs.road_class[best].astype(np.uint8),
        classes=classes,
        times={mode: _quickest(time[rows], starts) for mode, time in times.items()},
        component=_components(tail, head, len(order)),
        source={**source, "build": counts},
        shapes=shapes if shapes is not None and len(shapes.lon) else None,
    )


def _deciseconds(time_s: F64) -> U16:
    rounded = np.maximum(np.rint(time_s * DS_PER_SECOND), 1)
    return np.where(rounded > LONGEST_LIMIT_DS, NO_WAY, rounded).astype(np.uint16)


def _closed_to_all(times: Mapping[str, U16], count: int) -> Mask:
    closed = np.ones(count, np.bool_)
    for time in times.values():
        closed &= time == NO_WAY
    return closed


def _count_zero(time_s: Mapping[str, F64], rows: I64) -> int:
    """Count the arcs that would round to no time at all for some mode."""
    zero = np.zeros(len(rows), np.bool_)
    for time in time_s.values():
        zero |= np.rint(time[rows] * DS_PER_SECOND) < 1
    return int(np.count_nonzero(zero))


def _count_too_long(time_s: Mapping[str, F64]) -> int:
    """Count the arcs open to some mode that take it longer than any limit."""
    return sum(
        int(np.count_nonzero(np.isfinite(time) & (time * DS_PER_SECOND > LONGEST_LIMIT_DS)))
        for time in time_s.values()
    )


def _grouped(tail: I64, head: I64, length_m: F64, keep: Mask) -> tuple[I64, I64]:
    """Sort the arcs to keep by tail, head and length; say where each pair of nodes starts."""
    rows = np.flatnonzero(keep)
    rows = rows[np.lexsort((length_m[rows], head[rows], tail[rows]))]
    changes = (np.diff(tail[rows]) != 0) | (np.diff(head[rows]) != 0)
    starts = np.flatnonzero(np.concatenate((np.ones(min(len(rows), 1), np.bool_), changes)))
    return rows, starts


def _quickest(times: U16, starts: I64) -> U16:
    return np.minimum.reduceat(times, starts) if len(starts) else times


def _pieces(tail: I64, head: I64, node_count: int) -> tuple[U32, I64]:
    """Give each pair of nodes a number and an arc, from the lower node if there is one."""
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    order = np.lexsort((tail, high, low))
    key = low[order] * node_count + high[order]
    starts = np.concatenate((np.ones(min(len(key), 1), np.bool_), np.diff(key) != 0))
    piece = np.empty(len(tail), np.uint32)
    piece[order] = np.cumsum(starts) - 1
    return piece, order[starts]


def _components(tail: I64, head: I64, node_count: int) -> U32:
    """Count the weakly connected parts off, the largest first, then by their first node."""
    if not node_count:
        return np.zeros(0, np.uint32)
    graph = csr_array((np.ones(len(tail), np.uint8), (tail, head)), (node_count, node_count))
    _, part = connected_components(graph, directed=True, connection="weak")
    size, first_node = np.bincount(part), np.unique(part, return_index=True)[1]
    rank = np.empty(len(size), np.uint32)
    rank[np.lexsort((first_node, -size))] = np.arange(len(size))
    return rank[part]
