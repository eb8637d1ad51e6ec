"""Joint handlings: all the cases of one life event at once, each with a life of its own."""

from datetime import timedelta

import pytest
from tests.factories import AT

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.actions.joint import JointItem, Together, take_in_together
from circle15.cases.joint import events_of, joint, joint_by_receipt, joint_of, joint_secret
from circle15.cases.joint_models import JointHandling
from circle15.cases.measuring.counting import count_day
from circle15.cases.models import Case
from circle15.cases.refusals import JointRefused, NothingChosen

ACCIDENT = JointItem("accident", {"third-party": "no"}, given=("id-document", "accident-statement"))
HOSPITAL = {"settled": "no", "accident": "no", "account": "card", "who-comes": "self"}
OUTPATIENT = JointItem(
    "outpatient-costs",
    {"settled": "no", "accident": "no", "emergency": "no", "account": "card", "who-comes": "self"},
)
COSTS = JointItem("hospital-costs", HOSPITAL, given=("id-document", "invoice"))


def together(place, *items: JointItem, event: str = "accident") -> Together:
    return Together(event, place.site_code, place.person, items)


def counted() -> tuple[int, int]:
    with area_scope(EVERYWHERE):
        return Case.objects.count(), JointHandling.objects.count()


# Clauses: J-86
def test_all_items_become_cases_of_their_own_under_one_record(place):
    made = place.do("alice", take_in_together, what=together(place, ACCIDENT, COSTS))

    taken, lacking = made.cases
    assert [taken.state, lacking.state] == ["accepted", "submitted"]
    assert (taken.number, lacking.number) == ("3206812026030200001", "3206812026030200002")
    assert taken.due_on is not None
    assert (made.event_name.zh, made.event_version) == ("意外受伤", "2026-11")
    assert made.person_name == "张**"
    assert place.look("alice", joint, made.uid) == made
    assert joint_of(lacking.uid) == made
    assert events_of([taken.uid, lacking.uid]).keys() == {taken.uid, lacking.uid}
    with area_scope(EVERYWHERE):
        told = Event.objects.get(verb="joint.take_in")
        figures = count_day(AT.date(), frequent=())
    assert told.new["cases"] == [taken.number, lacking.number]
    assert [(each.joint, each.joint_cases) for each in figures.values() if each.joint] == [(1, 2)]


def test_whoever_has_the_receipt_sees_every_case_and_nobody_else(place):
    made = place.do("alice", take_in_together, what=together(place, ACCIDENT, COSTS))

    shown = joint_by_receipt(made.uid, joint_secret(made.uid))

    assert shown is not None
    assert [each.number for each, _secret in shown.cases] == [each.number for each in made.cases]
    assert joint_by_receipt(made.uid, "wrong") is None
    with pytest.raises(NotFound):
        place.look("dave", joint, made.uid)


def test_one_bad_item_and_nothing_is_taken_in_every_problem_named(place):
    before = counted()
    unasked = JointItem("hospital-costs", {"settled": "no"}, given=("id-document",))
    strange = JointItem("accident", {"third-party": "no"}, given=("no-such-paper",))

    with pytest.raises(JointRefused) as refused:
        place.do("alice", take_in_together, what=together(place, strange, unasked, OUTPATIENT))

    assert "意外伤害备案" in str(refused.value)
    assert "住院费用报销" in str(refused.value)
    assert "门诊费用报销" not in str(refused.value)
    assert counted() == before


def test_only_items_of_the_event_by_who_may_take_in_at_this_site(place):
    other = JointItem("own-record", given=("id-document",))
    for items, refusal in (
        ((other,), NotFound),
        ((ACCIDENT, ACCIDENT), NotFound),
        ((), NothingChosen),
    ):
        with pytest.raises(refusal):
            place.do("alice", take_in_together, what=together(place, *items))
    with pytest.raises(NotFound):
        place.do("alice", take_in_together, what=together(place, ACCIDENT, event="no-such"))
    for who, refusal in (("dave", NotFound), ("handler", NotAllowed)):
        with pytest.raises(refusal):
            place.do(who, take_in_together, what=together(place, ACCIDENT), at=AT + timedelta(1))
