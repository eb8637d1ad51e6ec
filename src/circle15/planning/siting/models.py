"""The siting problems as mixed-integer models for the exact solver."""

import numpy as np
from scipy.sparse import csr_array, diags_array, hstack, vstack

from circle15.planning.arrays import F64, I64, Mask
from circle15.planning.siting.covering import Covering, covered_groups
from circle15.planning.siting.exact import Model
from circle15.planning.siting.rules import NO_CAP, Rules

Rows = tuple[csr_array, F64, F64]


def maximal(problem: Covering) -> Model:
    """Cover the most people: one variable for each site, one for each group covered."""
    sites, groups = problem.rules.size, len(problem.weight)
    link = hstack((-incidence(problem), diags_array(np.ones(groups))))
    rows = _stacked(
        [
            (csr_array(link), np.full(groups, -np.inf), np.zeros(groups)),
            *_rule_rows(problem.rules, groups),
        ]
    )
    return _model(np.concatenate((np.zeros(sites), -problem.weight)), sites, rows)


def fewest(problem: Covering, cost: F64, need: float | None) -> Model:
    """Spend the least: every group covered, or (with `need`) groups of so many people."""
    sites, groups = problem.rules.size, len(problem.weight)
    if need is None:
        every = (incidence(problem), np.ones(groups), np.full(groups, np.inf))
        return _model(cost, sites, _stacked([every, *_rule_rows(problem.rules, 0)]))
    link = csr_array(hstack((-incidence(problem), diags_array(np.ones(groups)))))
    people = csr_array(np.concatenate((np.zeros(sites), problem.weight))[None, :])
    enough = (people, np.array([need]), np.array([np.inf]))
    rows = [(link, np.full(groups, -np.inf), np.zeros(groups)), enough]
    rows += _rule_rows(problem.rules, groups)
    return _model(np.concatenate((cost, np.zeros(groups))), sites, _stacked(rows))


def served(problem: Covering, rows: I64) -> F64:
    """Give a choice as a point of `maximal`, or of `fewest` with a need."""
    return np.concatenate((as_point(problem.rules.size, rows), covered_groups(problem, rows)))


def as_point(sites: int, rows: I64) -> F64:
    """Give a choice as zeros and ones."""
    point = np.zeros(sites)
    point[rows] = 1.0
    return point


def incidence(problem: Covering) -> csr_array:
    """Give the groups (rows) by the sites that cover them (columns)."""
    groups = problem.groups
    ones = np.ones(len(groups.member))
    shape = (groups.size, problem.rules.size)
    return csr_array(
        (ones, groups.member.astype(np.int32), groups.first.astype(np.int32)), shape=shape
    )


def assignment(demand: I64, site: I64, cost: F64, people: F64, rules: Rules, base: F64) -> Model:
    """Serve every demand point once at the least cost (p-median).

    One pair for each (`demand`, `site`) with `cost`; `base`: (m) what a point costs with the
    sites open already, infinite if none serves it.
    """
    sites, points, pairs = rules.size, len(people), len(demand)
    has_base = np.flatnonzero(np.isfinite(base))
    columns = sites + pairs + len(has_base)
    number = np.arange(pairs)
    once = _matrix(
        np.concatenate((demand, has_base)),
        np.concatenate((sites + number, sites + pairs + np.arange(len(has_base)))),
        np.ones(pairs + len(has_base)),
        (points, columns),
    )
    link = _matrix(
        np.concatenate((number, number)),
        np.concatenate((sites + number, site)),
        np.concatenate((np.ones(pairs), -np.ones(pairs))),
        (pairs, columns),
    )
    rows = _stacked(
        [
            (once, np.ones(points), np.ones(points)),
            (link, np.full(pairs, -np.inf), np.zeros(pairs)),
            *_rule_rows(rules, pairs + len(has_base)),
        ]
    )
    price = np.concatenate(
        (np.zeros(sites), people[demand] * cost, people[has_base] * base[has_base])
    )
    return _model(price, sites, rows)


def shares(demand: I64, site: I64, people: F64, capacity: F64, rules: Rules, kept: int) -> Model:
    """Serve the most people within capacities; people of one place may go to several sites.

    Sites `rules.size` and up (`kept` of them) are open in any case.
    """
    sites, points, pairs = rules.size, len(people), len(demand)
    number = np.arange(pairs)
    columns = sites + pairs
    once = _matrix(demand, sites + number, np.ones(pairs), (points, columns))
    free = np.flatnonzero(site < sites)
    full = _matrix(
        np.concatenate((site, np.arange(sites))),
        np.concatenate((sites + number, np.arange(sites))),
        np.concatenate((np.ones(pairs), -capacity[:sites])),
        (sites + kept, columns),
    )
    most = np.concatenate((np.zeros(sites), capacity[sites:]))
    link = _matrix(
        np.concatenate((np.arange(len(free)), np.arange(len(free)))),
        np.concatenate((sites + free, site[free])),
        np.concatenate((np.ones(len(free)), -people[demand[free]])),
        (len(free), columns),
    )
    rows = _stacked(
        [
            (once, np.full(points, -np.inf), people),
            (full, np.full(sites + kept, -np.inf), most),
            (link, np.full(len(free), -np.inf), np.zeros(len(free))),
            *_rule_rows(rules, pairs),
        ]
    )
    model = _model(np.concatenate((np.zeros(sites), -np.ones(pairs))), sites, rows)
    model.upper[sites:] = people[demand]
    return model


def _matrix(row: I64, column: I64, entry: F64, shape: tuple[int, int]) -> csr_array:
    return csr_array((entry, (row, column)), shape=shape)


def _rule_rows(rules: Rules, more_columns: int) -> list[Rows]:
    """Write the rules as rows over the sites, with zeros for the other columns."""
    entries: list[tuple[F64, float, float]] = []
    if rules.count < NO_CAP:
        entries.append((np.ones(rules.size), -np.inf, float(rules.count)))
    if rules.has_budget():
        entries.append((rules.cost, -np.inf, rules.budget))
    for town in range(len(rules.at_least)):
        here = (rules.town == town).astype(np.float64)
        if rules.at_least[town] > 0 or rules.at_most[town] < here.sum():
            entries.append((here, float(rules.at_least[town]), float(rules.at_most[town])))
    if not entries:
        return []
    matrix = np.array([np.concatenate((row, np.zeros(more_columns))) for row, _, _ in entries])
    lower = np.array([low for _, low, _ in entries])
    return [(csr_array(matrix), lower, np.array([high for _, _, high in entries]))]


def _stacked(rows: list[Rows]) -> Rows:
    matrix = csr_array(vstack([each for each, _, _ in rows], format="csr"))
    lower = np.concatenate([low for _, low, _ in rows])
    return matrix, lower, np.concatenate([high for _, _, high in rows])


def _model(cost: F64, sites: int, rows: Rows) -> Model:
    whole: Mask = np.arange(len(cost)) < sites
    return Model(cost.astype(np.float64), np.ones(len(cost)), whole, *rows)
