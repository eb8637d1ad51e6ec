"""The fewest or cheapest sites that reach everyone, or a share of the people (lscp)."""

from dataclasses import replace

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.siting.bound import (
    MEMORY,
    NOTHING,
    PATIENCE,
    SHORTER,
    SHORTEST,
    Pricing,
    site_sums,
    times_covered,
)
from circle15.planning.siting.bound import STEPS as BOUND_STEPS
from circle15.planning.siting.covering import (
    Covering,
    covered_weight,
    covering,
    with_rules,
    without_dominated,
)
from circle15.planning.siting.exact import minimize
from circle15.planning.siting.maximal import Choice, Effort, is_small, is_tiny, settled
from circle15.planning.siting.models import as_point, fewest, served
from circle15.planning.siting.prepared import Prepared
from circle15.planning.siting.question import relative_gap
from circle15.planning.siting.reduce import chosen_sets, implied, turned
from circle15.planning.siting.search import NO_DRAWS, NONE, draw, rounds, search

EVERYONE = 1.0 - 1e-12
STEPS = 400
ENOUGH = 1e-9


def cheapest_cover(prepared: Prepared, cover: float, effort: Effort) -> Choice | None:
    """Choose the cheapest sites that reach the share `cover`; rows and bound are about new ones.

    None if no choice was found, as when the towns' caps leave none.
    """
    everyone = cover >= EVERYONE
    already = prepared.reached(prepared.kept)
    weight = np.where(already, 0.0, prepared.weight)
    if everyone:
        weight = (weight > 0.0).astype(np.float64)
    sites = chosen_sets(prepared.sites, prepared.free)
    problem = covering(sites, weight, prepared.free, prepared.rules)
    if everyone:
        return fewest_for_all(_reduced(problem), effort)
    need = cover * float(prepared.weight.sum()) - float(prepared.weight[already].sum())
    return _fewest(without_dominated(problem), need * (1.0 - 1e-12), effort, need)


def fewest_for_all(problem: Covering, effort: Effort) -> Choice | None:
    """Cover every group at the least cost."""
    return _fewest(problem, float(problem.weight.sum()) * (1.0 - ENOUGH), effort, None)


def _reduced(problem: Covering) -> Covering:
    """Merge and leave out until nothing changes; every group counts one."""
    while True:
        keep = np.flatnonzero(~implied(problem.groups, problem.sites))
        groups = chosen_sets(problem.groups, keep)
        sites = turned(groups, problem.rules.size)
        smaller = without_dominated(
            covering(sites, np.ones(len(keep)), problem.site, problem.rules)
        )
        same_sites = smaller.rules.size == problem.rules.size
        if same_sites and len(smaller.weight) == len(problem.weight):
            return smaller
        problem = smaller


def _fewest(problem: Covering, goal: float, effort: Effort, need: float | None) -> Choice | None:
    """Find a cheap cover by ever smaller budgets, then bound it, then prove it."""
    cost = problem.rules.cost
    rows = _found(problem, goal, effort)
    is_cover = covered_weight(problem, rows) >= goal
    if not effort.prove:
        return Choice(problem.site[rows], -np.inf) if is_cover else None
    value = float(cost[rows].sum()) if is_cover else float(cost.sum())
    limit = 0.0 if is_tiny(problem) else _bounded(problem, goal, need, rows, value)
    is_settled = is_cover and relative_gap(value, limit) <= effort.good_enough
    if not is_settled and is_small(len(cost), len(problem.sites.member)):
        rows, limit = _proven(problem, goal, need, rows, limit, effort)
    is_cover = covered_weight(problem, rows) >= goal
    return Choice(problem.site[rows], min(limit, float(cost[rows].sum()))) if is_cover else None


def _bounded(problem: Covering, goal: float, need: float | None, rows: I64, value: float) -> float:
    """Bound the cost from below, first of all sites together, then by one site fewer."""
    limit = settled(value, cover_bound(problem, need, value), problem.rules.cost, np.ceil)
    is_cover = covered_weight(problem, rows) >= goal
    if is_cover and limit < value and _is_fewest(problem, len(rows), goal):
        return value
    return limit


def _is_fewest(problem: Covering, sites: int, goal: float) -> bool:
    """Tell whether one site fewer is proven to cover too little (where all cost the same)."""
    rules = problem.rules
    if np.any(rules.cost != 1.0):
        return False
    fewer = with_rules(problem, replace(rules, count=sites - 1))
    known = covered_weight(fewer, search(fewer, NONE, NO_DRAWS))
    return Pricing(fewer).advance(known, BOUND_STEPS).value < goal


