"""Nothing lost, nothing twice, in order: against a platform that files twice what comes twice."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from tests.cases.core_platform.platforms import (
    FORMS,
    SETTLE,
    decided,
    messages,
    officer,
    person,
    rig,
    states,
    taken_back,
)
from tests.factories import AT

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.core_platform.filing import (
    NotWaitingForPerson,
    complete,
    enqueue_for,
    set_aside,
)
from circle15.cases.core_platform.outbox import due
from circle15.cases.exchange_models import CoreLine, CoreMessage

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


# Clauses: D-51, D-25
def test_decision_is_filed_once_and_told_to_the_trail(at_platform):
    case = decided()

    assert at_platform.drain() == 1
    assert at_platform.drain(SECOND) == 0

    (message,) = messages(case)
    assert (message.state, message.infcode, message.attempts) == ("done", 0, 1)
    assert (len(message.declaration), len(message.msgid)) == (24, 30)
    assert at_platform.figures["told"] == {"9001": 1, "1101": 1, "2503": 1}
    with area_scope(EVERYWHERE):
        event = Event.objects.get(verb="core.done")
        assert CoreLine.objects.get().answered_at - at_platform.at < SECOND
    assert (event.target_id, event.new["declaration"]) == (str(case.uid), message.declaration)


@pytest.mark.parametrize("item", FORMS)
def test_every_filing_goes_out_and_is_taken_back(at_platform, item):
    case = decided(item)
    at_platform.drain()
    taken_back(case)

    at_platform.drain_all()

    assert [one.state for one in messages(case)] == ["done", "done"]
    assert (at_platform.figures["filed"], at_platform.figures["standing"]) == (1, 0)


@pytest.mark.parametrize(
    ("item", "outcome", "state"),
    [
        ("chronic-disease", "refused", "decided"),
        ("chronic-disease", "approved", "handling"),
        ("chronic-disease", "", "withdrawn"),
    ],
)
def test_only_what_is_approved_is_filed(item, outcome, state):
    case = decided(outcome="refused")
    case.state, case.outcome, case.item_key = state, outcome, item
    with area_scope(EVERYWHERE):
        assert enqueue_for(case, at=AT) == 0
    assert messages(case) == []


def test_item_without_a_transaction_is_not_filed():
    case = decided()
    case.item_key = "own-record"
    with area_scope(EVERYWHERE):
        CoreMessage.objects.all().delete()
        assert enqueue_for(case, at=AT) == 0


def test_asked_again_it_is_not_enqueued_again():
    case = decided()
    with area_scope(EVERYWHERE):
        assert [enqueue_for(case, at=AT) for _turn in range(3)] == [0, 0, 0]
    assert len(messages(case)) == 1


def test_step_that_is_rolled_back_leaves_no_message():
    case = decided(outcome="refused")
    case.outcome = "approved"
    with area_scope(EVERYWHERE):
        with transaction.atomic():
            assert enqueue_for(case, at=AT) == 1
            transaction.set_rollback(True)
        assert CoreMessage.objects.count() == 0


def test_what_never_left_is_put_aside_when_the_case_is_withdrawn(at_platform):
    case = decided()
    case.state, case.outcome = "withdrawn", ""
    with area_scope(EVERYWHERE):
        enqueue_for(case, at=AT)

    assert at_platform.drain() == 0
    assert [one.state for one in messages(case)] == ["void"]
    assert at_platform.figures["filed"] == 0


def test_undo_waits_for_a_filing_nobody_is_sure_of(at_platform):
    case = decided()
    at_platform.switch("cut", times=1, only="2503")
    at_platform.drain()
    case.state = "withdrawn"
    with area_scope(EVERYWHERE):
        assert enqueue_for(case, at=AT) == 1
        assert [one.infno for one in due(at=AT + timedelta(hours=1))] == ["2503"]

    at_platform.drain_all()

    assert [one.state for one in messages(case)] == ["done", "done"]
    assert (at_platform.figures["filed"], at_platform.figures["standing"]) == (1, 0)


def test_approved_again_after_an_undo_is_filed_again(at_platform):
    case = decided()
    at_platform.drain()
    by = officer()
    taken_back(case)
    with area_scope(EVERYWHERE):
        enqueue_for(case, at=AT)
        with pytest.raises(NotWaitingForPerson):
            set_aside(uid=messages(case)[0].uid, reason="x", by=by, at=AT)

    at_platform.drain_all()

    assert [(one.infno, one.round, one.state) for one in messages(case)] == [
        ("2503", 1, "done"),
        ("2504", 1, "done"),
        ("2503", 2, "done"),
    ]
    assert (at_platform.figures["filed"], at_platform.figures["standing"]) == (2, 1)


@pytest.mark.parametrize("mode", ["cut", "wrong_signature"])
@pytest.mark.parametrize("only", ["2503", "2504", "5301", "1101", "9001"])
def test_reply_that_is_lost_is_asked_about_and_nothing_is_sent_twice(at_platform, mode, only):
    case = decided()
    if only == "2504":
        at_platform.drain()
        taken_back(case)
    if only == "5301":
        at_platform.switch("cut", times=1, only="2503")
        at_platform.drain()
    at_platform.switch(mode, times=1, only=only)

    at_platform.drain_all()

    told = at_platform.figures["told"]
    assert {one.state for one in messages(case)} == {"done"}
    assert (told["2503"], told.get("2504", 0)) == (1, 1 if only == "2504" else 0)
    assert at_platform.figures["filed"] == 1


def test_reply_lost_before_it_had_an_effect_is_sent_again_under_the_same_number(at_platform):
    case = decided()
    at_platform.switch("cut_before", times=1, only="2503")
    at_platform.drain()
    (unsure,) = messages(case)
    assert unsure.state == "unsure"

    assert at_platform.drain(SETTLE - SECOND) == 0
    assert at_platform.drain(2 * SECOND) == 1

    (done,) = messages(case)
    assert (done.state, done.msgid, done.attempts) == ("done", unsure.msgid, 2)
    assert at_platform.figures["told"]["5301"] == 1


def test_answer_that_comes_too_late_is_found_when_asked():
    with rig(timeout_s=1.0) as slow:
        case = decided()
        slow.drain()  # signed in, and filed for somebody else's sake
        other = decided(who=person(2))
        slow.switch("slow", times=2, seconds=2.0, only="2503")
        slow.drain()
        assert messages(other)[0].state == "unsure"

        slow.drain_all()

        assert {one.state for one in (*messages(case), *messages(other))} == {"done"}
        assert (slow.figures["filed"], slow.figures["twice"]) == (2, 0)


def test_killed_while_sending_is_taken_up_and_asked_about(at_platform):
    case = decided()
    at_platform.drain()
    with area_scope(EVERYWHERE):  # as a process leaves it that is killed before the answer
        CoreMessage.objects.update(state="sending", declaration="", settled_at=None)

    assert at_platform.drain(SECOND) == 0
    assert states() == ["unsure"]
    at_platform.drain_all()

    assert (messages(case)[0].state, at_platform.figures["filed"]) == ("done", 1)
    assert messages(case)[0].declaration


def test_clock_set_back_three_days_holds_nothing_up_and_sends_nothing_twice(at_platform):
    waiting, unsure = decided(), decided(who=person(2))
    at_platform.switch("cut", times=1, only="2503")
    at_platform.drain()
    at_platform.switch("down")
    at_platform.drain(2 * SETTLE)
    at_platform.switch("up")
    at_platform.at -= timedelta(days=3)

    at_platform.drain_all()

    assert {one.state for case in (waiting, unsure) for one in messages(case)} == {"done"}
    assert (at_platform.figures["filed"], at_platform.figures["twice"]) == (2, 0)


def test_refused_message_waits_for_a_person_and_holds_up_only_its_own_case(at_platform):
    case, other = decided(form={}), decided(who=person(2))
    at_platform.drain_all()
    (message,) = messages(case)
    assert (message.state, message.problem) == ("refused", "缺少opsp_dise_code")
    assert messages(other)[0].state == "done"

    by = officer()
    with area_scope(by.area_path):
        complete(uid=message.uid, values={"opsp_dise_code": " M01600 "}, by=by, at=at_platform.at)
    at_platform.drain_all()

    assert messages(case)[0].state == "done"
    with area_scope(EVERYWHERE):
        verbs = Event.objects.filter(target_id=str(case.uid)).order_by("id")
        assert [*verbs.values_list("verb", flat=True)] == [
            "core.refused",
            "core.complete",
            "core.done",
        ]


def test_message_set_aside_lets_the_next_go(at_platform):
    case = decided(form={})
    at_platform.drain()
    by = officer()
    with area_scope(by.area_path):
        set_aside(uid=messages(case)[0].uid, reason="线下已办", by=by, at=AT)
        with pytest.raises(NotWaitingForPerson):
            set_aside(uid=messages(case)[0].uid, reason="x", by=by, at=AT)

    assert states() == ["void"]


def test_unknown_person_is_refused_by_the_platform(at_platform):
    case = decided(who=person(0))
    at_platform.drain()

    assert messages(case)[0].problem == "没有该参保人"


@pytest.mark.parametrize("fault", ["no such person", "sealed for another"])
def test_message_that_cannot_be_read_stops_no_other(at_platform, fault):
    case = decided(who=UUID(int=1) if fault == "no such person" else None)
    other = decided(who=person(2))
    if fault == "sealed for another":
        with area_scope(EVERYWHERE):
            sealed = CoreMessage.objects.get(case=other).values_sealed
            CoreMessage.objects.filter(case=case).update(values_sealed=sealed)

    at_platform.drain_all()

    assert [messages(case)[0].state, messages(other)[0].state] == ["refused", "done"]


def test_nothing_of_the_person_lies_open_or_is_logged(at_platform, caplog):
    case = decided()
    at_platform.switch("cut", times=1)
    with caplog.at_level("DEBUG"):
        at_platform.drain_all()
    (message,) = messages(case)

    plain = " ".join(str(getattr(message, one.attname)) for one in CoreMessage._meta.fields)
    plain += "".join(one.getMessage() for one in caplog.records if one.name != "django.db.backends")

    assert "M03900" not in plain
    assert "9900001950" not in plain
    assert "合成1" not in plain
    kept = " ".join(str(row) for row in at_platform.simulator.state.run("SELECT * FROM filing"))
    assert "9900001950" not in kept


@pytest.mark.parametrize("mode", ["cut", "cut_before", "wrong_signature"])
@pytest.mark.parametrize("only", ["2507", "2601"])
def test_what_cannot_be_asked_about_is_reversed_and_sent_anew(at_platform, mode, only):
    case = decided("accident")
    at_platform.switch("cut", times=1, only="2507")
    at_platform.drain()
    first = messages(case)[0].msgid
    at_platform.switch(mode, times=1, only=only)
    at_platform.drain_all()
    taken_back(case)
    at_platform.switch(mode, times=1, only=only)
    at_platform.drain_all()

    filed, undo = messages(case)
    assert (filed.state, undo.state, undo.infno, filed.msgid != first) == (
        "done",
        "done",
        "2601",
        True,
    )
    assert (at_platform.figures["standing"], at_platform.figures["twice"]) == (0, 0)


def test_reversal_the_platform_will_not_make_leaves_it_to_a_person(at_platform, monkeypatch):
    case = decided("accident")
    at_platform.switch("cut", times=1, only="2507")
    at_platform.drain()
    simulator = at_platform.simulator
    monkeypatch.setattr(simulator, "reverses", False)
    at_platform.drain(2 * SETTLE)
    taken_back(case)
    left, undo = messages(case)
    assert (left.state, left.problem, undo.state) == ("refused", "暂不支持冲正", "waiting")

    monkeypatch.setattr(simulator, "reverses", True)
    by = officer()
    with area_scope(by.area_path):  # whatever is pressed, it is looked into first
        complete(uid=left.uid, values={}, by=by, at=at_platform.at)
    at_platform.drain_all()

    assert [one.state for one in messages(case)] == ["done", "done"]
    assert (at_platform.figures["standing"], at_platform.figures["twice"]) == (0, 0)
