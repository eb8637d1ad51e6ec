"""Reached roads as straight parts, and those on a raster of times; compiled."""

import numpy as np

from circle15.planning.arrays import F64, I64, U16, U32, Whole
from circle15.planning.compiled import compiled
from circle15.planning.travel.buckets import Arcs

Lines = tuple[F64, F64, U32, F64, F64]
"""`x`, `y` of nodes; bends by arc: those of arc i are `first[i]:first[i + 1]` of two arrays."""
Reached = tuple[U16, U32, int]
"""Times by node, the nodes that are reached, the limit."""
Spot = tuple[float, float, float]
"""`x`, `y` and time."""
SAMPLES = 2.0
"""So many samples along the side of a cell."""


@compiled
def reached_roads(arcs: Arcs, back: I64, lines: Lines, reached: Reached, box: F64) -> F64:
    """Cut all roads from the reached nodes into straight parts, as far as the limit lets.

    `back`: by arc the other direction of the same road, -1 if there is none. Rows: x, y, time
    where a part begins and x, y, time where it ends. `box` becomes west, south, east, north.
    """
    first, heads, step = arcs
    x, y, bends, _, _ = lines
    times, nodes, limit = reached
    parts = np.empty((_most_parts(first, bends, nodes), 6))
    used = 0
    for node in nodes:
        time = float(times[node])
        used = _put(parts, used, (x[node], y[node], time), (x[node], y[node], time), box)
        for arc in range(first[node], first[node + 1]):
            other = back[arc]
            if other >= 0 and times[heads[arc]] + np.int64(step[other]) <= times[node]:
                continue  # all of it is reached sooner from the other end
            length = _length(lines, node, heads[arc], arc)
            if length > 0.0:
                pace = step[arc] / length
                way = pace, min(length, (limit - time) / pace)
                start = (x[node], y[node], time)
                used = _follow(lines, (arc, heads[arc]), start, way, parts, used, box)
    return parts[:used]


@compiled
def _put(parts: F64, used: int, start: Spot, end: Spot, box: F64) -> int:
    parts[used, 0], parts[used, 1], parts[used, 2] = start
    parts[used, 3], parts[used, 4], parts[used, 5] = end
    box[0], box[1] = min(box[0], end[0]), min(box[1], end[1])
    box[2], box[3] = max(box[2], end[0]), max(box[3], end[1])
    return used + 1


@compiled
def _follow(
    lines: Lines,
    road: tuple[Whole, Whole],
    start: Spot,
    way: tuple[float, float],
    parts: F64,
    used: int,
    box: F64,
) -> int:
    """Go along an arc to its head; `way`: time a metre takes and how many metres are left."""
    arc, head = road
    x, y, bends, bend_x, bend_y = lines
    pace, left = way
    for bend in range(bends[arc], bends[arc + 1] + 1):
        to_x, to_y = x[head], y[head]
        if bend < bends[arc + 1]:
            to_x, to_y = bend_x[bend], bend_y[bend]
        ahead_x, ahead_y = to_x - start[0], to_y - start[1]
        length = np.hypot(ahead_x, ahead_y)
        share = min(1.0, left / length) if length > 0.0 else 1.0
        walked = share * length
        end = (start[0] + share * ahead_x, start[1] + share * ahead_y, start[2] + walked * pace)
        used = _put(parts, used, start, end, box)
        left -= walked
        if left <= 0.0:
            break
        start = end
    return used


@compiled
def _most_parts(first: U32, bends: U32, nodes: U32) -> int:
    count = len(nodes)
    for node in nodes:
        begin, end = first[node], first[node + 1]
        count += int(end - begin) + int(bends[end] - bends[begin])
    return count


@compiled
def _length(lines: Lines, tail: Whole, head: Whole, arc: Whole) -> float:
    x, y, bends, bend_x, bend_y = lines
    from_x, from_y = x[tail], y[tail]
    total = 0.0
    for bend in range(bends[arc], bends[arc + 1]):
        total += np.hypot(bend_x[bend] - from_x, bend_y[bend] - from_y)
        from_x, from_y = bend_x[bend], bend_y[bend]
    return float(total + np.hypot(x[head] - from_x, y[head] - from_y))


@compiled
def draw(parts: F64, west: float, south: float, cell: float, raster: U16) -> None:
    """Write into every cell the least time of a road in it, rounded up."""
    for i in range(len(parts)):
        x, y, time = parts[i, 0], parts[i, 1], parts[i, 2]
        along_x, along_y, takes = parts[i, 3] - x, parts[i, 4] - y, parts[i, 5] - time
        count = int(np.hypot(along_x, along_y) / cell * SAMPLES) + 1
        for sample in range(count + 1):
            share = sample / count
            column = int((x + share * along_x - west) / cell)
            row = int((y + share * along_y - south) / cell)
            # A hair less: the sum of rounded shares must not pass a limit it ends at.
            moment = np.int64(np.ceil(time + share * takes - 1e-6))
            raster[row, column] = min(moment, raster[row, column])
