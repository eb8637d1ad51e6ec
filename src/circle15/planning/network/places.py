"""Where places meet the roads: the nearest piece of road, the walk to it, the time along it."""

from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I64, LONGEST_LIMIT_DS, NO_WAY, U16
from circle15.planning.demand import Points
from circle15.planning.network.grid import NOTHING, grid_of
from circle15.planning.network.model import Network
from circle15.planning.network.openings import door_rules, openings
from circle15.planning.network.projection import mercator
from circle15.planning.network.remarks import far_from_roads, off_the_largest_part
from circle15.planning.network.segments import segments_of
from circle15.planning.network.systems import FARTHEST_M, refuse_wrong_system, suspicion
from circle15.planning.problems import PlanningRefused
from circle15.planning.travel.model import Doors
from circle15.standards.text import Text

DS_PER_HOUR = 36_000
METRES_PER_KM = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Snapped:
    """Doors, the distance of each place from the road (m), and what a planner should look at.

    The distance is infinite where no road is within a walk of the longest limit.
    """

    doors: Doors
    gap_m: F64
    warnings: tuple[Text, ...]


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
        self._rules = door_rules(network, mode)
        self._open = openings(network, mode, self._rules)
        joinable = self._open.joinable
        self._segments = segments_of(network, self._open.low, self._open.high, joinable)
        self._grid = grid_of(self._segments)
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
        piece, along, gap_m = self._nearest(points.lon, points.lat)
        if len(points) and gap_m.min() > FARTHEST_M:
            refuse_wrong_system(self.network, points.lon, points.lat, self.gaps)
        made = self._doors(piece, along, gap_m, arriving=arriving)
        warnings = (
            *suspicion(points.lon, points.lat, gap_m, self.gaps),
            *far_from_roads(points.id, gap_m, self._rules.gap_warning_m),
            *off_the_largest_part(points.id, self._open.part[made.node[:, 0]]),
        )
        return Snapped(made, gap_m, warnings)

    def gaps(self, lon: F64, lat: F64) -> F64:
        """Give the distance of coordinates from the nearest road of the mode, metres."""
        return self._nearest(lon, lat)[2]

    def _nearest(self, lon: F64, lat: F64) -> tuple[I64, F64, F64]:
        """Find the piece, the share along it, and the distance in metres.

        Of pieces equally near the first is taken, so that the answer is always the same. Farther
        off than anyone walks within the longest limit there is none, and the distance is infinite.
        """
        ground = np.cos(np.radians(lat))
        reach_m = LONGEST_LIMIT_DS * self._rules.off_road_kmh * METRES_PER_KM / DS_PER_HOUR
        segment, share, away = self._grid.nearest(*mercator(lon, lat), reach_m / ground)
        along = self._segments.along(segment, share)
        piece = self._open.joinable[self._segments.line[segment]]
        nowhere = segment == NOTHING
        piece[nowhere], along[nowhere] = self._open.joinable[0], 0.0
        return piece, along, away * ground

    def _doors(self, piece: I64, along: F64, gap_m: F64, *, arriving: bool) -> Doors:
        there, back = self._open.there[piece], self._open.back[piece]
        on_node = (along == 0) | (along == 1)
        gap_ds = self._walk(gap_m)
        first_way, second_way = (there, back) if arriving else (back, there)
        times = np.column_stack(
            (_sum(gap_ds, _part(first_way, along)), _sum(gap_ds, _part(second_way, 1 - along)))
        )
        node = np.column_stack((self._open.low[piece], self._open.high[piece]))
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
        ds = np.rint(gap_m * DS_PER_HOUR / (self._rules.off_road_kmh * METRES_PER_KM))
        return np.where(ds > LONGEST_LIMIT_DS, NO_WAY, ds).astype(np.uint16)

    def _at_nodes(self, points: Points, ids: I64) -> Snapped:
        order = self._node_order
        known = self.network.node_id[order]
        place = np.minimum(np.searchsorted(known, ids), len(known) - 1)
        if (known[place] != ids).any():
            raise PlanningRefused(_unknown_nodes(points, ids, np.flatnonzero(known[place] != ids)))
        count = len(ids)
        node = order[place].astype(np.uint32)
        nothing = np.zeros(count, np.uint16)
        closed = np.full(count, NO_WAY, np.uint16)
        made = Doors(
            node=np.column_stack((node, node)),
            time_ds=np.column_stack((nothing, closed)),
            piece=np.full(count, -1, np.int64),
            along=np.zeros(count),
            direct_ds=np.column_stack((closed, closed)),
            gap_ds=nothing,
        )
        warnings = off_the_largest_part(points.id, self._open.part[node])
        return Snapped(made, np.zeros(count), warnings)


def _part(way: U16, share: F64) -> U16:
    """Take a share of the time over the piece; what can't be gone at all stays so."""
    return np.where(way == NO_WAY, NO_WAY, np.rint(way * share)).astype(np.uint16)


def _sum(first: U16, second: U16) -> U16:
    total = first.astype(np.int64) + second
    closed = (first == NO_WAY) | (second == NO_WAY) | (total > LONGEST_LIMIT_DS)
    return np.where(closed, NO_WAY, total).astype(np.uint16)


def _unknown_nodes(points: Points, ids: I64, unknown: I64) -> list[Text]:
    return [
        Text(
            f"{points.id[i]}：路网中没有节点 {ids[i]}",
            f"{points.id[i]}: the network has no node {ids[i]}",
        )
        for i in unknown
    ]
