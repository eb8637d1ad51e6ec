"""Road pieces as lines on the flat map."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from circle15.planning.arrays import I64
from circle15.planning.network.model import Network
from circle15.planning.network.projection import mercator


def lines(network: Network, low: I64, high: I64, piece: I64) -> NDArray[Any]:
    """Draw the given pieces from their lower to their higher node, with all their bends."""
    x, y = mercator(network.lon, network.lat)
    starts = np.column_stack((x[low[piece]], y[low[piece]]))
    ends = np.column_stack((x[high[piece]], y[high[piece]]))
    if network.shapes is None:
        straight = shapely.linestrings(np.stack((starts, ends), axis=1))
        assert isinstance(straight, np.ndarray)
        return straight
    first = network.shapes.first.astype(np.int64)
    count = (first[1:] - first[:-1])[piece]
    at = np.concatenate((np.zeros(1, np.int64), np.cumsum(count + 2)))
    line = np.repeat(np.arange(len(piece)), count + 2)
    within = np.arange(at[-1]) - at[line]
    bend = first[piece][line] + within - 1
    spots = np.empty((at[-1], 2))
    inner = (within > 0) & (within <= count[line])
    bends = np.column_stack(mercator(network.shapes.lon, network.shapes.lat))
    spots[inner] = bends[bend[inner]]
    spots[at[:-1]], spots[at[1:] - 1] = starts, ends
    bent = shapely.linestrings(spots, indices=line)
    assert isinstance(bent, np.ndarray)
    return bent
