"""Coverage when sites can serve only so many: sites filled in order, the people left over."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I64, Mask
from circle15.planning.coverage.capacity import SiteLoad, order_by_people, serve_in_order
from circle15.planning.coverage.table import WHOLE, rows_by_label
from circle15.planning.demand import Demand, Supply
from circle15.planning.network.model import Network
from circle15.planning.problems import refuse_if_any
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.studies.columns import label_problems, number_problems, numbers_of
from circle15.planning.studies.coverage import mode_and_limit_problems
from circle15.planning.studies.joining import Progress, join, reach_of
from circle15.planning.travel.model import Reach
from circle15.standards.text import Text

PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class CapacityQuestion:
    """`capacity`: column of people a site can serve; `order`: who is filled first.

    The order is "people" (most within reach first) or a column of the sites, greatest first.
    """

    travel: CoverageQuestion
    capacity: str = "capacity"
    order: str = PEOPLE


@dataclass(frozen=True, slots=True)
class AreaServed:
    """People of an area: served, left over though a site is within reach, and out of reach."""

    label: str
    places: int
    people: float
    served: float
    left_over: float
    out_of_reach: float


@dataclass(frozen=True, slots=True, eq=False)
class CapacityAnswer:
    """Sites in the order they were filled; the people left of each start point (`residual`).

    `within`: which start points any site reaches.
    """

    question: CapacityQuestion
    loads: tuple[SiteLoad, ...]
    residual: F64
    within: Mask
    whole: AreaServed
    areas: dict[str, tuple[AreaServed, ...]]
    warnings: tuple[Text, ...]


def study_capacity(
    network: Network,
    demand: Demand,
    sites: Supply,
    question: CapacityQuestion,
    progress: Progress | None = None,
) -> CapacityAnswer:
    """Fill the sites one after the other with the nearest people left; raises PlanningRefused."""
    refuse_if_any(_problems(network, demand, sites, question))
    joined = join(network, demand.points, sites.points, question.travel)
    reach = reach_of(network, joined, question.travel, progress)
    capacity = numbers_of(sites, question.capacity)
    filled = serve_in_order(
        reach, demand.weight, capacity, _order(reach, demand.weight, sites, question)
    )
    within = np.zeros(reach.demand_count, np.bool_)
    within[reach.demand] = True

    def area(label: str, rows: I64) -> AreaServed:
        people, left = demand.weight[rows], filled.residual[rows]
        return AreaServed(
            label=label,
            places=len(rows),
            people=float(people.sum()),
            served=float((people - left).sum()),
            left_over=float(left[within[rows]].sum()),
            out_of_reach=float(left[~within[rows]].sum()),
        )

    def areas(column: Sequence[str]) -> tuple[AreaServed, ...]:
        return tuple(area(name, rows) for name, rows in rows_by_label(column))

    return CapacityAnswer(
        question=question,
        loads=filled.loads,
        residual=filled.residual,
        within=within,
        whole=area(WHOLE, np.arange(reach.demand_count)),
        areas={name: areas(demand.labels[name]) for name in question.travel.by},
        warnings=joined.warnings,
    )


def _order(reach: Reach, weight: F64, sites: Supply, question: CapacityQuestion) -> I64:
    if question.order == PEOPLE:
        return order_by_people(reach, weight)
    return np.argsort(-numbers_of(sites, question.order), kind="stable")


def _problems(
    network: Network, demand: Demand, sites: Supply, question: CapacityQuestion
) -> list[Text]:
    ordered = () if question.order in {PEOPLE, question.capacity} else (question.order,)
    return [
        *mode_and_limit_problems(network, question.travel),
        *label_problems(demand, question.travel.by),
        *(
            problem
            for column in (question.capacity, *ordered)
            for problem in number_problems(sites, column)
        ),
    ]