def _proven(
    problem: Covering, goal: float, need: float | None, rows: I64, limit: float, effort: Effort
) -> tuple[I64, float]:
    """Hand it to the exact solver; give the better choice and the better bound."""
    cost = problem.rules.cost
    is_cover = covered_weight(problem, rows) >= goal
    start = as_point(len(cost), rows) if need is None else served(problem, rows)
    model = fewest(problem, cost, need)
    outcome = minimize(model, start=start if is_cover else None, time_limit_s=effort.time_limit_s)
    if outcome.x is not None:
        better = np.flatnonzero(outcome.x[: len(cost)] > 0.5)  # noqa: PLR2004 -- 0 or 1
        cheaper = not is_cover or cost[better].sum() < cost[rows].sum()
        if covered_weight(problem, better) >= goal and cheaper:
            rows = better
    value = float(cost[rows].sum())
    return rows, max(limit, settled(value, outcome.bound, cost, np.ceil))


def _found(problem: Covering, goal: float, effort: Effort) -> I64:
    """Take sites until enough is covered, leave out the needless; then try with less money."""
    rows = search(problem, NONE, NO_DRAWS, enough=goal)
    if covered_weight(problem, rows) < goal:
        return rows
    rows = _without_needless(problem, rows, goal)
    turns = rounds(problem) if effort.prove and not is_tiny(problem) else 0
    while len(rows):
        spent = float(problem.rules.cost[rows].sum())
        cheaper = replace(problem.rules, budget=min(problem.rules.budget, _less(problem, spent)))
        trial = Covering(problem.sites, problem.groups, problem.weight, problem.site, cheaper)
        draws = draw(effort.rng, turns, len(rows)) if turns else NO_DRAWS
        found = search(trial, NONE, draws, enough=goal)
        if covered_weight(problem, found) < goal or not cheaper.allows(found):
            return rows
        rows = _without_needless(problem, found, goal)
    return rows


def _less(problem: Covering, spent: float) -> float:
    """Give the next smaller budget worth trying."""
    cost = problem.rules.cost
    whole = bool(np.all(cost == np.floor(cost)))
    return spent - 1.0 if whole else spent * (1.0 - 1e-6)


def _without_needless(problem: Covering, rows: I64, goal: float) -> I64:
    """Leave out, dearest first, each site the cover holds without."""
    rules = problem.rules
    for row in rows[np.argsort(-rules.cost[rows], kind="stable")]:
        rest = rows[rows != row]
        in_town = int(np.count_nonzero(rules.town[rest] == rules.town[row]))
        if in_town >= rules.at_least[rules.town[row]] and covered_weight(problem, rest) >= goal:
            rows = rest
    return rows


def cover_bound(problem: Covering, need: float | None, known: float) -> float:
    """Bound the cost of any cover from below (Lagrangian; quotas are left out).

    With prices for the groups a site costs its own less the prices of its groups; what must be
    covered pays its price, the cheapest first where only a number of people must be.
    """
    cost, sites = problem.rules.cost, problem.sites
    size = np.maximum(sites.lengths(), 1)
    price = np.full(len(problem.weight), np.inf)
    np.minimum.at(price, sites.member, np.repeat(cost / size, sites.lengths()))
    best, drift, length, patience = 0.0, np.zeros_like(price), 1.0, 0
    for _ in range(STEPS):
        left = cost - site_sums(sites.first, sites.member, price)
        taken = (left < 0.0).astype(np.float64)
        must = _must_pay(price, problem.weight, need)
        value = float(left @ taken) + float(price @ must)
        patience = 0 if value > best + 1e-3 * (known - best) else patience + 1
        best = max(best, value)
        if patience >= PATIENCE:
            length, patience = length * SHORTER, 0
        slope = must - times_covered(sites.first, sites.member, taken, len(price))
        drift = slope + MEMORY * drift
        drift[(price <= 0.0) & (drift < 0.0)] = 0.0
        steep = float(drift @ drift)
        if steep <= NOTHING or length < SHORTEST or known - best <= NOTHING:
            break
        price = np.maximum(price + length * max(known - value, NOTHING) / steep * drift, 0.0)
    return best


def _must_pay(price: F64, weight: F64, need: float | None) -> F64:
    if need is None:
        return np.ones_like(price)
    order = np.argsort(price / weight, kind="stable")
    before = np.cumsum(weight[order]) - weight[order]
    share = np.zeros_like(price)
    share[order] = np.clip((need - before) / weight[order], 0.0, 1.0)
    return share
