"""Siting from files: read everything, find the travel costs, ask, and write the answer down."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from circle15.planning.arrays import DS_PER_MINUTE, LONGEST_LIMIT_DS
from circle15.planning.demand import Points, Supply
from circle15.planning.districts.catching import catchments_by_district
from circle15.planning.districts.cutting import ranges
from circle15.planning.districts.working import Runner
from circle15.planning.network.model import Network
from circle15.planning.network.store import load
from circle15.planning.problems import PlanningRefused, refuse_if_any
from circle15.planning.reading import read_demand, read_sites
from circle15.planning.siting.asked import Asked, Files
from circle15.planning.siting.asking import asking_problems, in_one_list, question_of
from circle15.planning.siting.bound import Progress
from circle15.planning.siting.matrix import (
    reach_of,
    read_matrix,
    read_site_list,
    read_weights,
    sites_listed,
)
from circle15.planning.siting.question import Answer, Objective
from circle15.planning.siting.solve import solve
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.studies.joining import join, search_graph
from circle15.planning.studies.start_points import without_placeholders
from circle15.planning.travel.many import catchments_of_many, is_worth_sweeping, order_beside
from circle15.planning.travel.model import Reach
from circle15.planning.travel.order import Order
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class SitingRun:
    """The answer; `names` of all sites, the first `existing` of them open already.

    `titles`: their column `name`, if any. `start_points`: how many there were.
    `unit`: how much cost is one minute (network) or one of the matrix. `is_swept`: the catchments
    were found together, by the order kept beside the network.
    """

    answer: Answer
    names: tuple[str, ...]
    existing: int
    start_points: int
    unit: int
    notes: tuple[Text, ...]
    titles: tuple[str, ...] | None = None
    is_swept: bool = False

    def named(self, site: int) -> dict[str, Any]:
        """Give the id of a site, and its name where the files have one."""
        title = self.titles[site] if self.titles else ""
        return {"site": self.names[site]} | ({"name": title} if title else {})


def run_by_network(
    asked: Asked,
    files: Files,
    mode: str,
    *,
    home_visits: bool,
    progress: Progress | None,
    districts: int = 1,
    runner: Runner = map,
) -> SitingRun:
    """Choose by times on the roads; `asked` has its limits in deciseconds.

    In several `districts` the catchments come one by one from the `runner`; the answer is the
    same. Raises PlanningRefused with what is wrong in all files, or with the question.
    """
    roads, everyone, candidates, existing = _all_read(
        (load, files.network),
        (read_demand, files.demand),
        (read_sites, files.candidates),
        (read_sites, files.existing),
    )
    people, left_out = without_placeholders(everyone)
    places, kept = in_one_list(candidates, existing)
    _refuse_other_places(places, candidates)
    refuse_if_any([*_no_roads_for(roads, mode), *asking_problems(asked, places)])
    question = question_of(asked, places, kept, people.points.id)
    order = _order(files.network) if districts == 1 else None
    ways = _Ways(roads, mode, home_visits, order, districts, runner)
    found = _catchments(ways, people.points, places.points, asked.looked_at, progress)
    reach, notes = found.reach, found.notes
    answer = solve(reach, people.weight, question, progress=progress)
    if left_out:
        zh = f"虚拟社区等占位的 {left_out} 个不计入"
        notes = (*notes, Text(zh, f"{left_out} placeholder villages left out"))
    return SitingRun(
        answer,
        places.points.id,
        kept,
        len(people.points),
        DS_PER_MINUTE,
        notes,
        places.labels.get("name"),
        found.is_swept,
    )


def run_by_matrix(asked: Asked, files: Files, *, progress: Progress | None) -> SitingRun:
    """Choose by a travel matrix; sites not listed are candidates, demand not weighted counts 1.

    Raises PlanningRefused with what is wrong in all files, or with the question.
    """
    matrix, weights, listed, existing = _all_read(
        (read_matrix, files.matrix),
        (read_weights, files.demand),
        (read_site_list, files.candidates),
        (read_site_list, files.existing),
    )
    ids, weight = weights or (matrix.demand_id, np.ones(len(matrix.demand_id)))
    open_now = set(existing.points.id) if existing else set()
    rest = tuple(name for name in matrix.site_id if name not in open_now)
    places, kept = in_one_list(listed or sites_listed(rest), existing)
    question = question_of(asked, places, kept, ids)
    reach = reach_of(matrix, places.points.id, ids, asked.looked_at)
    answer = solve(reach, weight, question, progress=progress)
    return SitingRun(answer, places.points.id, kept, len(ids), 1, ())


def _no_roads_for(network: Network, mode: str) -> list[Text]:
    if mode in network.modes():
        return []
    zh = f"路网中没有出行方式“{mode}”，可选：{'、'.join(network.modes())}"
    en = f"the network has no mode {mode}; it has {', '.join(network.modes())}"
    return [Text(zh, en)]


def _refuse_other_places(places: Supply, candidates: Supply) -> None:
    given, joined = candidates.points, places.points
    if (given.lon is None) != (joined.lon is None) or (given.node is None) != (joined.node is None):
        zh = "候选点和已有网点要么都给坐标，要么都给节点"
        en = "candidates and existing sites: both by lon,lat or both by node"
        raise PlanningRefused([Text(zh, en)])


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    network: Network
    mode: str
    home_visits: bool
    order: Order | None
    districts: int
    runner: Runner


class _Found(NamedTuple):
    reach: Reach
    notes: tuple[Text, ...]
    is_swept: bool


def _catchments(
    ways: _Ways, people: Points, places: Points, farthest: float, progress: Progress | None
) -> _Found:
    network, visits = ways.network, ways.home_visits
    limit_ds = min(LONGEST_LIMIT_DS, round(farthest))
    question = CoverageQuestion(ways.mode, limit_ds / DS_PER_MINUTE, home_visits=visits)
    joined = join(network, people, places, question)
    graph = search_graph(network, question)
    asked = graph, joined.goal, joined.start
    if ways.districts > 1:
        cut = ranges(network.node_count, ways.districts)
        reach = catchments_by_district(*asked, cut, limit_ds, home_visits=visits, run=ways.runner)
        return _Found(reach, joined.warnings, is_swept=False)
    order = ways.order if is_worth_sweeping(graph, joined.goal, limit_ds, ways.order) else None
    reach = catchments_of_many(*asked, limit_ds, order=order, home_visits=visits, progress=progress)
    return _Found(reach, joined.warnings, is_swept=order is not None)


def _order(network: Path | None) -> Order | None:
    return None if network is None else order_beside(network)


def _all_read(*reads: tuple[Callable[[Path], Any], Path | None]) -> list[Any]:
    """Read all files, and name what is wrong with each of them at once."""
    found: list[Any] = []
    problems: list[Text] = []
    for read, path in reads:
        try:
            found.append(None if path is None else read(path))
        except PlanningRefused as refused:
            problems.extend(refused.problems)
    refuse_if_any(problems)
    return found


def run_to_json(run: SitingRun, seconds: float) -> dict[str, Any]:
    """Give the answer by ids; times of a network in minutes."""
    answer = run.answer
    is_time = answer.objective in {Objective.P_MEDIAN, Objective.P_CENTER}
    scale = run.unit if is_time else 1
    return {
        "objective": answer.objective.value,
        "status": answer.status,
        "chosen": [run.names[row] for row in answer.chosen],
        "ranked": [
            run.named(each.site)
            | {"gained": _plain(each.gained)}
            | ({} if each.stays is None else {"stays": each.stays})
            for each in answer.ranked
        ],
        "value": _plain(answer.value / scale),
        "bound": _plain(answer.bound / scale),
        "gap": answer.gap,
        "unit": _unit(run),
        "covered": _plain(answer.covered),
        "share": answer.share,
        "start_points": run.start_points,
        "existing": run.existing,
        "candidates": len(run.names) - run.existing,
        "seconds": round(seconds, 3),
        "warnings": [{"zh": text.zh, "en": text.en} for text in (*run.notes, *answer.warnings)],
    }


def _unit(run: SitingRun) -> str:
    by_network = run.unit > 1
    return {
        Objective.MCLP: "people",
        Objective.LSCP: "sites or cost",
        Objective.P_MEDIAN: "person-minutes" if by_network else "people x cost",
        Objective.P_CENTER: "minutes" if by_network else "cost",
    }[run.answer.objective]


def _plain(value: float) -> float:
    """Write whole numbers without a point."""
    return int(value) if value == int(value) else value
