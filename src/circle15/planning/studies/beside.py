"""Beside a coverage: what plain circles would say, and what neighbours' sites add to one's own."""

from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import DS_PER_MINUTE, F64, I64, NO_WAY, U16
from circle15.planning.coverage.borders import BorderEffect, border_effect
from circle15.planning.coverage.circles import CircleError, circle_error
from circle15.planning.coverage.table import rows_by_label
from circle15.planning.demand import Demand, Points, Supply
from circle15.planning.network.model import Network
from circle15.planning.problems import refuse_if_any
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.studies.columns import label_problems, site_labels_problems
from circle15.planning.studies.coverage import CoverageAnswer
from circle15.planning.studies.joining import join, search_graph
from circle15.planning.travel.search import nearest, place_times
from circle15.standards.text import Text

DM_PER_KM = 10_000
DS_PER_HOUR = 60 * DS_PER_MINUTE
SPEED_DIGITS = 1
FASTEST_KMH = 1_000
"""Nobody travels faster than this."""


@dataclass(frozen=True, slots=True)
class Borders:
    """One area of the column `own_by`: its people and what borders do to their coverage."""

    label: str
    people: float
    own_sites: int
    effect: BorderEffect


def mean_speed_kmh(network: Network, mode: str) -> float:
    """Give the speed of a mode over all roads it may use, by length: kilometres over hours."""
    time_ds = network.times[mode]
    usable = time_ds != NO_WAY
    hours = time_ds[usable].sum(dtype=np.float64) / DS_PER_HOUR
    kilometres = network.length_dm[usable].sum(dtype=np.float64) / DM_PER_KM
    return round(float(kilometres / hours), SPEED_DIGITS)


def circles_beside(
    network: Network, demand: Demand, sites: Supply, answer: CoverageAnswer, speed_kmh: float
) -> CircleError:
    """Compare the people counted on the roads with those inside circles of the same speed."""
    return circle_error(
        demand_lonlat=coordinates(network, demand.points),
        site_lonlat=coordinates(network, sites.points),
        weight=demand.weight,
        time_ds=answer.times.time_ds,
        limit_ds=answer.question.limit_ds,
        speed_kmh=speed_kmh,
    )


def coordinates(network: Network, points: Points) -> F64:
    """Give longitude and latitude of places, (k, 2) degrees, those at nodes from the network."""
    if points.node is None:
        assert points.lon is not None
        assert points.lat is not None
        return np.column_stack((points.lon, points.lat))
    order = np.argsort(network.node_id, kind="stable")
    node = order[np.searchsorted(network.node_id[order], points.node)]
    return np.column_stack((network.lon[node], network.lat[node]))


def beside_problems(
    demand: Demand, sites: Supply, own_by: str | None, circle_kmh: float | None
) -> list[Text]:
    """Name a column that start points or sites lack, and a speed that is none."""
    found = []
    if own_by is not None:
        found += [*label_problems(demand, [own_by]), *site_labels_problems(sites, own_by)]
    if circle_kmh is not None and not 0 < circle_kmh < FASTEST_KMH:
        zh = f"圆圈速度{circle_kmh:g}超出范围"
        found.append(Text(zh, f"{circle_kmh:g} km/h is out of range"))
    return found


def borders_beside(
    network: Network, demand: Demand, sites: Supply, answer: CoverageAnswer, own_by: str
) -> tuple[Borders, ...]:
    """Count in every area who is covered by its own sites, and who only by a neighbour's."""
    refuse_if_any(beside_problems(demand, sites, own_by, None))
    question, owner = answer.question, np.asarray(sites.labels[own_by])
    own_times = _OwnTimes(network, demand, sites, question)
    found = []
    for name, rows in rows_by_label(demand.labels[own_by]):
        own = np.flatnonzero(owner == name)
        effect = border_effect(
            weight=demand.weight[rows],
            own_ds=own_times.of(rows, own),
            all_ds=answer.times.time_ds[rows],
            limit_ds=question.limit_ds,
        )
        found.append(Borders(name, float(demand.weight[rows].sum()), len(own), effect))
    return tuple(found)


class _OwnTimes:
    """Times of some start points to some sites; the roads are made ready once."""

    def __init__(
        self, network: Network, demand: Demand, sites: Supply, question: CoverageQuestion
    ) -> None:
        self._joined = join(network, demand.points, sites.points, question)
        self._graph = search_graph(network, question)
        self._question = question

    def of(self, rows: I64, own: I64) -> U16:
        if not len(own):
            return np.full(len(rows), NO_WAY)
        goal, start = self._joined.goal.take(own), self._joined.start.take(rows)
        field = nearest(self._graph, goal, self._question.limit_ds)
        visits = self._question.home_visits
        return place_times(field, goal, start, home_visits=visits)[0]
