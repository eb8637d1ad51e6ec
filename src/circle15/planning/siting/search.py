"""Finds a good cover fast: greedy, then swaps, then shaken and mended again and again."""

import numpy as np

from circle15.planning.arrays import F64, I64, U32, Mask
from circle15.planning.compiled import compiled
from circle15.planning.siting.covering import Covering
from circle15.planning.siting.rules import RuleParts, Rules

TINY = 1e-9
WORK = 2_500_000_000
FEWEST_ROUNDS, MOST_ROUNDS = 10, 3_000
SHAKEN, MOST_SHAKEN = 0.3, 16


Cover = tuple[I64, U32, I64, U32, F64]
"""By site: `first`, `group`; by group: `by_first`, `by`; `weight` of the groups."""

State = tuple[Mask, I64, I64, F64, F64, I64, F64, F64]
"""What each choice would gain or lose, kept up to date with every change.

`is_open`: (n) chosen; `times`: (m) how many chosen sites cover each group; `mark`: (m) their
numbers xored, so that a lone one is known at once. `gain`: (n) people a site would add, `loss`:
(n) people only this chosen one covers. `in_town`: sites by town. `sums`: sites chosen, money
spent, people covered. `extra`: (n) scratch, all zero between calls.
"""


def search(problem: Covering, start: I64, draws: F64, *, enough: float = np.inf) -> I64:
    """Improve a choice (or an empty one) as far as `draws` (rounds, sites) allows; ascending.

    Stops early when `enough` people are covered.
    """
    sites, groups, rules = problem.sites, problem.groups, problem.rules
    cover = (sites.first, sites.member, groups.first, groups.member, problem.weight)
    least = cheapest_least(rules)
    best = _search(cover, rules.parts(), _nothing_open(problem), start, least, draws, enough)
    return np.flatnonzero(best).astype(np.int64)


def draw(rng: np.random.Generator, turns: int, chosen: int) -> F64:
    """Draw by lot which sites each of the shakes takes out."""
    return rng.random((turns, int(np.clip(round(chosen * SHAKEN), 1, MOST_SHAKEN))))


NONE = np.empty(0, np.int64)
NO_DRAWS = np.empty((0, 1))


def rounds(problem: Covering) -> int:
    """Give the number of shakes that takes a few seconds at most, by the size of the problem."""
    pairs = len(problem.sites.member) / max(1, problem.sites.size)
    deep = float(problem.groups.lengths().mean()) if len(problem.weight) else 0.0
    chosen = min(problem.rules.count, problem.sites.size)
    once = 3 * chosen * (pairs * deep + problem.sites.size) + 1
    return int(np.clip(WORK / once, FEWEST_ROUNDS, MOST_ROUNDS))


def _nothing_open(problem: Covering) -> State:
    sites, groups = problem.sites.size, len(problem.weight)
    row = np.repeat(np.arange(sites), problem.sites.lengths())
    people = problem.weight[problem.sites.member]
    return (
        np.zeros(sites, np.bool_),
        np.zeros(groups, np.int64),
        np.zeros(groups, np.int64),
        np.bincount(row, weights=people, minlength=sites).astype(np.float64),
        np.zeros(sites),
        np.zeros(len(problem.rules.at_least), np.int64),
        np.zeros(3),
        np.zeros(sites),
    )


def cheapest_least(rules: Rules) -> I64:
    """Choose the cheapest sites that give every town its least."""
    found: list[int] = []
    for town in np.flatnonzero(rules.at_least > 0):
        rows = np.flatnonzero(rules.town == town)
        order = np.argsort(rules.cost[rows], kind="stable")
        found.extend(rows[order[: rules.at_least[town]]].tolist())
    return np.array(sorted(found), np.int64)


@compiled
def open_site(c: Cover, rules: RuleParts, t: State, i: int) -> None:
    """Add site i to the choice."""
    first, group, by_first, by, weight = c
    fee, _, _, town, _, _ = rules
    is_open, times, mark, gain, loss, in_town, sums, _ = t
    is_open[i] = True
    sums[0] += 1
    sums[1] += fee[i]
    in_town[town[i]] += 1
    for p in range(first[i], first[i + 1]):
        j = np.int64(group[p])
        w = weight[j]
        if times[j] == 0:
            sums[2] += w
            loss[i] += w
            for q in range(by_first[j], by_first[j + 1]):
                gain[by[q]] -= w
        elif times[j] == 1:
            loss[mark[j]] -= w
        times[j] += 1
        mark[j] ^= i


@compiled
def close_site(c: Cover, rules: RuleParts, t: State, i: int) -> None:
    """Take site i out of the choice."""
    first, group, by_first, by, weight = c
    fee, _, _, town, _, _ = rules
    is_open, times, mark, gain, loss, in_town, sums, _ = t
    is_open[i] = False
    sums[0] -= 1
    sums[1] -= fee[i]
    in_town[town[i]] -= 1
    loss[i] = 0.0
    for p in range(first[i], first[i + 1]):
        j = np.int64(group[p])
        w = weight[j]
        times[j] -= 1
        mark[j] ^= i
        if times[j] == 0:
            sums[2] -= w
            for q in range(by_first[j], by_first[j + 1]):
                gain[by[q]] += w
        elif times[j] == 1:
            loss[mark[j]] += w


