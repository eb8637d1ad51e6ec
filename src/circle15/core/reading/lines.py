"""Recognized lines of a photo, put back into rows although the photo is turned or askew."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

Point = tuple[float, float]
_QUARTERS: Final = (0, 90, 180, 270)
# Two boxes are in one row if their middles differ by less than this share of their height.
_SAME_ROW = 0.6


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of text as found: confidence 0 to 1, the four corners of its box in pixels."""

    text: str
    confidence: float
    corners: tuple[Point, Point, Point, Point]

    @property
    def middle(self) -> Point:
        return sum(x for x, _ in self.corners) / 4, sum(y for _, y in self.corners) / 4

    @property
    def sides(self) -> tuple[float, float]:
        """Return the long and the short side."""
        first, second = (math.dist(self.corners[0], self.corners[n]) for n in (1, 3))
        return max(first, second), min(first, second)

    @property
    def direction(self) -> float:
        """Return the angle of the long side in radians; the text runs along it, either way."""
        a, b, _, d = self.corners
        end = b if math.dist(a, b) >= math.dist(a, d) else d
        return math.atan2(end[1] - a[1], end[0] - a[0])


@dataclass(frozen=True, slots=True)
class Row:
    """Text that stands side by side, without spaces; the confidence is that of the worst part."""

    text: str
    confidence: float


def ways_to_read(lines: Sequence[Line]) -> Iterator[tuple[Row, ...]]:
    """Yield the rows from the top, for each of the four ways the photo may have been held."""
    skew = _skew(lines)
    for quarter in _QUARTERS:
        yield rows_at(lines, skew + math.radians(quarter))


def rows_at(lines: Iterable[Line], angle: float) -> tuple[Row, ...]:
    """Return the rows when the text runs at an angle (radians, clockwise from the right)."""
    placed = sorted((_turned(line.middle, -angle)[::-1], n, line) for n, line in enumerate(lines))
    rows: list[list[tuple[float, Line]]] = []
    last = -math.inf
    for (y, x), _, line in placed:
        if rows and y - last < _SAME_ROW * line.sides[1]:
            rows[-1].append((x, line))
        else:
            rows.append([(x, line)])
        last = y
    return tuple(_row(row) for row in rows)


def _row(parts: list[tuple[float, Line]]) -> Row:
    inorder = [line for _, line in sorted(parts, key=lambda part: part[0])]
    text = "".join("".join(line.text.split()) for line in inorder)
    return Row(text, min(line.confidence for line in inorder))


def _skew(lines: Iterable[Line]) -> float:
    """Return the common direction of the lines, long ones counting more, half turns not at all."""
    across = along = 0.0
    for line in lines:
        long, short = line.sides
        across += (long - short) * math.sin(2 * line.direction)
        along += (long - short) * math.cos(2 * line.direction)
    return math.atan2(across, along) / 2


def _turned(point: Point, angle: float) -> Point:
    x, y = point
    sine, cosine = math.sin(angle), math.cos(angle)
    return x * cosine - y * sine, x * sine + y * cosine
