"""Cut drawn roads where they meet, so that what lies between two crossings is one piece."""

from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I64, Mask
from circle15.planning.network.build import Nodes
from circle15.planning.network.model import Shapes
from circle15.planning.network.projection import metres

MEETING = 2
"""A node on so many places of roads is a crossing."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Roads point by point: `node` (places in the list of nodes) and the number of the road."""

    node: I64
    road: I64


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces between crossings; `start`: place of the first point of each in the run."""

    tail: I64
    head: I64
    start: I64
    length_m: F64
    shapes: Shapes


def cut(run: Run, nodes: Nodes) -> Pieces:
    """Cut at crossings and at both ends of every road.

    Pieces that would run in parallel, or come back to where they began, are cut at every bend:
    so all of them stay in a network that has one arc from a node to another.
    """
    run, where = _without_standstill(run)
    inner = np.zeros(len(run.node), np.bool_)
    inner[1:-1] = (run.road[1:-1] == run.road[:-2]) & (run.road[1:-1] == run.road[2:])
    often = np.bincount(run.node, minlength=len(nodes.id)) >= MEETING
    crossing = ~inner | often[run.node]
    start, end = _between(run, crossing)
    doubled = _doubled(run.node[start], run.node[end], len(nodes.id))
    for first, last in zip(start[doubled].tolist(), end[doubled].tolist(), strict=True):
        crossing[first:last] = True
    start, end = _between(run, crossing)
    return Pieces(
        tail=run.node[start],
        head=run.node[end],
        start=where[start],
        length_m=_lengths(run, nodes, start, end),
        shapes=_shapes(run, nodes, start, end),
    )


def _without_standstill(run: Run) -> tuple[Run, I64]:
    """Drop points that repeat the one before, and roads of one point."""
    same = np.zeros(len(run.node), np.bool_)
    same[1:] = (run.node[1:] == run.node[:-1]) & (run.road[1:] == run.road[:-1])
    count = np.bincount(run.road[~same], minlength=int(run.road.max(initial=-1)) + 1)
    where = np.flatnonzero(~same & (count[run.road] > 1))
    return Run(run.node[where], run.road[where]), where


def _between(run: Run, crossing: Mask) -> tuple[I64, I64]:
    """Give the first and last point of every piece: two crossings of a road without one between."""
    at = np.flatnonzero(crossing)
    together = run.road[at[:-1]] == run.road[at[1:]]
    return at[:-1][together], at[1:][together]


def _doubled(tail: I64, head: I64, node_count: int) -> I64:
    """Name the pieces that join the same two nodes as another, or a node with itself."""
    key = np.minimum(tail, head) * node_count + np.maximum(tail, head)
    _, number, count = np.unique(key, return_inverse=True, return_counts=True)
    return np.flatnonzero((count[number] > 1) | (tail == head))


def _lengths(run: Run, nodes: Nodes, start: I64, end: I64) -> F64:
    lon, lat = nodes.lon[run.node], nodes.lat[run.node]
    so_far = np.zeros(len(lon))
    np.cumsum(metres(lon[:-1], lat[:-1], lon[1:], lat[1:]), out=so_far[1:])
    return so_far[end] - so_far[start]


def _shapes(run: Run, nodes: Nodes, start: I64, end: I64) -> Shapes:
    count = end - start - 1
    first = np.concatenate((np.zeros(1, np.int64), np.cumsum(count)))
    within = np.arange(first[-1]) - np.repeat(first[:-1], count)
    bend = run.node[np.repeat(start + 1, count) + within]
    return Shapes(first.astype(np.uint32), nodes.lon[bend], nodes.lat[bend])
