"""From a question to arrays: what is reached, what is open already, what is left to choose."""

from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I64, Mask
from circle15.planning.siting.question import Question
from circle15.planning.siting.reduce import Sets, chosen_sets
from circle15.planning.siting.rules import NO_CAP, Rules
from circle15.planning.travel.model import Reach


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """`sites`: by row of the Reach, the demand within its limit; `cost`: (pairs) of each.

    `weight`: (m) people. `kept`: rows open in any case (existing and forced), `free`: rows to
    choose from, both ascending. `rules`: about `free`, what is kept already counted.
    """

    sites: Sets
    cost: F64
    weight: F64
    kept: I64
    free: I64
    rules: Rules

    def reached(self, rows: I64) -> Mask:
        """Tell which demand some rows reach."""
        mask = np.zeros(len(self.weight), np.bool_)
        mask[chosen_sets(self.sites, rows).member] = True
        return mask


def prepare(reach: Reach, weight: F64, question: Question) -> Prepared:
    """Apply the limits and set apart what can't be chosen any more."""
    sites, cost = _within_limits(reach, question.limit)
    kept = np.array(sorted({*question.existing, *question.forced}), np.int64)
    closed = np.zeros(reach.site_count, np.bool_)
    closed[kept] = True
    closed[list(question.forbidden)] = True
    free = np.flatnonzero(~closed)
    return Prepared(
        sites, cost, weight.astype(np.float64), kept, free, _rules(question, kept, free)
    )


def _within_limits(reach: Reach, limit: F64 | None) -> tuple[Sets, F64]:
    first, member = reach.first.astype(np.int64), reach.demand.astype(np.uint32)
    cost = reach.cost.astype(np.float64)
    if limit is None:
        return Sets(first, member), cost
    row = np.repeat(np.arange(reach.site_count), np.diff(first))
    near = cost <= limit[row]
    lengths = np.bincount(row[near], minlength=reach.site_count)
    first = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=first[1:])
    return Sets(first, member[near]), cost[near]


def _rules(question: Question, kept: I64, free: I64) -> Rules:
    new = np.array(sorted(set(question.forced) - set(question.existing)), np.int64)
    cost = np.ones(len(free)) if question.cost is None else question.cost[free]
    spent = 0.0 if question.cost is None else float(question.cost[new].sum())
    town, at_least, at_most = _quotas(question, kept, np.concatenate((new, free)), free)
    return Rules(
        cost=np.ascontiguousarray(cost, np.float64),
        budget=np.inf if question.budget is None else max(0.0, question.budget - spent),
        count=NO_CAP if question.sites is None else max(0, question.sites - len(new)),
        town=town,
        at_least=at_least,
        at_most=at_most,
    )


def _quotas(question: Question, kept: I64, candidates: I64, free: I64) -> tuple[I64, I64, I64]:
    """Give every town a number; what is kept counts toward its least and its most."""
    if question.town is None:
        return np.zeros(len(free), np.int64), np.zeros(1, np.int64), np.full(1, NO_CAP, np.int64)
    names, number = np.unique(np.array(question.town), return_inverse=True)
    used = np.bincount(number[kept], minlength=len(names))
    most = NO_CAP if question.at_most_per_town is None else question.at_most_per_town
    has_any = np.bincount(number[candidates], minlength=len(names)) > 0
    at_least = np.where(has_any, np.maximum(0, question.at_least_per_town - used), 0)
    at_most = np.maximum(0, most - used)
    return number[free].astype(np.int64), at_least.astype(np.int64), at_most.astype(np.int64)
