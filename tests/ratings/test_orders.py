"""The life of an order: in its order, by whom it belongs to, to an end that is one."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.factories import AT
from tests.ratings.conftest import fresh

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.ratings import tallies
from circle15.ratings.measuring.kept import sums_of_area
from circle15.ratings.models import Order
from circle15.ratings.orders import steps, sweeping
from circle15.ratings.orders.lists import OrderFilter, count_begun_anew, orders, published
from circle15.ratings.orders.opening import Asker, Matter, open_for_somebody, secret_of
from circle15.ratings.orders.steps import rectify
from circle15.ratings.refusals import (
    AlreadyKnown,
    BadDate,
    NotRectified,
    NotRevisited,
    NotTheSame,
    NotYours,
    OnlyExplain,
    StillAnotherTry,
    Unreachable,
    WrongState,
)
from circle15.ratings.states import OrderStep

NEXT = AT + timedelta(days=1)


def verified(place, order, finding="valid"):
    place.do("carol", steps.contact, uid=order.uid, note="打过电话")
    return place.do("carol", steps.verify, uid=order.uid, finding=finding, note="调了监控")


def answered(place, order, step=OrderStep.AT_ONCE):
    verified(place, order)
    place.do("alice", rectify, at=NEXT, uid=order.uid, step=step, note="已培训")
    return place.do("alice", steps.answer, at=NEXT, uid=order.uid, words="向您道歉")


# Clauses: D-76, D-77, D-78, J-46, J-48, W-38, W-47, W-76, Q-61
def test_from_a_bad_rating_to_a_published_end(place):
    order = place.bad()
    answered(place, order)
    with pytest.raises(NotRevisited):
        place.do("carol", steps.close, at=NEXT, uid=order.uid, note="办好了")
    steps.confirm(uid=order.uid, secret=secret_of(order.uid), is_satisfied=True, at=NEXT)
    place.do("carol", steps.close, at=NEXT, uid=order.uid, note="办好了")
    place.do("carol", steps.publish, at=NEXT, uid=order.uid, words="加强窗口培训")
    done = fresh(order.uid)
    with area_scope(EVERYWHERE):
        assert list(done.spans.order_by("id").values_list("state", flat=True)) == [
            *("received", "assigned", "contacted", "verified", "rectifying", "answered"),
            *("revisited", "closed", "published"),
        ]
    # Three facts, each with its day: handled, the person's yes, the supervisor's.
    assert all((done.handled_at, done.confirmed_at, done.closed_at, done.published_at))
    assert (done.confirmed_how, done.is_satisfied) == ("person", True)
    assert [words for _day, words in published("QD-0001")] == ["加强窗口培训"]


def sums_of_area_on(*, by, at):
    return sums_of_area(by, since=AT.date(), until=AT.date())


def test_a_no_opens_the_matter_anew_with_its_handler(place):
    order = place.bad()
    answered(place, order)
    place.do("carol", steps.revisit, at=NEXT, uid=order.uid, is_satisfied=False, note="还是不满意")
    again = fresh(order.uid)
    assert (again.state, again.reopened, again.owner_id) == (
        "reopened",
        1,
        place.users["alice"].pk,
    )
    assert again.answer_due_on == date(2026, 3, 10)
    # The new round has its own answer, work and word: the figures count the last.
    assert (again.confirmed_at, again.is_satisfied) == (None, None)
    total = place.do("carol", sums_of_area_on).total
    assert (total.orders, total.named_replied, total.revisited, total.content) == (1, 0, 0, 0)
    for who, mine in (("alice", 1), ("bob", 0), ("carol", 0)):
        assert place.do(who, lambda by, at: count_begun_anew(by, on=NEXT.date())) == mine
    # Complex counts from that day, not from the day somebody says so.
    said = {"uid": order.uid, "finding": "valid", "note": "又查了", "is_complex": True}
    done = place.do("carol", steps.verify, at=NEXT + timedelta(days=3), **said)
    assert done.answer_due_on == date(2026, 3, 24)


def test_a_matter_is_done_anew_twice_before_it_ends_without_a_yes(place):
    order = place.bad()
    verified(place, order)
    step = {"uid": order.uid, "at": NEXT}
    for tries in range(3):
        with pytest.raises(StillAnotherTry if tries else WrongState):
            place.do("carol", steps.end, **step, note="已尽力")
        place.do("alice", rectify, **step, step=OrderStep.AT_ONCE, note="已培训")
        place.do("alice", steps.answer, **step, words="向您道歉")
        place.do("carol", steps.revisit, **step, is_satisfied=False, note="还是不满意")
    done = place.do("carol", steps.end, **step, note="已尽力")
    assert (done.state, done.is_satisfied, done.confirmed_how) == ("closed", False, "phone")


def test_what_came_back_stands_before_what_is_due_earlier(place):
    order = place.bad()
    answered(place, order)
    place.do("carol", steps.revisit, at=NEXT, uid=order.uid, is_satisfied=False, note="不满意")
    earlier = place.bad()
    found = place.do("carol", lambda by, at: list(orders(by, OrderFilter(), on=NEXT.date())))
    assert [each.uid for each in found] == [order.uid, earlier.uid]


@pytest.mark.parametrize("who", ["alice", "manager", "dave"])
def test_who_handles_neither_verifies_nor_reads_the_name(place, who):
    order = place.bad()
    refusal = NotFound if who == "dave" else (NotYours, NotTheSame)
    place.do("carol", steps.contact, uid=order.uid, note="打过电话")
    with pytest.raises(refusal):
        place.do(who, steps.verify, at=NEXT, uid=order.uid, finding="mistaken", note="误点")
    with pytest.raises(refusal):
        place.do(who, steps.reveal, at=NEXT, uid=order.uid, reason="想看看")


def test_a_clerk_sees_a_bad_rating_from_the_next_day_on(place):
    order = place.bad()
    verified(place, order)
    for at, found in ((AT, False), (NEXT, True)):
        step = {"uid": order.uid, "step": OrderStep.EXPLAIN, "note": "说明"}
        if found:
            place.do("alice", rectify, at=at, **step)
        else:
            with pytest.raises(NotFound):
                place.do("alice", rectify, at=at, **step)


def test_only_an_appeal_another_decides_takes_a_rating_out_of_the_figures(place):
    order = place.bad()
    verified(place, order)
    place.do("manager", steps.appeal, at=NEXT, uid=order.uid, wanted="mistaken", reason="点错了")
    for who in ("carol", "manager"):
        with pytest.raises((NotTheSame, NotYours)):
            place.do(who, steps.decide, at=NEXT, uid=order.uid, upholds=True, why="是误点")
    assert not fresh(order.uid).rating.is_excluded
    place.do("city", steps.decide, at=NEXT, uid=order.uid, upholds=True, why="本人说是误点")
    done = fresh(order.uid)
    assert (done.state, done.finding, done.rating.is_excluded) == ("verified", "mistaken", True)
    with area_scope(EVERYWHERE):
        assert tallies.differences() == []
    with pytest.raises(OnlyExplain):
        place.do("manager", rectify, at=NEXT, uid=order.uid, step=OrderStep.AT_ONCE, note="改")
    # The person objects in turn, and gets it back.
    link = {"uid": order.uid, "secret": secret_of(order.uid), "at": NEXT}
    steps.appeal_by_link(**link, reason="不是误点")
    later = NEXT + timedelta(days=6)
    place.do("city", steps.decide, at=later, uid=order.uid, upholds=True, why="再核实属实")
    assert not fresh(order.uid).rating.is_excluded
    # Whose days ran out while another decided gets them anew.
    assert fresh(order.uid).due_on == date(2026, 3, 16)


def test_a_promise_by_a_day_is_kept_before_the_answer(place):
    order = place.bad()
    verified(place, order)
    by_date = {"uid": order.uid, "step": OrderStep.BY_DATE, "note": "换座椅", "at": NEXT}
    with pytest.raises(BadDate):
        place.do("alice", rectify, **by_date, until=date(2026, 6, 1))
    place.do("alice", rectify, **by_date, until=date(2026, 3, 20))
    assert fresh(order.uid).due_on == date(2026, 3, 20)
    with pytest.raises(NotRectified):
        place.do("alice", steps.answer, at=NEXT, uid=order.uid, words="会改的")
    place.do("alice", steps.rectified, at=NEXT, uid=order.uid, note="已换")
    assert place.do("alice", steps.answer, at=NEXT, uid=order.uid, words="换了").state == "answered"


def test_nobody_to_ask_ends_with_the_supervisors_word(place):
    order = place.bad(known=False)
    answered(place, order)
    with pytest.raises(Unreachable):
        place.do("carol", steps.revisit, at=NEXT, uid=order.uid, is_satisfied=True, note="好")
    assert place.do("carol", steps.close, at=NEXT, uid=order.uid, note="已整改").state == "closed"


def test_a_name_is_told_to_a_supervisor_with_a_reason(place):
    order = place.bad()
    told = place.do("carol", steps.reveal, uid=order.uid, reason="回访核实")
    assert told == ("张测试", "13800138000")
    with area_scope(EVERYWHERE):
        [event] = Event.objects.filter(verb="order.reveal")
        assert "13800138000" not in str(event.new)


def test_an_order_of_another_house_comes_once(place):
    matter = Matter("complaint", "停车难", "12345", "QD-0001", "NT2026-7")
    first = place.do("carol", open_for_somebody, matter=matter, asker=Asker(phone="13800138000"))
    again = place.do("carol", open_for_somebody, matter=matter, asker=Asker(phone="13800138000"))
    assert first.uid == again.uid
    other = Matter("complaint", "别的事", "12345", "QD-0001", "NT2026-7")
    with pytest.raises(AlreadyKnown):
        place.do("carol", open_for_somebody, matter=other, asker=Asker())


def test_what_is_late_is_late_for_ever(place):
    order = place.bad()
    assert sweeping.mark_overdue(at=NEXT) == 0
    assert sweeping.mark_overdue(at=AT + timedelta(days=2)) == 1
    place.do("carol", steps.contact, uid=order.uid, note="打过电话", at=AT + timedelta(days=2))
    assert fresh(order.uid).overdue_at is not None
    with pytest.raises(WrongState):
        place.do("carol", steps.contact, uid=order.uid, note="再打")


def test_the_database_keeps_closed_from_meaning_unsolved(place):
    order = place.bad()
    with pytest.raises(IntegrityError), transaction.atomic(), area_scope(EVERYWHERE):
        Order.objects.filter(uid=order.uid).update(state="closed", closed_at=AT, closing_note="x")
