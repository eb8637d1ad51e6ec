"""Where the next sites go, from roads, people, sites and candidates: the study behind the page."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I64, LONGEST_LIMIT_DS
from circle15.planning.demand import Demand, Points, Supply
from circle15.planning.network.model import Network, toward_sites
from circle15.planning.network.places import Snapper
from circle15.planning.problems import refuse_if_any
from circle15.planning.siting.question import Answer, Question
from circle15.planning.siting.solve import solve
from circle15.planning.studies.asked import SitingWish
from circle15.planning.travel.model import Reach
from circle15.planning.travel.search import catchments
from circle15.standards.text import Text

Progress = Callable[[int, int], None]

PROVE_WITHIN_S = 120.0

SLACK = 1.1
"""How much farther times are known: scenarios with quicker roads need them."""


@dataclass(frozen=True, slots=True, eq=False)
class SitingStudy:
    """The answer (numbers of `places`), existing sites first, and what was covered before."""

    wish: SitingWish
    answer: Answer
    places: Points
    existing: int
    covered_before: float
    people: float


def study_siting(
    network: Network,
    demand: Demand,
    existing: Supply,
    candidates: Supply,
    wish: SitingWish,
    progress: Progress | None = None,
) -> SitingStudy:
    """Choose among the candidates, existing sites kept; raises PlanningRefused."""
    places = together(existing.points, candidates.points)
    refuse_if_any(_problems(network, candidates.points, wish))
    first, second = halves(progress)
    farther = min(round(wish.limit_ds * SLACK), LONGEST_LIMIT_DS)
    reach = catchments_of(network, demand.points, places, wish.mode, farther, first)
    kept = len(existing.points)
    question = _question(demand, candidates, kept, places, wish)
    answer = solve(reach, demand.weight, question, progress=second)
    before = _reached(reach, kept, wish.limit_ds)
    return SitingStudy(
        wish, answer, places, kept, float(demand.weight[before].sum()), float(demand.weight.sum())
    )


def halves(progress: Progress | None) -> tuple[Progress | None, Progress | None]:
    """Tell two stages as one hundred: travel times go to 50, the choice from there on."""
    if progress is None:
        return None, None

    def first(done: int, todo: int) -> None:
        progress(50 * done // max(todo, 1), 100)

    def second(done: int, todo: int) -> None:
        progress(50 + 50 * done // max(todo, 1), 100)

    return first, second


def catchments_of(
    network: Network,
    demand: Points,
    places: Points,
    mode: str,
    limit_ds: int,
    progress: Progress | None = None,
) -> Reach:
    """Find which start points every place can be reached from in time, on the roads."""
    snapper = Snapper(network, mode)
    return catchments(
        toward_sites(network, mode),
        snapper.snap(places, arriving=True).doors,
        snapper.snap(demand, arriving=False).doors,
        limit_ds,
        progress=progress,
    )


def together(first: Points, second: Points) -> Points:
    """Put places of two tables into one; both by coordinates or both by nodes."""
    return Points(
        first.id + second.id,
        _joined(first.lon, second.lon),
        _joined(first.lat, second.lat),
        None
        if first.node is None or second.node is None
        else np.concatenate((first.node, second.node)),
    )


def _joined(first: F64 | None, second: F64 | None) -> F64 | None:
    return None if first is None or second is None else np.concatenate((first, second))


def _question(
    demand: Demand, candidates: Supply, kept: int, places: Points, wish: SitingWish
) -> Question:
    number = {place: kept + row for row, place in enumerate(candidates.points.id)}
    cost = None if candidates.cost is None else np.concatenate((np.zeros(kept), candidates.cost))
    return Question(
        objective=wish.objective,
        sites=wish.sites,
        budget=wish.budget,
        cover=wish.cover,
        existing=tuple(range(kept)),
        forced=tuple(number[place] for place in wish.forced),
        forbidden=tuple(number[place] for place in wish.forbidden),
        cost=cost,
        limit=np.full(len(places), float(wish.limit_ds)),
        town=_towns(candidates, kept) if wish.one_per_town else None,
        at_most_per_town=1 if wish.one_per_town else None,
        site_id=places.id,
        demand_id=demand.points.id,
        # An answer cut off by the clock would depend on the machine: counties are done long before.
        time_limit_s=PROVE_WITHIN_S,
        scenarios=wish.scenarios,
        seed=wish.seed,
    )


def _towns(candidates: Supply, kept: int) -> tuple[str, ...]:
    """Give each existing site a town of its own: what is there already takes nobody's turn."""
    own = tuple(f"\0{site}" for site in range(kept))
    return own + tuple(candidates.labels["town"])


def _reached(reach: Reach, kept: int, limit_ds: int) -> I64:
    pairs = slice(0, reach.first[kept])
    return np.unique(reach.demand[pairs][reach.time_ds[pairs] <= limit_ds]).astype(np.int64)


def _problems(network: Network, candidates: Points, wish: SitingWish) -> list[Text]:
    known = set(candidates.id)
    found = [
        Text(f"“{place}”不在备选点中", f"{place} is not among the candidates")
        for place in (*wish.forced, *wish.forbidden)
        if place not in known
    ]
    if wish.mode not in network.modes():
        modes = network.modes()
        found.append(
            Text(
                f"路网中没有出行方式“{wish.mode}”，可选：{'、'.join(modes)}",
                f"the network has no mode {wish.mode}; it has {', '.join(modes)}",
            )
        )
    return found
