"""The least time of those who have farthest to go (p-center): by halving, proven both ways."""

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.siting.bound import Pricing
from circle15.planning.siting.covering import Covering, covered_weight, covering, without_dominated
from circle15.planning.siting.exact import minimize
from circle15.planning.siting.maximal import Choice, Effort, is_small, is_tiny
from circle15.planning.siting.models import fewest
from circle15.planning.siting.prepared import Prepared
from circle15.planning.siting.reduce import Sets, chosen_sets, turned
from circle15.planning.siting.search import NO_DRAWS, NONE, draw, rounds, search

STEPS, TINY_STEPS = 300, 40


def nearest_for_all(prepared: Prepared, effort: Effort) -> Choice | None:
    """Find the smallest cost within which the allowed sites reach everyone; None if none does."""
    every = _farthest_possible(prepared)
    levels = np.unique(prepared.cost[prepared.cost >= every])
    low, high, proven = 0, len(levels), 0
    rows: I64 | None = None
    while low < high:
        middle = (low + high) // 2
        if high == len(levels):
            # First whether it can be done at all.
            middle = high - 1 if rows is None and low == 0 else middle
        can, found = _can_reach(prepared, float(levels[middle]), effort)
        if can:
            high, rows = middle, found
        else:
            low = middle + 1
            proven = max(proven, low) if can is False else proven
        if effort.progress is not None:
            effort.progress(len(levels) - (high - low), len(levels))
    if rows is None:
        return None
    return Choice(rows, float(levels[min(proven, high)]))


def farthest(prepared: Prepared, rows: I64) -> float:
    """Give the cost of the one who has farthest to the nearest of some sites and those kept."""
    return float(nearest_cost(prepared, rows)[prepared.weight > 0.0].max())


def nearest_cost(prepared: Prepared, rows: I64) -> F64:
    """Give the cost of every demand point to the nearest open site; infinite if none is near."""
    cost = np.full(len(prepared.weight), np.inf)
    for row in np.concatenate((prepared.kept, rows)):
        part = slice(prepared.sites.first[row], prepared.sites.first[row + 1])
        columns = prepared.sites.member[part]
        cost[columns] = np.minimum(cost[columns], prepared.cost[part])
    return cost


def _farthest_possible(prepared: Prepared) -> float:
    """No choice does better than all sites open."""
    return farthest(prepared, prepared.free)


def _can_reach(prepared: Prepared, limit: float, effort: Effort) -> tuple[bool | None, I64]:
    """Tell whether an allowed choice reaches everyone within a cost; None if not settled."""
    problem = without_dominated(_at_level(prepared, limit))
    goal = float(problem.weight.sum())
    rows = search(problem, NONE, NO_DRAWS, enough=goal)
    if covered_weight(problem, rows) >= goal:
        return True, problem.site[rows]
    if not effort.prove:
        return None, NONE
    if not is_tiny(problem):
        draws = draw(effort.rng, rounds(problem), len(rows))
        rows = search(problem, rows, draws, enough=goal)
    if covered_weight(problem, rows) >= goal:
        return True, problem.site[rows]
    known = covered_weight(problem, rows)
    steps = TINY_STEPS if is_tiny(problem) else STEPS
    if Pricing(problem).advance(known, steps).value < goal - 1e-6:
        return False, NONE
    return _settled_exactly(problem, goal, effort)


def _settled_exactly(problem: Covering, goal: float, effort: Effort) -> tuple[bool | None, I64]:
    if not is_small(problem.rules.size, len(problem.sites.member)):
        return None, NONE
    model = fewest(problem, np.ones(problem.rules.size), None)
    outcome = minimize(model, start=None, time_limit_s=effort.time_limit_s)
    if outcome.infeasible:
        return False, NONE
    if outcome.x is None:
        return None, NONE
    rows = np.flatnonzero(outcome.x[: problem.rules.size] > 0.5)  # noqa: PLR2004 -- 0 or 1
    fits = problem.rules.allows(rows) and covered_weight(problem, rows) >= goal
    return (True, problem.site[rows]) if fits else (None, NONE)


def _at_level(prepared: Prepared, limit: float) -> Covering:
    """Ask for cover within a cost; every group counts one, so that none is worth leaving out."""
    near = prepared.cost <= limit
    row = np.repeat(np.arange(prepared.sites.size), prepared.sites.lengths())[near]
    first = np.zeros(prepared.sites.size + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=prepared.sites.size), out=first[1:])
    sites = Sets(first, prepared.sites.member[near])
    asked = (prepared.weight > 0.0).astype(np.float64)
    asked[chosen_sets(sites, prepared.kept).member] = 0.0
    problem = covering(chosen_sets(sites, prepared.free), asked, prepared.free, prepared.rules)
    ones = np.ones(len(problem.weight))
    groups = problem.groups
    return Covering(turned(groups, problem.rules.size), groups, ones, problem.site, problem.rules)
