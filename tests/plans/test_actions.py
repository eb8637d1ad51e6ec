"""Asking for a plan, stopping it, taking it up again."""

from decimal import Decimal

import pytest
from tests import factories
from tests.factories import AT
from tests.plans import places
from tests.plans.places import COVERAGE, SITING, planner

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.plans import actions
from circle15.plans.models import Plan
from circle15.plans.refusals import CannotPlan, NoNetwork, NoStartPoints, NotInThisState
from circle15.plans.states import PlanState
from circle15.plans.waiting import work_off

pytestmark = pytest.mark.django_db


def ask(question=COVERAGE, kind="coverage", by=None):
    by = by or planner()
    with area_scope(by.area_path or "/none/"):
        return actions.ask(kind=kind, title="试算", question=question, by=by, at=AT)


def computed(plan: Plan) -> Plan:
    work_off(at=AT)
    with area_scope(EVERYWHERE):
        return Plan.objects.get(pk=plan.pk)


def verbs() -> list[str]:
    with area_scope(EVERYWHERE):
        found = Event.objects.filter(target_kind="plan").order_by("id")
        return list(found.values_list("verb", flat=True))


# Clauses: D-08, Q-70
def test_a_coverage_plan_counts_the_people_within_the_minutes() -> None:
    places.county()
    plan = computed(ask())
    assert plan.state == PlanState.DONE
    assert (plan.result["people"], plan.result["covered"]) == (1234, 1200)
    assert plan.result["groups"]["over_60"]["covered"] == 600
    assert plan.result["minutes_by_place"] == [0, 10, 20, 50]
    assert [gap["people"] for gap in plan.result["gaps"]] == [30, 4]


def test_the_same_question_on_the_same_inputs_gives_the_same_digest() -> None:
    places.county()
    first, second = computed(ask()), computed(ask())
    assert first.inputs_digest == second.inputs_digest
    assert first.result_digest == second.result_digest


def test_changes_move_the_share() -> None:
    places.county()
    new = {"do": "add", "id": "新1", "name": "新点", "lon": 121.64, "lat": 31.8}
    plan = computed(ask({**COVERAGE, "changes": [new]}))
    assert plan.result["covered"] == 1230
    closed = computed(ask({**COVERAGE, "changes": [{"do": "close", "id": "QD-0001"}]}))
    assert (closed.result["covered"], closed.result["sites"]) == (0, 0)


# Clauses: D-11
def test_a_siting_plan_proposes_the_village_that_helps_most_and_proves_it() -> None:
    places.county()
    plan = computed(ask(SITING, "siting"))
    assert plan.state == PlanState.DONE, plan.problems
    assert plan.result["covered"] == 1230
    assert plan.result["gap"] == 0
    assert plan.result["ranked"][0]["people_gained"] == 30
    assert plan.result["minutes_by_place"] == [0, 0, 10, 40]


def test_a_staffing_plan_takes_the_people_of_the_catchment() -> None:
    places.county()
    asked = {"site": "QD-0001", "mode": "ebike", "minutes": 15, "target": 0.9, "within": 10}
    plan = computed(ask(asked, "staffing"))
    assert plan.state == PlanState.DONE, plan.problems
    assert plan.result["people"] == 1200
    assert plan.result["verified"]
    assert plan.result["windows_by_hour"]


def test_every_hall_gets_its_staff_and_the_city_a_sum() -> None:
    places.county()
    factories.SiteFactory(other=True, lon=Decimal("121.70"), lat=Decimal("31.80"))
    asked = {"every": "town_centre", "mode": "ebike", "minutes": 15, "target": 0.9, "within": 10}
    result = computed(ask(asked, "staffing")).result
    assert [(hall["site"], hall["people"]) for hall in result["halls"]] == [
        ("QD-0001", 1200),
        ("QD-0002", 4),
    ]
    assert result["staff"] == sum(hall["staff"] for hall in result["halls"])
    assert all(hall["verified"] for hall in result["halls"])


def test_a_staffing_plan_without_people_or_site_names_everything_at_once() -> None:
    places.county()
    with pytest.raises(CannotPlan) as refused:
        ask({"target": 1.5, "within": 500}, "staffing")
    assert len(str(refused.value).splitlines()) == 3


def test_what_is_wrong_is_refused_at_once_and_nothing_is_stored() -> None:
    places.county()
    bad = [{"do": "move", "id": "没有", "lon": 121.6, "lat": 31.8}, {"do": "close", "id": "也没有"}]
    with pytest.raises(CannotPlan) as refused:
        ask({**COVERAGE, "changes": bad})
    assert str(refused.value).splitlines() == ["没有网点“没有”", "没有网点“也没有”"]
    with area_scope(EVERYWHERE):
        assert Plan.objects.count() == 0


def test_a_mode_without_roads_fails_with_its_reason_in_both_languages() -> None:
    places.county()
    plan = computed(ask({**COVERAGE, "mode": "drive"}))
    assert plan.state == PlanState.FAILED
    assert plan.problems == [
        {
            "zh": "路网中没有出行方式“drive”，可选：ebike",
            "en": "the network has no mode drive; it has ebike",
        }
    ]


def test_without_roads_or_people_there_is_nothing_to_plan() -> None:
    places.villages()
    with pytest.raises(NoNetwork):
        ask()


def test_without_people_there_is_nothing_to_plan() -> None:
    factories.CountyFactory()
    places.network()
    with pytest.raises(NoStartPoints):
        ask()


def test_who_may_not_plan_is_refused() -> None:
    places.county()
    with pytest.raises(NotAllowed):
        ask(by=planner(role=Role.CLERK))


def test_a_waiting_plan_is_cancelled_and_taken_up_again() -> None:
    places.county()
    plan = ask()
    with area_scope(EVERYWHERE):
        assert actions.cancel(uid=plan.uid, by=planner(), at=AT).state == PlanState.CANCELLED
    assert computed(plan).state == PlanState.CANCELLED
    with area_scope(EVERYWHERE):
        assert actions.again(uid=plan.uid, by=planner(), at=AT).state == PlanState.WAITING
    assert computed(plan).state == PlanState.DONE
    assert verbs() == ["plan.ask", "plan.cancel", "plan.again"]


def test_what_is_done_stays_done() -> None:
    places.county()
    plan = computed(ask())
    for step in (actions.cancel, actions.again):
        with area_scope(EVERYWHERE), pytest.raises(NotInThisState):
            step(uid=plan.uid, by=planner(), at=AT)


def test_a_plan_of_another_county_is_not_found() -> None:
    places.county()
    plan = ask()
    stranger = planner("/320600000000/320682000000/")
    with area_scope(stranger.area_path), pytest.raises(NotFound):
        actions.cancel(uid=plan.uid, by=stranger, at=AT)


def test_a_network_is_installed_once_and_not_outside_the_own_area() -> None:
    places.villages()
    assert places.network().pk == places.network().pk
    with pytest.raises(NotFound):
        actions.install_network(
            network=places.road(),
            name="x",
            division_code=places.COUNTY,
            is_synthetic=True,
            by=planner("/320600000000/320682000000/"),
            at=AT,
        )
