"""The roads of a network as straight strokes, for maps on screen and on paper."""

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.network.model import Network

MOST_STROKES = 150_000
"""More than that no screen tells apart; the fastest roads are kept."""
MICRODEGREES = 1_000_000


def strokes(network: Network, most: int = MOST_STROKES) -> F64:
    """Give strokes as rows (lon, lat, lon, lat); each piece of road once, bends included."""
    _numbers, arcs = np.unique(network.piece, return_index=True)
    if len(arcs) > most:
        arcs = np.sort(_fastest(network, arcs)[:most])
    tail, head = network.tails()[arcs], network.head[arcs]
    low, high = np.minimum(tail, head).astype(np.int64), np.maximum(tail, head).astype(np.int64)
    if network.shapes is None:
        return np.stack(
            (network.lon[low], network.lat[low], network.lon[high], network.lat[high]), axis=1
        )
    return _bent(network, network.piece[arcs].astype(np.int64), low, high)[:most]


def packed(rows: F64) -> bytes:
    """Write strokes as little-endian 32-bit microdegrees."""
    return np.round(rows * MICRODEGREES).astype("<i4").tobytes()


def _fastest(network: Network, arcs: I64) -> I64:
    times = network.times.get("drive")
    taken = network.length_dm if times is None else np.maximum(times, 1)
    speed = network.length_dm[arcs] / taken[arcs]
    order: I64 = arcs[np.lexsort((-network.length_dm[arcs].astype(np.int64), -speed))]
    return order


def _bent(network: Network, pieces: I64, low: I64, high: I64) -> F64:
    """Walk each piece from its lower node over its bends to its higher node."""
    shapes = network.shapes
    assert shapes is not None
    bends = shapes.taken(pieces, np.zeros(len(pieces), np.bool_))
    first = bends.first.astype(np.int64)
    # Every piece gets its two ends around its bends.
    at = first[:-1] + 2 * np.arange(len(pieces))
    count = int(first[-1]) + 2 * len(pieces)
    last = at + np.diff(first) + 1
    lon, lat = np.empty(count), np.empty(count)
    inner = np.ones(count, np.bool_)
    inner[at] = inner[last] = False
    for line, ends, bent in ((lon, network.lon, bends.lon), (lat, network.lat, bends.lat)):
        line[at], line[last], line[inner] = ends[low], ends[high], bent
    starts = np.ones(count, np.bool_)
    starts[last] = False
    here = np.flatnonzero(starts)
    return np.stack((lon[here], lat[here], lon[here + 1], lat[here + 1]), axis=1)
