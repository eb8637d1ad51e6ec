"""The order of places along a Hilbert curve: what is near on the map is near in memory."""

import numpy as np

from circle15.planning.arrays import F64, I64

_BITS = 16
_SIDE = 1 << _BITS


def hilbert_order(x: F64, y: F64) -> I64:
    """Give the numbers of the places in the order of the curve; places in one cell keep theirs."""
    return np.argsort(_along(_cells(x, y), _cells(y, x)), kind="stable")


def _cells(values: F64, others: F64) -> I64:
    """Cut into 65,536 cells, as wide in both directions."""
    if not len(values):
        return np.zeros(0, np.int64)
    width = max(np.ptp(values), np.ptp(others)) or 1.0
    cells: I64 = ((values - values.min()) / width * (_SIDE - 1)).astype(np.int64)
    return cells


def _along(x: I64, y: I64) -> I64:
    """Turn cells into their distance along the curve, one bit of both coordinates at a time."""
    distance: I64 = np.zeros(len(x), np.int64)
    for bit in range(_BITS - 1, -1, -1):
        right, up = (x >> bit) & 1, (y >> bit) & 1
        distance += ((3 * right) ^ up) << (2 * bit)
        mirror = (right == 1) & (up == 0)
        x, y = np.where(mirror, _SIDE - 1 - x, x), np.where(mirror, _SIDE - 1 - y, y)
        x, y = np.where(up == 0, y, x), np.where(up == 0, x, y)
    return distance
