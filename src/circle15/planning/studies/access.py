"""Supply against demand: staff or windows per person within reach, by start point and area."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.coverage.supply import (
    accessibility,
    flat_decay,
    gaussian_decay,
    stepped_decay,
)
from circle15.planning.coverage.table import WHOLE, rows_by_label
from circle15.planning.demand import Demand, Supply
from circle15.planning.network.model import Network
from circle15.planning.problems import refuse_if_any
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.studies.columns import (
    WEIGHT,
    label_problems,
    number_problems,
    numbers_of,
    people_of,
    people_problems,
)
from circle15.planning.studies.coverage import mode_and_limit_problems
from circle15.planning.studies.joining import Progress, join, reach_of
from circle15.standards.text import Text

FLAT, STEPS, GAUSSIAN = "flat", "steps", "gaussian"
DECAYS = (FLAT, STEPS, GAUSSIAN)
LUO_QI = (1.0, 0.68, 0.22)
"""Weights of three zones of equal minutes (Luo and Qi 2009), used unless zones are given."""

Zones = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class AccessQuestion:
    """`supply`: the column of the sites that is shared out; `people`: whom it is shared among.

    `zones`: (minutes, weight) of the steps, ascending, the last ends at the limit.
    """

    travel: CoverageQuestion
    supply: str
    decay: str = STEPS
    zones: Zones = ()
    people: str = WEIGHT

    @property
    def steps(self) -> Zones:
        """The zones asked for, or three equal ones."""
        third = self.travel.minutes / len(LUO_QI)
        usual = tuple((third * number, weight) for number, weight in enumerate(LUO_QI, start=1))
        return self.zones or usual


@dataclass(frozen=True, slots=True)
class AreaAccess:
    """Supply per person of an area's start points: mean by people, least and most.

    `without`: people who reach nothing. None where nobody lives.
    """

    label: str
    places: int
    people: float
    without: float
    mean: float | None
    least: float | None
    most: float | None


@dataclass(frozen=True, slots=True, eq=False)
class AccessAnswer:
    """Supply per person of each start point (`per_person`), whole and by area."""

    question: AccessQuestion
    per_person: F64
    people: F64
    supply: float
    whole: AreaAccess
    areas: dict[str, tuple[AreaAccess, ...]]
    warnings: tuple[Text, ...]


def study_access(
    network: Network,
    demand: Demand,
    sites: Supply,
    question: AccessQuestion,
    progress: Progress | None = None,
) -> AccessAnswer:
    """Share out the supply by the two steps of floating catchments; raises PlanningRefused."""
    refuse_if_any(_problems(network, demand, sites, question))
    joined = join(network, demand.points, sites.points, question.travel)
    reach = reach_of(network, joined, question.travel, progress)
    people, supply = people_of(demand, question.people), numbers_of(sites, question.supply)
    found = accessibility(reach, people, supply, decay_of(question))
    return AccessAnswer(
        question=question,
        per_person=found,
        people=people,
        supply=float(supply.sum()),
        whole=_area(WHOLE, np.arange(len(found)), found, people),
        areas={name: _areas(demand.labels[name], found, people) for name in question.travel.by},
        warnings=joined.warnings,
    )


def decay_of(question: AccessQuestion) -> F64:
    """Give the weight of each decisecond up to the limit."""
    limit_ds = question.travel.limit_ds
    if question.decay == FLAT:
        return flat_decay(limit_ds)
    return gaussian_decay(limit_ds) if question.decay == GAUSSIAN else stepped_decay(question.steps)


def _areas(column: Sequence[str], found: F64, people: F64) -> tuple[AreaAccess, ...]:
    return tuple(_area(name, rows, found, people) for name, rows in rows_by_label(column))


def _area(label: str, rows: I64, found: F64, people: F64) -> AreaAccess:
    rates, weight = found[rows], people[rows]
    total, lived = float(weight.sum()), weight > 0
    return AreaAccess(
        label=label,
        places=len(rows),
        people=total,
        without=float(weight[rates == 0].sum()),
        mean=float(np.dot(rates, weight) / total) if total else None,
        least=float(rates[lived].min()) if total else None,
        most=float(rates[lived].max()) if total else None,
    )


def _problems(
    network: Network, demand: Demand, sites: Supply, question: AccessQuestion
) -> list[Text]:
    found = mode_and_limit_problems(network, question.travel)
    found += label_problems(demand, question.travel.by)
    found += people_problems(demand, question.people)
    found += number_problems(sites, question.supply)
    if question.decay not in DECAYS:
        choices = ", ".join(DECAYS)
        zh = f"没有衰减方式“{question.decay}”，可选：{choices}"
        found.append(Text(zh, f"no decay {question.decay}; there are {choices}"))
    if question.zones and not _are_zones(question):
        zh = "分区应按分钟由小到大，权重不小于 0，最后一区到分钟数为止"
        found.append(Text(zh, "zones: minutes ascending to the limit, weights 0 or more"))
    return found


def _are_zones(question: AccessQuestion) -> bool:
    ends = [0.0, *(minutes for minutes, _ in question.zones)]
    ascending = all(start < end for start, end in pairwise(ends))
    return (
        question.decay == STEPS
        and ascending
        and ends[-1] == question.travel.minutes
        and all(0 <= weight < float("inf") for _, weight in question.zones)
    )
