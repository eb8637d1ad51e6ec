"""Sites that serve only so many people."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.siting.small import allowed, reach_of

from circle15.planning.siting.question import Objective, Question
from circle15.planning.siting.solve import solve


def most_served(near, weight, capacity, rows):
    """Max-flow by min-cut: the least of capacity of sites in S plus people nobody else reaches."""
    best = np.inf
    for cut in range(1 << len(rows)):
        outside = [row for bit, row in enumerate(rows) if cut >> bit & 1]
        inside = [row for bit, row in enumerate(rows) if not cut >> bit & 1]
        reached = near[outside].any(axis=0) if outside else np.zeros(near.shape[1], bool)
        best = min(best, capacity[inside].sum() + weight[reached].sum())
    return best


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_answer_serves_the_most_people_that_can_be_served(data):
    sites, demand = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 6))
    cells = st.lists(st.integers(1, 9), min_size=sites * demand, max_size=sites * demand)
    cost = np.array(data.draw(cells), float).reshape(sites, demand)
    weight = 1 + np.array(
        data.draw(st.lists(st.integers(0, 9), min_size=demand, max_size=demand)), float
    )
    capacity = np.array(
        data.draw(st.lists(st.integers(0, 15), min_size=sites, max_size=sites)), float
    )
    existing = (0,) if sites > 1 and data.draw(st.booleans()) else ()
    question = Question(
        objective=Objective.MCLP,
        sites=data.draw(st.integers(1, sites - len(existing))),
        capacity=capacity,
        existing=existing,
        town=("A",) * sites,
    )
    answer = solve(reach_of(cost, 5.0), weight, question)
    choices = [sorted({*existing, *rows}) for rows in allowed(question, sites)]
    best = max(most_served(cost <= 5, weight, capacity, rows) for rows in choices)
    assert (answer.value, answer.bound, answer.status) == (best, best, "optimal")
