"""How long one person's ways to some places take: one search from where the person is."""

from circle15.planning.arrays import LONGEST_LIMIT_DS, U16, Mask
from circle15.planning.demand import Points
from circle15.planning.network.model import Network, from_sites
from circle15.planning.network.places import Snapper
from circle15.planning.network.systems import FARTHEST_M
from circle15.planning.travel.search import nearest, place_times


class Outward:
    """The roads of one mode, laid out once for any number of searches.

    Raises PlanningRefused if the network has no road for the mode.
    """

    def __init__(self, network: Network, mode: str) -> None:
        self._snapper = Snapper(network, mode)
        self._graph = from_sites(network, mode)

    def times(
        self, start: Points, ends: Points, limit_ds: int = LONGEST_LIMIT_DS
    ) -> tuple[U16, Mask]:
        """Time the ways from one place to others, and tell which of these stand at the roads.

        NO_WAY beyond the limit. Raises PlanningRefused if the start, or every end, is more than
        1 km from any road.
        """
        home = self._snapper.snap(start, arriving=False).doors
        goals = self._snapper.snap(ends, arriving=True)
        field = nearest(self._graph, home, limit_ds)
        time_ds, _ = place_times(field, home, goals.doors, home_visits=True)
        return time_ds, goals.gap_m <= FARTHEST_M
