"""The one door to siting: a question in, an answer with value, bound and gap out."""

from dataclasses import replace

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.problems import PlanningRefused, refuse_if_any
from circle15.planning.siting import checking
from circle15.planning.siting.bound import Progress
from circle15.planning.siting.capacity import most_served, people_served
from circle15.planning.siting.center import farthest, nearest_cost, nearest_for_all
from circle15.planning.siting.maximal import Choice, Effort, most_covered
from circle15.planning.siting.medians import least_time
from circle15.planning.siting.prepared import Prepared, prepare
from circle15.planning.siting.question import (
    Answer,
    Objective,
    Question,
    Ranked,
    relative_gap,
)
from circle15.planning.siting.remarks import remarks
from circle15.planning.siting.rules import NO_CAP
from circle15.planning.siting.setcover import cheapest_cover
from circle15.planning.travel.model import Reach
from circle15.standards.text import Text

NO_COVER = Text(
    "每镇至多的个数使应覆盖的人无法全部覆盖：放宽每镇至多，或降低覆盖比例",
    "the cap per town leaves no choice that reaches those asked for: raise it, or ask for less",
)
POPULATION_SPREAD = 0.15
SPEED_SPREAD = 0.1


# Clauses: D-13, J-05, Q-44
def solve(
    reach: Reach, weight: F64, question: Question, *, progress: Progress | None = None
) -> Answer:
    """Choose new sites. Raises PlanningRefused with all problems if the question can't be met.

    The answer says how far from the best it can be; `optimal` only where that is proven.
    """
    refuse_if_any(checking.problems(reach, weight, question))
    prepared = prepare(reach, weight, question)
    choice = _chosen(prepared, question, Effort.of(question, progress))
    rows = np.union1d(choice.rows, _forced(question)).astype(np.int64)
    value = _value(prepared, question, choice.rows)
    covered = prepared.reached(np.concatenate((prepared.kept, choice.rows)))
    people = float(prepared.weight[covered].sum())
    bound = _settled(choice.bound + _paid(question), value)
    return Answer(
        objective=question.objective,
        chosen=tuple(rows.tolist()),
        ranked=_ranked(prepared, question, rows, _stays(reach, weight, question, rows)),
        value=value,
        bound=bound,
        gap=relative_gap(value, bound),
        covered=people,
        share=people / float(prepared.weight.sum()),
        warnings=checking.warnings(prepared, question) + remarks(prepared, question, rows),
    )


def _chosen(prepared: Prepared, question: Question, effort: Effort) -> Choice:
    objective = question.objective
    if objective is Objective.LSCP:
        assert question.cover is not None, "checked"
        cover = cheapest_cover(prepared, question.cover, effort)
        if cover is None:
            raise PlanningRefused([NO_COVER])
        return cover
    if objective is Objective.MCLP and question.capacity is not None:
        return most_served(prepared, question.capacity, effort)
    if objective is Objective.MCLP:
        return most_covered(prepared, effort)
    if objective is Objective.P_MEDIAN:
        choice: Choice | None = least_time(prepared, effort)
    else:
        choice = nearest_for_all(prepared, effort)
    if choice is None or not np.isfinite(farthest(prepared, choice.rows)):
        raise PlanningRefused([_too_few(prepared, question)])
    return choice


def _settled(bound: float, value: float) -> float:
    """Take away the last digit: sums taken in another order differ there, and that is no gap."""
    return value if np.isclose(bound, value, rtol=1e-12, atol=0.0) else bound


def _too_few(prepared: Prepared, question: Question) -> Text:
    """Say how many sites it would take at least to serve everyone within the limit."""
    needed = cheapest_cover(
        replace(prepared, rules=replace(prepared.rules, count=NO_CAP, budget=np.inf)),
        1.0,
        Effort.of(question, None),
    )
    if needed is None:
        return NO_COVER
    least = f"{needed.bound:g}"
    zh = "这样选不能让所有人都在限定范围内："
    en = "not everyone can be served within the limit so: it takes at least "
    if question.cost is None:
        return Text(f"{zh}至少要新建 {least} 处", f"{en}{least} new sites")
    return Text(f"{zh}至少要花费用 {least}", f"{en}a cost of {least}")


def _forced(question: Question) -> I64:
    return np.array(sorted(set(question.forced) - set(question.existing)), np.int64)


def _paid(question: Question) -> float:
    """Give what forced sites add to the value of a cover."""
    if question.objective is not Objective.LSCP:
        return 0.0
    forced = _forced(question)
    return float(len(forced)) if question.cost is None else float(question.cost[forced].sum())


