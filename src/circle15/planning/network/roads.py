"""Roads as files give them, before they become a network: rows with two ends, and their kinds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from circle15.planning.arrays import F64, I64, Mask
from circle15.planning.network.build import Arcs, Nodes, build
from circle15.planning.network.model import Network, Shapes
from circle15.planning.network.parts import parts
from circle15.planning.network.profiles import Scenario
from circle15.planning.network.rules import Way

KMH_S_PER_M = 3.6
TIMED_MODE = "drive"
"""The mode whose seconds a file may give by itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """r rows from `tail` to `head` (places in `nodes`), each of a kind in `ways`.

    `kind`: (r). `shapes`: bends from tail to head or None. `drive_s`: (r) seconds by car where
    the file gives them, else NaN. `by_direction`: each row is one direction, a two-way street
    has two rows. `left_out`: what the reader could not use, counted by reason.
    """

    nodes: Nodes
    tail: I64
    head: I64
    length_m: F64
    kind: I64
    ways: Sequence[Way]
    left_out: Mapping[str, object]
    by_direction: bool
    shapes: Shapes | None = None
    drive_s: F64 | None = None


def network_of(roads: Roads, scenario: Scenario, source: Mapping[str, object]) -> Network:
    """Make a network: every direction of every row that some mode may go, timed by its speed."""
    there, back = _by_mode(roads, scenario, "there"), _by_mode(roads, scenario, "back")
    row_there = np.flatnonzero(_open(there))
    row_back = np.flatnonzero(_open(back) & ~_listed_both_ways(roads))
    rows = np.concatenate((row_there, row_back))
    turned = np.arange(len(rows)) >= len(row_there)
    class_number = {name: number for number, name in enumerate(scenario.classes)}
    classes = np.array([class_number[way.road_class] for way in roads.ways], np.uint8)
    arcs = Arcs(
        tail=np.where(turned, roads.head[rows], roads.tail[rows]),
        head=np.where(turned, roads.tail[rows], roads.head[rows]),
        length_m=roads.length_m[rows],
        road_class=classes[roads.kind[rows]],
        time_s={
            mode: np.concatenate((there[mode][row_there], back[mode][row_back])) for mode in there
        },
        shapes=_taken(roads.shapes, rows, turned),
    )
    about = {**source, "scenario": scenario.as_json(), "left_out": dict(roads.left_out)}
    network = build(roads.nodes, arcs, scenario.classes, about)
    return replace(network, source={**network.source, "parts": parts(network)})


def _by_mode(roads: Roads, scenario: Scenario, direction: str) -> dict[str, F64]:
    """Give the seconds of every mode over each row, infinity where it may not go."""
    times = {}
    for place, mode in enumerate(scenario.modes):
        kmh = np.array([getattr(way, direction)[place] for way in roads.ways])[roads.kind]
        with np.errstate(divide="ignore", invalid="ignore"):
            time = np.where(kmh > 0, roads.length_m * KMH_S_PER_M / kmh, np.inf)
        if mode.name == TIMED_MODE and roads.drive_s is not None:
            time = np.where((kmh > 0) & ~np.isnan(roads.drive_s), roads.drive_s, time)
        times[mode.name] = time
    return times


def _open(times: Mapping[str, F64]) -> Mask:
    usable: Mask = np.any([np.isfinite(time) for time in times.values()], axis=0)
    return usable


def _listed_both_ways(roads: Roads) -> Mask:
    """Tell which rows have their opposite in the file, so that it needn't be made up."""
    if not roads.by_direction:
        return np.zeros(len(roads.tail), np.bool_)
    count = len(roads.nodes.id)
    opposite = roads.head * count + roads.tail
    return np.isin(opposite, roads.tail * count + roads.head)


def _taken(shapes: Shapes | None, rows: I64, turned: Mask) -> Shapes | None:
    return None if shapes is None else shapes.taken(rows, turned)
