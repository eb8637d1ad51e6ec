"""Questions that can't be met: everything that is wrong, with names and reasons."""

import numpy as np
import pytest
from tests.planning.siting.small import reach_of

from circle15.planning.problems import PlanningRefused
from circle15.planning.siting.question import Objective, Question
from circle15.planning.siting.solve import solve

COST = np.array([[1.0, 9.0, 9.0], [9.0, 1.0, 9.0], [9.0, 9.0, 9.0]])
PEOPLE = np.array([10.0, 20.0, 30.0])
NAMED = {"site_id": ("north", "south", "far"), "demand_id": ("A", "B", "C")}


def refused(weight=PEOPLE, **question):
    with pytest.raises(PlanningRefused) as caught:
        solve(reach_of(COST, 5.0), weight, Question(**NAMED, **question))
    return [problem.en for problem in caught.value.problems]


def test_more_sites_than_candidates():
    found = refused(objective=Objective.MCLP, sites=4)
    assert found == ["4 sites asked for, only 3 candidates to choose from"]


def test_everything_wrong_is_named_at_once():
    found = refused(
        np.array([1.0, -1.0, np.nan]),
        objective=Objective.MCLP,
        sites=0,
        cover=0.5,
        forced=(0,),
        forbidden=(0,),
        cost=np.array([-1.0, 0.0, 0.0]),
    )
    assert found == [
        "2 demand points have a negative or no number of people: B, C",
        "`cover` is for lscp only",
        "at least 1 site: 0",
        "cost is negative or no number: north",
        "both kept and forbidden: north",
    ]


def test_cover_that_nobody_can_give_names_the_demand_and_why():
    assert refused(objective=Objective.LSCP, cover=0.9, forbidden=(1,)) == [
        (
            "infeasible: all candidates together reach 16.67% of the people; "
            "2 demand points can't be reached"
        ),
        "no candidate within the limit: C",
        "only forbidden candidates are near: B",
    ]


@pytest.mark.parametrize("objective", [Objective.P_MEDIAN, Objective.P_CENTER])
def test_everyone_must_be_served_within_the_limit(objective):
    found = refused(np.array([1.0, 1.0, 0.0]), objective=objective, sites=1)
    assert found == [
        "not everyone can be served within the limit so: it takes at least 2 new sites"
    ]


def test_forced_sites_must_fit_number_and_budget():
    assert refused(objective=Objective.MCLP, sites=1, forced=(0, 1)) == [
        "2 sites are forced, more than the 1 asked for"
    ]
    money = {"budget": 3.0, "cost": np.array([2.0, 2.0, 2.0])}
    assert refused(objective=Objective.MCLP, forced=(0, 1), **money) == [
        "the forced sites cost 4, over the budget 3"
    ]


def test_nobody_to_serve():
    found = refused(np.zeros(3), objective=Objective.MCLP, sites=1)
    assert found == ["nobody to serve: all weights are 0"]


def test_towns_that_lack_candidates_or_money():
    towns = {"town": ("T", "T", "U"), "at_least_per_town": 2}
    assert refused(objective=Objective.MCLP, sites=2, **towns) == [
        "U lacks candidates for at least 2 a town",
        "at least 2 a town takes 4 more, over the number of sites",
    ]


def test_idle_candidates_and_empty_villages_are_warnings():
    question = Question(objective=Objective.MCLP, sites=1, **NAMED)
    answer = solve(reach_of(COST, 5.0), np.array([10.0, 20.0, 0.0]), question)
    assert [warning.en for warning in answer.warnings] == [
        "1 candidates reach no demand within the limit: far",
        "1 demand points have no people, left out: C",
    ]


def test_nothing_left_to_gain_chooses_fewer_sites():
    answer = solve(reach_of(COST, 5.0), PEOPLE, Question(objective=Objective.MCLP, sites=3))
    assert (answer.chosen, answer.value, answer.status) == ((0, 1), 30.0, "optimal")
    assert answer.warnings[-1].en == "2 of 3 sites used: more would not make it better"
