"""Coverage at once, stored nowhere: what the planning map asks at every click."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any, NamedTuple

import numpy as np

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed
from circle15.accounts.states import Permission
from circle15.planning.arrays import LONGEST_LIMIT_DS
from circle15.planning.demand import Points, Supply
from circle15.planning.network.model import TravelGraph, from_sites, toward_sites
from circle15.planning.network.places import Snapped, Snapper
from circle15.planning.problems import PlanningRefused
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.studies.coverage import Times, check, count_coverage
from circle15.planning.studies.coverage_record import Json, coverage_to_json
from circle15.planning.travel.model import Doors
from circle15.planning.travel.search import nearest, place_times
from circle15.plans.files import open_network
from circle15.plans.inputs import Inputs
from circle15.plans.models import RoadNetwork
from circle15.plans.queries import network_for, planned_area
from circle15.plans.questions import changed_sites, coverage_question
from circle15.plans.refusals import CannotPlan, NoStartPoints
from circle15.plans.register import inputs_for

KEPT = 12
"""How many sets of places a process keeps joined to the roads."""


class Place(NamedTuple):
    """A start point as the map draws it."""

    code: str
    name: str
    lon: float
    lat: float
    people: float


class ShownSite(NamedTuple):
    """A site after the changes."""

    id: str
    name: str
    kind: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Look:
    """What the map shows: counts, and minutes of each place (None: no way), in their order."""

    record: Json
    places: tuple[Place, ...]
    minutes: tuple[float | None, ...]
    sites: tuple[ShownSite, ...]
    network: RoadNetwork


@dataclass(frozen=True, slots=True)
class Standing:
    """Roads, people and sites as they are now: read once for several looks."""

    network: RoadNetwork
    inputs: Inputs


def standing(by: Actor) -> Standing:
    """Read what an actor's looks rest on; raises NotAllowed, NoNetwork, NoStartPoints."""
    if not by.can(Permission.VIEW_PLANS):
        raise NotAllowed
    network = network_for(by.area_path)
    inputs = inputs_for(planned_area(network, by.area_path))
    if not len(inputs.demand.points):
        raise NoStartPoints
    return Standing(network, inputs)


def look(*, by: Actor, question: Mapping[str, Any], on: Standing | None = None) -> Look:
    """Count coverage of the actor's area with the changes of the question.

    Raises NotAllowed, NoNetwork, NoStartPoints, CannotPlan.
    """
    ground = standing(by) if on is None else on
    network, inputs = ground.network, ground.inputs
    try:
        asked = coverage_question(question)
        check(open_network(network.digest), inputs.demand, asked)
        sites = changed_sites(inputs.sites, question)
        times = _times(network.digest, asked, inputs, sites.points)
    except PlanningRefused as refused:
        raise CannotPlan(refused) from None
    answer = count_coverage(inputs.demand, sites.points.id, times, asked)
    return Look(
        record=coverage_to_json(answer, len(sites.points)),
        places=_places(inputs.demand.points, inputs.demand.labels["name"], inputs.demand.weight),
        minutes=tuple(
            None if site < 0 else round(int(time) / 600, 2)
            for time, site in zip(times.time_ds, times.site, strict=True)
        ),
        sites=_shown(sites),
        network=network,
    )


def _times(digest: str, asked: CoverageQuestion, inputs: Inputs, sites: Points) -> Times:
    demand, register = inputs.demand.points, inputs.sites.points
    start = _snapped(digest, asked.mode, _key(demand), arriving=asked.home_visits)
    if not len(sites):
        count = len(demand)
        return Times(np.full(count, 65_535, np.uint16), np.full(count, -1, np.int32), ())
    goal = _doors(digest, asked.mode, sites, register, arriving=not asked.home_visits)
    graph = _graph(digest, asked.mode, home_visits=asked.home_visits)
    field = nearest(graph, goal, LONGEST_LIMIT_DS)
    time_ds, site = place_times(field, goal, start.doors, home_visits=asked.home_visits)
    return Times(time_ds, site, start.warnings)


def _doors(digest: str, mode: str, sites: Points, register: Points, *, arriving: bool) -> Doors:
    """Join sites to the roads: those of the register were joined before, new ones one by one."""
    known = {place: row for row, place in enumerate(_key(register))}
    keys = _key(sites)
    joined = _snapped(digest, mode, _key(register), arriving=arriving).doors
    kept = joined.take(np.array([known[key] for key in keys if key in known], np.int64))
    new = [
        _snapped(digest, mode, (key,), arriving=arriving).doors
        for key in keys  # `changed_sites` puts what is new behind what was kept
        if key not in known
    ]
    return reduce(Doors.then, new, kept)


Key = tuple[tuple[str, float, float], ...]


def _key(points: Points) -> Key:
    assert points.lon is not None
    assert points.lat is not None
    return tuple(zip(points.id, points.lon.tolist(), points.lat.tolist(), strict=True))


@lru_cache(maxsize=20_000)
def _snapped(digest: str, mode: str, key: Key, *, arriving: bool) -> Snapped:
    ids, lon, lat = zip(*key, strict=True)
    points = Points(ids, np.array(lon), np.array(lat), None)
    return _snapper(digest, mode).snap(points, arriving=arriving)


@lru_cache(maxsize=KEPT)
def _snapper(digest: str, mode: str) -> Snapper:
    return Snapper(open_network(digest), mode)


@lru_cache(maxsize=KEPT)
def _graph(digest: str, mode: str, *, home_visits: bool) -> TravelGraph:
    view = from_sites if home_visits else toward_sites
    return view(open_network(digest), mode)


def _places(points: Points, names: tuple[str, ...], people: Any) -> tuple[Place, ...]:
    assert points.lon is not None
    assert points.lat is not None
    rows = zip(points.id, names, points.lon, points.lat, people, strict=True)
    return tuple(
        Place(code, name, float(lon), float(lat), float(count))
        for code, name, lon, lat, count in rows
    )


def _shown(sites: Supply) -> tuple[ShownSite, ...]:
    points, labels = sites.points, sites.labels
    assert points.lon is not None
    assert points.lat is not None
    rows = zip(points.id, labels["name"], labels["kind"], points.lon, points.lat, strict=True)
    return tuple(ShownSite(*row[:3], float(row[3]), float(row[4])) for row in rows)
