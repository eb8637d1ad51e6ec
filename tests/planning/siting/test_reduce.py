"""What is merged or left out, and that the optimum stays."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from circle15.planning.siting.bound import Pricing, worth_keeping
from circle15.planning.siting.covering import covered_weight, covering, only, without_dominated
from circle15.planning.siting.exact import minimize
from circle15.planning.siting.models import maximal
from circle15.planning.siting.reduce import Sets, dominated, first_equal, implied, turned
from circle15.planning.siting.rules import no_rules
from circle15.planning.siting.search import NO_DRAWS, NONE, search


def sets_of(*members):
    first = np.cumsum([0, *map(len, members)]).astype(np.int64)
    return Sets(first, np.array([each for row in members for each in row], np.uint32))


def best(problem):
    return -minimize(maximal(problem), start=None, time_limit_s=20.0).bound


@st.composite
def problems(draw):
    sites, groups = draw(st.integers(2, 12)), draw(st.integers(1, 15))
    rows = draw(st.lists(st.sets(st.integers(0, groups - 1)), min_size=sites, max_size=sites))
    weight = draw(st.lists(st.integers(0, 20), min_size=groups, max_size=groups))
    count = draw(st.integers(1, sites - 1))
    return sets_of(*map(sorted, rows)), np.array(weight, float), no_rules(sites, count)


def test_equal_sets_are_named_by_the_first():
    assert first_equal(sets_of([1, 2], [3], [1, 2], [], [3], [])).tolist() == [0, 1, 0, 3, 1, 3]


def test_turned_twice_is_the_same():
    sets = sets_of([0, 2], [], [1, 2])
    again = turned(turned(sets, 3), 3)
    assert (again.first.tolist(), again.member.tolist()) == ([0, 2, 2, 4], [0, 2, 1, 2])


def test_smaller_and_dearer_sites_are_dominated():
    sets = sets_of([0, 1], [0], [0, 1], [2], [])
    cost, group = np.array([2.0, 2.0, 1.0, 1.0, 1.0]), np.zeros(5, np.int64)
    found = dominated(sets, turned(sets, 3), cost, group)
    assert found.tolist() == [True, True, False, False, True]


def test_cheaper_or_other_towns_site_is_not_dominated():
    sets = sets_of([0, 1], [0], [1])
    cost, group = np.array([2.0, 1.0, 2.0]), np.array([0, 0, 1])
    assert dominated(sets, turned(sets, 2), cost, group).tolist() == [False, False, False]


def test_groups_reached_with_another_one_are_implied():
    groups = sets_of([0], [0, 1], [2, 3], [2, 3])
    assert implied(groups, turned(groups, 4)).tolist() == [False, True, False, True]


@settings(max_examples=60, deadline=None)
@given(problems())
def test_reduction_never_changes_the_optimum(problem):
    sets, weight, rules = problem
    whole = covering(sets, weight, np.arange(sets.size), rules)
    assert best(without_dominated(whole)) == best(whole)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_bound_is_never_below_the_optimum_and_keeps_a_best_choice(problem):
    sets, weight, rules = problem
    whole = covering(sets, weight, np.arange(sets.size), rules)
    rows = search(whole, NONE, NO_DRAWS)
    known, optimum = covered_weight(whole, rows), best(whole)
    found = Pricing(whole).advance(known, 60)
    assert known <= optimum <= found.value + 1e-6
    left = only(whole, worth_keeping(whole, found, known))
    assert max(known, best(left)) == optimum
