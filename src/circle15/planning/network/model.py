"""A road network as arrays, and the same roads as seen by one travel mode in one direction."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I64, NO_WAY, U8, U16, U32, Mask


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """The bends of k lines between their two ends, degrees.

    Those of line i are `lon[first[i]:first[i + 1]]` and `lat[...]`; a straight line has none.
    """

    first: U32
    lon: F64
    lat: F64

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self.first) - 1

    def taken(self, rows: I64, turned: Mask) -> "Shapes":
        """Give the bends of the chosen lines, those of `turned` ones backwards."""
        start, end = self.first[rows].astype(np.int64), self.first[rows + 1].astype(np.int64)
        count = end - start
        first = np.concatenate((np.zeros(1, np.int64), np.cumsum(count)))
        within = np.arange(first[-1]) - np.repeat(first[:-1], count)
        forward = np.repeat(start, count) + within
        backward = np.repeat(end - 1, count) - within
        points = np.where(np.repeat(turned, count), backward, forward)
        return Shapes(first.astype(np.uint32), self.lon[points], self.lat[points])


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Roads: n nodes in Hilbert order, m one-way arcs sorted by tail node, then by head node.

    `lon`, `lat`: (n) degrees, WGS-84. `node_id`: (n) the source's own ids. `first`: (n + 1), the
    arcs that leave node i are `first[i]:first[i + 1]`. `head`: (m) node an arc leads to.
    `length_dm`: (m) decimetres. `piece`: (m) number of the road piece, the two directions of one
    piece share it; pieces are numbered by their two nodes. `road_class`: (m) place in `classes`.
    `times`: by mode (m) deciseconds, at least 1, NO_WAY where the mode may not go (or would take
    longer than LONGEST_LIMIT_DS).
    `component`: (n) number of the weakly connected part by any mode, 0 is the largest.
    `source`: what it was made from (file name, sha256, profiles, figures), ready for JSON.
    `shapes`: bends by piece, from its lower to its higher node; None where all are straight.
    """

    lon: F64
    lat: F64
    node_id: I64
    first: U32
    head: U32
    length_dm: U32
    piece: U32
    road_class: U8
    classes: tuple[str, ...]
    times: Mapping[str, U16]
    component: U32
    source: Mapping[str, object]
    shapes: Shapes | None = None

    @property
    def node_count(self) -> int:
        """How many nodes there are."""
        return len(self.lon)

    @property
    def arc_count(self) -> int:
        """How many one-way arcs there are."""
        return len(self.head)

    def tails(self) -> U32:
        """Give the node each arc leaves, (m)."""
        nodes = np.arange(self.node_count, dtype=np.uint32)
        return np.repeat(nodes, np.diff(self.first).astype(np.int64))

    def modes(self) -> tuple[str, ...]:
        """Name the travel modes there are times for."""
        return tuple(self.times)


@dataclass(frozen=True, slots=True, eq=False)
class TravelGraph:
    """What a search walks on: the arcs one mode may use, in the direction of the search.

    `first`: (n + 1), `head`: (k), `time_ds`: (k) deciseconds, 1 to LONGEST_LIMIT_DS.
    """

    first: U32
    head: U32
    time_ds: U16

    @property
    def node_count(self) -> int:
        """How many nodes there are."""
        return len(self.first) - 1


def toward_sites(network: Network, mode: str) -> TravelGraph:
    """Turn all arcs round: a search that starts at a site finds the times of residents to it."""
    return _graph(network.head, network.tails(), network.times[mode], network.node_count)


def from_sites(network: Network, mode: str) -> TravelGraph:
    """Keep the direction: a search from a site finds the times of home visits (上门)."""
    return _graph(network.tails(), network.head, network.times[mode], network.node_count)


def _graph(tail: U32, head: U32, time_ds: U16, node_count: int) -> TravelGraph:
    usable = np.flatnonzero(time_ds != NO_WAY)
    order = usable[np.lexsort((head[usable], tail[usable]))]
    first = np.zeros(node_count + 1, np.uint32)
    np.cumsum(np.bincount(tail[order], minlength=node_count), out=first[1:])
    return TravelGraph(first, head[order].astype(np.uint32), time_ds[order])
