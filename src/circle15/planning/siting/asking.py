"""From ids and tables to a question: candidates and existing sites in one list."""

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from circle15.planning.arrays import F64
from circle15.planning.demand import Points, Supply
from circle15.planning.problems import refuse_if_any
from circle15.planning.siting.asked import Asked
from circle15.planning.siting.question import Question
from circle15.standards.text import Text

Number = TypeVar("Number", np.float64, np.int64)


def in_one_list(candidates: Supply, existing: Supply | None) -> tuple[Supply, int]:
    """Put existing sites first and candidates after them; gives how many exist.

    A candidate that exists already is left to the existing ones.
    """
    if existing is None:
        return candidates, 0
    there = set(existing.points.id)
    rows = [row for row, name in enumerate(candidates.points.id) if name not in there]
    kept = len(existing.points)
    points = Points(
        existing.points.id + tuple(candidates.points.id[row] for row in rows),
        _joined(existing.points.lon, candidates.points.lon, rows),
        _joined(existing.points.lat, candidates.points.lat, rows),
        _joined(existing.points.node, candidates.points.node, rows),
    )
    names = {*existing.labels, *candidates.labels}
    labels = {
        name: tuple(existing.labels.get(name, ("",) * kept))
        + tuple(np.array(candidates.labels.get(name, ("",) * len(candidates.points)))[rows])
        for name in sorted(names)
    }
    capacity = _joined(existing.capacity, candidates.capacity, rows)
    cost = None
    if candidates.cost is not None:
        cost = np.concatenate((np.zeros(kept), candidates.cost[rows]))
    return Supply(points, capacity, cost, labels), kept


def _joined(
    first: NDArray[Number] | None, second: NDArray[Number] | None, rows: list[int]
) -> NDArray[Number] | None:
    if first is None or second is None:
        return None
    return np.concatenate((first, second[rows]))


def question_of(asked: Asked, sites: Supply, kept: int, demand_id: tuple[str, ...]) -> Question:
    """Make the question about the rows of `sites`, the first `kept` of them existing.

    Raises PlanningRefused with all ids and columns that are missing.
    """
    refuse_if_any(asking_problems(asked, sites))
    row = {name: number for number, name in enumerate(sites.points.id)}
    wants_cost = asked.budget is not None or asked.by_cost
    return Question(
        objective=asked.objective,
        sites=asked.sites,
        budget=asked.budget,
        cover=asked.cover,
        existing=tuple(range(kept)),
        forced=tuple(row[name] for name in asked.forced),
        forbidden=tuple(row[name] for name in asked.forbidden),
        cost=sites.cost if wants_cost else None,
        capacity=sites.capacity if asked.by_capacity else None,
        limit=_limits(asked, sites),
        town=sites.labels["town"] if asked.has_quota else None,
        at_least_per_town=asked.at_least_per_town,
        at_most_per_town=asked.at_most_per_town,
        site_id=sites.points.id,
        demand_id=demand_id,
        good_enough=asked.good_enough,
        time_limit_s=asked.time_limit_s,
        scenarios=asked.scenarios,
        seed=asked.seed,
    )


def _limits(asked: Asked, sites: Supply) -> F64:
    if not asked.limit_of_kind:
        return np.full(len(sites.points), asked.limit)
    kinds = sites.labels["kind"]
    return np.array([asked.limit_of_kind.get(kind, asked.limit) for kind in kinds], np.float64)


def asking_problems(asked: Asked, sites: Supply) -> Iterator[Text]:
    """Name all ids and columns that are asked for and missing."""
    known = set(sites.points.id)
    for name in (*asked.forced, *asked.forbidden):
        if name not in known:
            yield Text(f"候选点中没有 {name}", f"there is no candidate {name}")
    if (asked.budget is not None or asked.by_cost) and sites.cost is None:
        yield Text("候选点表缺少列 cost（费用）", "the candidates have no column cost")
    if asked.by_capacity and sites.capacity is None:
        yield Text("候选点表或已有网点表缺少列 capacity（容量，人）", "no column capacity (people)")
    if asked.has_quota and "town" not in sites.labels:
        yield Text("候选点表缺少列 town（乡镇）", "the candidates have no column town")
    kinds = set(sites.labels.get("kind", ()))
    for kind in asked.limit_of_kind:
        if kind not in kinds:
            there = "、".join(sorted(kinds - {""})) or "无"
            yield Text(f"没有类别为 {kind} 的网点（现有：{there}）", f"no site is of kind {kind}")
