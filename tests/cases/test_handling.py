"""The back office: who gets a case, who has it, how its clocks stop and go on."""

from datetime import date, timedelta

import pytest
from tests.cases.conftest import fresh
from tests.factories import AT

from circle15.accounts.models import Post
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases import staff
from circle15.cases.actions import cover, deciding, delivery, handling, intake
from circle15.cases.models import Clock, Notice
from circle15.cases.refusals import (
    AlreadySentUp,
    BadPeriod,
    CannotTake,
    NeedsBasis,
    NeedsReason,
    NotRefused,
    NotSentUp,
    NotYours,
    SameEyes,
    TooLateToAppeal,
    TooLong,
)

DAY = timedelta(days=1)
COUNTY = "/320600000000/320681000000/"
SITE = f"{COUNTY}320681100000/QD-0001/"


@pytest.fixture
def uid(place):
    return place.take_in(item="accident").uid


@pytest.fixture
def claimed(place, uid):
    place.do("handler", handling.claim, case_uid=uid)
    return uid


def clocks_of(uid) -> dict[str, Clock]:
    with area_scope(EVERYWHERE):
        return {clock.kind: clock for clock in Clock.objects.filter(case__uid=uid).order_by("id")}


# Clauses: Q-24
@pytest.mark.parametrize(
    ("who", "item", "office"),
    [
        ("alice", "own-record", SITE),
        ("hall", "own-record", f"{COUNTY}QD-0000/"),
        ("alice", "accident", COUNTY),
        ("hall", "insurance-transfer", COUNTY),
        ("village", "own-record", f"{COUNTY}320681100000/320681100001/QD-0101/"),
    ],
)
def test_a_case_goes_where_its_item_is_handled(place, who, item, office):
    site = {"hall": "QD-0000", "village": place.village_code}.get(who, place.site_code)
    assert place.take_in(who, item=item, site_code=site).handler_path == office


# Clauses: Q-27
def test_a_village_hands_an_instant_item_up_to_its_town_centre(place):
    line = place.take_in("village", item="certificate", site_code=place.village_code)
    sent = place.do("village", handling.send_up, case_uid=line.uid)
    assert sent.handler_path == SITE


# Clauses: D-57
def test_the_first_contact_owner_follows_the_case_through_every_transfer(place):
    uid = place.take_in(item="insurance-transfer").uid
    assert fresh(uid).owner_id is None
    place.do("handler", handling.claim, case_uid=uid)
    to = place.users["second"].pk
    place.do("handler", handling.hand_over, case_uid=uid, to_user_id=to, reason="出差")
    city = "/320600000000/"
    moved = place.do("second", handling.reroute, case_uid=uid, to_path=city, reason="市级权限")
    assert (moved.state, moved.handler_path, moved.owner_id) == ("accepted", city, None)
    assert fresh(uid).first_owner_id == place.users["alice"].pk
    place.do("city", handling.claim, case_uid=uid)
    assert fresh(uid).owner_id == place.users["city"].pk


def test_a_case_goes_only_to_who_may_have_it(place, claimed):
    for name in ("alice", "dave", "manager"):
        to = place.users[name].pk
        with pytest.raises(CannotTake):
            place.do("handler", handling.hand_over, case_uid=claimed, to_user_id=to, reason="请")
    with pytest.raises(CannotTake):
        place.do("handler", handling.hand_over, case_uid=claimed, to_user_id=0, reason="请")
    with pytest.raises(NeedsReason):
        place.do("handler", handling.hand_over, case_uid=claimed, to_user_id=0, reason=" ")
    for path in (COUNTY, SITE, "/320600000000/320681000000/320681100000/", "/999999999999/"):
        with pytest.raises(CannotTake):
            place.do("handler", handling.reroute, case_uid=claimed, to_path=path, reason="请")


def test_colleagues_are_those_who_may_take_it(place, claimed):
    names = {each.user_id for each in staff.colleagues(fresh(claimed), on=AT.date())}
    wanted = ("handler", "second", "carol", "city")
    assert names == {place.users[name].pk for name in wanted}


def test_only_whose_case_it_is_decides_and_asks(place, claimed):
    with pytest.raises(NotYours):
        place.do("second", deciding.decide, case_uid=claimed, outcome="approved")
    with pytest.raises(NotYours):
        place.do("second", handling.ask, case_uid=claimed, lines="请说明")
    done = place.do("carol", deciding.decide, case_uid=claimed, outcome="approved")
    assert done.state == "decided"


def test_a_question_stops_the_clock_until_the_answer(place, claimed):
    place.do("handler", handling.ask, case_uid=claimed, lines="请说明事故经过", at=AT + DAY)
    assert (fresh(claimed).state, fresh(claimed).due_on) == ("asked", None)
    place.at_home(handling.answer_question, case_uid=claimed, text="在家摔倒", at=AT + 3 * DAY)
    assert (fresh(claimed).state, fresh(claimed).due_on) == ("handling", date(2026, 3, 11))
    place.do("handler", handling.suspend, case_uid=claimed, reason="等待认定", at=AT + 4 * DAY)
    place.do("handler", handling.resume, case_uid=claimed, at=AT + 8 * DAY)
    assert fresh(claimed).due_on == date(2026, 3, 13)
    assert clocks_of(claimed)["promised"].pauses == [
        ["2026-03-03", "2026-03-05"],
        ["2026-03-06", "2026-03-10"],
    ]


