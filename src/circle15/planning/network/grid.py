"""A grid over road segments that finds the nearest one to a place: exact, ties to the first."""

from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I64, U32, Whole
from circle15.planning.compiled import compiled
from circle15.planning.network.segments import Segments

SEGMENTS_PER_CELL = 2.0
NOTHING = -1
SLACK = 1e-6
"""Cells are taken this much larger (in cells), so that rounding leaves nothing between them."""

LEVEL = 1e-3
"""Segments that rise less than this (in cells) are taken as level."""

Frame = tuple[float, float, float, int, int]
Lines = tuple[F64, F64, F64, F64]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Square cells over all segments; those in cell c are `segment[first[c]:first[c + 1]]`.

    `frame`: left and lower edge and width of a cell (m), columns, rows. Cell numbers go along a
    row first: c = row * columns + column. `lines`: ends of the segments (ax, ay, bx, by).
    """

    frame: Frame
    first: I64
    segment: U32
    lines: Lines

    def nearest(self, x: F64, y: F64, reach: F64) -> tuple[I64, F64, F64]:
        """Find for each place the nearest segment within its reach: number, share, metres.

        The share is how far along the segment the nearest spot is. Beyond reach the number is
        NOTHING and the distance infinite.
        """
        found, share, away = np.empty(len(x), np.int64), np.empty(len(x)), np.empty(len(x))
        cells = (self.first, self.segment)
        _search(x, y, reach, self.lines, self.frame, cells, (found, share, away))
        return found, share, away


def grid_of(segments: Segments) -> Grid:
    """Lay a grid with about two segments a cell."""
    lines = (segments.ax, segments.ay, segments.bx, segments.by)
    left, right = (float(edge([lines[0], lines[2]])) for edge in (np.min, np.max))
    low, high = (float(edge([lines[1], lines[3]])) for edge in (np.min, np.max))
    width, height = right - left, high - low
    wanted = max(len(segments.ax) / SEGMENTS_PER_CELL, 1.0)
    cell = float(max(np.sqrt(width * height / wanted), max(width, height) / wanted, 1.0))
    columns, rows = int(width / cell) + 1, int(height / cell) + 1
    frame = (left, low, cell, columns, rows)
    first = np.zeros(columns * rows + 1, np.int64)
    _fill(lines, frame, first, np.zeros(0, np.uint32))
    np.cumsum(first, out=first)
    segment = np.empty(first[-1], np.uint32)
    _fill(lines, frame, first, segment)
    return Grid(frame, first, segment, lines)


@compiled
def _fill(lines: Lines, frame: Frame, first: I64, segment: U32) -> None:
    """Count the segments of each cell, or, given room, put them there.

    With room `first` has the ends of the cells and comes out with their starts: each cell is
    filled from behind, the last segment first.
    """
    ax, ay, bx, by = lines
    left, low, cell, columns, rows = frame
    for i in range(len(ax) - 1, -1, -1):
        x0, y0 = (ax[i] - left) / cell, (ay[i] - low) / cell
        x1, y1 = (bx[i] - left) / cell, (by[i] - low) / cell
        if y0 > y1:
            x0, y0, x1, y1 = x1, y1, x0, y0
        for row in range(max(int(y0 - SLACK), 0), min(int(y1 + SLACK), rows - 1) + 1):
            start, end = x0, x1
            if y1 - y0 > LEVEL:
                slope = (x1 - x0) / (y1 - y0)
                start = x0 + slope * (max(float(row), y0) - y0)
                end = x0 + slope * (min(float(row + 1), y1) - y0)
            start, end = min(start, end) - SLACK, max(start, end) + SLACK
            for column in range(max(int(start), 0), min(int(end), columns - 1) + 1):
                at = row * columns + column
                if len(segment) == 0:
                    first[at] += 1
                else:
                    first[at] -= 1
                    segment[first[at]] = i


@compiled
def _search(
    x: F64,
    y: F64,
    reach: F64,
    lines: Lines,
    frame: Frame,
    cells: tuple[I64, U32],
    result: tuple[I64, F64, F64],
) -> None:
    """Look through rings of cells round each place until no nearer one can come."""
    left, low, cell, columns, rows = frame
    found, share, away = result
    for k in range(len(x)):
        column = min(max(int((x[k] - left) / cell), 0), columns - 1)
        row = min(max(int((y[k] - low) / cell), 0), rows - 1)
        at: Whole = NOTHING
        best, part = reach[k] * reach[k], 0.0
        for ring in range(max(columns, rows)):
            for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                step = 1 if abs(r - row) == ring or ring == 0 else 2 * ring
                for c in range(column - ring, column + ring + 1, step):
                    if 0 <= c < columns:
                        best, at, part = _look(
                            x[k], y[k], lines, cells, r * columns + c, (best, at, part)
                        )
            rest = _beyond(x[k], left, cell, columns, column, ring)
            rest = min(rest, _beyond(y[k], low, cell, rows, row, ring))
            if rest * rest > best:
                break
        found[k], share[k] = at, part
        away[k] = np.sqrt(best) if at != NOTHING else np.inf


@compiled
def _look(
    x: float,
    y: float,
    lines: Lines,
    cells: tuple[I64, U32],
    number: Whole,
    so_far: tuple[float, Whole, float],
) -> tuple[float, Whole, float]:
    """Compare the segments of a cell with the best so far: squared distance, number, share."""
    ax, ay, bx, by = lines
    first, segment = cells
    at: Whole
    best, at, part = so_far
    for place in range(first[number], first[number + 1]):
        i = np.int64(segment[place])
        dx, dy = bx[i] - ax[i], by[i] - ay[i]
        square = dx * dx + dy * dy
        t = ((x - ax[i]) * dx + (y - ay[i]) * dy) / square if square > 0 else 0.0
        if t <= 0:
            t, nx, ny = 0.0, ax[i], ay[i]
        elif t >= 1:
            t, nx, ny = 1.0, bx[i], by[i]
        else:
            nx, ny = ax[i] + t * dx, ay[i] + t * dy
        distance = (x - nx) * (x - nx) + (y - ny) * (y - ny)
        if distance < best or (distance == best and (at == NOTHING or i < at)):
            best, at, part = distance, i, t
    return best, at, part


@compiled
def _beyond(
    value: float, origin: float, cell: float, count: Whole, middle: Whole, ring: Whole
) -> float:
    """Say how near the cells outside the rings can be along one axis; infinite without any."""
    rest = np.inf
    if middle - ring > 0:
        rest = max(value - (origin + (middle - ring) * cell), 0.0)
    if middle + ring < count - 1:
        rest = min(rest, max(origin + (middle + ring + 1) * cell - value, 0.0))
    return rest
