"""Finds good medians fast: add the best, then exchange, then shake and mend again."""

import numpy as np

from circle15.planning.arrays import F64, I64, U32, Mask
from circle15.planning.compiled import compiled
from circle15.planning.siting.rules import RuleParts

TINY = 1e-9


PairParts = tuple[I64, U32, F64, I64, U32, F64, F64]
"""Who can be served by whom, both ways; `cost` is people times cost.

By site: `first` (n + 1), `demand`, `cost`. By demand point, nearest first: `by_first` (m + 1),
`site`, `by_cost`. `base`: (m) with the sites open in any case.
"""

State = tuple[Mask, I64, F64, F64, F64, I64]
"""Who serves whom now.

`is_open`: (n). `one`: (m) the nearest open site, -1 the base; `now`, `next_best`: (m) the two
least costs. `sums`: sites open, money spent. `in_town`: sites by town.
"""


@compiled
def _assign(pairs: PairParts, s: State, j: int) -> None:
    """Look up the two nearest open sites of one demand point."""
    _, _, _, by_first, site, by_cost, base = pairs
    is_open, one, now, next_best, _, _ = s
    one[j] = -1
    least, second = base[j], np.inf
    for p in range(by_first[j], by_first[j + 1]):
        i = int(site[p])
        if not is_open[i]:
            continue
        price = by_cost[p]
        if one[j] < 0 and price < least:
            one[j], least, second = i, price, least
        elif price < second:
            second = price
            break
    now[j], next_best[j] = least, second


@compiled
def _turn(pairs: PairParts, rules: RuleParts, s: State, i: int, opens: bool) -> None:  # noqa: FBT001 -- kernel
    """Open or close a site and look its demand up again."""
    first, demand, _, _, _, _, _ = pairs
    fee, _, _, town, _, _ = rules
    is_open, _, _, _, sums, in_town = s
    sign = 1 if opens else -1
    is_open[i] = opens
    sums[0] += sign
    sums[1] += sign * fee[i]
    in_town[town[i]] += sign
    for p in range(first[i], first[i + 1]):
        _assign(pairs, s, int(demand[p]))


@compiled
def _worth(pairs: PairParts, s: State, i: int, spared: F64) -> float:
    """Give what opening site i saves; in `spared`, what closing each open one then costs less."""
    first, demand, cost, _, _, _, _ = pairs
    _, one, now, next_best, _, _ = s
    saved = 0.0
    for p in range(first[i], first[i + 1]):
        j = demand[p]
        price, least, second = cost[p], now[j], next_best[j]
        if price < least:
            saved += least - price
            if one[j] >= 0:
                spared[one[j]] += second - least
        elif price < second and one[j] >= 0:
            spared[one[j]] += second - price
    return saved


@compiled
def _may_open(rules: RuleParts, s: State, i: int) -> bool:
    fee, budget, count, town, _, at_most = rules
    is_open, _, _, _, sums, in_town = s
    allowed: bool = (
        not is_open[i]
        and sums[0] < count
        and sums[1] + fee[i] <= budget + TINY
        and in_town[town[i]] < at_most[town[i]]
    )
    return allowed


@compiled
def _may_swap(rules: RuleParts, s: State, o: int, i: int) -> bool:
    fee, budget, _, town, at_least, at_most = rules
    _, _, _, _, sums, in_town = s
    if sums[1] - fee[o] + fee[i] > budget + TINY:
        return False
    old, new = town[o], town[i]
    if old == new:
        return True
    allowed: bool = in_town[old] > at_least[old] and in_town[new] < at_most[new]
    return allowed


@compiled
def _fill(pairs: PairParts, rules: RuleParts, s: State, by_money: bool) -> None:  # noqa: FBT001 -- kernel
    """Open the site that saves most (for its money) while one is allowed."""
    fee, _, _, _, _, _ = rules
    is_open, _, _, _, _, _ = s
    scratch = np.zeros(len(is_open))
    while True:
        best, most = -1, 0.0
        for i in range(len(is_open)):
            if not _may_open(rules, s, i):
                continue
            saved = _worth(pairs, s, i, scratch)
            if by_money:
                saved /= max(fee[i], TINY)
            if saved > most * (1 + TINY) + TINY:
                best, most = i, saved
        if best < 0:
            return
        _turn(pairs, rules, s, best, True)


