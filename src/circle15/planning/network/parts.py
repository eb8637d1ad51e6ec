"""The unconnected parts of a network, its ferries, and what each mode can use of it."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from circle15.planning.arrays import F64, I64, NO_WAY, Mask
from circle15.planning.network.model import Network
from circle15.planning.network.rules import FERRY

LISTED = 20
"""How many parts besides the largest are described; the others are counted."""

_DM_PER_KM = 10_000


def parts(network: Network) -> dict[str, object]:
    """Describe the parts: number, nodes and km of the others, ferries, and the same by mode."""
    piece_km = _piece_km(network)
    size = np.bincount(network.component, minlength=1)
    km = np.bincount(_piece_parts(network), piece_km, minlength=len(size))
    return {
        "count": len(size) if network.node_count else 0,
        "largest_nodes": int(size[0]),
        "other_nodes": int(size[1:].sum()),
        "other_km": round(float(km[1:].sum()), 1),
        "km": round(float(km.sum()), 1),
        "others": [
            {"nodes": int(size[part]), "km": round(float(km[part]), 2), **_middle(network, part)}
            for part in range(1, min(len(size), LISTED + 1))
        ],
        "ferries": _ferries(network, piece_km),
        "modes": {mode: _of_mode(network, mode) for mode in network.modes()},
    }


def _piece_km(network: Network) -> F64:
    count = int(network.piece.max()) + 1 if network.arc_count else 0
    km = np.zeros(count)
    km[network.piece] = network.length_dm / _DM_PER_KM
    return km


def _piece_parts(network: Network) -> I64:
    count = int(network.piece.max()) + 1 if network.arc_count else 0
    part = np.zeros(count, np.int64)
    part[network.piece] = network.component[network.head]
    return part


def _middle(network: Network, part: int) -> dict[str, float]:
    inside = network.component == part
    lon, lat = float(network.lon[inside].mean()), float(network.lat[inside].mean())
    return {"lon": round(lon, 5), "lat": round(lat, 5)}


def _ferries(network: Network, piece_km: F64) -> object:
    if FERRY not in network.classes:
        return {"pieces": 0, "km": 0.0}
    pieces = np.unique(network.piece[network.road_class == network.classes.index(FERRY)])
    return {"pieces": len(pieces), "km": round(float(piece_km[pieces].sum()), 2)}


def _of_mode(network: Network, mode: str) -> dict[str, int]:
    """Count what a mode can use: parts, and nodes it can't both leave and come back to."""
    usable: Mask = network.times[mode] != NO_WAY
    tail, head = network.tails()[usable].astype(np.int64), network.head[usable].astype(np.int64)
    count = network.node_count
    graph = csr_array((np.ones(len(tail), np.uint8), (tail, head)), (count, count))
    on_road = np.zeros(count, np.bool_)
    on_road[tail] = on_road[head] = True
    _, weak = connected_components(graph, connection="weak")
    _, strong = connected_components(graph, connection="strong")
    weak_size, strong_size = np.bincount(weak[on_road]), np.bincount(strong[on_road])
    return {
        "arcs": len(tail),
        "nodes": int(on_road.sum()),
        "parts": int(np.count_nonzero(weak_size)),
        "outside_largest_part": int(on_road.sum() - weak_size.max(initial=0)),
        "not_there_and_back": int(on_road.sum() - strong_size.max(initial=0)),
    }
