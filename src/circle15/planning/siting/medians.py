"""The least time of all people together (p-median): search, bound, and proof where small."""

from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I64, U32
from circle15.planning.compiled import compiled
from circle15.planning.siting.bound import MEMORY, NOTHING, PATIENCE, SHORTER, SHORTEST
from circle15.planning.siting.center import nearest_cost
from circle15.planning.siting.exact import minimize
from circle15.planning.siting.interchange import PairParts, interchange
from circle15.planning.siting.maximal import (
    FEW_SITES,
    TINY_PAIRS,
    Choice,
    Effort,
    is_small,
    settled,
)
from circle15.planning.siting.models import assignment
from circle15.planning.siting.prepared import Prepared
from circle15.planning.siting.question import relative_gap
from circle15.planning.siting.reduce import chosen_sets
from circle15.planning.siting.rules import Rules, dearest
from circle15.planning.siting.search import NO_DRAWS, NONE, cheapest_least, draw

STEPS = 500
NOT_SERVED = 100.0
"""What a person nobody serves counts, in times of the largest cost: far more than any other."""
WORK = 2_000_000_000
FEWEST_TURNS, MOST_TURNS = 10, 300


@dataclass(frozen=True, slots=True, eq=False)
class Medians:
    """n candidates over m demand points; `weight` people, `cost` of a pair without the people.

    `base`: (m) cost with what is open already, infinite where nothing is. `all_cost`: the same
    with NOT_SERVED for infinity.
    """

    first: I64
    demand: U32
    cost: F64
    weight: F64
    base: F64
    all_cost: F64
    rules: Rules


def medians_of(prepared: Prepared) -> Medians:
    """Keep pairs that are better than what is open already, and demand with people."""
    counted = np.flatnonzero(prepared.weight > 0.0)
    number = np.full(len(prepared.weight), -1)
    number[counted] = np.arange(len(counted))
    base = nearest_cost(prepared, NONE)[counted]
    sites = chosen_sets(prepared.sites, prepared.free)
    at = np.repeat(prepared.sites.first[prepared.free] - sites.first[:-1], sites.lengths())
    cost = prepared.cost[np.arange(len(sites.member)) + at]
    demand = number[sites.member]
    useful = (demand >= 0) & (cost < base[demand])
    row = np.repeat(np.arange(sites.size), sites.lengths())[useful]
    first = np.zeros(sites.size + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=sites.size), out=first[1:])
    worst = NOT_SERVED * max(1.0, float(prepared.cost.max(initial=1.0)))
    return Medians(
        first,
        demand[useful].astype(np.uint32),
        cost[useful],
        prepared.weight[counted],
        base,
        np.where(np.isfinite(base), base, worst),
        prepared.rules,
    )


def least_time(prepared: Prepared, effort: Effort) -> Choice:
    """Choose the sites with the least people-times-cost; `bound` of the whole sum."""
    problem = medians_of(prepared)
    pairs = _pairs(problem)
    turns = _turns(problem) if effort.prove else 0
    chosen = min(problem.rules.count, problem.rules.size)
    draws = draw(effort.rng, turns, chosen) if turns else NO_DRAWS
    rows = _searched(problem, pairs, draws)
    if not effort.prove:
        return Choice(prepared.free[rows], -np.inf)
    value = total_cost(problem, rows)
    limit, worth = lower_bound(problem, pairs, value)
    parts = np.concatenate((problem.weight, problem.cost, problem.all_cost))
    limit = settled(value, limit, parts, np.ceil)
    if relative_gap(value, limit) <= effort.good_enough:
        return Choice(prepared.free[rows], min(value, limit))
    keep = np.union1d(_worth_keeping(problem, worth, limit, value), rows)
    rows, limit = _proven(problem, keep, rows, limit, effort)
    return Choice(prepared.free[rows], limit)


def _turns(problem: Medians) -> int:
    """Shake as often as takes a few seconds; less where the exact solver needs no help."""
    if problem.rules.size <= FEW_SITES and len(problem.cost) <= TINY_PAIRS:
        return FEWEST_TURNS
    return int(np.clip(WORK / (20.0 * (len(problem.cost) + 1)), FEWEST_TURNS, MOST_TURNS))


def _searched(problem: Medians, pairs: PairParts, draws: F64) -> I64:
    points, sites = len(problem.weight), problem.rules.size
    nobody = (
        np.zeros(sites, np.bool_),
        np.full(points, -1, np.int64),
        np.zeros(points),
        np.zeros(points),
        np.zeros(2),
        np.zeros(len(problem.rules.at_least), np.int64),
    )
    least = cheapest_least(problem.rules)
    found = interchange(pairs, problem.rules.parts(), nobody, least, draws)
    return np.flatnonzero(found).astype(np.int64)


