"""Outlines of cells with few points: straight ways through the gaps between inside and outside.

An outline crosses the lines between the middles of cells that are in and of cells that are out.
Wherever on those lines it crosses, it parts the same cells: so points are spared as long as a
straight way leads through all the crossings, and no outline can meet itself or another one.
"""

import numpy as np

from circle15.planning.arrays import F64, I64, U32
from circle15.planning.compiled import compiled

OUTERMOST = 0.98
"""How far from the middle inside to the one outside an outline may pass, in cells."""
INNERMOST, ROUND_A_CORNER = 0.5, 0.7
"""At least so far, so that cells stay inside; round the corner of a cell farther."""
NEAR = 1e-6

Spot = tuple[float, float]
Gate = tuple[float, float, float, float]
"""Inner end and outer end."""


@compiled
def straightened(points: F64, rings: U32) -> tuple[F64, I64]:
    """Draw closed rings anew, their insides to the left: points, and where each ring begins.

    `points`: crossings in cells, middles at whole numbers, OUTERMOST from the middle inside.
    """
    kept = np.empty_like(points)
    begins = np.zeros(len(rings), np.int64)
    used = 0
    for ring in range(len(rings) - 1):
        used = _ring(points[rings[ring] : rings[ring + 1]], kept, used)
        begins[ring + 1] = used
    return kept[:used], begins


@compiled
def _ring(points: F64, kept: F64, used: int) -> int:
    """Go round once; where no straight way leads on, turn in the gate passed last."""
    at = (points[0, 0], points[0, 1])
    kept[used, 0], kept[used, 1] = at
    used += 1
    left, right = (0.0, 0.0), (0.0, 0.0)
    is_open = False
    last = len(points) - 1
    k = 1
    while k <= last:
        inner_x, inner_y, outer_x, outer_y = _gate(points, k, last)
        to_inner = (inner_x - at[0], inner_y - at[1])
        to_outer = (outer_x - at[0], outer_y - at[1])
        if not is_open:
            left, right, is_open = to_inner, to_outer, True
            k += 1
            continue
        if _cross(to_inner, right) > 0.0 or _cross(left, to_outer) > 0.0:
            at = _turn(_gate(points, k - 1, last), at, left, right)
            kept[used, 0], kept[used, 1] = at
            used += 1
            is_open = False
            continue
        if _cross(to_inner, left) > 0.0:
            left = to_inner
        if _cross(right, to_outer) > 0.0:
            right = to_outer
        k += 1
    kept[used, 0], kept[used, 1] = points[0, 0], points[0, 1]
    return used + 1


@compiled
def _cross(one: Spot, other: Spot) -> float:
    """Above zero where `other` is to the left of `one`."""
    return one[0] * other[1] - one[1] * other[0]


@compiled
def _gate(points: F64, k: int, last: int) -> Gate:
    """Give where an outline may cross; the first and the last crossing stay as they are."""
    x, y = points[k, 0], points[k, 1]
    if k in (0, last):
        return x, y, x, y
    in_x, in_y = _inside(x, y)
    inmost = INNERMOST
    for other in (k - 1, k + 1):
        other_x, other_y = _inside(points[other, 0], points[other, 1])
        if abs(other_x - in_x) + abs(other_y - in_y) < NEAR:
            inmost = ROUND_A_CORNER
    share = inmost / OUTERMOST
    return in_x + (x - in_x) * share, in_y + (y - in_y) * share, x, y


@compiled
def _inside(x: float, y: float) -> Spot:
    """Find the middle a crossing is OUTERMOST from: across the line, the farther of the two."""
    if abs(x - np.rint(x)) > NEAR:
        return 2 * np.floor(x) + 1 - np.rint(x), np.rint(y)
    return np.rint(x), 2 * np.floor(y) + 1 - np.rint(y)


@compiled
def _turn(gate: Gate, at: Spot, left: Spot, right: Spot) -> Spot:
    """Choose the middle of what can be seen of a gate."""
    inner = _meets(gate, at, left, 0.0)
    outer = _meets(gate, at, right, 1.0)
    share = (inner + outer) / 2
    return gate[0] + share * (gate[2] - gate[0]), gate[1] + share * (gate[3] - gate[1])


@compiled
def _meets(gate: Gate, at: Spot, way: Spot, otherwise: float) -> float:
    """Give the share of a gate, from its inner end, at which a way meets it."""
    along = (gate[2] - gate[0], gate[3] - gate[1])
    slant = _cross(along, way)
    if abs(slant) < NEAR * NEAR:
        return otherwise
    share = _cross((at[0] - gate[0], at[1] - gate[1]), way) / slant
    return min(max(share, 0.0), 1.0)
