"""Where the next sites go, from roads, people, sites and candidates: the study behind the page."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from circle15.planning.arrays import DS_PER_MINUTE, LONGEST_LIMIT_DS, Mask
from circle15.planning.demand import Demand, Points, Supply
from circle15.planning.network.model import Network, toward_sites
from circle15.planning.network.places import Snapper
from circle15.planning.problems import refuse_if_any
from circle15.planning.siting.asked import Asked
from circle15.planning.siting.asking import asking_problems, in_one_list, question_of
from circle15.planning.siting.question import Answer, Question
from circle15.planning.siting.solve import solve
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.studies.coverage import mode_and_limit_problems
from circle15.planning.travel.model import Reach
from circle15.planning.travel.search import catchments

Progress = Callable[[int, int], None]

PROVE_WITHIN_S = 120.0
"""An answer cut off by the clock would depend on the machine: counties are done long before."""


@dataclass(frozen=True, slots=True, eq=False)
class SitingStudy:
    """The answer in rows of `sites`, of which the first `kept` stand already.

    `reach`: which start points each can be reached from. `travel`: how, and in what time.
    """

    travel: CoverageQuestion
    demand: Demand
    sites: Supply
    kept: int
    reach: Reach
    question: Question
    answer: Answer

    def within_before(self) -> Mask:
        """Tell which start points today's sites serve in time."""
        return self._within(range(self.kept))

    def within_after(self) -> Mask:
        """Tell which start points are served in time with the new sites."""
        return self._within((*range(self.kept), *self.answer.chosen))

    def people(self, within: Mask) -> float:
        """Count the people of some start points."""
        return float(self.demand.weight[within].sum())

    def _within(self, rows: tuple[int, ...] | range) -> Mask:
        limit, reach = self.question.limit, self.reach
        assert limit is not None, "every site has one"
        found = np.zeros(len(self.demand.points), np.bool_)
        for row in rows:
            pairs = slice(int(reach.first[row]), int(reach.first[row + 1]))
            found[reach.demand[pairs][reach.time_ds[pairs] <= limit[row]]] = True
        return found


def study_siting(
    network: Network,
    demand: Demand,
    existing: Supply,
    candidates: Supply,
    mode: str,
    asked: Asked,
    progress: Progress | None = None,
) -> SitingStudy:
    """Choose among the candidates, existing sites kept; `asked` has its limits in deciseconds.

    Raises PlanningRefused with all that is wrong.
    """
    travel = CoverageQuestion(mode, asked.limit / DS_PER_MINUTE)
    sites, kept = in_one_list(candidates, existing)
    refuse_if_any([*mode_and_limit_problems(network, travel), *asking_problems(asked, sites)])
    asked = replace(asked, time_limit_s=PROVE_WITHIN_S)
    question = _each_a_town(question_of(asked, sites, kept, demand.points.id), kept)
    first, second = _halves(progress)
    limit_ds = min(round(asked.looked_at), LONGEST_LIMIT_DS)
    reach = _catchments(network, demand.points, sites.points, mode, limit_ds, first)
    answer = solve(reach, demand.weight, question, progress=second)
    return SitingStudy(travel, demand, sites, kept, reach, question, answer)


def _each_a_town(question: Question, kept: int) -> Question:
    """Give each existing site a town of its own: what is there already takes nobody's turn."""
    if question.town is None:
        return question
    own = tuple(f"\0{site}" for site in range(kept))
    return replace(question, town=own + question.town[kept:])


def _halves(progress: Progress | None) -> tuple[Progress | None, Progress | None]:
    """Tell two stages as one hundred: travel times go to 50, the choice from there on."""
    if progress is None:
        return None, None

    def first(done: int, todo: int) -> None:
        progress(50 * done // max(todo, 1), 100)

    def second(done: int, todo: int) -> None:
        progress(50 + 50 * done // max(todo, 1), 100)

    return first, second


def _catchments(
    network: Network,
    people: Points,
    sites: Points,
    mode: str,
    limit_ds: int,
    progress: Progress | None,
) -> Reach:
    snapper = Snapper(network, mode)
    return catchments(
        toward_sites(network, mode),
        snapper.snap(sites, arriving=True).doors,
        snapper.snap(people, arriving=False).doors,
        limit_ds,
        progress=progress,
    )
