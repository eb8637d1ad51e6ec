"""Text messages about cases: what is told when, to whom, once, and what staff see of it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.translation import override
from tests.cases.conftest import enter, fresh
from tests.factories import AT

from circle15.accounts.opening import NoReason
from circle15.accounts.refusals import NotFound
from circle15.accounts.sms import NeverSent, NotSent
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases import erasing
from circle15.cases.actions import (
    deciding,
    delivery,
    handling,
    intake,
    notices,
    papers,
    promises,
    sweep,
)
from circle15.cases.parties import Applicant
from circle15.cases.refusals import NobodyToCall
from circle15.cases.states import Step
from circle15.cases.texting import queueing, sending
from circle15.cases.texting.calling import calls_due, calls_of, count_calls
from circle15.cases.texting.phoning import note_call, number_to_call
from circle15.cases.texting.queries import texts_of
from circle15.cases.texting_models import TextMessage
from circle15.cases.texting_states import TextEvent
from circle15.ledger.people.actions import mark_for_erasure
from circle15.ledger.people.texting import opt_in, opt_out
from circle15.standards.case_messages import case_messages

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
HERS, SONS = "13900000001", "13900000000"
LATER = ("cost-list", "diagnosis")


class Phone:
    """A way of sending that refuses as often as told."""

    def __init__(self, *refusals):
        self.refusals, self.got = list(refusals), []

    def send(self, *, phone, text, key):
        if self.refusals:
            raise self.refusals.pop(0)
        self.got.append((phone, text))


@pytest.fixture
def mother(place):
    return enter("钱测试", "320681195501010011", "320681100000", HERS)


def promised(place, person, **more):
    given = ("id-document", "invoice")
    wish = {"item": "hospital-costs", "given": given, "deferred": LATER, "person_uid": person}
    return place.take_in(**{**wish, **more})


def decided(place, person, item="insurance-transfer", **outcome):
    uid = place.take_in(item=item, person_uid=person).uid
    place.do("handler", handling.claim, case_uid=uid)
    place.do("handler", deciding.decide, case_uid=uid, **(outcome or {"outcome": "approved"}))
    if fresh(uid).state == "review":
        place.do("second", deciding.second, case_uid=uid, agree=True)
    place.do("handler", delivery.ready, case_uid=uid)
    return uid


def told(place, uid):
    return [(one.event, one.days_before, one.state) for one in place.look("carol", texts_of, uid)]


def test_every_step_of_the_rules_and_every_event_is_known():
    rules = case_messages().rules
    assert {rule.event for rule in rules} == set(TextEvent.values)
    assert {step for rule in rules for step in rule.after} <= set(Step.values)
    number, day = "9" * 24, date(2026, 12, 31)
    for rule in rules:
        for text in filter(None, (rule.text, rule.reminder)):
            for language in ("zh-hans", "en"):
                words = case_messages().words(
                    text, language, number=number, until=day, tracking="E" * 40
                )
                assert number in words
                assert "12393" in words
                assert ("12" in words) or not rule.until
                assert len(words) <= 400


def test_a_promise_is_told_and_reminded_of_three_and_one_working_days_before(place, mother):
    uid = promised(place, mother).uid
    phone = Phone()
    assert sending.send_due_by(phone, at=AT) == 1
    assert sending.send_due_by(phone, at=AT) == 0
    ((number, words),) = phone.got
    assert (number, fresh(uid).number in words, "3月16日" in words) == (HERS, True, True)
    assert "钱" not in words
    assert told(place, uid) == [
        ("conditional", 1, "waiting"),
        ("conditional", 3, "waiting"),
        ("conditional", 0, "sent"),
    ]
    with area_scope(EVERYWHERE):
        due = TextMessage.objects.filter(case__uid=uid, days_before__gt=0).order_by("due_at")
        days = [timezone.localtime(one.due_at) for one in due]
    assert [f"{day:%m-%d %H}" for day in days] == ["03-11 08", "03-13 08"]
    assert sending.send_due_by(phone, at=days[0] + MINUTE) == 1
    assert "提醒" in phone.got[-1][1]


def test_what_came_in_time_is_not_reminded_of(place, mother):
    uid = promised(place, mother).uid
    sending.send_due_by(Phone(), at=AT)
    for key in LATER:
        place.do("alice", papers.give_material, case_uid=uid, key=key)
    place.do("alice", promises.fulfil, case_uid=uid)
    assert sending.send_due_by(Phone(), at=AT + 12 * DAY) == 0
    assert {state for _event, days, state in told(place, uid) if days} == {"needless"}


def test_notice_question_suspension_and_lapse_are_told_without_what_was_said(place, mother):
    uid = place.take_in(item="hospital-costs", given=("id-document",), person_uid=mother).uid
    place.do("alice", notices.issue_notice, case_uid=uid)
    other = place.take_in(item="insurance-transfer", person_uid=mother).uid
    place.do("handler", handling.claim, case_uid=other)
    place.do("handler", handling.ask, case_uid=other, lines="请说明糖尿病用药")
    phone = Phone()
    assert sending.send_due_by(phone, at=AT) == 2
    assert not any("糖尿病" in words for _number, words in phone.got)
    sweep.sweep(at=AT + 70 * DAY)
    assert sending.send_due_by(phone, at=AT + 70 * DAY) == 2
    assert all("失效" in words for _number, words in phone.got[2:])
    assert (told(place, uid)[0][0], told(place, other)[0][0]) == ("lapsed", "lapsed")


# Clauses: W-77, J-36
def test_a_result_is_told_when_it_waits_not_when_it_was_handed_over_at_once(place, mother):
    uid = decided(place, mother)
    now = place.take_in(item="own-record", person_uid=mother).uid
    place.do("alice", deciding.finish_at_window, case_uid=now)
    phone = Phone()
    assert sending.send_due_by(phone, at=AT) == 0
    assert sending.send_due_by(phone, at=AT + 5 * MINUTE) == 1
    assert told(place, now) == [("ready", 0, "needless")]
    place.do("handler", delivery.deliver, case_uid=uid, way="post", tracking="EX12345678CN")
    assert sending.send_due_by(phone, at=AT + HOUR) == 1
    assert "EX12345678CN" in phone.got[-1][1]


def test_a_refusal_is_told_without_its_reason(place, mother):
    decided(place, mother, outcome="refused", basis="条例第八条")
    phone = Phone()
    assert sending.send_due_by(phone, at=AT + HOUR) == 1
    assert "未通过" in phone.got[0][1]
    assert "条例" not in phone.got[0][1]


def test_who_acts_for_the_person_is_told(place, mother):
    son = enter("钱小试", "320681198001010019", "320681100000", SONS)
    promised(place, mother, agent_uid=son)
    phone = Phone()
    sending.send_due_by(phone, at=AT)
    assert [number for number, _words in phone.got] == [SONS]
    with area_scope(EVERYWHERE):
        used = Event.objects.filter(verb="person.use", target_id=str(son)).values_list("new")
        assert [new["purpose"] for (new,) in used] == ["sms"]


def test_who_applied_in_english_is_told_in_english(place, mother):
    uid = promised(place, mother).uid
    with area_scope(EVERYWHERE):
        case = fresh(uid)
        case.language = "en"
        case.texts.all().delete()
        queueing.queue(case, case.spans.get(ended_at__isnull=True), at=AT)
    with override("en"):
        assert intake.draft(Applicant(mother), AT, "").language == "en"
        assert intake.draft(place.actors["alice"], AT, "").language == "zh-hans"
    assert "by 2026-03-16" in place.look("carol", texts_of, uid)[-1].text


def test_without_a_mobile_or_after_a_no_nothing_goes_and_staff_see_it(place, mother):
    nobody = promised(place, place.person).uid
    opt_out(mother, at=AT)
    against = promised(place, mother).uid
    assert sending.send_due_by(Phone(), at=AT) == 0
    lines = [place.look("carol", texts_of, uid)[-1] for uid in (nobody, against)]
    assert [(one.state, one.why, one.is_untold) for one in lines] == [
        ("withheld", "no_mobile", True),
        ("withheld", "opted_out", True),
    ]
    opt_in(mother, at=AT + DAY)
    assert sending.send_due_by(Phone(), at=AT + 9 * DAY) == 1


def test_a_gateway_that_is_away_is_tried_again_for_a_day_and_holds_nothing_up(place, mother):
    first, second = promised(place, mother).uid, promised(place, mother).uid
    away = Phone(NotSent(), NeverSent())
    assert sending.send_due_by(away, at=AT) == 0
    assert len(away.refusals) == 1
    assert sending.send_due_by(away, at=AT + 30 * MINUTE) == 1
    assert sorted(told(place, uid)[-1][2] for uid in (first, second)) == ["failed", "sent"]
    third = promised(place, mother).uid
    sending.send_due_by(Phone(NotSent()), at=AT + DAY - HOUR)
    sending.send_due_by(Phone(NotSent()), at=AT + DAY)
    assert told(place, third)[-1][2] == "failed"


def test_one_message_for_one_step_sealed_and_by_day(place, mother):
    uid = promised(place, mother).uid
    with area_scope(EVERYWHERE):
        case = fresh(uid)
        span = case.spans.get(ended_at__isnull=True)
        queueing.queue(case, span, at=AT)
        assert TextMessage.objects.filter(case=case).count() == 3
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(t::text, ' ') FROM cases_textmessage t")
            assert HERS not in cursor.fetchone()[0]
    night = AT.replace(hour=13)  # 21:00 in Shanghai
    assert sending.send_due_by(Phone(), at=night) == 0
    assert f"{timezone.localtime(queueing.by_day(night)):%H:%M}" == "08:00"
    assert place.look("carol", texts_of, uid)[-1].masked_phone == "139****0001"


def kept(**which):
    """Return what is kept of numbers: whether sealed, and masked."""
    with area_scope(EVERYWHERE):
        rows = TextMessage.objects.filter(days_before=0, **which).order_by("id")
        return [(bool(one.phone_sealed), one.phone_masked) for one in rows]


def test_a_number_is_kept_only_until_the_message_is_done_with(place, mother):
    for _each in range(2):
        promised(place, mother)
    assert kept() == [(True, "139****0001")] * 2
    sending.send_due_by(Phone(NotSent()), at=AT)
    assert kept() == [(True, "139****0001")] * 2
    sending.send_due_by(Phone(NeverSent()), at=AT + HOUR)
    assert kept(state="failed") + kept(state="sent") == [(False, "139****0001")] * 2


def test_who_is_erased_leaves_no_number_behind(place, mother):
    son = enter("钱小试", "320681198001010019", "320681100000", SONS)
    uids = [promised(place, mother).uid, promised(place, mother, agent_uid=son).uid]
    other = promised(place, enter("孙测试", "320681196501010016", "320681100000", SONS)).uid
    sending.send_due_by(Phone(NotSent()), at=AT)
    for uid in (mother, son):
        actor = place.actors["carol"]
        mark_for_erasure(uid, reason="已经迁出", by=actor, at=AT)

    assert erasing.erase_due(at=AT + 40 * DAY) == 2

    assert kept(case__uid__in=uids) == [(False, "")] * 2
    assert kept(case__uid=other) == [(True, "139****0000")]
    sending.send_due_by(Phone(), at=AT + 40 * DAY)
    assert {state for _e, days, state in told(place, uids[0]) if not days} <= {
        "needless",
        "withheld",
    }


def calls(place, at=AT, who="alice"):
    found = place.look(who, calls_due, at=at)
    assert place.look(who, count_calls, at=at) == len(found)
    return [
        (one.case.uid, [text.event for text in one.texts], [call.outcome for call in one.calls])
        for one in found
    ]


def test_whom_no_message_told_is_rung_until_reached(place, mother):
    opt_out(mother, at=AT)
    uid = promised(place, mother).uid
    assert calls(place) == [(uid, ["conditional"], [])]
    assert calls(place, who="dave") == []
    place.do("alice", note_call, case_uid=uid, outcome="missed", note="占线")
    assert calls(place) == [(uid, ["conditional"], ["missed"])]
    place.do("handler", note_call, case_uid=uid)

    assert calls(place) == []
    made = place.look("alice", calls_of, uid)
    assert [(one.outcome, one.note) for one in made] == [("reached", ""), ("missed", "占线")]
    assert told(place, uid)[-1][2] == "phoned"
    with area_scope(EVERYWHERE):
        verbs = Event.objects.filter(verb="case.phone", target_id=str(uid)).order_by("id")
        assert [one.new["outcome"] for one in verbs] == ["missed", "reached"]


def test_nobody_is_rung_about_what_is_no_longer_true(place, mother):
    opt_out(mother, at=AT)
    uid, now = promised(place, mother).uid, place.take_in(person_uid=mother).uid
    place.do("alice", deciding.finish_at_window, case_uid=now)
    for key in LATER:
        place.do("alice", papers.give_material, case_uid=uid, key=key)
    place.do("alice", promises.fulfil, case_uid=uid)
    sending.send_due_by(Phone(), at=AT + HOUR)

    assert calls(place, AT + HOUR) == []
    assert {told(place, one)[-1][2] for one in (uid, now)} == {"needless"}


def test_the_number_to_ring_is_shown_with_a_reason_while_there_is_something_to_tell(place, mother):
    opt_out(mother, at=AT)
    uid = promised(place, mother).uid
    (due,) = place.look("alice", calls_due, at=AT)
    ring = {"case_uid": uid, "reason": "电话告知补交材料"}

    assert due.masked_phone == "139****0001"
    with pytest.raises(NoReason):
        place.do("alice", number_to_call, case_uid=uid, reason="x")
    with pytest.raises(NotFound):
        place.do("dave", number_to_call, **ring)
    assert place.do("alice", number_to_call, **ring) == HERS
    place.do("alice", note_call, case_uid=uid)
    with pytest.raises(NobodyToCall):
        place.do("alice", number_to_call, **ring)
    with area_scope(EVERYWHERE):
        seen = Event.objects.get(verb="person.reveal", target_id=str(mother))
        assert seen.new == {"reason": "电话告知补交材料", "field": "phone"}
