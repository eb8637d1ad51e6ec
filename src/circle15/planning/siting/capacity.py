"""The most people served when a site can serve only so many (capacitated mclp).

People of one place may go to several sites.
"""

import numpy as np

from circle15.planning.arrays import F64, I64, U32
from circle15.planning.compiled import compiled
from circle15.planning.siting.exact import Model, minimize
from circle15.planning.siting.maximal import (
    Choice,
    Effort,
    cover_most,
    covering_of,
    is_small,
    settled,
)
from circle15.planning.siting.models import shares
from circle15.planning.siting.prepared import Prepared
from circle15.planning.siting.reduce import Sets, chosen_sets
from circle15.planning.siting.rules import Rules, dearest
from circle15.planning.siting.search import cheapest_least

ASSIGN_TIME_S = 60.0


def most_served(prepared: Prepared, capacity: F64, effort: Effort) -> Choice:
    """Choose the sites that serve the most people within their capacities."""
    rows = _greedy(prepared, capacity)
    if not effort.prove:
        return Choice(rows, np.inf)
    value = people_served(prepared, capacity, rows)
    limit = settled(value, _simple_bound(prepared, capacity, effort), prepared.weight, np.floor)
    model = _model(prepared, capacity, prepared.free, prepared.rules)
    if value >= limit or not is_small(len(prepared.free), len(model.cost)):
        return Choice(rows, max(value, limit))
    outcome = minimize(model, start=None, time_limit_s=effort.time_limit_s)
    if outcome.x is not None:
        taken = outcome.x[: len(prepared.free)] > 0.5  # noqa: PLR2004 -- 0 or 1
        better = prepared.free[taken]
        fits = prepared.rules.allows(np.flatnonzero(taken))
        if fits and people_served(prepared, capacity, better) > value:
            rows, value = better, people_served(prepared, capacity, better)
    parts = np.concatenate((prepared.weight, capacity))
    return Choice(rows, max(value, min(limit, settled(value, -outcome.bound, parts, np.floor))))


def people_served(prepared: Prepared, capacity: F64, rows: I64) -> float:
    """Give the most people the chosen and the kept sites can serve together (a linear program)."""
    everyone = np.concatenate((prepared.kept, rows))
    nothing = Rules(*_no_sites())
    model = _model_of(
        chosen_sets(prepared.sites, everyone), prepared.weight, capacity[everyone], nothing
    )
    outcome = minimize(model, start=None, time_limit_s=ASSIGN_TIME_S)
    assert outcome.x is not None, "serving nobody is always possible"
    served = float(outcome.x.sum())
    nearest = round(served)
    return float(nearest) if abs(served - nearest) <= 1e-6 * max(1.0, served) * 1e-3 else served


def _no_sites() -> tuple[F64, float, int, I64, I64, I64]:
    nobody = np.empty(0, np.int64)
    return np.empty(0), np.inf, 0, nobody, np.zeros(1, np.int64), np.ones(1, np.int64)


def _model(prepared: Prepared, capacity: F64, free: I64, rules: Rules) -> Model:
    everyone = np.concatenate((free, prepared.kept))
    return _model_of(
        chosen_sets(prepared.sites, everyone), prepared.weight, capacity[everyone], rules
    )


def _model_of(sites: Sets, weight: F64, capacity: F64, rules: Rules) -> Model:
    site = np.repeat(np.arange(sites.size), sites.lengths())
    demand = sites.member.astype(np.int64)
    return shares(demand, site, weight, capacity, rules, sites.size - rules.size)


def _simple_bound(prepared: Prepared, capacity: F64, effort: Effort) -> float:
    """No more are served than are covered, nor than the largest capacities add up to."""
    problem, already = covering_of(prepared)
    alone = np.minimum(capacity, _reachable(prepared))
    most, _ = dearest(prepared.rules.parts(), alone[prepared.free])
    quick = cover_most(problem, effort)
    return min(quick.bound + already, most + float(alone[prepared.kept].sum()))


def _reachable(prepared: Prepared) -> F64:
    row = np.repeat(np.arange(prepared.sites.size), prepared.sites.lengths())
    people = prepared.weight[prepared.sites.member]
    return np.bincount(row, weights=people, minlength=prepared.sites.size).astype(np.float64)


def _greedy(prepared: Prepared, capacity: F64) -> I64:
    """Open the site that can serve the most people left, serve them, and so on."""
    sites, left = prepared.sites, prepared.weight.copy()
    room = capacity.copy()
    for row in prepared.kept:
        _serve(sites.first, sites.member, left, room, row)
    rules = prepared.rules
    chosen = cheapest_least(rules).tolist()
    for number in chosen:
        _serve(sites.first, sites.member, left, room, prepared.free[number])
    while True:
        people = np.minimum(
            capacity[prepared.free], _left(sites.first, sites.member, left)[prepared.free]
        )
        people[chosen] = 0.0
        for number in np.argsort(-people, kind="stable"):
            if people[number] <= 0.0:
                return np.sort(prepared.free[chosen])
            if _fits(rules, [*chosen, int(number)]):
                chosen.append(int(number))
                _serve(sites.first, sites.member, left, room, prepared.free[number])
                break
        else:
            return np.sort(prepared.free[chosen])


def _fits(rules: Rules, rows: list[int]) -> bool:
    in_town = np.bincount(rules.town[rows], minlength=len(rules.at_most))
    within = rules.cost[rows].sum() <= rules.budget and len(rows) <= rules.count
    return bool(within and np.all(in_town <= rules.at_most))


@compiled
def _left(first: I64, member: U32, left: F64) -> F64:
    """Sum the people left by site."""
    sums = np.zeros(len(first) - 1)
    for i in range(len(sums)):
        for p in range(first[i], first[i + 1]):
            sums[i] += left[member[p]]
    return sums


@compiled
def _serve(first: I64, member: U32, left: F64, room: F64, row: int) -> None:
    """Fill the room of a site with people left, in their order."""
    for p in range(first[row], first[row + 1]):
        taken = min(left[member[p]], room[row])
        left[member[p]] -= taken
        room[row] -= taken
