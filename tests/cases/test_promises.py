"""Conditional intake: what may follow, by when, and what becomes of a promise not kept."""

from datetime import date, timedelta

import pytest
from tests.cases.conftest import fresh
from tests.factories import AT

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.actions import deciding, delivery, handling, papers, promises, sweep
from circle15.cases.models import Clock, Promise
from circle15.cases.refusals import (
    NeedsReason,
    NoPromise,
    NotConditional,
    NotYours,
    PapersMissing,
    PromiseOpen,
    PromiseOver,
)
from circle15.ledger.people.looking import person_anywhere

DAY = timedelta(days=1)
HERE = ("id-document", "invoice")
LATER = ("cost-list", "diagnosis")


def promised(place, **more):
    wish = {"item": "hospital-costs", "given": HERE, "deferred": LATER}
    return place.take_in(**{**wish, **more})


def promise_of(uid) -> Promise:
    with area_scope(EVERYWHERE):
        return Promise.objects.get(case__uid=uid)


# Clauses: W-61
def test_a_case_is_accepted_with_a_promise_due_in_ten_working_days(place):
    line = promised(place)
    promise = promise_of(line.uid)
    assert (line.state, line.promise_due_on) == ("conditional", date(2026, 3, 16))
    assert (promise.keys, promise.remind_on) == ([*LATER], date(2026, 3, 13))
    assert line.due_on == date(2026, 4, 14)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"deferred": ("cost-list",)}, PapersMissing),
        ({"deferred": (*LATER, "id-document")}, NotConditional),
        ({"due_on": AT.date()}, NotConditional),
        ({"due_on": date(2026, 4, 15)}, NotConditional),
    ],
)
def test_only_what_may_follow_follows_and_not_for_ever(place, change, refusal):
    line = place.take_in(item="hospital-costs", given=HERE)
    with pytest.raises(refusal):
        place.do(
            "alice",
            promises.accept_conditionally,
            **{"case_uid": line.uid, "deferred": LATER, **change},
        )
    assert fresh(line.uid).state == "submitted"


def test_the_last_day_that_may_be_agreed_is_the_thirtieth_working_day(place):
    line = promised(place, deferred_until=date(2026, 4, 14))
    assert line.promise_due_on == date(2026, 4, 14)


def test_an_item_without_it_and_a_paper_that_must_be_there_are_refused(place):
    line = place.take_in(item="insurance-transfer", given=("id-document",))
    work = promises.accept_conditionally
    with pytest.raises(NotConditional, match="不适用"):
        place.do("alice", work, case_uid=line.uid, deferred=("transfer-form",))
    line = place.take_in(item="hospital-costs", given=("invoice", *LATER))
    with pytest.raises(NotConditional, match="不能容缺"):
        place.do("alice", work, case_uid=line.uid, deferred=("id-document",))


def test_what_is_complete_needs_no_promise(place):
    line = place.take_in(item="hospital-costs", accepts=False)
    with pytest.raises(NotConditional, match="没有缺少"):
        place.do("alice", promises.accept_conditionally, case_uid=line.uid, deferred=("invoice",))


def test_no_approval_before_the_promise_is_kept(place):
    uid = promised(place).uid
    place.do("handler", handling.claim, case_uid=uid)
    with pytest.raises(PromiseOpen):
        place.do("handler", deciding.decide, case_uid=uid, outcome="approved")
    with pytest.raises(PapersMissing):
        place.do("alice", promises.fulfil, case_uid=uid)
    for key in LATER:
        place.at_home(papers.give_material, case_uid=uid, key=key)
    kept = place.do("alice", promises.fulfil, case_uid=uid)
    assert (kept.state, kept.promise_due_on) == ("handling", None)
    assert promise_of(uid).state == "kept"
    assert place.do("handler", deciding.decide, case_uid=uid, outcome="approved").state == "review"
    with pytest.raises(NoPromise):
        place.do("alice", promises.fulfil, case_uid=uid)


def test_kept_before_anybody_claimed_it_is_an_ordinary_case(place):
    uid = promised(place).uid
    for key in LATER:
        place.do("alice", papers.give_material, case_uid=uid, key=key)
    assert place.do("alice", promises.fulfil, case_uid=uid, at=AT + DAY).state == "accepted"
    assert fresh(uid).complete_at == AT + DAY


def test_a_promise_not_kept_ends_the_case_and_bars_the_person(place):
    uid, due = promised(place).uid, date(2026, 3, 16)
    last_day = AT.replace(day=16)
    assert sweep.lapse_promises(at=last_day) == 1  # the reminder
    assert sweep.lapse_promises(at=last_day) == 0
    assert fresh(uid).state == "conditional"
    assert sweep.lapse_promises(at=last_day + DAY) == 1
    case = fresh(uid)
    assert (case.state, case.promise_due_on, promise_of(uid).state) == ("lapsed", None, "broken")
    assert promise_of(uid).due_on == due
    assert person_anywhere(place.person).barred_until == date(2027, 3, 17)
    with area_scope(EVERYWHERE):
        assert set(Clock.objects.values_list("is_void", "stopped_on")) == {
            (True, date(2026, 3, 17))
        }
        lapsed = Event.objects.get(verb="case.lapse", target_id=str(uid))
    assert (lapsed.actor_role, lapsed.new["note"]) == ("system", "容缺材料逾期未补")
    again = place.take_in(item="hospital-costs", given=HERE, at=last_day + DAY)
    with pytest.raises(NotConditional, match="2027-03-17"):
        place.do(
            "alice",
            promises.accept_conditionally,
            case_uid=again.uid,
            deferred=LATER,
            at=last_day + DAY,
        )


def test_too_late_is_too_late_even_before_the_sweep(place):
    uid = promised(place).uid
    for key in LATER:
        place.do("alice", papers.give_material, case_uid=uid, key=key)
    with pytest.raises(PromiseOver):
        place.do("alice", promises.fulfil, case_uid=uid, at=AT.replace(day=17))


def test_a_promise_is_revoked_by_a_supervisor_with_a_reason(place):
    uid = promised(place).uid
    with pytest.raises(NotYours):
        place.do("alice", promises.revoke, case_uid=uid, reason="材料不实")
    with pytest.raises(NeedsReason):
        place.do("manager", promises.revoke, case_uid=uid, reason="")
    assert place.do("manager", promises.revoke, case_uid=uid, reason="材料不实").state == "lapsed"
    assert promise_of(uid).state == "revoked"
    assert person_anywhere(place.person).barred_until == date(2027, 3, 2)


def test_a_promise_goes_along_while_the_case_is_handled_and_ends_with_a_refusal(place):
    uid = promised(place).uid
    place.do("handler", handling.claim, case_uid=uid)
    place.do("handler", deciding.decide, case_uid=uid, outcome="refused", basis="第五条")
    place.do("second", deciding.second, case_uid=uid, agree=True)
    assert promise_of(uid).state == "ended"
    assert person_anywhere(place.person).barred_until is None


def test_what_was_not_promised_is_not_revoked(place):
    uid = place.take_in(item="hospital-costs").uid
    with pytest.raises(NoPromise):
        place.do("manager", promises.revoke, case_uid=uid, reason="不实")


def test_a_withdrawn_case_owes_nothing(place):
    uid = promised(place).uid
    place.at_home(delivery.withdraw, case_uid=uid)
    assert (promise_of(uid).state, fresh(uid).promise_due_on) == ("ended", None)
    assert person_anywhere(place.person).barred_until is None
