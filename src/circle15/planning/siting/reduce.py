"""Makes a covering problem smaller without changing its optimum: equal and dominated sets."""

from typing import NamedTuple

import numpy as np

from circle15.planning.arrays import F64, I64, U32, Mask
from circle15.planning.compiled import compiled

MOST_WORK = 400_000_000

BothWays = tuple[I64, U32, I64, U32]
"""Sets and the same turned: first, member, by_first, by."""


class Sets(NamedTuple):
    """k sets of numbers: set i is `member[first[i]:first[i + 1]]`, ascending."""

    first: I64
    member: U32

    @property
    def size(self) -> int:
        """How many sets there are."""
        return len(self.first) - 1

    def lengths(self) -> I64:
        """Count the members of each set."""
        return np.diff(self.first)


def turned(sets: Sets, columns: int) -> Sets:
    """Give for each member the sets it is in."""
    return Sets(*_turned(sets.first, sets.member, columns))


@compiled
def _turned(first: I64, member: U32, columns: int) -> tuple[I64, U32]:
    begin = np.zeros(columns + 1, np.int64)
    for j in member:
        begin[j + 1] += 1
    begin = np.cumsum(begin)
    free, by = begin[:-1].copy(), np.empty(len(member), np.uint32)
    for i in range(len(first) - 1):
        for p in range(first[i], first[i + 1]):
            j = member[p]
            by[free[j]] = i
            free[j] += 1
    return begin, by


def chosen_sets(sets: Sets, keep: I64) -> Sets:
    """Keep some of the sets, in the order given."""
    return Sets(*_chosen_sets(sets.first, sets.member, keep))


@compiled
def _chosen_sets(first: I64, member: U32, keep: I64) -> tuple[I64, U32]:
    begin = np.zeros(len(keep) + 1, np.int64)
    for place in range(len(keep)):
        i = keep[place]
        begin[place + 1] = begin[place] + first[i + 1] - first[i]
    kept = np.empty(begin[-1], np.uint32)
    for place in range(len(keep)):
        i = keep[place]
        kept[begin[place] : begin[place + 1]] = member[first[i] : first[i + 1]]
    return begin, kept


def first_equal(sets: Sets) -> I64:
    """Name for each set the first one with the same members (itself if there is none)."""
    marks = _marks(sets.first, sets.member)
    order = np.lexsort((np.arange(sets.size), marks[1], marks[0], sets.lengths()))
    same: I64 = _first_equal(sets.first, sets.member, marks, order)
    return same


@compiled
def _marks(first: I64, member: U32) -> I64:
    """Two sums of scrambled numbers: equal sets have equal marks, others hardly ever."""
    marks = np.zeros((2, len(first) - 1), np.int64)
    for i in range(len(first) - 1):
        for p in range(first[i], first[i + 1]):
            x = np.uint64(member[p]) + np.uint64(0x9E3779B97F4A7C15)
            x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            marks[0, i] += np.int64(x ^ (x >> np.uint64(31)))
            marks[1, i] ^= np.int64(x * np.uint64(0xD6E8FEB86659FD93))
    return marks


@compiled
def _first_equal(first: I64, member: U32, marks: I64, order: I64) -> I64:
    """Compare each set with the one before it in the order of marks, member by member."""
    same = np.empty(len(order), np.int64)
    for place in range(len(order)):
        i = order[place]
        same[i] = i
        if place == 0:
            continue
        k = same[order[place - 1]]
        if marks[0, i] != marks[0, k] or marks[1, i] != marks[1, k]:
            continue
        if first[i + 1] - first[i] == first[k + 1] - first[k] and is_subset(first, member, i, k):
            same[i] = k
    return same


@compiled
def is_subset(first: I64, member: U32, i: int, k: int) -> bool:
    """Tell whether all members of set i are in set k."""
    q = first[k]
    end = first[k + 1]
    for p in range(first[i], first[i + 1]):
        wanted = member[p]
        while q < end and member[q] < wanted:
            q += 1
        if q == end or member[q] != wanted:
            return False
        q += 1
    return True


def dominated(sets: Sets, other: Sets, cost: F64, group: I64) -> Mask:
    """Tell which sets lie within another one of the same group that costs no more.

    Of equal ones the first stays. `other`: the same sets turned.
    """
    return _dominated((*sets, *other), cost, group)


@compiled
def _dominated(both: BothWays, cost: F64, group: I64) -> Mask:
    first, member, by_first, by = both
    inside = np.zeros(len(first) - 1, np.bool_)
    for i in range(len(inside)):
        rarest = _rarest(both, i)
        if rarest < 0:
            inside[i] = True
            continue
        for p in range(by_first[rarest], by_first[rarest + 1]):
            k = int(by[p])
            if k == i or group[k] != group[i] or cost[k] > cost[i]:
                continue
            if _comes_first(first, cost, i, k) and is_subset(first, member, i, k):
                inside[i] = True
                break
    return inside


@compiled
def _comes_first(first: I64, cost: F64, i: int, k: int) -> bool:
    """Let k stand for i: larger, or equal in size and cheaper, or equal in both and earlier."""
    larger = (first[k + 1] - first[k]) - (first[i + 1] - first[i])
    if larger != 0:
        return bool(larger > 0)
    return bool(cost[k] < cost[i] or k < i)


@compiled
def _rarest(both: BothWays, i: int) -> int:
    """Find the member of set i that is in the fewest sets; -1 if it has none."""
    first, member, by_first, by = both
    best = -1
    fewest = len(member) + len(by) + 1
    for p in range(first[i], first[i + 1]):
        j = int(member[p])
        size = by_first[j + 1] - by_first[j]
        if size < fewest:
            best, fewest = j, size
    return best


def implied(sets: Sets, other: Sets) -> Mask:
    """Tell which sets hold all of another one: to hit that one is to hit them. Equal: first stays.

    Nothing is looked for where that would take too long.
    """
    if float(sets.size) * float(other.lengths().max(initial=0)) > MOST_WORK:
        return np.zeros(sets.size, np.bool_)
    return _implied((*sets, *other))


@compiled
def _implied(both: BothWays) -> Mask:
    first, member, by_first, by = both
    holds = np.zeros(len(first) - 1, np.bool_)
    for i in range(len(holds)):
        rarest = _rarest(both, i)
        if rarest < 0 or holds[i]:
            continue
        size = first[i + 1] - first[i]
        for p in range(by_first[rarest], by_first[rarest + 1]):
            k = int(by[p])
            larger = first[k + 1] - first[k] - size
            if k == i or holds[k] or larger < 0 or (larger == 0 and k < i):
                continue
            if is_subset(first, member, i, k):
                holds[k] = True
    return holds
