"""Hold, fill in, confirm, let go; the counter's own places; limits per person."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.factories import AT
from tests.hall.appointments.places import CODE, LONG, SHORT, TUESDAY, at_hour, oversold, person

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.appointments import booking, changing, settings
from circle15.hall.appointments.refusals import (
    AlreadyBookedItem,
    BookingClosed,
    HoldLapsed,
    NoSuchItem,
    NotFilledIn,
    SlotFull,
    TooLateToBook,
    TooManyHolds,
    TooManyThatDay,
    WrongAppointmentState,
)
from circle15.hall.booking_models import Notice, Slot
from circle15.hall.booking_states import AppointmentState

NINE, TEN, LAST = at_hour(9), at_hour(10), at_hour(11, 30)
TEN_MINUTES = timedelta(minutes=10)


def verbs():
    with area_scope(EVERYWHERE):
        rows = Event.objects.filter(verb__startswith="appointment.").order_by("id")
        return list(rows.values_list("verb", flat=True))


# Clauses: W-62
def test_booking_takes_a_place_seals_the_person_and_tells_once_a_step(bookable):
    made = bookable.booked(NINE)

    assert (made.state, made.starts_at, made.ends_at) == ("booked", NINE, at_hour(9, 30))
    assert (made.on, len(made.code)) == (TUESDAY, 6)
    assert bookable.slot(NINE).public_taken == 1
    stored = bookable.again(made)
    for text in ("王小明", person().phone, person().id_number):
        assert text not in f"{stored.name_sealed}{stored.phone_sealed}{stored.id_number_sealed}"
        assert text != stored.person_index
    assert verbs() == ["appointment.hold", "appointment.fill_in", "appointment.book"]
    assert oversold() == []


def test_confirming_twice_is_one_appointment(bookable):
    made = bookable.booked(NINE)
    assert booking.confirm(uid=made.uid, at=AT).code == made.code
    assert bookable.slot(NINE).public_taken == 1
    assert verbs().count("appointment.book") == 1


def test_a_full_slot_is_refused_and_the_counter_keeps_its_own(bookable):
    bookable.hold(NINE)
    bookable.hold(NINE)
    with pytest.raises(SlotFull):
        bookable.hold(NINE)

    made = bookable.at_counter(NINE)
    assert (made.pool, made.door) == ("counter", "counter")
    with pytest.raises(SlotFull):
        bookable.at_counter(NINE, 1)
    assert oversold() == []


def test_the_counter_goes_on_with_public_places_when_its_own_are_gone(bookable):
    made = [bookable.at_counter(NINE, n) for n in range(3)]
    assert [each.pool for each in made] == ["counter", "public", "public"]


def test_the_kiosk_uses_public_places_only(bookable):
    made = [bookable.at_counter(NINE, n, door="kiosk") for n in range(2)]
    assert [each.pool for each in made] == ["public", "public"]
    with pytest.raises(SlotFull):
        bookable.at_counter(NINE, 2, door="kiosk")


def test_two_slots_are_taken_together_or_not_at_all(bookable):
    bookable.booked(TEN, 0, item=LONG)
    bookable.booked(at_hour(10, 30), 1)
    assert [bookable.slot(at_hour(10, m)).public_taken for m in (0, 30)] == [1, 2]
    with pytest.raises(SlotFull):
        bookable.hold(TEN, item=LONG)
    with pytest.raises(SlotFull):
        bookable.hold(LAST, item=LONG)
    assert bookable.slot(TEN).public_taken == 1
    assert oversold() == []


def test_a_lapsed_hold_frees_its_place_for_the_next(bookable):
    held = [bookable.hold(NINE) for _n in range(2)]
    booking.fill_in(uid=held[0].uid, person=person(), at=AT)
    later = AT + TEN_MINUTES
    bookable.hold(NINE, at=later)

    first = bookable.again(held[0])
    assert (first.state, first.name_sealed, first.person_index) == ("lapsed", "", "")
    with pytest.raises(HoldLapsed):
        booking.confirm(uid=held[0].uid, at=later)
    assert oversold() == []


def test_the_sweep_frees_lapsed_holds(bookable):
    held = bookable.hold(NINE)
    kept = bookable.hold(TEN, at=AT + timedelta(seconds=1))
    assert changing.free_lapsed(at=AT + TEN_MINUTES) == 1
    assert changing.free_lapsed(at=AT + TEN_MINUTES) == 0
    assert bookable.again(held).state == AppointmentState.LAPSED
    assert bookable.again(kept).state == AppointmentState.HELD
    assert oversold() == []


def test_a_hold_ends_after_ten_minutes_to_the_second(bookable):
    held = bookable.hold(NINE)
    booking.fill_in(uid=held.uid, person=person(), at=AT + TEN_MINUTES - timedelta(seconds=1))
    with pytest.raises(HoldLapsed):
        booking.confirm(uid=held.uid, at=AT + TEN_MINUTES)


def test_letting_go_frees_the_place(bookable):
    held = bookable.hold(NINE, item=LONG)
    booking.let_go(uid=held.uid, at=AT)
    assert bookable.slot(NINE).public_taken == 0
    with pytest.raises(WrongAppointmentState):
        booking.let_go(uid=held.uid, at=AT)
    with pytest.raises(HoldLapsed):
        booking.fill_in(uid=held.uid, person=person(), at=AT)


def test_confirming_needs_a_person(bookable):
    with pytest.raises(NotFilledIn):
        booking.confirm(uid=bookable.hold(NINE).uid, at=AT)


def test_one_open_appointment_a_person_and_item(bookable):
    bookable.booked(NINE)
    with pytest.raises(AlreadyBookedItem):
        bookable.booked(TEN)
    bookable.booked(TEN, item=LONG)


def test_three_a_day_for_a_person(bookable):
    for n in range(3):
        settings.set_item(
            site_code=CODE, item=f"more{n}", name="查询", minutes=30, by=bookable.manager, at=AT
        )
        bookable.booked(at_hour(9, 30), 7, item=f"more{n}") if n < 2 else None
    bookable.booked(TEN, 7)
    with pytest.raises(TooManyThatDay):
        bookable.booked(at_hour(11), 7, item="more2")
    assert bookable.booked(at_hour(11), 8, item="more2").state == "booked"


def test_what_begins_too_soon_cannot_be_booked(bookable):
    with pytest.raises(TooLateToBook):
        bookable.hold(NINE, at=NINE - timedelta(minutes=29))
    bookable.hold(NINE, at=NINE - timedelta(minutes=30))
    assert bookable.at_counter(NINE, at=NINE).state == "booked"
    with pytest.raises(TooLateToBook):
        bookable.at_counter(NINE, 1, at=NINE + timedelta(seconds=1))


def test_one_origin_holds_few_places(bookable):
    times = [at_hour(hour, minute) for hour in (9, 10, 11) for minute in (0, 30)]
    for n in range(booking.MOST_HOLDS):
        bookable.hold(times[n % 6], origin="192.0.2.7")
    with pytest.raises(TooManyHolds):
        bookable.hold(times[5], origin="192.0.2.7")
    bookable.hold(times[5], origin="192.0.2.8")


def test_unknown_hall_item_and_time(bookable):
    with pytest.raises(NotFound):
        booking.hold(site_code="nowhere", item=SHORT, starts_at=NINE, at=AT)
    with pytest.raises(NoSuchItem):
        bookable.hold(NINE, item="nothing")
    with pytest.raises(SlotFull):
        bookable.hold(at_hour(9, 10))
    settings.set_rules(
        site_code=CODE, rules=settings.Rules(is_open=False), by=bookable.manager, at=AT
    )
    with pytest.raises(BookingClosed):
        bookable.hold(NINE)


def test_a_foreign_clerk_and_one_without_the_permission_book_nothing(bookable):
    with pytest.raises(NotFound):
        bookable.at_counter(NINE, by=bookable.dave)
    from dataclasses import replace

    with pytest.raises(NotAllowed):
        bookable.at_counter(NINE, by=replace(bookable.alice, permissions=frozenset()))


def test_the_database_refuses_what_the_code_should_never_do(bookable):
    slot = bookable.slot(NINE)
    for pool in ("public", "counter"):
        with pytest.raises(IntegrityError), area_scope(EVERYWHERE), transaction.atomic():
            Slot.objects.filter(pk=slot.pk).update(**{f"{pool}_taken": 3})


def test_booking_queues_its_messages(bookable):
    friday = at_hour(9, on=TUESDAY + timedelta(days=3))
    made = bookable.booked(friday)
    with area_scope(EVERYWHERE):
        rows = Notice.objects.filter(appointment=made).order_by("due_at")
        due = [(row.kind, row.due_at) for row in rows]
    assert due == [("booked", AT), ("reminder", at_hour(13, on=TUESDAY + timedelta(days=2)))]