@compiled
def _losses(s: State) -> F64:
    """Give what closing each open site costs."""
    is_open, one, now, next_best, _, _ = s
    loss = np.zeros(len(is_open))
    for j in range(len(one)):
        if one[j] >= 0:
            loss[one[j]] += next_best[j] - now[j]
    return loss


@compiled
def _exchange(pairs: PairParts, rules: RuleParts, s: State) -> None:
    """Exchange one site for another while that saves, each time the best partner of the next."""
    is_open, _, _, _, _, _ = s
    spared = np.zeros(len(is_open))
    idle, i = 0, 0
    loss = _losses(s)
    while idle < len(is_open):
        idle += 1
        if not is_open[i]:
            spared[:] = 0.0
            saved = _worth(pairs, s, i, spared)
            best, most = -1, TINY * (1 + abs(saved))
            for o in range(len(is_open)):
                net = saved + spared[o] - loss[o]
                if is_open[o] and net > most and _may_swap(rules, s, o, i):
                    best, most = o, net
            if best >= 0:
                _turn(pairs, rules, s, best, False)
                _turn(pairs, rules, s, i, True)
                loss = _losses(s)
                idle = 0
        i = i + 1 if i + 1 < len(is_open) else 0


@compiled
def _total(s: State) -> float:
    _, _, now, _, _, _ = s
    total = 0.0
    for j in range(len(now)):
        total += now[j]
    return total


@compiled
def _set_to(pairs: PairParts, rules: RuleParts, s: State, goal: Mask) -> None:
    is_open, _, _, _, _, _ = s
    for i in range(len(goal)):
        if is_open[i] and not goal[i]:
            _turn(pairs, rules, s, i, False)
    for i in range(len(goal)):
        if goal[i] and not is_open[i]:
            _turn(pairs, rules, s, i, True)


@compiled
def _mended(pairs: PairParts, rules: RuleParts, s: State) -> float:
    _fill(pairs, rules, s, False)
    _exchange(pairs, rules, s)
    _fill(pairs, rules, s, False)
    return _total(s)


@compiled
def _begun(pairs: PairParts, rules: RuleParts, s: State, least: I64) -> None:
    """Open each town's least; with a budget, start from the better of the two greedy orders."""
    _, budget, _, _, _, _ = rules
    is_open, one, _, _, _, _ = s
    goal = np.zeros(len(is_open), np.bool_)
    for i in least:
        goal[i] = True
    for j in range(len(one)):
        _assign(pairs, s, j)
    _set_to(pairs, rules, s, goal)
    if budget == np.inf:
        return
    _fill(pairs, rules, s, True)
    by_money, total = is_open.copy(), _total(s)
    _set_to(pairs, rules, s, goal)
    _fill(pairs, rules, s, False)
    if total < _total(s):
        _set_to(pairs, rules, s, by_money)


@compiled
def interchange(pairs: PairParts, rules: RuleParts, s: State, least: I64, draws: F64) -> Mask:
    """Search from nothing; `draws` (turns, sites) tells by lot what each shake takes out."""
    _, _, _, town, at_least, _ = rules
    is_open, _, _, _, _, in_town = s
    _begun(pairs, rules, s, least)
    lowest = _mended(pairs, rules, s)
    best = is_open.copy()
    for turn in range(len(draws)):
        chosen = np.flatnonzero(is_open)
        for lot in draws[turn]:
            if len(chosen) == 0:
                break
            o = chosen[min(int(lot * len(chosen)), len(chosen) - 1)]
            if is_open[o] and in_town[town[o]] > at_least[town[o]]:
                _turn(pairs, rules, s, o, False)
        total = _mended(pairs, rules, s)
        if total < lowest - TINY * abs(lowest):
            lowest, best = total, is_open.copy()
        else:
            _set_to(pairs, rules, s, best)
    return best
