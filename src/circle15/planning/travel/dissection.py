"""In which order to take the nodes out of a road map so that few shortcuts are needed.

Nodes with at most two neighbours go first: none of them makes a cut larger (Ost, Schulz and
Strash, "Engineering data reduction for nested dissection", 2021). The rest is cut in two again
and again; the nodes of a cut come after both of its sides (George 1973).
"""

import numpy as np

from circle15.planning.arrays import F64, I32, U8, Whole
from circle15.planning.compiled import compiled
from circle15.planning.travel.separator import LEFT, RIGHT, Flow, Piece, room_for, separate

GONE = -1


def dissect(first: I32, head: I32, x: F64, y: F64) -> I32:
    """Give the nodes in the order of elimination, first to last.

    `first`, `head`: the roads without direction, each in the lists of both its ends, no loops,
    none twice. `x`, `y`: (n) metres; good cuts need true places, a right answer does not.
    """
    order = np.empty(len(x), np.int32)
    degree = np.diff(first).astype(np.int32)
    head = head.copy()
    done = _take_simple_nodes(first, head, degree, order)
    _cut_up((first, head, x, y), degree, order, int(done))
    return order


@compiled
def _take_simple_nodes(first: I32, head: I32, degree: I32, order: I32) -> int:
    """Take out nodes of degree 0, 1, 2 in rounds of nodes that are no neighbours: flat trees."""
    count = len(degree)
    touched = np.zeros(count, np.int32)
    done, before, number = 0, -1, 0
    while done > before:
        before = done
        number += 1
        for v in range(count):
            if 0 <= degree[v] <= 2 and touched[v] != number:  # noqa: PLR2004 -- the rule itself
                _take(first, head, degree, touched, v, number)
                order[done] = v
                done += 1
    end = done
    for v in range(count):
        if degree[v] != GONE:
            order[end] = v
            end += 1
    return done


@compiled
def _take(first: I32, head: I32, degree: I32, touched: I32, v: Whole, number: int) -> None:
    """Join the neighbours of v to each other instead of to v."""
    neighbours = head[first[v] : first[v] + degree[v]]
    for i in range(len(neighbours)):
        u = neighbours[i]
        touched[u] = number
        _forget(first, head, degree, u, v)
        if len(neighbours) == 2:  # noqa: PLR2004 -- the rule itself
            other = neighbours[1 - i]
            _learn(first, head, degree, u, other)
    degree[v] = GONE


@compiled
def _forget(first: I32, head: I32, degree: I32, u: Whole, v: Whole) -> None:
    last = first[u] + degree[u] - 1
    for arc in range(first[u], last):
        if head[arc] == v:
            head[arc] = head[last]
            break
    degree[u] -= 1


@compiled
def _learn(first: I32, head: I32, degree: I32, u: Whole, v: Whole) -> None:
    """Note v as a neighbour of u; there is room, for one was forgotten just before."""
    end = first[u] + degree[u]
    for arc in range(first[u], end):
        if head[arc] == v:
            return
    head[end] = v
    degree[u] += 1


@compiled
def _cut_up(roads: Piece, degree: I32, order: I32, done: int) -> None:
    """Sort `order[done:]` in place: left side, right side, cut, and each side the same again."""
    place = np.full(len(order), -1, np.int32)
    longest = len(order) - done
    heads = np.empty(max(1, degree[order[done:]].sum()), np.int32)
    flow = room_for(longest)
    side = np.empty(longest, np.uint8)
    waiting = [(done, len(order))]
    while len(waiting) > 0:
        begin, end = waiting.pop()
        count = end - begin
        if count < 3:  # noqa: PLR2004 -- any order of two nodes is as good
            continue
        piece = _extract(roads, degree, order[begin:end], place, heads)
        mine = _part(flow, count)
        separate(piece, mine, side[:count])
        left, right = _arrange(order[begin:end], side)
        waiting.append((begin, begin + left))
        waiting.append((begin + left, begin + left + right))


@compiled
def _part(flow: Flow, count: int) -> Flow:
    kind, before, turn, path = flow
    return kind[:count], before[:count], turn[: 2 * count], path[: 2 * count]


@compiled
def _extract(roads: Piece, degree: I32, nodes: I32, place: I32, heads: I32) -> Piece:
    """Give the nodes of a part numbers from 0 and keep the roads between them."""
    road_first, road_head, x, y = roads
    here_x, here_y = np.empty(len(nodes)), np.empty(len(nodes))
    for i in range(len(nodes)):
        place[nodes[i]] = i
        here_x[i], here_y[i] = x[nodes[i]], y[nodes[i]]
    first = np.zeros(len(nodes) + 1, np.int32)
    end = 0
    for i in range(len(nodes)):
        v = nodes[i]
        for arc in range(road_first[v], road_first[v] + degree[v]):
            if place[road_head[arc]] >= 0:
                heads[end] = place[road_head[arc]]
                end += 1
        first[i + 1] = end
    for i in range(len(nodes)):
        place[nodes[i]] = -1
    return first, heads[:end], here_x, here_y


@compiled
def _arrange(nodes: I32, side: U8) -> tuple[int, int]:
    """Put the left nodes first, then the right ones, then the cut; tell how many of each."""
    count = np.zeros(3, np.int64)
    for i in range(len(nodes)):
        count[side[i]] += 1
    free = np.array([0, count[LEFT], count[LEFT] + count[RIGHT]])
    before = nodes.copy()
    for i in range(len(nodes)):
        nodes[free[side[i]]] = before[i]
        free[side[i]] += 1
    return count[LEFT], count[RIGHT]