def test_asking_again_on_the_day_of_the_answer_counts_no_day_twice(place, claimed):
    for _ in range(2):
        place.do("handler", handling.ask, case_uid=claimed, lines="请说明")
        place.do("alice", handling.answer_question, case_uid=claimed, text="说明")
    assert fresh(claimed).due_on == date(2026, 3, 9)


def test_what_was_promised_is_extended_by_a_supervisor_up_to_the_limit(place, claimed):
    work = handling.extend
    with pytest.raises(NotYours):
        place.do("handler", work, case_uid=claimed, days=1, reason="复杂")
    for days in (0, 6):
        with pytest.raises(TooLong, match="5天"):
            place.do("carol", work, case_uid=claimed, days=days, reason="复杂")
    assert place.do("carol", work, case_uid=claimed, days=5, reason="复杂").due_on == date(
        2026, 3, 16
    )
    with pytest.raises(TooLong, match="0天"):
        place.do("carol", work, case_uid=claimed, days=1, reason="复杂")


def test_the_law_s_limit_is_not_extended(place):
    uid = place.take_in(item="insurance-transfer").uid
    with pytest.raises(TooLong, match="0天"):
        place.do("carol", handling.extend, case_uid=uid, days=1, reason="复杂")


def test_nothing_is_claimed_before_it_is_sent_up(place):
    line = place.take_in(item="accident", mode="proxy")
    with pytest.raises(NotYours):
        place.do("handler", handling.send_up, case_uid=line.uid)
    with pytest.raises(NotSentUp):
        place.do("carol", handling.claim, case_uid=line.uid)
    place.do("alice", handling.send_up, case_uid=line.uid)
    with pytest.raises(AlreadySentUp):
        place.do("alice", handling.send_up, case_uid=line.uid)
    assert place.do("handler", handling.claim, case_uid=line.uid).state == "handling"


def reviewed(place, item="hospital-costs", **decision):
    uid = place.take_in(item=item).uid
    place.do("handler", handling.claim, case_uid=uid)
    wish = {"outcome": "refused", "basis": "办法第八条", **decision}
    place.do("handler", deciding.decide, case_uid=uid, **wish)
    return uid


def test_four_eyes_are_two_people(place):
    uid = reviewed(place)
    assert fresh(uid).state == "review"
    with pytest.raises(SameEyes):
        place.do("handler", deciding.second, case_uid=uid, agree=True)
    done = place.do("second", deciding.second, case_uid=uid, agree=True)
    assert (done.state, done.outcome) == ("decided", "refused")
    assert clocks_of(uid)["promised"].stopped_on == AT.date()


def test_the_second_person_sends_back_with_a_reason(place):
    uid = reviewed(place)
    with pytest.raises(NeedsReason):
        place.do("second", deciding.second, case_uid=uid, agree=False)
    back = place.do("second", deciding.second, case_uid=uid, agree=False, note="依据不当")
    assert (back.state, back.outcome, fresh(uid).basis) == ("handling", "", "")


def test_a_refusal_names_its_rule(place, claimed):
    with pytest.raises(NeedsBasis):
        place.do("handler", deciding.decide, case_uid=claimed, outcome="refused", note="不行")
    with pytest.raises(ValueError, match="maybe"):
        place.do("handler", deciding.decide, case_uid=claimed, outcome="maybe")


def refused_and_delivered(place, at=AT):
    uid = place.take_in(item="accident", at=at).uid
    place.do("handler", handling.claim, case_uid=uid, at=at)
    place.do("handler", deciding.decide, case_uid=uid, outcome="refused", basis="第八条", at=at)
    place.do("handler", delivery.ready, case_uid=uid, at=at)
    place.do("handler", delivery.deliver, case_uid=uid, way="online", at=at)
    return uid


def test_an_appeal_is_decided_by_others_and_by_two(place):
    uid = refused_and_delivered(place)
    line = place.at_home(delivery.appeal, case_uid=uid, reason="材料齐全", at=AT + DAY)
    assert (line.state, line.outcome, line.due_on) == ("accepted", "", date(2026, 3, 17))
    with pytest.raises(SameEyes):
        place.do("handler", handling.claim, case_uid=uid, at=AT + DAY)
    place.do("second", handling.claim, case_uid=uid, at=AT + DAY)
    to = place.users["handler"].pk
    with pytest.raises(SameEyes):
        place.do("second", handling.hand_over, case_uid=uid, to_user_id=to, reason="请")
    place.do("second", deciding.decide, case_uid=uid, outcome="approved", at=AT + DAY)
    assert fresh(uid).state == "review"
    place.do("carol", deciding.second, case_uid=uid, agree=True, at=AT + DAY)
    done = place.do("carol", delivery.ready, case_uid=uid, at=AT + DAY)
    assert (done.outcome, fresh(uid).result_number) == ("approved", f"{done.number}-R2")
    with area_scope(EVERYWHERE):
        rounds = Clock.objects.filter(case__uid=uid).order_by("id")
        assert [*rounds.values_list("kind", "round")] == [("promised", 1), ("promised", 2)]


