"""Runs that are killed, stopped while they work, or killed again and again."""

import pytest
from tests.factories import AT
from tests.plans import places
from tests.plans.test_actions import ask, computed

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.plans import waiting
from circle15.plans.models import Plan
from circle15.plans.states import MOST_ATTEMPTS, PlanState
from circle15.plans.waiting import work_off

pytestmark = pytest.mark.django_db


def killed(**fields) -> Plan:
    """Leave a plan as a killed process does."""
    plan = ask()
    with area_scope(EVERYWHERE):
        Plan.objects.filter(pk=plan.pk).update(state=PlanState.WORKING, **fields)
    return plan


def test_a_killed_run_is_taken_up_again() -> None:
    places.county()
    plan = computed(killed(attempts=1))
    assert (plan.state, plan.attempts) == (PlanState.DONE, 2)


def test_a_run_killed_three_times_is_given_up_and_says_why() -> None:
    places.county()
    plan = computed(killed(attempts=MOST_ATTEMPTS))
    assert plan.state == PlanState.FAILED
    assert "中断" in plan.problems[0]["zh"]


def test_a_killed_run_that_was_to_stop_stops() -> None:
    places.county()
    assert computed(killed(attempts=1, cancel_asked=True)).state == PlanState.CANCELLED


def test_a_run_at_work_looks_up_and_stops() -> None:
    places.county()
    plan = killed(cancel_asked=True)
    note = waiting._progress(plan)
    with pytest.raises(waiting.Cancelled):
        note(3, 10)
    with area_scope(EVERYWHERE):
        fresh = Plan.objects.get(pk=plan.pk)
    assert (fresh.done, fresh.todo) == (3, 10)


def test_nothing_waits_nothing_is_done() -> None:
    assert work_off(at=AT) == 0
