"""Where places meet the roads: the nearest piece of road, the walk to it, the time along it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from circle15.planning.arrays import F64, I64, LONGEST_LIMIT_DS, NO_WAY, U16, Mask
from circle15.planning.demand import Points
from circle15.planning.network.lines import lines
from circle15.planning.network.model import Network
from circle15.planning.network.profiles import default_scenario
from circle15.planning.network.projection import mercator
from circle15.planning.network.systems import FARTHEST_M, refuse_wrong_system, suspicion
from circle15.planning.problems import PlanningRefused
from circle15.planning.travel.model import Doors
from circle15.standards.text import Text

DS_PER_HOUR = 36_000
NAMED = 5
"""How many places a warning names."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapped:
    """Doors, the distance of each place from the road (m), and what a planner should look at."""

    doors: Doors
    gap_m: F64
    warnings: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class _Rules:
    off_road_kmh: float
    gap_warning_m: float
    no_door: tuple[str, ...]
    least_part_nodes: int


def doors(network: Network, points: Points, mode: str, *, arriving: bool) -> Doors:
    """Join places to the roads of a mode; for more than one call keep a Snapper.

    `arriving`: times from the road to the place (sites that residents travel to); otherwise from
    the place to the road (residents). Raises PlanningRefused as Snapper does.
    """
    return Snapper(network, mode).snap(points, arriving=arriving).doors


class Snapper:
    """Finds the nearest piece of road that a mode can use; made once for a network and mode.

    Raises PlanningRefused if the network has no road for the mode.
    """

    def __init__(self, network: Network, mode: str) -> None:
        self.network = network
        self.mode = mode
        self._rules = _rules(network, mode)
        low, high, self._low_to_high, self._high_to_low = _ends(network, mode)
        self._piece = np.flatnonzero(_has_door(network, mode, low, high, self._rules))
        if not len(self._piece):
            raise PlanningRefused(
                [Text(f"路网中没有“{mode}”能走的路", f"the network has no road for {mode}")]
            )
        self._low, self._high = low, high
        self._lines = lines(network, low, high, self._piece)
        self._tree = shapely.STRtree(self._lines)
        self._node_order = np.argsort(network.node_id, kind="stable")

    def snap(self, points: Points, *, arriving: bool) -> Snapped:
        """Join places to the roads; see `doors` for the direction.

        Raises PlanningRefused for nodes that are not in the network, and when every place is
        more than 1 km from any road (it says which coordinate system they look like).
        """
        if points.node is not None:
            return self._at_nodes(points, points.node)
        assert points.lon is not None
        assert points.lat is not None
        found, along, gap_m = self._nearest(points.lon, points.lat)
        if len(points) and gap_m.min() > FARTHEST_M:
            refuse_wrong_system(self.network, points.lon, points.lat, self.gaps)
        piece = self._piece[found]
        made = self._doors(piece, along, gap_m, arriving=arriving)
        doubts = suspicion(points.lon, points.lat, gap_m, self.gaps)
        return Snapped(made, gap_m, (*doubts, *self._warnings(points, gap_m)))

    def gaps(self, lon: F64, lat: F64) -> F64:
        """Give the distance of coordinates from the nearest road of the mode, metres."""
        return self._nearest(lon, lat)[2]

    def _nearest(self, lon: F64, lat: F64) -> tuple[I64, F64, F64]:
        """Find the piece (place in the tree), the share along it, and the distance in metres.

        Of pieces equally near the first is taken, so that the answer is always the same.
        """
        spots = shapely.points(np.column_stack(mercator(lon, lat)))
        place, line = self._tree.query_nearest(spots, all_matches=True)
        order = np.lexsort((line, place))
        _, first = np.unique(place[order], return_index=True)
        found = line[order][first]
        along = shapely.line_locate_point(self._lines[found], spots, normalized=True)
        gap_m = shapely.distance(self._lines[found], spots) * np.cos(np.radians(lat))
        return found, along, gap_m

    def _doors(self, piece: I64, along: F64, gap_m: F64, *, arriving: bool) -> Doors:
        there, back = self._low_to_high[piece], self._high_to_low[piece]
        on_node = (along == 0) | (along == 1)
        gap_ds = self._walk(gap_m)
        first_way, second_way = (there, back) if arriving else (back, there)
        times = np.column_stack(
            (_sum(gap_ds, _part(first_way, along)), _sum(gap_ds, _part(second_way, 1 - along)))
        )
        node = np.column_stack((self._low[piece], self._high[piece]))
        node[on_node] = np.where(along == 0, node[:, 0], node[:, 1])[on_node, np.newaxis]
        times[on_node] = np.column_stack((gap_ds, np.full_like(gap_ds, NO_WAY)))[on_node]
        direct = np.column_stack((there, back))
        direct[on_node] = NO_WAY
        return Doors(
            node=node.astype(np.uint32),
            time_ds=times,
            piece=np.where(on_node, -1, piece),
            along=np.where(on_node, 0.0, along),
            direct_ds=direct,
            gap_ds=gap_ds,
        )

    def _walk(self, gap_m: F64) -> U16:
        ds = np.rint(gap_m * DS_PER_HOUR / (self._rules.off_road_kmh * 1000))
        return np.where(ds > LONGEST_LIMIT_DS, NO_WAY, ds).astype(np.uint16)

    def _at_nodes(self, points: Points, ids: I64) -> Snapped:
        order = self._node_order
        known = self.network.node_id[order]
        place = np.minimum(np.searchsorted(known, ids), len(known) - 1)
        missing = known[place] != ids
        if missing.any():
            raise PlanningRefused(_not_nodes(points, ids, missing))
        count = len(ids)
        node = order[place].astype(np.uint32)
        made = Doors(
            node=np.column_stack((node, node)),
            time_ds=np.column_stack(
                (np.zeros(count, np.uint16), np.full(count, NO_WAY, np.uint16))
            ),
            piece=np.full(count, -1, np.int64),
            along=np.zeros(count),
            direct_ds=np.full((count, 2), NO_WAY, np.uint16),
            gap_ds=np.zeros(count, np.uint16),
        )
        return Snapped(made, np.zeros(count), ())

    def _warnings(self, points: Points, gap_m: F64) -> tuple[Text, ...]:
        """Name the places that are far from the road, the farthest first."""
        limit = self._rules.gap_warning_m
        far = np.flatnonzero(gap_m > limit)
        if not len(far):
            return ()
        worst = far[np.argsort(-gap_m[far], kind="stable")][:NAMED]
        named = [f"{points.id[i]} {gap_m[i]:.0f} m" for i in worst]
        more_zh, more_en = ("等", ", …") if len(far) > NAMED else ("", "")
        return (
            Text(
                f"{len(far)} 处距最近的路超过 {limit:g} 米：{'、'.join(named)}{more_zh}",
                f"{len(far)} places are over {limit:g} m from a road: {', '.join(named)}{more_en}",
            ),
        )


