"""Where cases go from level to level: people's start points, stations, towns, hospitals (转介)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from circle15.planning.arrays import F64
from circle15.planning.coverage.referral import Referral, chains
from circle15.planning.demand import Demand, Points, Supply
from circle15.planning.network.model import Network
from circle15.planning.problems import refuse_if_any
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.studies.columns import site_labels_problems
from circle15.planning.studies.coverage import mode_and_limit_problems, nearest_within, travel_times
from circle15.planning.studies.start_points import chosen_points
from circle15.planning.tables import floats
from circle15.standards.text import Text

FEWEST_LEVELS = 2
DEMAND_LEVEL = "demand"


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The places of one level; cases go from each to the nearest place of the next level."""

    name: str
    points: Points


@dataclass(frozen=True, slots=True, eq=False)
class ReferralAnswer:
    """A chain for every place of the lowest level, and the people that come to each place.

    `people`: by level (places): those of the start points whose chain leads there; None where no
    people were given.
    """

    question: CoverageQuestion
    levels: tuple[Level, ...]
    chains: tuple[Referral, ...]
    people: tuple[F64, ...] | None
    warnings: tuple[Text, ...]


def levels_of(sites: Supply, column: str, order: Sequence[str] = ()) -> tuple[Level, ...]:
    """Cut a table of sites into levels by a column, the lowest first.

    In the order given (other names are left out), else by number. Raises PlanningRefused.
    """
    refuse_if_any(site_labels_problems(sites, column))
    cells = sites.labels[column]
    names = tuple(order) or _by_number(cells, column)
    missing = [name for name in names if name not in cells]
    refuse_if_any(
        Text(f"网点表的 {column} 列没有“{name}”", f"no site has {name} in its column {column}")
        for name in missing
    )
    rows = {name: np.flatnonzero([cell == name for cell in cells]) for name in names}
    return tuple(Level(name, chosen_points(sites.points, rows[name])) for name in names)


def study_referral(
    network: Network,
    levels: Sequence[Level],
    question: CoverageQuestion,
    demand: Demand | None = None,
) -> ReferralAnswer:
    """Follow every place of the lowest level upward; no step is longer than the minutes.

    With `demand` the start points are the lowest level. Raises PlanningRefused.
    """
    below = () if demand is None else (Level(DEMAND_LEVEL, demand.points),)
    steps = (*below, *levels)
    refuse_if_any(_problems(network, steps, question))
    times = [
        travel_times(network, low.points, high.points, question, nearest_within)
        for low, high in pairwise(steps)
    ]
    found = chains(tuple((each.time_ds, each.site) for each in times))
    return ReferralAnswer(
        question=question,
        levels=steps,
        chains=found,
        people=None if demand is None else _people(found, steps, demand.weight),
        warnings=tuple(dict.fromkeys(text for each in times for text in each.warnings)),
    )


def _people(found: Sequence[Referral], levels: Sequence[Level], weight: F64) -> tuple[F64, ...]:
    counts = [weight, *(np.zeros(len(level.points)) for level in levels[1:])]
    for chain in found:
        for step, count in zip(chain.steps, counts[1:], strict=True):
            if step.site is not None:
                count[step.site] += weight[chain.site]
    return tuple(counts)


def _by_number(cells: Sequence[str], column: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(cells))
    numbers = floats(list(names))
    if not np.isfinite(numbers).all():
        zh = f"{column} 列不是数，请用 --order 给出由低到高的次序（现有：{'、'.join(names)}）"
        en = f"{column} holds no numbers: give the order, lowest first (it has {', '.join(names)})"
        refuse_if_any([Text(zh, en)])
    return tuple(names[place] for place in np.argsort(numbers, kind="stable"))


def _problems(network: Network, levels: Sequence[Level], question: CoverageQuestion) -> list[Text]:
    found = mode_and_limit_problems(network, question)
    if len(levels) < FEWEST_LEVELS:
        zh = "转介至少要两级：给出几个网点表，或用级别列，或给出需求点"
        found.append(Text(zh, "referral needs two levels: more tables of sites, or a demand"))
    return found
