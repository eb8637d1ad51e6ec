"""The order of a road map for its contraction hierarchy: made once, good for every speed table.

A customizable contraction hierarchy (Dibbelt, Strasser and Wagner, "Customizable contraction
hierarchies", JEA 2016): taking the nodes out one by one, lowest rank first, joins all higher
neighbours of a node to each other. Which arcs that makes depends on the roads, not on the times.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from circle15.planning.arrays import F64, I32, I64, U32
from circle15.planning.compiled import compiled
from circle15.planning.network.model import Network
from circle15.planning.network.store import load_arrays, save_arrays
from circle15.planning.travel.dissection import dissect

METRES_PER_DEGREE = 111_320.0
KIND = "order"
FIELDS = ("rank", "first", "head", "size")


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """The hierarchy of n nodes by rank (0 is taken out first) with all its arcs.

    `rank`: (n) rank of a node of the network; everything else goes by rank. `first`: (n + 1),
    `head`: the higher neighbours of a node, ascending; `size`: (n) nodes of the part below a node
    with itself. The ranks are a postorder of the elimination tree (Liu 1990): the part below
    rank r is `r - size[r] + 1` to `r`, and joined to the rest by `r` and its higher neighbours.
    """

    rank: U32
    first: U32
    head: U32
    size: U32

    @property
    def node_count(self) -> int:
        """How many nodes there are."""
        return len(self.rank)


def save_order(found: Order, path: Path) -> None:
    """Write an order to a file of its own, to be kept beside that of the network."""
    save_arrays(path, KIND, {}, {field: getattr(found, field) for field in FIELDS})


def load_order(path: Path) -> Order:
    """Read a saved order; raises PlanningRefused for any other or a cut file."""
    _, arrays = load_arrays(path, KIND)
    # Copied: for compiled code an array that can't be written to is another type.
    return Order(*(np.require(arrays[field], np.uint32, ["C", "W"]) for field in FIELDS))


def order(network: Network) -> Order:
    """Find the order of a road network; it serves all modes and both directions."""
    across = np.cos(np.radians(network.lat.mean())) if network.node_count else 1.0
    x = network.lon * across * METRES_PER_DEGREE
    y = network.lat * METRES_PER_DEGREE
    return order_of_roads(network.tails(), network.head, x, y)


def order_of_roads(tail: U32, head: U32, x: F64, y: F64) -> Order:
    """Find the order of nodes at `x`, `y` (metres) joined by arcs, whatever their direction."""
    first, neighbour = _without_direction(tail, head, len(x))
    found = dissect(first, neighbour, np.ascontiguousarray(x), np.ascontiguousarray(y))
    position = np.empty(len(x), np.int32)
    position[found] = np.arange(len(x))
    sequence = _postorder(_tree(first, neighbour, found, position), found)
    rank = np.empty(len(x), np.uint32)
    rank[sequence] = np.arange(len(x), dtype=np.uint32)
    return _with_arcs(first, neighbour, sequence, rank)


def _without_direction(tail: U32, head: U32, count: int) -> tuple[I32, I32]:
    """List the neighbours of every node, ascending: each once, none its own."""
    low, high = np.minimum(tail, head).astype(np.int64), np.maximum(tail, head).astype(np.int64)
    pairs = np.unique((low * count + high)[low != high])
    low, high = np.divmod(pairs, max(1, count))
    both = np.sort(np.concatenate((low * count + high, high * count + low)))
    start, end = np.divmod(both, max(1, count))
    first = np.zeros(count + 1, np.int32)
    np.cumsum(np.bincount(start, minlength=count), out=first[1:])
    return first, end.astype(np.int32)


@compiled
def _tree(first: I32, head: I32, sequence: I32, position: I32) -> I32:
    """Find the elimination tree: for every position its parent's position, -1 for a root.

    Liu's algorithm; `highest` jumps up the part built so far and is shortened on the way.
    """
    count = len(sequence)
    parent, highest = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    for i in range(count):
        v = sequence[i]
        for arc in range(first[v], first[v + 1]):
            low = position[head[arc]]
            while low < i and low >= 0:
                above = highest[low]
                highest[low] = i
                if above < 0:
                    parent[low] = i
                low = above if above != i else -1
    return parent


@compiled
def _postorder(parent: I32, sequence: I32) -> I32:
    """Arrange the nodes so that everything below a node stands right before it.

    A parent comes after its children, so one pass gives the sizes, and one from the top gives
    every child the place that ends where its later sisters begin.
    """
    count = len(parent)
    size = np.ones(count, np.int32)
    for i in range(count):
        if parent[i] >= 0:
            size[parent[i]] += size[i]
    result = np.empty(count, np.int32)
    free, roots_end = np.empty(count, np.int32), count
    for i in range(count - 1, -1, -1):
        if parent[i] < 0:
            end = roots_end
            roots_end -= size[i]
        else:
            end = free[parent[i]]
            free[parent[i]] -= size[i]
        result[end - 1] = sequence[i]
        free[i] = end - 1
    return result


def _with_arcs(first: I32, head: I32, sequence: I32, rank: U32) -> Order:
    own = np.empty(len(head) // 2, np.int32)
    own_first = _higher_neighbours(first, head, sequence, rank, own)
    up_first, up_head, size = _fill_in(own_first, own)
    return Order(rank, up_first.astype(np.uint32), up_head.astype(np.uint32), size)


@compiled
def _higher_neighbours(first: I32, head: I32, sequence: I32, rank: U32, own: I32) -> I64:
    """List by rank the ranks of the higher neighbours on the road map, into `own`."""
    own_first = np.zeros(len(sequence) + 1, np.int64)
    end = 0
    for r in range(len(sequence)):
        v = sequence[r]
        for arc in range(first[v], first[v + 1]):
            if rank[head[arc]] > r:
                own[end] = rank[head[arc]]
                end += 1
        own_first[r + 1] = end
    return own_first


@compiled
def _fill_in(own_first: I64, own: I32) -> tuple[I64, I32, U32]:
    """Join the higher neighbours of every node: a node has its own and those of its children.

    The lowest higher neighbour is the parent in the tree, and its list takes in all the rest.
    """
    count = len(own_first) - 1
    first, head = np.zeros(count + 1, np.int64), np.empty(4 * count + 16, np.int32)
    child, sister = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    seen, size = np.full(count, -1, np.int32), np.ones(count, np.uint32)
    for v in range(count):
        if first[v] + count - v > len(head):
            head = _longer(head, count - v)
        end = _add_unseen(own[own_first[v] : own_first[v + 1]], v, seen, head, first[v])
        low = child[v]
        while low >= 0:
            end = _add_unseen(head[first[low] : first[low + 1]], v, seen, head, end)
            low = sister[low]
        first[v + 1] = end
        _sort(head, first[v], end)
        if end > first[v]:
            parent = head[first[v]]
            sister[v], child[parent] = child[parent], v
            size[parent] += size[v]
    return first, head[: first[count]].copy(), size


@compiled
def _add_unseen(ranks: I32, v: int, seen: I32, head: I32, end: int) -> int:
    for u in ranks:
        if u != v and seen[u] != v:
            seen[u] = v
            head[end] = u
            end += 1
    return end


@compiled
def _sort(head: I32, begin: int, end: int) -> None:
    """Sort by insertion: short lists, and sorted in stretches already."""
    for arc in range(begin + 1, end):
        u, slot = head[arc], arc
        while slot > begin and head[slot - 1] > u:
            head[slot] = head[slot - 1]
            slot -= 1
        head[slot] = u


@compiled
def _longer(values: I32, more: int) -> I32:
    """Copy to a longer array: numba's arrays can't grow."""
    result = np.empty(2 * len(values) + more, np.int32)
    result[: len(values)] = values
    return result