def _rules(network: Network, mode: str) -> _Rules:
    """Read from the scenario the network was made with; without one from the default."""
    if mode not in network.times:
        known = "、".join(network.modes())
        raise PlanningRefused(
            [
                Text(
                    f"路网没有出行方式“{mode}”，有：{known}",
                    f"the network has no mode {mode}, it has {', '.join(network.modes())}",
                )
            ]
        )
    scenario = network.source.get("scenario") or default_scenario().as_json()
    assert isinstance(scenario, Mapping)
    known_modes = {each["name"]: each for each in scenario["modes"]}
    found = known_modes.get(mode) or next(iter(known_modes.values()))
    return _Rules(
        off_road_kmh=found["off_road_kmh"],
        gap_warning_m=found["gap_warning_m"],
        no_door=tuple(scenario["no_door"]),
        least_part_nodes=scenario["least_part_nodes"],
    )


def _ends(network: Network, mode: str) -> tuple[I64, I64, U16, U16]:
    """Give by piece its lower and higher node and the times of the mode there and back."""
    tail, head = network.tails().astype(np.int64), network.head.astype(np.int64)
    count = int(network.piece.max()) + 1 if network.arc_count else 0
    low, high = np.zeros(count, np.int64), np.zeros(count, np.int64)
    low[network.piece], high[network.piece] = np.minimum(tail, head), np.maximum(tail, head)
    there, back = np.full(count, NO_WAY, np.uint16), np.full(count, NO_WAY, np.uint16)
    upward, time = tail < head, network.times[mode]
    there[network.piece[upward]] = time[upward]
    back[network.piece[~upward]] = time[~upward]
    return low, high, there, back


def _has_door(network: Network, mode: str, low: I64, high: I64, rules: _Rules) -> Mask:
    """Tell which pieces places may join: open to the mode, of a part large enough, no motorway."""
    usable = np.zeros(len(low), np.bool_)
    usable[network.piece[network.times[mode] != NO_WAY]] = True
    size = _part_sizes(low[usable], high[usable], network.node_count)
    wanted = min(rules.least_part_nodes, int(size.max(initial=0)))
    large = usable & (size[low] >= wanted)
    barred = [i for i, name in enumerate(network.classes) if name in rules.no_door]
    joinable = np.ones(len(low), np.bool_)
    joinable[network.piece[np.isin(network.road_class, barred)]] = False
    return large & joinable if (large & joinable).any() else large


def _part_sizes(low: I64, high: I64, node_count: int) -> I64:
    """Give by node how many nodes hang together with it."""
    graph = csr_array((np.ones(len(low), np.uint8), (low, high)), (node_count, node_count))
    _, part = connected_components(graph, directed=False)
    sizes: I64 = np.bincount(part)[part]
    return sizes


def _part(way: U16, share: F64) -> U16:
    """Take a share of the time over the piece; what can't be gone at all stays so."""
    return np.where(way == NO_WAY, NO_WAY, np.rint(way * share)).astype(np.uint16)


def _sum(first: U16, second: U16) -> U16:
    total = first.astype(np.int64) + second
    closed = (first == NO_WAY) | (second == NO_WAY) | (total > LONGEST_LIMIT_DS)
    return np.where(closed, NO_WAY, total).astype(np.uint16)


def _not_nodes(points: Points, ids: I64, missing: Mask) -> list[Text]:
    return [
        Text(
            f"{points.id[i]}：路网中没有节点 {ids[i]}",
            f"{points.id[i]}: the network has no node {ids[i]}",
        )
        for i in np.flatnonzero(missing)
    ]
