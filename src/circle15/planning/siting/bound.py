"""How much any choice can cover at most: a Lagrangian bound found by subgradient steps."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I64, U32
from circle15.planning.compiled import compiled
from circle15.planning.siting.covering import Covering
from circle15.planning.siting.rules import dearest

Progress = Callable[[int, int], None]

STEPS = 600
PATIENCE = 15
SHORTER = 0.7
MEMORY = 0.8
SHORTEST = 1e-4
NOTHING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """`value`: no choice covers more. `price`: (m) what it was found at; `worth`: (n) by site."""

    value: float
    price: F64
    worth: F64


@compiled
def site_sums(first: I64, member: U32, price: F64) -> F64:
    """Sum the prices of what each site covers."""
    sums = np.empty(len(first) - 1)
    for i in range(len(sums)):
        total = 0.0
        for p in range(first[i], first[i + 1]):
            total += price[member[p]]
        sums[i] = total
    return sums


@compiled
def times_covered(first: I64, member: U32, taken: F64, groups: int) -> F64:
    """Add up for each group the shares of the sites that cover it."""
    times = np.zeros(groups)
    for i in range(len(taken)):
        if taken[i] > 0.0:
            for p in range(first[i], first[i + 1]):
                times[member[p]] += taken[i]
    return times


def bound(
    problem: Covering, known: float, *, steps: int = STEPS, progress: Progress | None = None
) -> Bound:
    """Bound the people any allowed choice covers; `known`: what a choice at hand covers.

    Each group may be counted without being covered at its price, and a site earns the prices of
    its groups: for any prices, that relaxation is worth at least the best choice. Prices move
    against what the best sites of the moment cover twice or not at all, in steps that scale with
    the people of a group and keep part of the last direction.
    """
    weight = problem.weight
    price, best = weight.copy(), at_price(problem, weight.copy())
    drift, length, patience = np.zeros_like(weight), 1.0, 0
    for turn in range(steps):
        worth = site_sums(problem.sites.first, problem.sites.member, price)
        earned, taken = dearest(problem.rules, worth)
        value = float((weight - price).sum()) + earned
        patience = 0 if value < best.value - 1e-3 * (best.value - known) else patience + 1
        if value < best.value:
            best = Bound(value, price.copy(), worth)
        if patience >= PATIENCE:
            length, patience = length * SHORTER, 0
        drift = _direction(problem, price, taken, drift)
        steep = float((drift * drift * weight).sum())
        if progress is not None:
            progress(turn + 1, steps)
        if steep <= NOTHING or length < SHORTEST or best.value - known <= NOTHING * weight.sum():
            break
        price -= length * (value - known) / steep * drift * weight
        np.clip(price, 0.0, weight, out=price)
    return best


def at_price(problem: Covering, price: F64) -> Bound:
    """Give the bound at some prices, 0 <= price <= weight."""
    worth = site_sums(problem.sites.first, problem.sites.member, price)
    earned, _ = dearest(problem.rules, worth)
    return Bound(float((problem.weight - price).sum()) + earned, price, worth)


def _direction(problem: Covering, price: F64, taken: F64, drift: F64) -> F64:
    sites = problem.sites
    slope = times_covered(sites.first, sites.member, taken, len(price)) - 1.0 + MEMORY * drift
    slope[(price <= 0.0) & (slope > 0.0)] = 0.0
    slope[(price >= problem.weight) & (slope < 0.0)] = 0.0
    return slope


def worth_keeping(problem: Covering, found: Bound, known: float) -> I64:
    """Name the candidates that can be in a choice that covers more than `known`.

    One whose worth is so far below the last one taken that taking it in its place pushes the
    bound to `known` or lower is in no better choice. Only told where nothing but a number binds.
    """
    rules = problem.rules
    rows = np.arange(rules.size)
    if rules.has_budget() or rules.has_quota() or rules.count >= rules.size:
        return rows
    last = np.partition(found.worth, -rules.count)[-rules.count]
    with_it = found.value - np.maximum(last - found.worth, 0.0)
    kept: I64 = rows[with_it > known - 1e-9 * max(1.0, known)]
    return kept