@compiled
def _may_open(rules: RuleParts, t: State, i: int) -> bool:
    fee, budget, count, town, _, at_most = rules
    is_open, _, _, _, _, in_town, sums, _ = t
    here = town[i]
    allowed: bool = (
        not is_open[i]
        and sums[0] < count
        and sums[1] + fee[i] <= budget + TINY
        and in_town[here] < at_most[here]
    )
    return allowed


@compiled
def _may_swap(rules: RuleParts, t: State, o: int, i: int) -> bool:
    fee, budget, _, town, at_least, at_most = rules
    is_open, _, _, _, _, in_town, sums, _ = t
    if is_open[i] or sums[1] - fee[o] + fee[i] > budget + TINY:
        return False
    old, new = town[o], town[i]
    if old == new:
        return True
    allowed: bool = in_town[old] > at_least[old] and in_town[new] < at_most[new]
    return allowed


@compiled
def _fill(c: Cover, rules: RuleParts, t: State, by_money: bool) -> None:  # noqa: FBT001 -- kernel
    """Add the best site while one is allowed and gains; by people, or by people for money."""
    fee, _, _, _, _, _ = rules
    _, _, _, gain, _, _, _, _ = t
    while True:
        best, most = -1, 0.0
        for i in range(len(gain)):
            if gain[i] <= TINY:
                continue
            worth = gain[i] / max(fee[i], TINY) if by_money else gain[i]
            # The call last: it is dear beside the comparison.
            if worth > most * (1 + TINY) and _may_open(rules, t, i):
                best, most = i, worth
        if best < 0:
            return
        open_site(c, rules, t, best)


@compiled
def _swap_out(c: Cover, rules: RuleParts, t: State, o: int) -> bool:
    """Replace site o by the one that gains most by it, if any gains."""
    first, group, by_first, by, weight = c
    _, times, _, gain, loss, _, _, extra = t
    for p in range(first[o], first[o + 1]):
        j = np.int64(group[p])
        if times[j] == 1:
            for q in range(by_first[j], by_first[j + 1]):
                extra[by[q]] += weight[j]
    best, most = -1, loss[o] * (1 + TINY) + TINY
    for i in range(len(gain)):
        worth = gain[i] + extra[i]
        if worth > most and _may_swap(rules, t, o, i):
            best, most = i, worth
    extra[:] = 0.0
    if best < 0:
        return False
    close_site(c, rules, t, o)
    open_site(c, rules, t, best)
    return True


@compiled
def _climb(c: Cover, rules: RuleParts, t: State) -> None:
    """Swap until no swap gains; what becomes free is filled."""
    is_open, _, _, _, _, _, _, _ = t
    moved = True
    while moved:
        moved = False
        for o in range(len(is_open)):
            if is_open[o] and _swap_out(c, rules, t, o):
                moved = True
        _fill(c, rules, t, False)


@compiled
def _set_to(c: Cover, rules: RuleParts, t: State, goal: Mask) -> None:
    is_open, _, _, _, _, _, _, _ = t
    for i in range(len(goal)):
        if is_open[i] and not goal[i]:
            close_site(c, rules, t, i)
    for i in range(len(goal)):
        if goal[i] and not is_open[i]:
            open_site(c, rules, t, i)


@compiled
def _shake(c: Cover, rules: RuleParts, t: State, draw: F64) -> None:
    """Take out a few sites by lot, as far as the towns' least allows."""
    _, _, _, town, at_least, _ = rules
    is_open, _, _, _, _, in_town, _, _ = t
    chosen = np.flatnonzero(is_open)
    for d in draw:
        o = chosen[min(int(d * len(chosen)), len(chosen) - 1)]
        if is_open[o] and in_town[town[o]] > at_least[town[o]]:
            close_site(c, rules, t, o)


@compiled
def _begin(c: Cover, rules: RuleParts, t: State, start: I64, least: I64) -> None:
    """Open the start; without one, take the better of greedy by people and by money."""
    _, budget, _, _, _, _ = rules
    is_open, _, _, _, _, _, sums, _ = t
    for i in start:
        open_site(c, rules, t, i)
    if len(start) > 0:
        _fill(c, rules, t, False)
        return
    for i in least:
        open_site(c, rules, t, i)
    if budget < np.inf:
        _fill(c, rules, t, True)
        by_money, people = is_open.copy(), sums[2]
        base = np.zeros(len(is_open), np.bool_)
        for i in least:
            base[i] = True
        _set_to(c, rules, t, base)
        _fill(c, rules, t, False)
        if sums[2] < people:
            _set_to(c, rules, t, by_money)
    else:
        _fill(c, rules, t, False)


@compiled
def _search(
    c: Cover,
    rules: RuleParts,
    t: State,
    start: I64,
    least: I64,
    draws: F64,
    enough: float,
) -> Mask:
    is_open, _, _, _, _, _, sums, _ = t
    _begin(c, rules, t, start, least)
    _climb(c, rules, t)
    best, most = is_open.copy(), sums[2]
    for turn in range(len(draws)):
        if most >= enough or sums[0] == 0:
            break
        _shake(c, rules, t, draws[turn])
        _fill(c, rules, t, False)
        _climb(c, rules, t)
        if sums[2] > most * (1 + TINY) + TINY:
            best, most = is_open.copy(), sums[2]
        elif sums[2] < most:
            _set_to(c, rules, t, best)
    return best
