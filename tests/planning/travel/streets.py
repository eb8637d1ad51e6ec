"""Small streets drawn by hypothesis, and the same cut up for networkx, which knows no doors."""

from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from circle15.planning.network.model import TravelGraph
from circle15.planning.travel.model import Doors

NO = 65_535
PARTS = 10


def graph_of(count, arcs):
    """Arcs are (tail, head, deciseconds), in the direction of the search."""
    table = np.array(sorted(arcs), np.int64).reshape(-1, 3)
    first = np.zeros(count + 1, np.uint32)
    np.cumsum(np.bincount(table[:, 0], minlength=count), out=first[1:])
    return TravelGraph(first, table[:, 1].astype(np.uint32), table[:, 2].astype(np.uint16))


def doors_of(rows):
    """Rows are (node 0, time 0, node 1, time 1, piece, along, whole there, whole back, gap)."""
    table = np.array(rows, float).reshape(-1, 9)
    return Doors(
        node=table[:, [0, 2]].astype(np.uint32),
        time_ds=table[:, [1, 3]].astype(np.uint16),
        piece=table[:, 4].astype(np.int64),
        along=table[:, 5].copy(),
        direct_ds=table[:, [6, 7]].astype(np.uint16),
        gap_ds=table[:, 8].astype(np.uint16),
    )


def at_nodes(nodes):
    return doors_of([(node, 0, node, NO, -1, 0, NO, NO, 0) for node in nodes])


def scipy_times(graph, sources, limit=np.inf, *, nearest=False):
    matrix = csr_array(
        (graph.time_ds.astype(float), graph.head.astype(np.int32), graph.first.astype(np.int32)),
        shape=(graph.node_count, graph.node_count),
    )
    found = dijkstra(matrix, indices=np.asarray(sources), min_only=nearest, limit=limit)
    return np.where(np.isfinite(found), found, NO).astype(np.uint16)


@dataclass(frozen=True)
class Place:
    """So many tenths along a piece (node: piece is None), `gap` deciseconds off the road."""

    piece: int | None
    tenths: int
    node: int
    gap: int
    turned: bool


@dataclass(frozen=True)
class Street:
    """Pieces are (end, end, deciseconds per tenth there, and back; None is forbidden)."""

    count: int
    pieces: tuple

    def graph(self, *, toward):
        arcs = []
        for a, b, there, back in self.pieces:
            arcs += [(a, b, there * PARTS)] if there else []
            arcs += [(b, a, back * PARTS)] if back else []
        return graph_of(self.count, [(v, u, t) for u, v, t in arcs] if toward else arcs)

    def doors(self, places, *, arriving):
        return doors_of([self._row(place, arriving=arriving) for place in places])

    def _row(self, place, *, arriving):
        if place.piece is None:
            return place.node, place.gap, place.node, NO, -1, 0, NO, NO, place.gap
        a, b, there, back = self.pieces[place.piece]
        # From the place to a one goes back; from a to the place one goes there.
        to_a, to_b = (there, back) if arriving else (back, there)
        ends = [
            (a, to_a * place.tenths + place.gap if to_a else NO),
            (b, to_b * (PARTS - place.tenths) + place.gap if to_b else NO),
        ]
        along, whole = place.tenths / PARTS, [(t or 0) * PARTS or NO for t in (there, back)]
        if place.turned:
            ends, along, whole = ends[::-1], (PARTS - place.tenths) / PARTS, whole[::-1]
        return *ends[0], *ends[1], place.piece, along, *whole, place.gap

    def cut_up(self, places):
        """Give networkx every tenth of a piece as a node; places hang beside by their gap."""
        roads = nx.MultiDiGraph()
        roads.add_nodes_from(range(self.count))
        for number, (a, b, there, back) in enumerate(self.pieces):
            line = [a, *((number, tenth) for tenth in range(1, PARTS)), b]
            for u, v in pairwise(line):
                if there:
                    roads.add_edge(u, v, weight=there)
                if back:
                    roads.add_edge(v, u, weight=back)
        for name, place in places.items():
            spot = place.node if place.piece is None else (place.piece, place.tenths)
            roads.add_edge(name, spot, weight=place.gap)
            roads.add_edge(spot, name + "'", weight=place.gap)
        return roads


def oracle(street, sites, demand, *, toward):
    """Times by site and place, NO where there is no way: networkx on the cut-up street."""
    named = {f"s{i}": site for i, site in enumerate(sites)}
    named |= {f"d{i}": place for i, place in enumerate(demand)}
    roads = street.cut_up(named)
    table = np.full((len(sites), len(demand)), NO, np.int64)
    for i in range(len(sites)):
        for j in range(len(demand)):
            ends = (f"d{j}", f"s{i}'") if toward else (f"s{i}", f"d{j}'")
            if nx.has_path(roads, *ends):
                table[i, j] = nx.dijkstra_path_length(roads, *ends)
    return table


def within(table, limit):
    return np.where(table <= limit, table, NO)


def first_nearest(table):
    """Times of the nearest, and its number: the smallest among equals, -1 for nobody."""
    time = table.min(axis=0)
    return time, np.where(time == NO, -1, table.argmin(axis=0))


@st.composite
def streets(draw, most_nodes=8):
    count = draw(st.integers(1, most_nodes))
    node = st.integers(0, count - 1)
    pace = st.one_of(st.none(), st.integers(1, 30))
    ends = st.tuples(node, node, pace, pace).filter(lambda p: p[0] != p[1] and (p[2] or p[3]))
    pieces = draw(st.lists(ends, max_size=16)) if count > 1 else []
    return Street(count, tuple(pieces))


def places(street, *, least=1, most=6):
    """Draw places at nodes or within pieces, on either side of the road."""
    piece = st.sampled_from([None, *range(len(street.pieces))])
    node, tenths = st.integers(0, street.count - 1), st.integers(1, PARTS - 1)
    place = st.builds(Place, piece, tenths, node, st.integers(0, 40), st.booleans())
    return st.lists(place, min_size=least, max_size=most)


def limits(table):
    """Draw a limit at, just below and just above a time that occurs, or any other."""
    edges = sorted({int(time) + by for time in table[table < NO - 1] for by in (-1, 0, 1)} - {-1})
    return st.one_of(st.sampled_from([*edges, 65_534]), st.integers(0, 3000))
