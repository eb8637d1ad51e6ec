"""Answer a siting plan: choose among the villages, and count who is within reach afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from circle15.planning.arrays import DS_PER_MINUTE, I64, LONGEST_LIMIT_DS, NO_WAY, Mask
from circle15.planning.coverage.table import coverage_by
from circle15.planning.demand import Demand, Supply
from circle15.planning.network.model import Network
from circle15.planning.problems import refuse_if_any
from circle15.planning.siting.asking import asking_problems, in_one_list, question_of
from circle15.planning.siting.capacity import people_served
from circle15.planning.siting.prepared import prepare
from circle15.planning.siting.question import Answer, Question
from circle15.planning.siting.solve import solve
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.studies.asked import SitingWish as StudyWish
from circle15.planning.studies.coverage import mode_and_limit_problems, travel_times
from circle15.planning.studies.coverage_record import Json, plain
from circle15.planning.studies.siting import (
    PROVE_WITHIN_S,
    SLACK,
    SitingStudy,
    catchments_of,
    halves,
    together,
)
from circle15.planning.studies.siting_record import siting_to_json
from circle15.planning.studies.start_points import chosen_points
from circle15.planning.travel.model import Reach
from circle15.plans.inputs import Inputs
from circle15.plans.questions import BY, of_kinds
from circle15.plans.wishes import SitingWish, siting_wish

Progress = Callable[[int, int], None]
SHARE_DIGITS = 6


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """Sites of today first, villages after them, and which start points each reaches."""

    demand: Demand
    existing: Supply
    sites: Supply
    kept: int
    reach: Reach
    question: Question


def siting(
    raw: Mapping[str, Any], inputs: Inputs, network: Network, progress: Progress | None
) -> Json:
    """Choose new sites; raises PlanningRefused with all that is wrong."""
    demand = inputs.demand
    wish = siting_wish(raw, demand.points.id, inputs.sites.labels["kind"])
    first, second = halves(progress)
    ground = _ground(wish, inputs, network, first)
    answer = solve(ground.reach, demand.weight, ground.question, progress=second)
    before = _within(ground, np.arange(ground.kept))
    after = _within(ground, np.concatenate((np.arange(ground.kept), answer.chosen)))
    weight, places = demand.weight, ground.sites.points
    study = SitingStudy(
        _as_studied(wish),
        answer,
        places,
        ground.kept,
        float(weight[before].sum()),
        float(weight.sum()),
    )
    return {
        **siting_to_json(study),
        **_money(wish, answer, places.id),
        **_room(wish, ground, answer),
        "reach_by_kind": {kind: plain(minutes) for kind, minutes in _reach(wish).items()},
        "by": {name: _areas(demand, after, name) for name in BY},
        "covered_by_place": after.tolist(),
        "minutes_by_place": _minutes(ground, answer, network, wish),
    }


def _ground(
    wish: SitingWish, inputs: Inputs, network: Network, progress: Progress | None
) -> _Ground:
    demand = inputs.demand
    existing = _with_room(of_kinds(inputs.sites, wish.kinds), wish)
    sites, kept = in_one_list(_candidates(wish, demand), existing)
    there = set(sites.labels["kind"])
    of_kind = {k: limit for k, limit in wish.asked.limit_of_kind.items() if k in there}
    asked = replace(wish.asked, limit_of_kind=of_kind, time_limit_s=PROVE_WITHIN_S)
    travel = CoverageQuestion(wish.mode, wish.minutes)
    refuse_if_any([*mode_and_limit_problems(network, travel), *asking_problems(asked, sites)])
    question = _each_a_town(question_of(asked, sites, kept, demand.points.id), kept)
    farthest = min(round(asked.farthest * SLACK), LONGEST_LIMIT_DS)
    reach = catchments_of(network, demand.points, sites.points, wish.mode, farthest, progress)
    return _Ground(demand, existing, sites, kept, reach, question)


def _candidates(wish: SitingWish, demand: Demand) -> Supply:
    """Take every start point as a place where a site of the new kind could stand."""
    count = len(demand.points)
    costs = [wish.costs.get(place, wish.cost or 0.0) for place in demand.points.id]
    return Supply(
        demand.points,
        np.full(count, wish.capacity[wish.new_kind]) if wish.capacity else None,
        np.array(costs, np.float64),
        {**demand.labels, "kind": (wish.new_kind,) * count},
    )


def _with_room(sites: Supply, wish: SitingWish) -> Supply:
    if not wish.capacity:
        return sites
    room = [wish.capacity[kind] for kind in sites.labels["kind"]]
    return replace(sites, capacity=np.array(room, np.float64))


def _each_a_town(question: Question, kept: int) -> Question:
    """Give each existing site a town of its own: what is there already takes nobody's turn."""
    if question.town is None:
        return question
    own = tuple(f"\0{site}" for site in range(kept))
    return replace(question, town=own + question.town[kept:])


