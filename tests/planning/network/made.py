"""Small networks for the tests: by hand, and drawn by hypothesis."""

import numpy as np
from hypothesis import strategies as st

from circle15.planning.network.build import Arcs, Nodes, build
from circle15.planning.network.model import Shapes

CLASSES = ("road", "motorway", "ferry")
INF = np.inf


def nodes_at(*places, ids=None):
    lon, lat = np.array(places, float).reshape(-1, 2).T.copy()
    return Nodes(lon, lat, np.array(ids or range(len(places)), np.int64))


def arcs_of(*rows, classes=None, bends=None):
    """Rows are tail, head, length in metres, seconds on foot, seconds by car."""
    table = np.array(rows, float).reshape(-1, 5)
    shapes = None
    if bends is not None:
        first = np.cumsum([0, *(len(line) for line in bends)]).astype(np.uint32)
        points = np.array([point for line in bends for point in line], float).reshape(-1, 2)
        shapes = Shapes(first, points[:, 0], points[:, 1])
    return Arcs(
        tail=table[:, 0].astype(np.int64),
        head=table[:, 1].astype(np.int64),
        length_m=table[:, 2],
        road_class=np.array(classes or [0] * len(table), np.uint8),
        time_s={"walk": table[:, 3], "drive": table[:, 4]},
        shapes=shapes,
    )


def network_of(nodes, arcs, source=None):
    return build(nodes, arcs, CLASSES, source or {})


def arcs_by_id(network, mode):
    """Times by the ids of the source: {(tail, head): deciseconds}."""
    tail, head = network.node_id[network.tails()], network.node_id[network.head]
    times = network.times[mode]
    return {
        (int(u), int(v)): int(time)
        for u, v, time in zip(tail, head, times, strict=True)
        if time != 65_535
    }


@st.composite
def drawn(draw, most_nodes=12):
    """Draw nodes anywhere and arcs between any two of them, some closed to a mode."""
    count = draw(st.integers(1, most_nodes))
    degrees = st.floats(-80, 80, allow_nan=False)
    places = [(draw(degrees), draw(degrees)) for _ in range(count)]
    node = st.integers(0, count - 1)
    seconds = st.one_of(st.just(INF), st.floats(0, 7000))
    rows = draw(st.lists(st.tuples(node, node, st.floats(0, 1e5), seconds, seconds), max_size=40))
    return nodes_at(*places), arcs_of(*rows)
