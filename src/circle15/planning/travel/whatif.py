"""What if a site were added, moved or closed: the whole city's times repaired, not recomputed."""

from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I32, NO_WAY, U16, U32
from circle15.planning.network.model import TravelGraph
from circle15.planning.travel.buckets import NOBODY, check_search
from circle15.planning.travel.live import LiveField, LivePlaces
from circle15.planning.travel.model import Doors, Field
from circle15.planning.travel.repair import Record


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What a step did: the number of its site, weight newly within the limit and no longer within.

    `covered`: weight within the limit after it. `places`: places whose time or site changed.
    """

    site: int
    gained: float
    lost: float
    covered: float
    places: U32


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """What it takes to undo a change."""

    sites: Doors
    covered: float
    change: Change
    nodes: Record
    direct: Record
    places: Record


class WhatIf:
    """The nearest site of every node and place while sites come, go and move.

    After any steps all labels are what a search anew from `sites` gives, to the last tie; a
    closed site keeps its number and has no door. Sums of weight are exact for whole numbers up
    to 2^53. `home_visits`: the graph leads from the sites outward. Not for two threads at once.
    """

    def __init__(
        self,
        graph: TravelGraph,
        sites: Doors,
        demand: Doors,
        weight: F64,
        limit_ds: int,
        *,
        home_visits: bool = False,
    ) -> None:
        check_search(graph, limit_ds, sites, demand)
        self.sites = sites
        self._graph = graph
        self._field = LiveField(graph, sites, limit_ds)
        self._places = LivePlaces(
            self._field.as_field(), sites, demand, weight, home_visits=home_visits
        )
        self.covered = float(weight[self.place_site != NOBODY].sum())
        self._steps: list[_Step] = []

    @property
    def field(self) -> Field:
        """The nearest site of every node now; the next step changes it in place."""
        return self._field.as_field()

    @property
    def place_time_ds(self) -> U16:
        """Time of every place now, NO_WAY beyond the limit; the next step changes it in place."""
        return self._places.labels[0]

    @property
    def place_site(self) -> I32:
        """Nearest site of every place now, -1 for nobody; the next step changes it in place."""
        return self._places.labels[1]

    @property
    def steps(self) -> int:
        """How many steps can be undone."""
        return len(self._steps)

    def is_open(self, site: int) -> bool:
        """Tell whether there is a site of this number and it isn't closed."""
        return 0 <= site < len(self.sites) and bool((self.sites.time_ds[site] != NO_WAY).any())

    def add(self, doors: Doors) -> Change:
        """Open one more site; it gets the next number."""
        return self._step(len(self.sites), self.sites.then(self._one(doors)))

    def move(self, site: int, doors: Doors) -> Change:
        """Put an open site elsewhere; it keeps its number."""
        return self._step(site, self._with(site, self._one(doors)))

    def close(self, site: int) -> Change:
        """Close an open site; the others keep their numbers."""
        return self._step(site, self._with(site, _closed()))

    def undo(self) -> Change:
        """Take the last step back, exactly. Raises IndexError if there is none."""
        step = self._steps.pop()
        self._field.restore(step.nodes)
        self._places.restore(step.direct, step.places)
        self.sites = step.sites
        done = step.change
        self.covered = step.covered
        return Change(done.site, done.lost, done.gained, self.covered, done.places)

    def _step(self, site: int, after: Doors) -> Change:
        before = self.sites
        nodes = self._field.repair(site, before, after)
        pieces = np.unique([one.piece[site] for one in (before, after) if site < len(one)])
        direct, places, weight = self._places.repair(nodes[0], pieces[pieces >= 0], after)
        gained, lost = float(weight[0]), float(weight[1])
        change = Change(site, gained, lost, self.covered + gained - lost, places[0])
        self._steps.append(_Step(before, self.covered, change, nodes, direct, places))
        self.sites, self.covered = after, change.covered
        return change

    def _with(self, site: int, doors: Doors) -> Doors:
        if not self.is_open(site):
            message = f"site {site} is not open"
            raise ValueError(message)
        index = np.arange(len(self.sites))
        index[site] = len(self.sites)
        return self.sites.then(doors).take(index)

    def _one(self, doors: Doors) -> Doors:
        check_search(self._graph, 0, doors)
        if len(doors) != 1:
            message = f"one place at a time, not {len(doors)}"
            raise ValueError(message)
        return doors


def _closed() -> Doors:
    """Give a place without a door."""
    return Doors(
        node=np.zeros((1, 2), np.uint32),
        time_ds=np.full((1, 2), NO_WAY, np.uint16),
        piece=np.full(1, -1),
        along=np.zeros(1),
        direct_ds=np.full((1, 2), NO_WAY, np.uint16),
        gap_ds=np.zeros(1, np.uint16),
    )
