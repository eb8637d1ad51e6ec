"""Answer a siting plan: choose among the villages, and count who is within reach afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from circle15.planning.arrays import DS_PER_MINUTE, I64, NO_WAY, Mask
from circle15.planning.coverage.table import coverage_by
from circle15.planning.demand import Demand, Supply
from circle15.planning.network.model import Network
from circle15.planning.siting.asked import Asked
from circle15.planning.siting.capacity import people_served
from circle15.planning.siting.prepared import prepare
from circle15.planning.studies.coverage import travel_times
from circle15.planning.studies.coverage_record import Json, plain
from circle15.planning.studies.siting import SitingStudy, study_siting
from circle15.planning.studies.siting_record import siting_to_json
from circle15.planning.studies.start_points import chosen_points
from circle15.plans.inputs import Inputs
from circle15.plans.questions import BY, of_kinds
from circle15.plans.wishes import SitingWish, siting_wish

Progress = Callable[[int, int], None]
SHARE_DIGITS = 6


def siting(
    raw: Mapping[str, Any], inputs: Inputs, network: Network, progress: Progress | None
) -> Json:
    """Choose new sites; raises PlanningRefused with all that is wrong."""
    demand = inputs.demand
    wish = siting_wish(raw, demand.points.id, inputs.sites.labels["kind"])
    existing = _with_room(of_kinds(inputs.sites, wish.kinds), wish)
    candidates = _candidates(wish, demand)
    asked = _of_kinds_there(wish.asked, {wish.new_kind, *existing.labels["kind"]})
    study = study_siting(network, demand, existing, candidates, wish.mode, asked, progress)
    after = study.within_after()
    return {
        **siting_to_json(study),
        **_money(wish, study),
        **_room(wish, study),
        "reach_by_kind": {
            kind: plain(limit / DS_PER_MINUTE) for kind, limit in wish.asked.limit_of_kind.items()
        },
        "by": {name: _areas(demand, after, name) for name in BY},
        "covered_by_place": after.tolist(),
        "minutes_by_place": _minutes(study, network),
    }


def _of_kinds_there(asked: Asked, kinds: set[str]) -> Asked:
    """Leave out the limits of kinds that no site is of."""
    there = {kind: limit for kind, limit in asked.limit_of_kind.items() if kind in kinds}
    return replace(asked, limit_of_kind=there)


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


def _money(wish: SitingWish, study: SitingStudy) -> Json:
    """Say what the chosen sites cost; nothing where no cost was given."""
    if wish.cost is None:
        return {}
    chosen = [study.sites.points.id[row] for row in study.answer.chosen]
    cost = {site: wish.costs.get(site, wish.cost) for site in chosen}
    return {
        "cost_by_site": {site: plain(each) for site, each in cost.items()},
        "spent": plain(round(sum(cost.values()), SHARE_DIGITS)),
    }


def _room(wish: SitingWish, study: SitingStudy) -> Json:
    """Say whom the sites can serve within their capacities, before and after."""
    capacity = study.question.capacity
    if capacity is None:
        return {}
    today = prepare(study.reach, study.demand.weight, replace(study.question, forced=()))
    none: I64 = np.zeros(0, np.int64)
    return {
        "capacity_by_kind": {kind: plain(room) for kind, room in wish.capacity.items()},
        "served_before": plain(round(people_served(today, capacity, none), 3)),
        "served": plain(round(study.answer.value, 3)),
    }


def _minutes(study: SitingStudy, network: Network) -> list[float | None]:
    """Give the minutes from every start point to the nearest site, new ones among them."""
    rows = np.array([*range(study.kept), *study.answer.chosen], np.int64)
    sites = chosen_points(study.sites.points, rows)
    times = travel_times(network, study.demand.points, sites, study.travel)
    return minutes_of(times.time_ds, times.site)


def minutes_of(time_ds: Any, site: Any) -> list[float | None]:
    """Give minutes to two digits; None where there is no way."""
    return [
        None if each < 0 else round(int(time) / DS_PER_MINUTE, 2)
        for time, each in zip(time_ds, site, strict=True)
    ]