def _within(ground: _Ground, rows: I64) -> Mask:
    """Tell who is reached by some sites, each within the limit of its own kind."""
    assert ground.question.limit is not None
    reach, found = ground.reach, np.zeros(len(ground.demand.points), np.bool_)
    for row in rows.astype(np.int64).tolist():
        pairs = slice(int(reach.first[row]), int(reach.first[row + 1]))
        near = reach.time_ds[pairs] <= ground.question.limit[row]
        found[reach.demand[pairs][near]] = True
    return found


def _areas(demand: Demand, within: Mask, name: str) -> list[Json]:
    time_ds = np.where(within, 0, NO_WAY).astype(np.uint16)
    return [
        {
            "label": row.label,
            "start_points": row.places,
            "people": plain(row.all.people),
            "covered": plain(row.all.covered),
            "share": None if row.all.share is None else round(row.all.share, SHARE_DIGITS),
        }
        for row in coverage_by(demand, time_ds, 0, name)
    ]


def _money(wish: SitingWish, answer: Answer, names: tuple[str, ...]) -> Json:
    """Say what the chosen sites cost; nothing where no cost was given."""
    if wish.cost is None:
        return {}
    cost = {names[row]: wish.costs.get(names[row], wish.cost) for row in answer.chosen}
    spent = round(sum(cost.values()), SHARE_DIGITS)
    return {
        "cost_by_site": {site: plain(each) for site, each in cost.items()},
        "spent": plain(spent),
    }


def _room(wish: SitingWish, ground: _Ground, answer: Answer) -> Json:
    """Say whom the sites can serve within their capacities, before and after."""
    capacity = ground.question.capacity
    if capacity is None:
        return {}
    today = prepare(ground.reach, ground.demand.weight, replace(ground.question, forced=()))
    none: I64 = np.zeros(0, np.int64)
    return {
        "capacity_by_kind": {kind: plain(room) for kind, room in wish.capacity.items()},
        "served_before": plain(round(people_served(today, capacity, none), 3)),
        "served": plain(round(answer.value, 3)),
    }


def _reach(wish: SitingWish) -> dict[str, float]:
    return {kind: limit / DS_PER_MINUTE for kind, limit in wish.asked.limit_of_kind.items()}


def _minutes(
    ground: _Ground, answer: Answer, network: Network, wish: SitingWish
) -> list[float | None]:
    points = ground.demand.points
    new = np.array([row - ground.kept for row in answer.chosen], np.int64)
    after = together(ground.existing.points, chosen_points(points, new))
    times = travel_times(network, points, after, CoverageQuestion(wish.mode, wish.minutes))
    return minutes_of(times.time_ds, times.site)


def minutes_of(time_ds: Any, site: Any) -> list[float | None]:
    """Give minutes to two digits; None where there is no way."""
    return [
        None if each < 0 else round(int(time) / DS_PER_MINUTE, 2)
        for time, each in zip(time_ds, site, strict=True)
    ]


def _as_studied(wish: SitingWish) -> StudyWish:
    asked = wish.asked
    return StudyWish(
        mode=wish.mode,
        minutes=wish.minutes,
        objective=asked.objective,
        sites=asked.sites,
        cover=asked.cover,
        budget=asked.budget,
        scenarios=asked.scenarios,
        seed=asked.seed,
    )
