"""How much any choice can cover at most: a Lagrangian bound found by subgradient steps."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I64, U32
from circle15.planning.compiled import compiled
from circle15.planning.siting.covering import Covering
from circle15.planning.siting.rules import dearest

Progress = Callable[[int, int], None]

STEPS = 800
PATIENCE = 20
SHORTER = 0.75
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


class Pricing:
    """Finds ever better prices; each group may be counted uncovered for its price.

    A site earns the prices of its groups, so for any prices the relaxation is worth at least the
    best choice. Prices move against what the best sites of the moment cover twice or not at all,
    in steps that scale with the people of a group and keep part of the last direction.
    """

    def __init__(self, problem: Covering) -> None:
        self.problem = problem
        self.best = at_price(problem, problem.weight.copy())
        self._price = problem.weight.copy()
        self._drift = np.zeros_like(self._price)
        self._length, self._patience = 1.0, 0

    def advance(self, known: float, steps: int, tell: Callable[[], None] | None = None) -> Bound:
        """Take some steps; `known`: people a choice at hand covers. Gives the best bound so far."""
        for _ in range(steps):
            if tell is not None:
                tell()
            if not self._step(known):
                break
        return self.best

    def _step(self, known: float) -> bool:
        """Take one step; False if there is nothing more to gain."""
        problem, weight = self.problem, self.problem.weight
        worth = site_sums(problem.sites.first, problem.sites.member, self._price)
        earned, taken = dearest(problem.rules, worth)
        value = float((weight - self._price).sum()) + earned
        self._note(Bound(value, self._price, worth), known)
        self._drift = _direction(problem, self._price, taken, self._drift)
        steep = float((self._drift * self._drift * weight).sum())
        done = self.best.value - known <= NOTHING * float(weight.sum())
        if done or steep <= NOTHING or self._length < SHORTEST:
            return False
        step = self._length * (value - known) / steep
        self._price = np.clip(self._price - step * self._drift * weight, 0.0, weight)
        return True

    def _note(self, found: Bound, known: float) -> None:
        """Keep the best; shorten the steps after too many that brought hardly anything."""
        enough = self.best.value - 1e-3 * (self.best.value - known)
        self._patience = 0 if found.value < enough else self._patience + 1
        if found.value < self.best.value:
            self.best = found
        if self._patience >= PATIENCE:
            self._length, self._patience = self._length * SHORTER, 0


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