def _value(prepared: Prepared, question: Question, rows: I64) -> float:
    objective = question.objective
    if objective is Objective.LSCP:
        new = np.concatenate((rows, _forced(question)))
        return float(len(new)) if question.cost is None else float(question.cost[new].sum())
    if objective is Objective.P_CENTER:
        return farthest(prepared, rows)
    if objective is Objective.P_MEDIAN:
        counted = prepared.weight > 0.0
        return float(nearest_cost(prepared, rows)[counted] @ prepared.weight[counted])
    if question.capacity is not None:
        return people_served(prepared, question.capacity, rows)
    covered = prepared.reached(np.concatenate((prepared.kept, rows)))
    return float(prepared.weight[covered].sum())


def _ranked(
    prepared: Prepared, question: Question, rows: I64, stays: dict[int, float]
) -> tuple[Ranked, ...]:
    """Order the new sites by what each adds to those before it; existing ones come first.

    Where time counts and not cover, by the people each is the nearest open site for.
    """
    if question.objective in {Objective.P_MEDIAN, Objective.P_CENTER}:
        people = _people_by_nearest(prepared, rows)
        order = sorted(rows.tolist(), key=lambda row: (-people[row], row))
        return tuple(Ranked(row, people[row], stays.get(row)) for row in order)
    left = prepared.weight.copy()
    left[prepared.reached(np.array(question.existing, np.int64))] = 0.0
    rest, ranked = rows.tolist(), []
    while rest:
        gains = [float(left[_columns(prepared, row)].sum()) for row in rest]
        best = int(np.argmax(gains))
        row = rest.pop(best)
        left[_columns(prepared, row)] = 0.0
        ranked.append(Ranked(row, gains[best], stays.get(row)))
    return tuple(ranked)


def _people_by_nearest(prepared: Prepared, rows: I64) -> dict[int, float]:
    """Count the people each open site is the nearest for; of equally near ones the first."""
    everyone = np.union1d(prepared.kept, rows)
    best = np.full(len(prepared.weight), np.inf)
    nearest = np.full(len(prepared.weight), -1)
    for row in everyone.tolist():
        columns = _columns(prepared, row)
        cost = prepared.cost[prepared.sites.first[row] : prepared.sites.first[row + 1]]
        nearer = cost < best[columns]
        best[columns[nearer]], nearest[columns[nearer]] = cost[nearer], row
    return {row: float(prepared.weight[nearest == row].sum()) for row in everyone.tolist()}


def _columns(prepared: Prepared, row: int) -> I64:
    part = slice(prepared.sites.first[row], prepared.sites.first[row + 1])
    return prepared.sites.member[part].astype(np.int64)


def _stays(reach: Reach, weight: F64, question: Question, rows: I64) -> dict[int, float]:
    """Count in how many perturbed scenarios each site is chosen again.

    People vary by a log-normal factor, and the speed toward each site by up to a tenth; what a
    faster road would bring into reach is known only as far as the Reach goes.
    """
    if question.scenarios == 0:
        return {}
    times = dict.fromkeys(rows.tolist(), 0)
    rng = np.random.default_rng(question.seed + 1)
    for _ in range(question.scenarios):
        people = weight * rng.lognormal(0.0, POPULATION_SPREAD, len(weight))
        slower = 1.0 + rng.uniform(-SPEED_SPREAD, SPEED_SPREAD, reach.site_count)
        row = np.repeat(np.arange(reach.site_count), np.diff(reach.first))
        limit = np.full(reach.site_count, reach.limit) if question.limit is None else question.limit
        other = replace(reach, cost=reach.cost * slower[row])
        prepared = prepare(other, people, replace(question, limit=limit))
        for again in _again(prepared, question, rows):
            times[again] = times.get(again, 0) + 1
    return {row: times[row] / question.scenarios for row in rows.tolist()}


def _again(prepared: Prepared, question: Question, start: I64) -> list[int]:
    """Choose once more, quickly; what can't be covered in this scenario is let go."""
    can = prepared.reached(np.concatenate((prepared.kept, prepared.free)))
    known = replace(prepared, weight=np.where(can, prepared.weight, 0.0))
    cover = question.cover
    if cover is not None and cover < 1.0:
        share = float(known.weight.sum()) / float(prepared.weight.sum())
        question = replace(question, cover=min(1.0, cover / share))
    try:
        rows = _chosen(known, question, Effort.quick(start)).rows
    except PlanningRefused:
        return []
    return [*rows.tolist(), *_forced(question).tolist()]
