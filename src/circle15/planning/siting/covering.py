"""A covering problem: candidates, the people each would reach, and what may be chosen."""

from dataclasses import dataclass, replace

import numpy as np

from circle15.planning.arrays import F64, I64, Mask
from circle15.planning.siting.reduce import Sets, chosen_sets, dominated, first_equal, turned
from circle15.planning.siting.rules import Rules


@dataclass(frozen=True, slots=True, eq=False)
class Covering:
    """n candidates over m groups of people with the same choices.

    `sites`: what each candidate covers; `groups`: by whom each group is covered; `weight`: (m)
    people. `site`: (n) number of each candidate in the question; `rules`: about the n.
    """

    sites: Sets
    groups: Sets
    weight: F64
    site: I64
    rules: Rules


def covering(sites: Sets, weight: F64, site: I64, rules: Rules) -> Covering:
    """Put a problem together; demand nobody reaches is left out, equal demand is merged."""
    groups = turned(sites, len(weight))
    return _merged(groups, weight, site, rules)


def _merged(groups: Sets, weight: F64, site: I64, rules: Rules) -> Covering:
    same = first_equal(groups)
    total = np.bincount(same, weights=weight, minlength=groups.size).astype(np.float64)
    keep = np.flatnonzero((same == np.arange(groups.size)) & (groups.lengths() > 0) & (total > 0.0))
    groups = chosen_sets(groups, keep)
    return Covering(turned(groups, len(site)), groups, total[keep], site, rules)


def only(problem: Covering, rows: I64) -> Covering:
    """Keep some candidates; groups that can't be told apart any more are merged."""
    sites = chosen_sets(problem.sites, rows)
    return covering(sites, problem.weight, problem.site[rows], problem.rules.among(rows))


def without_dominated(problem: Covering) -> Covering:
    """Leave out each candidate another one in its town covers no less with for no more money.

    A choice may hold fewer sites than allowed, so a best one without them always exists.
    """
    rules = problem.rules
    group = rules.town if rules.has_quota() else np.zeros(rules.size, np.int64)
    if np.any(rules.at_least > 0):
        return problem
    inside = dominated(problem.sites, problem.groups, rules.cost, group)
    return only(problem, np.flatnonzero(~inside)) if inside.any() else problem


def covered_weight(problem: Covering, rows: I64) -> float:
    """Sum the people covered by a choice."""
    return float(problem.weight[covered_groups(problem, rows)].sum())


def covered_groups(problem: Covering, rows: I64) -> Mask:
    """Tell which groups a choice covers."""
    mask = np.zeros(len(problem.weight), np.bool_)
    mask[chosen_sets(problem.sites, rows).member] = True
    return mask


def with_rules(problem: Covering, rules: Rules) -> Covering:
    """Ask the same with other rules."""
    return replace(problem, rules=rules)
