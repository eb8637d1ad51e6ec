"""Start points and sites joined to the roads; what is wrong with either is said at once."""

from collections.abc import Callable
from dataclasses import dataclass

from circle15.planning.demand import Points
from circle15.planning.network.model import Network, TravelGraph, from_sites, toward_sites
from circle15.planning.network.places import Snapped, Snapper
from circle15.planning.problems import PlanningRefused, refuse_if_any
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.travel.model import Doors, Reach
from circle15.planning.travel.search import catchments
from circle15.standards.text import Text

Progress = Callable[[int, int], None]
DEMAND, SITES = Text("需求点", "demand"), Text("网点", "sites")


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """The doors of start points and sites in the direction of travel, and what was remarked."""

    start: Doors
    goal: Doors
    warnings: tuple[Text, ...]


def join(network: Network, demand: Points, sites: Points, question: CoverageQuestion) -> Joined:
    """Join both to the roads; raises PlanningRefused with the problems of both."""
    snapper, visits = Snapper(network, question.mode), question.home_visits
    problems: list[Text] = []
    found: list[Snapped] = []
    for whose, points, arriving in ((DEMAND, demand, visits), (SITES, sites, not visits)):
        try:
            found.append(snapper.snap(points, arriving=arriving))
        except PlanningRefused as refused:
            problems += [_of(whose, problem) for problem in refused.problems]
    refuse_if_any(problems)
    start, goal = found
    return Joined(start.doors, goal.doors, start.warnings + goal.warnings)


def search_graph(network: Network, question: CoverageQuestion) -> TravelGraph:
    """Give the roads as a search from the sites walks them."""
    view = from_sites if question.home_visits else toward_sites
    return view(network, question.mode)


def reach_of(
    network: Network, joined: Joined, question: CoverageQuestion, progress: Progress | None = None
) -> Reach:
    """Find all start points within the limit of every site."""
    return catchments(
        search_graph(network, question),
        joined.goal,
        joined.start,
        question.limit_ds,
        home_visits=question.home_visits,
        progress=progress,
    )


def _of(whose: Text, problem: Text) -> Text:
    return Text(f"{whose.zh}：{problem.zh}", f"{whose.en}: {problem.en}")
