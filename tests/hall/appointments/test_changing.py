"""Change, cancel, arrive, miss."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories import AT
from tests.hall.appointments.places import CODE, LONG, TUESDAY, at_hour, oversold

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.appointments import changing
from circle15.hall.appointments.refusals import (
    NotYetTime,
    SameTime,
    SlotFull,
    TooLateToChange,
    TooLateToCheckIn,
    TooManyChanges,
    UnknownCode,
    WrongAppointmentState,
)
from circle15.hall.booking_models import Notice
from circle15.hall.models import Ticket
from circle15.hall.refusals import NeedsReason

NINE, HALF, TEN = at_hour(9), at_hour(9, 30), at_hour(10)
MINUTE = timedelta(minutes=1)


def test_changing_moves_the_place(bookable):
    made = bookable.booked(NINE, item=LONG)
    moved = changing.change(uid=made.uid, starts_at=HALF, at=AT)
    assert (moved.starts_at, moved.ends_at, moved.code) == (HALF, at_hour(10, 30), made.code)
    assert [bookable.slot(at).public_taken for at in (NINE, HALF, TEN)] == [0, 1, 1]
    assert oversold() == []


def test_a_refused_change_leaves_everything_as_it_was(bookable):
    made = bookable.booked(NINE)
    bookable.hold(TEN)
    bookable.hold(TEN)
    with pytest.raises(SlotFull):
        changing.change(uid=made.uid, starts_at=TEN, at=AT)
    assert (bookable.again(made).starts_at, bookable.slot(NINE).public_taken) == (NINE, 1)
    with pytest.raises(SameTime):
        changing.change(uid=made.uid, starts_at=NINE, at=AT)
    assert oversold() == []


def test_a_change_uses_what_a_lapsed_hold_kept(bookable):
    made = bookable.booked(NINE)
    held = [bookable.hold(TEN) for _n in range(2)]
    changing.change(uid=made.uid, starts_at=TEN, at=AT + 10 * MINUTE)
    assert [bookable.again(each).state for each in held] == ["lapsed", "lapsed"]
    assert bookable.slot(TEN).public_taken == 1
    assert oversold() == []


def test_the_link_changes_three_times_the_counter_always(bookable):
    made = bookable.booked(NINE)
    for starts_at in (HALF, TEN, NINE):
        changing.change(uid=made.uid, starts_at=starts_at, at=AT)
    with pytest.raises(TooManyChanges):
        changing.change(uid=made.uid, starts_at=TEN, at=AT)
    assert changing.change(uid=made.uid, starts_at=TEN, at=AT, by=bookable.alice).changes == 4


def test_cancelling_frees_the_place_and_drops_what_was_not_sent(bookable):
    made = bookable.booked(NINE)
    changing.cancel(uid=made.uid, at=AT)
    assert bookable.slot(NINE).public_taken == 0
    with area_scope(EVERYWHERE):
        rows = Notice.objects.filter(appointment=made).order_by("id")
        kinds = [(row.kind, row.dropped_at is None) for row in rows]
    assert kinds == [("booked", False), ("reminder", False), ("cancelled", True)]
    with pytest.raises(WrongAppointmentState):
        changing.cancel(uid=made.uid, at=AT)
    assert bookable.booked(NINE).state == "booked"
    assert oversold() == []


def test_staff_cancel_with_a_reason_in_their_area_only(bookable):
    made = bookable.booked(NINE)
    with pytest.raises(NeedsReason):
        changing.cancel(uid=made.uid, at=AT, by=bookable.alice, reason=" ")
    with pytest.raises(NotFound):
        changing.cancel(uid=made.uid, at=AT, by=bookable.dave, reason="停电")
    changing.cancel(uid=made.uid, at=AT, by=bookable.alice, reason="停电")
    with area_scope(EVERYWHERE):
        event = Event.objects.filter(verb="appointment.cancel").get()
    assert (event.actor_name, event.new) == (bookable.alice.name, {"reason": "停电"})


def test_a_hold_is_not_cancelled_by_the_link_of_an_appointment(bookable):
    held = bookable.hold(NINE)
    with pytest.raises(WrongAppointmentState):
        changing.cancel(uid=held.uid, at=AT)


def test_nothing_is_changed_once_the_time_has_come(bookable):
    made = bookable.booked(NINE)
    for refused in (
        lambda: changing.cancel(uid=made.uid, at=NINE),
        lambda: changing.change(uid=made.uid, starts_at=TEN, at=NINE),
    ):
        with pytest.raises(TooLateToChange):
            refused()
    assert changing.cancel(uid=made.uid, at=NINE - MINUTE).state == "cancelled"


def test_checking_in_by_link_takes_one_ticket_of_the_booked_lane(bookable):
    made = bookable.booked(NINE)
    arrived = changing.check_in(uid=made.uid, at=NINE - 5 * MINUTE)
    assert arrived.ticket.label == "Y001"
    with area_scope(EVERYWHERE):
        ticket = Ticket.objects.get(uid=arrived.ticket.uid)
        items = list(ticket.items.values_list("item", flat=True))
    assert (ticket.appointment_uid, ticket.kind, ticket.source) == (made.uid, "booked", "phone")
    assert items == ["register"]
    stored = bookable.again(made)
    assert (stored.state, stored.ticket_uid) == ("arrived", ticket.uid)
    with pytest.raises(WrongAppointmentState):
        changing.check_in(uid=made.uid, at=NINE)


@pytest.mark.parametrize(
    ("minutes", "refusal"), [(-31, NotYetTime), (-30, None), (15, None), (16, TooLateToCheckIn)]
)
def test_when_one_can_check_in(bookable, minutes, refusal):
    made = bookable.booked(NINE)
    at = NINE + minutes * MINUTE
    if refusal is None:
        assert changing.check_in(uid=made.uid, at=at).ticket.number == 1
    else:
        with pytest.raises(refusal):
            changing.check_in(uid=made.uid, at=at)


def test_checking_in_by_code_at_the_hall(bookable):
    made = bookable.booked(NINE)
    how = {"site_code": CODE, "source": "kiosk", "at": NINE}
    with pytest.raises(UnknownCode):
        changing.check_in_by_code(code=made.code, by=bookable.dave, **how)
    wrong = f"{(int(made.code) + 1) % 1_000_000:06}"
    for code in (wrong, "", "x"):
        with pytest.raises(UnknownCode):
            changing.check_in_by_code(code=code, by=bookable.alice, **how)
    yesterday = how | {"at": NINE - timedelta(days=1)}
    with pytest.raises(UnknownCode):
        changing.check_in_by_code(code=made.code, by=bookable.alice, **yesterday)
    typed = f"{made.code[:3]} {made.code[3:]}"
    arrived = changing.check_in_by_code(code=typed, by=bookable.alice, **how)
    assert arrived.ticket.label == "Y001"


def test_who_does_not_come_is_a_no_show_and_keeps_the_place(bookable):
    made = bookable.booked(NINE)
    assert changing.mark_missed(at=NINE + 15 * MINUTE) == 0
    assert changing.mark_missed(at=NINE + 15 * MINUTE + timedelta(seconds=1)) == 1
    assert changing.mark_missed(at=NINE + 20 * MINUTE) == 0
    assert bookable.again(made).state == "no_show"
    assert bookable.slot(NINE).public_taken == 1
    with pytest.raises(WrongAppointmentState):
        changing.check_in(uid=made.uid, at=NINE + 16 * MINUTE)
    assert oversold() == []


def test_unknown_links(bookable):
    for refused in (changing.cancel, changing.check_in):
        with pytest.raises(NotFound):
            refused(uid=uuid4(), at=AT)
    assert bookable.booked(NINE).on == TUESDAY
