"""Which sets of sites may be chosen: how many, for how much, and how many in each town."""

from dataclasses import dataclass, replace

import numpy as np

from circle15.planning.arrays import F64, I64

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


def dearest(rules: Rules, value: F64) -> tuple[float, F64]:
    """Bound the sum of `value` (n, not negative) over any allowed choice from above.

    Exact without money; with a budget the last site is taken in part and towns are left out.
    Also gives the share (0 to 1) in which each candidate is taken.
    """
    if rules.has_budget():
        return _knapsack(rules, value)
    if rules.has_quota():
        return _by_town(rules, value)
    taken = np.zeros(len(value))
    count = min(rules.count, len(value))
    if count > 0:
        taken[np.argpartition(-value, count - 1)[:count]] = 1.0
    return float(value @ taken), taken


def _by_town(rules: Rules, value: F64) -> tuple[float, F64]:
    """Take each town's least, then the best its caps allow: a matroid, so greedy is exact."""
    taken = np.zeros(len(value))
    left = rules.count
    in_town = np.zeros(len(rules.at_least), np.int64)
    order = np.argsort(-value, kind="stable")
    for wanted in (rules.at_least, rules.at_most):
        for row in order:
            town = rules.town[row]
            if left > 0 and taken[row] == 0.0 and in_town[town] < wanted[town]:
                taken[row] = 1.0
                in_town[town] += 1
                left -= 1
    return float(value @ taken), taken


def _knapsack(rules: Rules, value: F64) -> tuple[float, F64]:
    """Fill the budget by value for money; with a count as well, the better of the two bounds."""
    free = rules.cost <= 0.0
    ratio = np.where(free, np.inf, value / np.where(free, 1.0, rules.cost))
    order = np.argsort(-ratio, kind="stable")
    spent = np.cumsum(rules.cost[order])
    share = np.clip((rules.budget - (spent - rules.cost[order])), 0.0, None)
    part = np.where(free[order], 1.0, share / np.where(free[order], 1.0, rules.cost[order]))
    taken = np.zeros(len(value))
    taken[order] = np.minimum(part, 1.0)
    by_money = float(value @ taken)
    if rules.count < len(value):
        top = float(np.sort(value)[::-1][: rules.count].sum())
        if top < by_money:
            return top, (value >= np.sort(value)[::-1][rules.count - 1]).astype(np.float64)
    return by_money, taken
