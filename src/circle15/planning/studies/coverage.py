"""Who is within the minutes, from roads, people and sites: the study behind page and command."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import I32, LONGEST_LIMIT_DS, U16
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
from circle15.planning.network.model import Network, from_sites, toward_sites
from circle15.planning.network.places import Snapped, Snapper
from circle15.planning.problems import refuse_if_any
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.travel.search import nearest, place_times
from circle15.standards.text import Text

CURVE = (5, 10, 15, 20, 30, 45, 60)
"""Minutes of the curve beside every figure."""


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """For every start point: deciseconds to the nearest site, and its number (-1: none)."""

    time_ds: U16
    site: I32
    warnings: tuple[Text, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CoverageAnswer:
    """Counts of the whole and by area, the curve over minutes, and everyone left out."""

    question: CoverageQuestion
    times: Times
    whole: AreaCoverage
    areas: dict[str, tuple[AreaCoverage, ...]]
    curve: tuple[Count, ...]
    gaps: tuple[Gap, ...]


def study_coverage(
    network: Network, demand: Demand, sites: Supply, question: CoverageQuestion
) -> CoverageAnswer:
    """Count people within the limit on the roads, never from a polygon.

    Raises PlanningRefused for a mode, label or limit there is not, and for places that can't be
    joined to the network.
    """
    check(network, demand, question)
    times = travel_times(network, demand.points, sites.points, question)
    return count_coverage(demand, sites.points.id, times, question)


def check(network: Network, demand: Demand, question: CoverageQuestion) -> None:
    """Refuse a mode, label or limit there is not; raises PlanningRefused with all of them."""
    refuse_if_any(_problems(network, demand, question))


def travel_times(
    network: Network, demand: Points, sites: Points, question: CoverageQuestion
) -> Times:
    """Find the nearest site of every start point, as far as a search goes (109 minutes)."""
    snapper = Snapper(network, question.mode)
    start = snapper.snap(demand, arriving=question.home_visits)
    goal = snapper.snap(sites, arriving=not question.home_visits)
    time_ds, site = _times(network, start, goal, question)
    return Times(time_ds, site, start.warnings + goal.warnings)


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


def _times(
    network: Network, start: Snapped, goal: Snapped, question: CoverageQuestion
) -> tuple[U16, I32]:
    if not len(goal.doors):
        count = len(start.doors)
        return np.full(count, np.uint16(65_535)), np.full(count, -1, np.int32)
    view = from_sites if question.home_visits else toward_sites
    field = nearest(view(network, question.mode), goal.doors, LONGEST_LIMIT_DS)
    return place_times(field, goal.doors, start.doors, home_visits=question.home_visits)


def _problems(network: Network, demand: Demand, question: CoverageQuestion) -> list[Text]:
    found = []
    if question.mode not in network.modes():
        modes = "、".join(network.modes())
        found.append(
            Text(
                f"路网中没有出行方式“{question.mode}”，可选：{modes}",
                f"the network has no mode {question.mode}; it has {', '.join(network.modes())}",
            )
        )
    if not 0 < question.limit_ds <= LONGEST_LIMIT_DS:
        found.append(
            Text(
                f"分钟数{question.minutes:g}超出范围，应大于0且不超过109",
                f"{question.minutes:g} minutes: want more than 0 and at most 109",
            )
        )
    found += [
        Text(f"需求点表没有“{name}”这一列，不能按它汇总", f"the demand has no column {name}")
        for name in question.by
        if name not in demand.labels
    ]
    return found
