"""Which sets of sites may be chosen: how many, for how much, and how many in each town."""

from dataclasses import dataclass, replace

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.compiled import compiled

NO_CAP = 1 << 40

RuleParts = tuple[F64, float, int, I64, I64, I64]
"""Cost, budget, count, town, at_least, at_most of Rules."""


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """What a choice among n candidates must keep to; `parts` is what kernels take.

    `cost`: (n) of each, sum at most `budget`. At most `count` sites. `town`: (n) number of the
    town of each; in town t at least `at_least[t]` and at most `at_most[t]`.
    """

    cost: F64
    budget: float
    count: int
    town: I64
    at_least: I64
    at_most: I64

    def has_quota(self) -> bool:
        """Tell whether any town asks for or caps sites."""
        return bool(np.any(self.at_least > 0) or np.any(self.at_most < self.size))

    @property
    def size(self) -> int:
        """How many candidates there are."""
        return len(self.cost)

    def has_budget(self) -> bool:
        """Tell whether money binds at all."""
        return bool(self.cost.sum() > self.budget)

    def among(self, rows: I64) -> "Rules":
        """Keep only some candidates."""
        return replace(self, cost=self.cost[rows], town=self.town[rows])

    def parts(self) -> RuleParts:
        """Give the fields in order: the cache of compiled code is not to name this class."""
        return self.cost, self.budget, self.count, self.town, self.at_least, self.at_most

    def allows(self, rows: I64) -> bool:
        """Tell whether a choice keeps to everything."""
        in_town = np.bincount(self.town[rows], minlength=len(self.at_least))
        return bool(
            len(rows) <= self.count
            and self.cost[rows].sum() <= self.budget * (1 + 1e-12) + 1e-9
            and np.all(in_town >= self.at_least)
            and np.all(in_town <= self.at_most)
        )


def no_rules(size: int, count: int) -> Rules:
    """Make rules with nothing but a number of sites."""
    return Rules(
        cost=np.ones(size),
        budget=np.inf,
        count=count,
        town=np.zeros(size, np.int64),
        at_least=np.zeros(1, np.int64),
        at_most=np.full(1, NO_CAP, np.int64),
    )


@compiled
def dearest(rules: RuleParts, value: F64) -> tuple[float, F64]:
    """Bound the sum of `value` (n, not negative) over any allowed choice from above.

    Exact without money; with a budget the last site is taken in part and towns are left out.
    Also gives the share (0 to 1) in which each candidate is taken.
    """
    cost, budget, count, _, at_least, at_most = rules
    if cost.sum() > budget:
        return _knapsack(cost, budget, count, value)
    if np.any(at_least > 0) or np.any(at_most < len(cost)):
        return _by_town(rules, value)
    return _most_valued(count, value)


@compiled
def _most_valued(count: int, value: F64) -> tuple[float, F64]:
    """Take the best by number alone; of equal ones the first."""
    taken = np.zeros(len(value))
    if count >= len(value):
        taken[:] = 1.0
        return value.sum(), taken
    if count <= 0:
        return 0.0, taken
    last = np.partition(value, len(value) - count)[len(value) - count]
    earned, left = 0.0, count
    for row in range(len(value)):
        if value[row] > last:
            taken[row] = 1.0
            earned += value[row]
            left -= 1
    for row in range(len(value)):
        if left > 0 and value[row] == last:
            taken[row] = 1.0
            earned += last
            left -= 1
    return earned, taken


@compiled
def _by_town(rules: RuleParts, value: F64) -> tuple[float, F64]:
    """Take each town's least, then the best its caps allow: a matroid, so greedy is exact."""
    _, _, left, towns, at_least, at_most = rules
    taken = np.zeros(len(value))
    in_town = np.zeros(len(at_least), np.int64)
    order = np.argsort(-value, kind="mergesort")
    for wanted in (at_least, at_most):
        for row in order:
            town = towns[row]
            if left > 0 and taken[row] == 0.0 and in_town[town] < wanted[town]:
                taken[row] = 1.0
                in_town[town] += 1
                left -= 1
    return (value * taken).sum(), taken


@compiled
def _knapsack(cost: F64, budget: float, count: int, value: F64) -> tuple[float, F64]:
    """Fill the budget by value for money; with a count as well, the better of the two bounds."""
    ratio = np.empty(len(value))
    for row in range(len(value)):
        ratio[row] = value[row] / cost[row] if cost[row] > 0.0 else np.inf
    taken, left, by_money = np.zeros(len(value)), budget, 0.0
    for row in np.argsort(-ratio, kind="mergesort"):
        fee = cost[row]
        taken[row] = 1.0 if fee <= 0.0 else min(max(left, 0.0) / fee, 1.0)
        by_money += taken[row] * value[row]
        left -= fee
    if count < len(value):
        by_number, best = _most_valued(count, value)
        if by_number < by_money:
            return by_number, best
    return by_money, taken
