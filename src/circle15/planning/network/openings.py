"""The road pieces a mode can use, and those of them that places may join."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from circle15.planning.arrays import I64, NO_WAY, U16, Mask
from circle15.planning.network.model import Network
from circle15.planning.network.profiles import default_scenario
from circle15.planning.problems import PlanningRefused
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class DoorRules:
    """What the travel scenario says of places beside the road; speeds km/h."""

    off_road_kmh: float
    gap_warning_m: float
    no_door: tuple[str, ...]
    least_part_nodes: int


@dataclass(frozen=True, slots=True, eq=False)
class Openings:
    """All pieces by number: lower and higher node, and the time (ds) of the mode there and back.

    `joinable`: numbers of the pieces that places may join. `part`: by node, the number of the
    part of the mode's roads it belongs to; 0 is the largest.
    """

    low: I64
    high: I64
    there: U16
    back: U16
    joinable: I64
    part: I64


def door_rules(network: Network, mode: str) -> DoorRules:
    """Read them from the scenario the network was made with; without one from the default.

    Raises PlanningRefused if the network has no times for the mode.
    """
    if mode not in network.times:
        zh, en = "、".join(network.modes()), ", ".join(network.modes())
        raise PlanningRefused(
            [
                Text(
                    f"路网没有出行方式“{mode}”，有：{zh}",
                    f"the network has no mode {mode}, it has {en}",
                )
            ]
        )
    scenario = network.source.get("scenario") or default_scenario().as_json()
    assert isinstance(scenario, Mapping)
    modes = {each["name"]: each for each in scenario["modes"]}
    found = modes.get(mode) or next(iter(modes.values()))
    return DoorRules(
        off_road_kmh=found["off_road_kmh"],
        gap_warning_m=found["gap_warning_m"],
        no_door=tuple(scenario["no_door"]),
        least_part_nodes=scenario["least_part_nodes"],
    )


def openings(network: Network, mode: str, rules: DoorRules) -> Openings:
    """Gather the pieces of a mode; raises PlanningRefused if it has no road at all."""
    tail, head = network.tails().astype(np.int64), network.head.astype(np.int64)
    count = int(network.piece.max()) + 1 if network.arc_count else 0
    low, high = np.zeros(count, np.int64), np.zeros(count, np.int64)
    low[network.piece], high[network.piece] = np.minimum(tail, head), np.maximum(tail, head)
    there, back = np.full(count, NO_WAY, np.uint16), np.full(count, NO_WAY, np.uint16)
    upward, time = tail < head, network.times[mode]
    there[network.piece[upward]] = time[upward]
    back[network.piece[~upward]] = time[~upward]
    usable = (there != NO_WAY) | (back != NO_WAY)
    if not usable.any():
        raise PlanningRefused(
            [Text(f"路网中没有“{mode}”能走的路", f"the network has no road for {mode}")]
        )
    part = _parts(low[usable], high[usable], network.node_count)
    large = usable & _is_large(part, rules)[low]
    joinable = np.flatnonzero(_open_to_doors(network, large, rules))
    return Openings(low, high, there, back, joinable, part)


def _is_large(part: I64, rules: DoorRules) -> Mask:
    """Tell by node whether its part has the nodes wanted, or is as large as any."""
    size = np.bincount(part)
    large: Mask = size[part] >= min(rules.least_part_nodes, int(size.max()))
    return large


def _open_to_doors(network: Network, pieces: Mask, rules: DoorRules) -> Mask:
    """Leave motorways and ferries out of the pieces, unless there is nothing else."""
    barred = [i for i, name in enumerate(network.classes) if name in rules.no_door]
    others = pieces.copy()
    others[network.piece[np.isin(network.road_class, barred)]] = False
    return others if others.any() else pieces


def _parts(low: I64, high: I64, node_count: int) -> I64:
    """Count off the parts that hang together, the largest first; by node."""
    graph = csr_array((np.ones(len(low), np.uint8), (low, high)), (node_count, node_count))
    _, part = connected_components(graph, directed=False)
    size = np.bincount(part)
    rank = np.empty(len(size), np.int64)
    rank[np.argsort(-size, kind="stable")] = np.arange(len(size))
    return rank[part]
