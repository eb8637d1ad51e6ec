"""The smallest set of nodes that cuts a piece of the road map in two: inertial flow.

The nodes are laid out along a line, some at either end are to be kept apart, and the cut
between them is a maximum flow of paths that share no node (Schild and Sommer, SEA 2015). Four
lines and two widths are tried, the best cut is taken. Every node is a pair of states, `2 v` its
entrance and `2 v + 1` its exit, with room for one path between them.

Plain tuples go between the compiled functions: numba's cache on disk remembers classes by name.
"""

import numpy as np

from circle15.planning.arrays import F64, I32, U8
from circle15.planning.compiled import compiled

Piece = tuple[I32, I32, F64, F64]
"""A part of the map: `first`, `head` neighbours by node, `x`, `y` metres."""

Flow = tuple[U8, I32, I32, I32]
"""`kind` (k) role of the node, `before` (k) node before it on its path, FREE or START; by state
(2 k): `turn` which way to try next in this round, UNSEEN, and room for the `path` looked for."""

LEFT, RIGHT, CUT = 0, 1, 2
MIDDLE, SOURCE, SINK, BEHIND = 0, 1, 2, 3
FREE, START, UNSEEN = -1, -2, -1
# A wide middle for the smallest cut, a narrow one for equal halves among cuts of one size.
KEPT_SHARES = (0.25, 0.42)
DIRECTIONS = 4


@compiled
def separate(piece: Piece, flow: Flow, side: U8) -> None:
    """Write into `side` (k) LEFT, RIGHT or CUT: no road joins LEFT to RIGHT."""
    best = np.inf
    for trial in range(len(KEPT_SHARES) * DIRECTIONS):
        _lay_out(piece, flow, trial % DIRECTIONS, KEPT_SHARES[trial // DIRECTIONS])
        # With more paths than this even equal halves would cost more than the best so far.
        if _fill(piece, flow, best * (len(side) / 2 + 0.5)):
            cost = _cost(flow)
            if cost < best:
                best = cost
                for v in range(len(side)):
                    side[v] = _side(flow, v)


@compiled
def room_for(count: int) -> Flow:
    """Make the arrays for a piece of so many nodes."""
    return (
        np.empty(count, np.uint8),
        np.empty(count, np.int32),
        np.empty(2 * count, np.int32),
        np.empty(2 * count, np.int32),
    )


@compiled
def _lay_out(piece: Piece, flow: Flow, direction: int, share: float) -> None:
    """Choose what is kept apart: the ends of the line; a source needs a neighbour beyond."""
    first, head, x, y = piece
    kind = flow[0]
    place = _along(x, y, direction)
    _look_ahead(first, head, place)
    order = np.argsort(place, kind="mergesort")
    kept = max(1, int(len(kind) * share))
    for i in range(len(kind)):
        kind[order[i]] = BEHIND if i < kept else MIDDLE if i < len(kind) - kept else SINK
    for i in range(kept):
        v = order[i]
        for arc in range(first[v], first[v + 1]):
            if kind[head[arc]] in (MIDDLE, SINK):
                kind[v] = SOURCE
                break


@compiled
def _along(x: F64, y: F64, direction: int) -> F64:
    if direction == 0:
        return x
    if direction == 1:
        return y
    return x + y if direction == 2 else x - y  # noqa: PLR2004 -- the two diagonals


@compiled
def _look_ahead(first: I32, head: I32, place: F64) -> None:
    """Sort the neighbours of every node, farthest along the line first: straight paths."""
    for v in range(len(place)):
        for arc in range(first[v] + 1, first[v + 1]):
            u, slot = head[arc], arc
            while slot > first[v] and place[head[slot - 1]] < place[u]:
                head[slot] = head[slot - 1]
                slot -= 1
            head[slot] = u


@compiled
def _fill(piece: Piece, flow: Flow, most: float) -> bool:
    """Add paths until a round finds none; then `turn` tells what the sources still reach.

    A state is visited once in a round, so a round takes no longer than one search. Gives up
    (False) with more paths than `most`.
    """
    kind, before, turn, _ = flow
    before[:] = FREE
    paths, paths_before = 0, -1
    while paths > paths_before and paths <= most:
        paths_before = paths
        turn[:] = UNSEEN
        for v in range(len(kind)):
            if kind[v] in (SOURCE, BEHIND):
                turn[2 * v] = 0  # no way back into what is behind
        for v in range(len(kind)):
            if kind[v] == SOURCE and before[v] == FREE:
                paths += _add_path(piece, flow, v)
    return paths <= most


@compiled
def _add_path(piece: Piece, flow: Flow, source: int) -> int:
    """Search by depth from one source; give 1 if a sink with room was found.

    From an entrance: through a free node, or back along the path that uses it. From an exit: to
    any neighbour, or back to the entrance of a used node, which takes the node off its path.
    """
    first, head, _, _ = piece
    kind, before, turn, path = flow
    depth, path[0] = 0, 2 * source
    while depth >= 0:
        state = path[depth]
        v, ways = state >> 1, turn[state]
        turn[state] = ways + 1
        roads = first[v + 1] - first[v]
        if state & 1 == 0:
            onward = -1 if ways > 0 else 2 * (v if before[v] == FREE else before[v]) + 1
        elif ways < roads:
            onward = 2 * head[first[v] + ways]
        else:
            onward = 2 * v if ways == roads and before[v] != FREE else -1
        if onward < 0:
            depth -= 1
        elif turn[onward] == UNSEEN:
            turn[onward] = 0
            depth += 1
            path[depth] = onward
            if onward & 1 == 1 and kind[onward >> 1] == SINK:
                _keep(before, path, depth)
                return 1
    return 0


@compiled
def _keep(before: I32, path: I32, depth: int) -> None:
    before[path[0] >> 1] = START
    for step in range(depth):
        state, onward = path[step], path[step + 1]
        if state & 1 == 1:
            v, other = state >> 1, onward >> 1
            before[other] = FREE if v == other else v


@compiled
def _side(flow: Flow, v: int) -> int:
    """Call left what the sources still reach; entrance reached but not the exit: the cut."""
    kind, _, turn, _ = flow
    if kind[v] == BEHIND or turn[2 * v + 1] != UNSEEN:
        return LEFT
    return CUT if turn[2 * v] != UNSEEN else RIGHT


@compiled
def _cost(flow: Flow) -> float:
    """Weigh a small cut against equal halves: nodes cut by nodes of the smaller side."""
    count = np.zeros(3, np.int64)
    for v in range(len(flow[0])):
        count[_side(flow, v)] += 1
    return float(count[CUT] / (min(count[LEFT], count[RIGHT]) + 0.5))