def _pairs(problem: Medians) -> PairParts:
    """Multiply by the people, and sort each demand point's sites by cost."""
    cost = problem.cost * problem.weight[problem.demand]
    row = np.repeat(np.arange(problem.rules.size), np.diff(problem.first))
    order = np.lexsort((row, cost, problem.demand))
    by_first = np.zeros(len(problem.weight) + 1, np.int64)
    np.cumsum(np.bincount(problem.demand, minlength=len(problem.weight)), out=by_first[1:])
    return (
        problem.first,
        problem.demand,
        cost,
        by_first,
        row[order].astype(np.uint32),
        cost[order],
        problem.all_cost * problem.weight,
    )


def total_cost(problem: Medians, rows: I64) -> float:
    """Sum people times cost to the nearest open site."""
    cost = problem.all_cost.copy()
    for row in rows:
        part = slice(problem.first[row], problem.first[row + 1])
        columns = problem.demand[part]
        cost[columns] = np.minimum(cost[columns], problem.cost[part])
    return float(cost @ problem.weight)


@compiled
def _reduced(first: I64, demand: U32, cost: F64, price: F64) -> F64:
    """Give for each site what it saves at most: prices of its demand less what serving it costs."""
    saved = np.zeros(len(first) - 1)
    for i in range(len(saved)):
        for p in range(first[i], first[i + 1]):
            saved[i] += max(0.0, price[demand[p]] - cost[p])
    return saved


@compiled
def _served_by(first: I64, demand: U32, cost: F64, price: F64, taken: F64) -> F64:
    """Add up by demand point the shares of taken sites that would serve it at its price."""
    times = np.zeros(len(price))
    for i in range(len(taken)):
        if taken[i] > 0.0:
            for p in range(first[i], first[i + 1]):
                if cost[p] < price[demand[p]]:
                    times[demand[p]] += taken[i]
    return times


def lower_bound(problem: Medians, pairs: PairParts, known: float) -> tuple[float, F64]:
    """Bound the sum from below (Lagrangian over `served once`); also what each site saves there.

    A demand point pays its price, at most what it costs with the sites open already.
    """
    first, demand, cost, _, _, _, base = pairs
    price = _second_nearest(pairs)
    best, best_saved = -np.inf, np.zeros(problem.rules.size)
    drift, length, patience = np.zeros_like(price), 1.0, 0
    for _ in range(STEPS):
        saved = _reduced(first, demand, cost, price)
        earned, taken = dearest(problem.rules.parts(), saved)
        value = float(price.sum()) - earned
        patience = 0 if value > best + 1e-3 * (known - best) else patience + 1
        if value > best:
            best, best_saved = value, saved
        if patience >= PATIENCE:
            length, patience = length * SHORTER, 0
        slope = 1.0 - _served_by(first, demand, cost, price, taken)
        drift = slope + MEMORY * drift
        drift[(price >= base) & (drift > 0.0)] = 0.0
        steep = float((drift * drift * problem.weight).sum())
        if steep <= NOTHING or length < SHORTEST or known - best <= NOTHING * abs(known):
            break
        step = length * max(known - value, NOTHING) / steep
        price = np.minimum(price + step * drift * problem.weight, base)
    return best, best_saved


def _second_nearest(pairs: PairParts) -> F64:
    """Start with what the second-nearest site would cost."""
    _, _, _, by_first, _, by_cost, base = pairs
    price = base.copy()
    has_two = np.flatnonzero(np.diff(by_first) > 1)
    price[has_two] = np.minimum(price[has_two], by_cost[by_first[has_two] + 1])
    return price


def _worth_keeping(problem: Medians, saved: F64, limit: float, known: float) -> I64:
    """Name the sites that can be in a better choice; only told where only a number binds."""
    rules = problem.rules
    if rules.has_budget() or rules.has_quota() or rules.count >= rules.size:
        return np.arange(rules.size)
    last = np.partition(saved, -rules.count)[-rules.count]
    return np.flatnonzero(limit + np.maximum(last - saved, 0.0) < known + 1e-9 * abs(known))


def _proven(
    problem: Medians, keep: I64, rows: I64, limit: float, effort: Effort
) -> tuple[I64, float]:
    """Hand what is left to the exact solver."""
    kept = np.zeros(problem.rules.size, np.bool_)
    kept[keep] = True
    row = np.repeat(np.arange(problem.rules.size), np.diff(problem.first))
    use = kept[row]
    value = total_cost(problem, rows)
    if not is_small(len(keep), int(np.count_nonzero(use))):
        return rows, min(limit, value)
    number = np.cumsum(kept) - 1
    demand, site = problem.demand[use].astype(np.int64), number[row[use]]
    model = assignment(
        demand, site, problem.cost[use], problem.weight, problem.rules.among(keep), problem.base
    )
    outcome = minimize(model, start=None, time_limit_s=effort.time_limit_s)
    if outcome.x is not None:
        better = keep[np.flatnonzero(outcome.x[: len(keep)] > 0.5)]  # noqa: PLR2004 -- 0 or 1
        if problem.rules.allows(better) and total_cost(problem, better) < value:
            rows, value = better, total_cost(problem, better)
    parts = np.concatenate((problem.weight, problem.cost, problem.all_cost))
    limit = max(limit, settled(value, outcome.bound, parts, np.ceil))
    return rows, min(limit, value)