def test_an_appeal_comes_once_in_time_and_against_a_refusal(place):
    uid = refused_and_delivered(place)
    with pytest.raises(TooLateToAppeal):
        place.at_home(delivery.appeal, case_uid=uid, reason="不服", at=AT + 61 * DAY)
    place.at_home(delivery.appeal, case_uid=uid, reason="不服", at=AT + 60 * DAY)
    line = place.take_in()
    place.do("alice", deciding.finish_at_window, case_uid=line.uid)
    with pytest.raises(NotRefused):
        place.at_home(delivery.appeal, case_uid=line.uid, reason="不服")


def test_a_decision_past_its_day_is_late_for_ever(place, claimed):
    late = AT + 8 * DAY
    line = place.do("handler", deciding.decide, case_uid=claimed, outcome="approved", at=late)
    assert line.is_overdue
    assert clocks_of(claimed)["promised"].overdue_at == late


def away(place, who, by="carol", until=None, at=AT):
    return place.do(
        by,
        cover.set_absent,
        user_id=place.users[who].pk,
        since=AT.date(),
        until=until,
        reason="培训",
        at=at,
    )


def covered_by(place, covered, covering):
    with area_scope(EVERYWHERE):
        post = Post.objects.get(person=place.users[covered].person)
        Post.objects.filter(person=place.users[covering].person).update(covers=post)


# Clauses: D-61
def test_the_b_post_takes_over_who_is_absent_and_gives_back(place, claimed):
    covered_by(place, "handler", "second")
    assert cover.take_over(at=AT) == 0
    absence = away(place, "handler")
    assert cover.take_over(at=AT + DAY) == 1
    case = fresh(claimed)
    assert (case.owner_id, case.covered_id) == (
        place.users["second"].pk,
        place.users["handler"].pk,
    )
    assert cover.take_over(at=AT + DAY) == 0
    done = place.do("second", handling.ask, case_uid=claimed, lines="请说明", at=AT + DAY)
    assert done.covered_name == "秦**（handler1）"
    place.do("carol", cover.cancel_absence, absence_id=absence, at=AT + 2 * DAY)
    assert cover.take_over(at=AT + 2 * DAY) == 1
    assert (fresh(claimed).owner_id, fresh(claimed).covered_id) == (
        place.users["handler"].pk,
        None,
    )


def test_a_transfer_to_who_is_absent_reaches_who_stands_in(place, claimed):
    covered_by(place, "second", "carol")
    away(place, "second", until=AT.date())
    to = place.users["second"].pk
    line = place.do("handler", handling.hand_over, case_uid=claimed, to_user_id=to, reason="忙")
    assert (line.owner_id, line.covered_name) == (place.users["carol"].pk, "严**（handler2）")


def test_nobody_takes_over_without_a_b_post(place, claimed):
    away(place, "handler")
    assert cover.take_over(at=AT) == 0
    assert fresh(claimed).owner_id == place.users["handler"].pk


def test_absences_are_entered_by_oneself_or_a_supervisor(place):
    away(place, "alice", by="alice")
    away(place, "alice", by="manager")
    with pytest.raises(Exception, match="岗位没有这项权限"):
        away(place, "bob", by="alice")
    with pytest.raises(BadPeriod):
        away(place, "alice", by="alice", until=AT.date() - DAY)
    with pytest.raises(Exception, match="没有找到"):
        away(place, "dave", by="carol")


def test_the_clocks_of_what_is_withdrawn_count_for_nobody(place, claimed):
    line = place.at_home(delivery.withdraw, case_uid=claimed, at=AT + 9 * DAY)
    clock = clocks_of(claimed)["promised"]
    assert (line.state, clock.is_void) == ("withdrawn", True)
    with area_scope(EVERYWHERE):
        assert Notice.objects.count() == 0
    with pytest.raises(Exception, match="状态已变"):
        place.do("handler", intake.accept, case_uid=claimed)


def test_a_case_is_passed_to_a_hall_that_may_handle_it(place):
    uid = place.take_in(item="insurance-transfer").uid
    hall = f"{COUNTY}QD-0000/"
    moved = place.do("handler", handling.reroute, case_uid=uid, to_path=hall, reason="就近办理")
    assert moved.handler_path == hall
    assert place.do("carol", handling.claim, case_uid=uid).state == "handling"


def test_an_absence_of_elsewhere_is_not_found(place):
    absence = away(place, "handler")
    with pytest.raises(Exception, match="没有找到"):
        place.do("manager", cover.cancel_absence, absence_id=absence)
    with pytest.raises(Exception, match="没有找到"):
        place.do("carol", cover.set_absent, user_id=0, since=AT.date(), until=None, reason="")
