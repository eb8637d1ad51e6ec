"""How much any choice can cover at most: a Lagrangian bound found by subgradient steps."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I64, U32
from circle15.planning.compiled import compiled
from circle15.planning.siting.covering import Covering
from circle15.planning.siting.rules import RuleParts, dearest

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


Prices = tuple[F64, F64, F64, F64, F64]
"""Of the groups: price, drift (the last direction), best price; by site its worth at that.

Last `state`: the best bound, the length of a step, steps that brought hardly anything.
"""


class Pricing:
    """Finds ever better prices; each group may be counted uncovered for its price.

    A site earns the prices of its groups, so for any prices the relaxation is worth at least the
    best choice. Prices move against what the best sites of the moment cover twice or not at all,
    in steps that scale with the people of a group and keep part of the last direction.
    """

    def __init__(self, problem: Covering) -> None:
        first, member = problem.sites
        self._cover = first, member, problem.weight
        self._rules = problem.rules.parts()
        price = problem.weight.copy()
        worth = site_sums(first, member, price)
        earned, _ = dearest(self._rules, worth)
        state = np.array((earned, 1.0, 0.0))
        self._prices: Prices = price, np.zeros_like(price), price.copy(), worth, state

    @property
    def best(self) -> Bound:
        """The best bound so far."""
        _, _, price, worth, state = self._prices
        return Bound(float(state[0]), price.copy(), worth.copy())

    def advance(
        self,
        known: float,
        steps: int,
        tell: Callable[[], None] | None = None,
        *,
        enough: float = -np.inf,
    ) -> Bound:
        """Take some steps, fewer if the bound comes down to `enough`. Gives the best bound so far.

        `known`: people a choice at hand covers.
        """
        turns, each = (1, steps) if tell is None else (steps, 1)
        for _ in range(turns):
            if tell is not None:
                tell()
            if not _advance(self._cover, self._rules, self._prices, known, enough, each):
                break
        return self.best


@compiled
def _advance(
    cover: tuple[I64, U32, F64],
    rules: RuleParts,
    prices: Prices,
    known: float,
    enough: float,
    steps: int,
) -> bool:
    """Take steps; False if there is nothing more to gain."""
    first, member, weight = cover
    price, drift, _, _, state = prices
    everyone = weight.sum()
    for _ in range(steps):
        worth = site_sums(first, member, price)
        earned, taken = dearest(rules, worth)
        value = everyone - price.sum() + earned
        _note(prices, worth, value, known)
        done = state[0] <= enough or state[0] - known <= NOTHING * everyone
        if done or state[1] < SHORTEST:
            return False
        steep = _turn(times_covered(first, member, taken, len(price)), price, weight, drift)
        if steep <= NOTHING:
            return False
        step = state[1] * (value - known) / steep
        for j in range(len(price)):
            price[j] = min(max(price[j] - step * drift[j] * weight[j], 0.0), weight[j])
    return True


@compiled
def _note(prices: Prices, worth: F64, value: float, known: float) -> None:
    """Keep the best; shorten the steps after too many that brought hardly anything."""
    price, _, best_price, best_worth, state = prices
    hardly = value >= state[0] - 1e-3 * (state[0] - known)
    state[2] = state[2] + 1.0 if hardly else 0.0
    if value < state[0]:
        state[0] = value
        best_price[:] = price
        best_worth[:] = worth
    if state[2] >= PATIENCE:
        state[1] *= SHORTER
        state[2] = 0.0


@compiled
def _turn(times: F64, price: F64, weight: F64, drift: F64) -> float:
    """Set the direction by what is covered twice or not at all; gives how steep it is."""
    steep = 0.0
    for j in range(len(price)):
        slope = times[j] - 1.0 + MEMORY * drift[j]
        if (price[j] <= 0.0 and slope > 0.0) or (price[j] >= weight[j] and slope < 0.0):
            slope = 0.0
        drift[j] = slope
        steep += slope * slope * weight[j]
    return steep


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
