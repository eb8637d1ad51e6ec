"""Every answer against all choices tried one by one."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.planning.siting.small import allowed, best_value, reach_of, small_problems

from circle15.planning.problems import PlanningRefused
from circle15.planning.siting.question import Objective
from circle15.planning.siting.solve import solve

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


# Clauses: D-13, J-05, Q-44
@pytest.mark.parametrize("objective", list(Objective))
@FEW
@given(data=st.data())
def test_answer_is_the_true_optimum(objective, data):
    cost, weight, question = data.draw(small_problems(objective))
    best = best_value(cost, weight, question)
    try:
        answer = solve(reach_of(cost, 12.0), weight, question)
    except PlanningRefused:
        assert best is None or _too_many(cost, question)
        return
    assert answer.value == pytest.approx(best, rel=1e-12)
    assert (answer.bound, answer.gap, answer.status) == (answer.value, 0.0, "optimal")
    assert list(answer.chosen) in list(allowed(question, len(cost)))


def _too_many(cost, question):
    """More sites than candidates, or a least beyond the cap, is refused though less would do."""
    kept = {*question.existing, *question.forbidden}
    short = question.sites is not None and question.sites > len(cost) - len(kept)
    most = question.at_most_per_town
    towns = [question.town[row] for row in set(question.forced) | set(question.existing)]
    forced = {question.town[row] for row in question.forced}
    crowded = most is not None and any(towns.count(town) > most for town in forced)
    return short or crowded
