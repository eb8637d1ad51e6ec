"""Road pieces as straight segments on the flat map."""

from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.compiled import compiled
from circle15.planning.network.model import Network
from circle15.planning.network.projection import mercator


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """s segments from (`ax`, `ay`) to (`bx`, `by`), Mercator metres, in the order of the pieces.

    `line`: (s) which of the chosen pieces it is a part of. `offset`: (s) metres of that piece
    before it. `total`: metres by piece.
    """

    ax: F64
    ay: F64
    bx: F64
    by: F64
    line: I64
    offset: F64
    total: F64

    def along(self, segment: I64, share: F64) -> F64:
        """Turn shares of segments into shares of their pieces."""
        dx = self.bx[segment] - self.ax[segment]
        dy = self.by[segment] - self.ay[segment]
        total = self.total[self.line[segment]]
        ahead = self.offset[segment] + share * np.hypot(dx, dy)
        return np.divide(ahead, total, out=np.zeros(len(segment)), where=total > 0)


def segments_of(network: Network, low: I64, high: I64, piece: I64) -> Segments:
    """Cut the given pieces at their bends, from their lower to their higher node."""
    x, y = mercator(network.lon, network.lat)
    ends = low[piece], high[piece]
    if network.shapes is None:
        ax, ay, bx, by = x[ends[0]], y[ends[0]], x[ends[1]], y[ends[1]]
        return Segments(
            ax, ay, bx, by, np.arange(len(piece)), np.zeros(len(piece)), np.hypot(bx - ax, by - ay)
        )
    first = network.shapes.first.astype(np.int64)
    count = (first[1:] - first[:-1])[piece]
    at = np.concatenate((np.zeros(1, np.int64), np.cumsum(count + 2)))
    line = np.repeat(np.arange(len(piece)), count + 2)
    within = np.arange(at[-1]) - at[line]
    bend = first[piece][line] + within - 1
    inner = (within > 0) & (within <= count[line])
    spots = np.empty((2, at[-1]))
    spots[:, inner] = np.stack(mercator(network.shapes.lon, network.shapes.lat))[:, bend[inner]]
    spots[:, at[:-1]] = x[ends[0]], y[ends[0]]
    spots[:, at[1:] - 1] = x[ends[1]], y[ends[1]]
    starts = np.flatnonzero(within <= count[line])
    (ax, ay), (bx, by) = spots[:, starts].copy(), spots[:, starts + 1].copy()
    return Segments(
        ax, ay, bx, by, line[starts], *_measured(line[starts], np.hypot(bx - ax, by - ay))
    )


def _measured(line: I64, length: F64) -> tuple[F64, F64]:
    """Give the metres of the piece before each segment, and those of each piece."""
    offset, total = np.empty(len(line)), np.zeros(int(line.max(initial=-1)) + 1)
    _add_up(line, length, offset, total)
    return offset, total


@compiled
def _add_up(line: I64, length: F64, offset: F64, total: F64) -> None:
    for i in range(len(line)):
        offset[i] = total[line[i]]
        total[line[i]] += length[i]
