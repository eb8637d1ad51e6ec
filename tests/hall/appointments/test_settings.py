"""Series, exceptions, items and rules; slots follow, what is booked is never taken away."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from tests.factories import AT
from tests.hall.appointments.places import CODE, MONDAY, MORNING, TUESDAY, at_hour, oversold

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.appointments import changing, day_figures, offered, queries, settings, slots
from circle15.hall.appointments.hours import Series, Stretch
from circle15.hall.appointments.refusals import SeriesOverlap, SlotFull, UnusableHours
from circle15.hall.booking_models import OpeningSeries, Slot

NINE, TEN = at_hour(9), at_hour(10)
AFTERNOON = Stretch(time(14), time(16), 30, 1, 0)
DAY = timedelta(days=1)


@pytest.fixture
def said(bookable):
    return {"site_code": CODE, "by": bookable.manager, "at": AT}


def only_series(bookable):
    with area_scope(EVERYWHERE):
        return OpeningSeries.objects.get(hall=bookable.hall)


def change(bookable, **to):
    stored = only_series(bookable)
    series = slots.as_series(stored)
    hours = replace(series.hours, **{k: to.pop(k) for k in list(to) if hasattr(series.hours, k)})
    settings.change_series(
        series_id=stored.pk, series=replace(series, hours=hours, **to), by=bookable.manager, at=AT
    )


def count():
    with area_scope(EVERYWHERE):
        return Slot.objects.count()


def test_slots_are_made_for_the_days_ahead_once(bookable):
    # The rest of this Monday (five after nine), four more days, a week, and Monday again.
    assert count() == 5 + 6 * 10
    assert slots.make_ahead(at=AT) == 0
    assert slots.make_ahead(at=AT + DAY) == 6
    assert slots.make_ahead(at=AT + DAY) == 0
    assert count() == 5 + 6 * 11


def test_a_changed_series_keeps_what_is_booked_as_a_conflict(bookable, said):
    made = bookable.booked(NINE)
    free = count()
    change(bookable, opens=time(10))
    slot = bookable.slot(NINE)
    assert (slot.is_conflict, slot.public_places, slot.public_taken) == (True, 1, 1)
    assert (slot.counter_places, slot.counter_taken) == (0, 0)
    assert count() == free - 2 * 10 + 1 - 1  # this Monday had 9:30 only
    with pytest.raises(SlotFull):
        bookable.hold(NINE)
    with area_scope(EVERYWHERE):
        found = queries.conflicts_of(bookable.manager, CODE, at=AT)
    assert [each.uid for each in found] == [made.uid]

    changing.cancel(uid=made.uid, at=AT, by=bookable.manager, reason="停电")
    with pytest.raises(SlotFull):
        bookable.hold(NINE)
    slots.make_ahead(at=AT)
    with area_scope(EVERYWHERE):
        assert not Slot.objects.filter(starts_at=NINE).exists()
    assert oversold() == []


def test_less_room_than_is_booked_sells_no_more_until_it_fits(bookable):
    for n in range(2):
        bookable.booked(NINE, n)
    change(bookable, public_places=1)
    slot = bookable.slot(NINE)
    assert (slot.is_conflict, slot.public_places, slot.public_taken) == (True, 2, 2)
    with pytest.raises(SlotFull):
        bookable.at_counter(NINE, 3)
    change(bookable, public_places=3)
    slot = bookable.slot(NINE)
    assert (slot.is_conflict, slot.public_places, slot.public_taken) == (False, 3, 2)
    bookable.hold(NINE)
    assert oversold() == []


def test_other_slot_lengths_do_not_run_into_what_stays(bookable):
    bookable.booked(at_hour(9, 30))
    change(bookable, slot_min=20)
    with area_scope(EVERYWHERE):
        day = Slot.objects.filter(starts_at__gte=NINE, starts_at__lt=NINE + DAY)
        begins = [f"{(slot.starts_at - NINE)}" for slot in day.order_by("starts_at")]
    assert begins[:4] == ["0:00:00", "0:30:00", "1:00:00", "1:20:00"]


def test_a_closed_day_and_its_return(bookable, said):
    made = bookable.booked(NINE)
    closed = settings.add_exception(on=TUESDAY, hours=None, reason="停电检修", **said)
    with area_scope(EVERYWHERE):
        begins = Slot.objects.filter(starts_at__gte=NINE, starts_at__lt=NINE + DAY)
        assert list(begins.values_list("starts_at", flat=True)) == [NINE]
    settings.remove_exception(exception_id=closed.pk, by=said["by"], at=AT)
    slot = bookable.slot(NINE)
    assert (slot.is_conflict, slot.public_places, slot.public_taken) == (False, 2, 1)
    assert bookable.again(made).state == "booked"
    assert bookable.hold(TEN).state == "held"


def test_other_hours_on_a_day(bookable, said):
    settings.add_exception(on=TUESDAY, hours=AFTERNOON, reason="上午培训", **said)
    times = offered.times_offered(CODE, TUESDAY, 30, at=AT)
    assert [each.key for each in times] == ["1400", "1430", "1500", "1530"]
    for hours in (None, AFTERNOON, replace(AFTERNOON, opens=time(15))):
        with pytest.raises(UnusableHours):
            settings.add_exception(on=TUESDAY, hours=hours, reason="再来", **said)


@pytest.mark.parametrize(
    "series",
    [
        Series(Stretch(time(11), time(13), 30, 1, 1), "5", MONDAY),
        Series(Stretch(time(11), time(13), 30, 1, 1), "67", MONDAY),  # both on make-up days
    ],
)
def test_series_may_not_overlap(said, series):
    with pytest.raises(SeriesOverlap):
        settings.add_series(series=series, **said)
    settings.add_series(series=replace(series, hours=AFTERNOON), **said)


@pytest.mark.parametrize(
    "hours",
    [
        replace(MORNING, closes=time(9)),
        replace(MORNING, slot_min=4),
        replace(MORNING, slot_min=241),
        replace(MORNING, closes=time(9, 20)),
        replace(MORNING, public_places=201),
        replace(MORNING, counter_places=-1),
    ],
)
def test_hours_that_cannot_be_kept(said, hours):
    with pytest.raises(UnusableHours):
        settings.add_series(series=Series(hours, "6", MONDAY), **said)


def test_what_else_cannot_be_set(bookable, said):
    wrong = (
        lambda: settings.set_rules(rules=settings.Rules(days_ahead=0), **said),
        lambda: settings.set_rules(rules=settings.Rules(hold_min=61), **said),
        lambda: settings.set_item(item="x", name=" ", minutes=30, **said),
        lambda: settings.set_item(item="x", name="查询", minutes=4, **said),
        lambda: settings.add_series(series=Series(AFTERNOON, "", MONDAY), **said),
        lambda: settings.add_series(series=Series(AFTERNOON, "1", MONDAY, MONDAY - DAY), **said),
        lambda: settings.add_exception(on=TUESDAY, hours=None, reason="", **said),
    )
    for refused in wrong:
        with pytest.raises(UnusableHours):
            refused()


def test_only_who_manages_the_hall_sets_anything(bookable, said):
    series = only_series(bookable)
    wrong = {**said, "by": bookable.alice}
    foreign = replace(bookable.manager, area_path=bookable.dave.area_path)
    with pytest.raises(NotAllowed):
        settings.add_series(series=Series(AFTERNOON, "1", MONDAY), **wrong)
    with pytest.raises(NotFound):
        settings.remove_series(series_id=series.pk, by=foreign, at=AT)
    with pytest.raises(NotFound):
        settings.set_item(item="x", name="查询", minutes=30, **{**said, "by": foreign})


def test_an_item_that_is_no_longer_offered_keeps_its_appointments(bookable, said):
    made = bookable.booked(NINE)
    settings.remove_item(item="register", **said)
    assert bookable.again(made).item_name == "参保登记"
    with pytest.raises(NotFound):
        settings.remove_item(item="register", **said)


def test_each_setting_is_on_the_trail_once(bookable, said):
    series = settings.add_series(series=Series(AFTERNOON, "6", MONDAY), **said)
    settings.remove_series(series_id=series.pk, by=said["by"], at=AT)
    with area_scope(EVERYWHERE):
        rows = Event.objects.filter(target_kind="hall").order_by("id")
        verbs = list(rows.values_list("verb", flat=True))
    assert verbs[-4:] == ["booking.item", "series.add", "series.add", "series.remove"]


def test_what_a_day_offered_and_what_came_of_it(bookable):
    came, missed, off = (bookable.booked(NINE + n * timedelta(minutes=30), n) for n in range(3))
    changing.cancel(uid=off.uid, at=AT)
    changing.check_in(uid=came.uid, at=NINE)
    changing.mark_missed(at=at_hour(12))
    with area_scope(EVERYWHERE):
        found = day_figures.figures(bookable.manager, CODE, TUESDAY, TUESDAY)
    (day,) = found
    shown = (day.offered, day.taken, day.booked, day.arrived, day.no_show, day.cancelled)
    assert shown == (18, 2, 0, 1, 1, 1)
    assert (day.booked_share, day.used_share) == (2 / 18, 0.5)
    assert missed.on == TUESDAY


def test_days_and_times_show_what_is_left(bookable):
    bookable.booked(NINE)
    days = offered.days_offered(CODE, 30, at=AT)
    assert [(day.free, day.is_open) for day in days[:2]] == [(10, True), (11, True)]
    assert [day.is_open for day in days[5:7]] == [False, False]
    times = offered.times_offered(CODE, TUESDAY, 60, at=AT)
    assert [(each.key, each.free) for each in times] == [
        ("0900", 1),
        ("0930", 2),
        ("1000", 2),
        ("1030", 2),
        ("1100", 2),
    ]
