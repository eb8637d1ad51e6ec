"""Who is within the minutes, from roads, people and sites: the study behind page and command."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from circle15.planning.arrays import DS_PER_MINUTE, I32, LONGEST_LIMIT_DS, NO_WAY, U16
from circle15.planning.coverage.table import (
    AreaCoverage,
    Count,
    Gap,
    coverage_by,
    coverage_of_all,
    gaps,
    share_within,
)
from circle15.planning.demand import Demand, Points, Supply
from circle15.planning.districts.cutting import ranges
from circle15.planning.districts.working import Runner, nearest_by_district
from circle15.planning.network.model import Network, from_sites, toward_sites
from circle15.planning.problems import refuse_if_any
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.studies.columns import label_problems
from circle15.planning.studies.joining import join, search_graph
from circle15.planning.travel.model import Doors, Field
from circle15.planning.travel.search import nearest, place_times
from circle15.standards.text import Text

Search = Callable[[Network, Doors, CoverageQuestion], Field]
"""How the nearest site of every node is found."""

CURVE = (5, 10, 15, 20, 30, 45, 60)
"""Minutes of the curve beside every figure."""


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """For every start point: deciseconds to the nearest site, and its number (-1: none).

    `limit_ds`: how far was searched.
    """

    time_ds: U16
    site: I32
    warnings: tuple[Text, ...]
    limit_ds: int = LONGEST_LIMIT_DS


@dataclass(frozen=True, slots=True, eq=False)
class CoverageAnswer:
    """Counts of the whole and by area, the curve over minutes, and everyone left out."""

    question: CoverageQuestion
    times: Times
    whole: AreaCoverage
    areas: dict[str, tuple[AreaCoverage, ...]]
    curve: tuple[Count, ...]
    gaps: tuple[Gap, ...]


def nearest_at_once(network: Network, sites: Doors, question: CoverageQuestion) -> Field:
    """Search the whole network in this process."""
    return nearest(search_graph(network, question), sites, LONGEST_LIMIT_DS)


def nearest_within(network: Network, sites: Doors, question: CoverageQuestion) -> Field:
    """Search no farther than the minutes asked for."""
    return nearest(search_graph(network, question), sites, question.limit_ds)


def nearest_in_districts(districts: int, run: Runner = map) -> Search:
    """Search district by district, with the same result; times beyond the limit are not found.

    `run`: how the work is done, on a scheduler's workers for example.
    """

    def search(network: Network, sites: Doors, question: CoverageQuestion) -> Field:
        views = toward_sites(network, question.mode), from_sites(network, question.mode)
        inward, outward = reversed(views) if question.home_visits else views
        district_of = ranges(network.node_count, districts)
        return nearest_by_district(inward, outward, sites, district_of, question.limit_ds, run=run)

    return search


# Clauses: D-08, Q-70
def study_coverage(
    network: Network,
    demand: Demand,
    sites: Supply,
    question: CoverageQuestion,
    search: Search = nearest_at_once,
) -> CoverageAnswer:
    """Count people within the limit on the roads, never from a polygon.

    Raises PlanningRefused for a mode, label or limit there is not, and for places that can't be
    joined to the network.
    """
    check(network, demand, question)
    times = travel_times(network, demand.points, sites.points, question, search)
    times = replace(times, warnings=times.warnings + _cut_short(times.limit_ds))
    return count_coverage(demand, sites.points.id, times, question)


def check(network: Network, demand: Demand, question: CoverageQuestion) -> None:
    """Refuse a mode, label or limit there is not; raises PlanningRefused with all of them."""
    refuse_if_any(problems_of(network, demand, question))


def travel_times(
    network: Network,
    demand: Points,
    sites: Points,
    question: CoverageQuestion,
    search: Search = nearest_at_once,
) -> Times:
    """Find the nearest site of every start point, as far as a search goes (109 minutes)."""
    joined = join(network, demand, sites, question)
    if not len(joined.goal):
        count = len(joined.start)
        return Times(np.full(count, NO_WAY), np.full(count, -1, np.int32), joined.warnings)
    field = search(network, joined.goal, question)
    visits = question.home_visits
    time_ds, site = place_times(field, joined.goal, joined.start, home_visits=visits)
    return Times(time_ds, site, joined.warnings, field.limit_ds)


def count_coverage(
    demand: Demand, site_ids: Sequence[str], times: Times, question: CoverageQuestion
) -> CoverageAnswer:
    """Count what the times mean; for times that were repaired and not searched anew."""
    limit = question.limit_ds
    return CoverageAnswer(
        question=question,
        times=times,
        whole=coverage_of_all(demand, times.time_ds, limit),
        areas={name: coverage_by(demand, times.time_ds, limit, name) for name in question.by},
        curve=share_within(demand, times.time_ds, CURVE),
        gaps=gaps(demand, times.time_ds, times.site, site_ids, limit),
    )


def _cut_short(limit_ds: int) -> tuple[Text, ...]:
    if limit_ds == LONGEST_LIMIT_DS:
        return ()
    minutes = f"{limit_ds / DS_PER_MINUTE:g}"
    return (
        Text(
            f"分片计算只找{minutes}分钟以内的网点：平均和最远分钟数只含已覆盖的人，其余记为未找到",
            f"Searched by district, within {minutes} minutes only: mean and longest are of those "
            "covered, everyone else counts as not reached",
        ),
    )


def mode_and_limit_problems(network: Network, question: CoverageQuestion) -> list[Text]:
    """Name what is wrong with mode and minutes."""
    found = []
    if question.mode not in network.modes():
        modes = "、".join(network.modes())
        found.append(
            Text(
                f"路网中没有出行方式“{question.mode}”，可选：{modes}",
                f"the network has no mode {question.mode}; it has {', '.join(network.modes())}",
            )
        )
    if not (math.isfinite(question.minutes) and 0 < question.limit_ds <= LONGEST_LIMIT_DS):
        found.append(
            Text(
                f"分钟数{question.minutes:g}超出范围，应大于0且不超过109",
                f"{question.minutes:g} minutes: want more than 0 and at most 109",
            )
        )
    return found


def problems_of(network: Network, demand: Demand, question: CoverageQuestion) -> list[Text]:
    """Name what is wrong with mode, minutes and labels."""
    return [
        *mode_and_limit_problems(network, question),
        *label_problems(demand, question.by),
    ]
