"""Slots of a day: examples of holidays and exceptions, and brute force minute by minute."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle15.core.working_days import standard_calendar
from circle15.hall.appointments.hours import (
    SHANGHAI,
    Exceptional,
    Series,
    Stretch,
    overlap,
    runs,
    slots_of_day,
)

CALENDAR = standard_calendar()
SINCE = date(2026, 1, 1)
MORNING = Stretch(time(9), time(12), 30, 2, 1)
EVENING = Stretch(time(17), time(19), 30, 1, 1, is_extended=True)
WEEK = Series(MORNING, "12345", SINCE)
MONDAY, SATURDAY = date(2026, 3, 2), date(2026, 3, 7)
HOLIDAY, MAKEUP = date(2026, 10, 1), date(2026, 10, 10)  # a Thursday and a Saturday


def of(on, *series, exceptions=()):
    found = slots_of_day(on, series=series, exceptions=exceptions, calendar=CALENDAR)
    return [f"{slot.starts_at.astimezone(SHANGHAI):%H:%M}" for slot in found]


def test_slots_fill_the_hours_without_a_rest():
    assert of(MONDAY, WEEK) == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
    assert of(MONDAY, Series(Stretch(time(9), time(10, 10), 30, 1, 0), "1", SINCE)) == [
        "09:00",
        "09:30",
    ]


def test_a_series_holds_on_its_weekdays_from_since_to_until():
    ends = Series(EVENING, "1", since=MONDAY, until=MONDAY)
    week = timedelta(days=7)
    assert [len(of(day, ends)) for day in (MONDAY - week, MONDAY, MONDAY + week)] == [0, 4, 0]
    assert of(SATURDAY, WEEK) == []


@pytest.mark.parametrize(
    ("series", "on", "count"),
    [
        (WEEK, HOLIDAY, 0),
        (Series(MORNING, "12345", SINCE, on_holidays=True), HOLIDAY, 6),
        (Series(MORNING, "123", SINCE, on_holidays=True), HOLIDAY, 0),
        (WEEK, MAKEUP, 6),
        (Series(MORNING, "12345", SINCE, on_makeup_days=False), MAKEUP, 0),
        (Series(MORNING, "6", SINCE, on_makeup_days=False), MAKEUP, 0),
        (Series(MORNING, "6", SINCE, on_makeup_days=False), SATURDAY, 6),
    ],
)
def test_holidays_and_make_up_days(series, on, count):
    assert len(of(on, series)) == count


def test_an_exception_replaces_all_series_of_its_day():
    other = Exceptional(MONDAY, EVENING)
    early = Exceptional(MONDAY, Stretch(time(8), time(9), 60, 1, 1))
    closed = Exceptional(MONDAY, None)
    assert of(MONDAY, WEEK, exceptions=[other, early]) == [
        "08:00",
        "17:00",
        "17:30",
        "18:00",
        "18:30",
    ]
    assert of(MONDAY, WEEK, exceptions=[closed]) == []
    assert len(of(MONDAY + timedelta(days=1), WEEK, exceptions=[closed])) == 6


def test_runs_need_slots_right_after_each_other():
    begin = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    half = timedelta(minutes=30)
    slots = [(n, begin + half * n, begin + half * (n + 1)) for n in (0, 1, 2, 5, 6)]
    assert list(runs(slots, 30)) == [(0,), (1,), (2,), (5,), (6,)]
    assert list(runs(slots, 31)) == [(0, 1), (1, 2), (5, 6)]
    assert list(runs(slots, 90)) == [(0, 1, 2)]
    assert list(runs(slots, 91)) == []


times = st.integers(8 * 4, 20 * 4).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
stretches = st.builds(
    lambda pair, slot_min, public: Stretch(min(pair), max(pair), slot_min, public, 1),
    st.tuples(times, times).filter(lambda pair: pair[0] != pair[1]),
    st.sampled_from([5, 10, 15, 20, 45]),
    st.integers(0, 4),
)
days = st.dates(date(2026, 9, 18), date(2026, 10, 12))  # around the autumn holidays
weekdays = st.sets(st.sampled_from("1234567"), min_size=1).map(lambda found: "".join(sorted(found)))
all_series = st.builds(
    Series, stretches, weekdays, days, st.none() | days, st.booleans(), st.booleans()
)
exceptionals = st.builds(Exceptional, days, st.none() | stretches)


def brute(on, series, exceptions):
    """Say in other words what a day has: look at every five minutes of it."""
    off = {date(2026, 9, 25), date(2026, 9, 26), date(2026, 9, 27)}
    off |= {date(2026, 10, n) for n in range(1, 8)}
    makeup = {date(2026, 9, 20), date(2026, 10, 10)}
    special = [each.hours for each in exceptions if each.on == on]
    stretches_of_day = special
    if None in special:
        return []
    if not special:
        stretches_of_day = []
        for each in series:
            inside = each.since <= on and (each.until is None or on <= each.until)
            its_weekday = str(on.weekday() + 1) in each.weekdays
            if on in makeup:
                holds = each.on_makeup_days
            elif on in off:
                holds = its_weekday and each.on_holidays
            else:
                holds = its_weekday
            if inside and holds:
                stretches_of_day.append(each.hours)
    found, busy = [], set()
    minutes = lambda at: at.hour * 60 + at.minute  # noqa: E731
    begins = []
    for hours in stretches_of_day:
        first, last = minutes(hours.opens), minutes(hours.closes)
        begins += [
            (begin, hours)
            for begin in range(first, last, 5)
            if (begin - first) % hours.slot_min == 0 and begin + hours.slot_min <= last
        ]
    for begin, hours in sorted(begins, key=lambda each: (each[0], each[1].opens, each[1].closes)):
        own = set(range(begin, begin + hours.slot_min))
        if not own & busy:
            busy |= own
            found.append((begin, hours.slot_min, hours.public_places, hours.counter_places))
    return found


@settings(max_examples=300)
@given(days, st.lists(all_series, max_size=4), st.lists(exceptionals, max_size=3))
def test_slots_are_what_brute_force_finds(on, series, exceptions):
    found = slots_of_day(on, series=series, exceptions=exceptions, calendar=CALENDAR)
    shown = []
    for slot in found:
        begin, end = slot.starts_at.astimezone(SHANGHAI), slot.ends_at.astimezone(SHANGHAI)
        assert begin.date() == end.date() == on
        length = int((end - begin).total_seconds()) // 60
        shown.append(
            (begin.hour * 60 + begin.minute, length, slot.public_places, slot.counter_places)
        )
    assert shown == brute(on, series, exceptions)


@settings(max_examples=300)
@given(all_series, all_series)
def test_series_that_do_not_overlap_never_share_a_minute(one, other):
    if overlap(one, other):
        return
    for n in range(30):
        on = date(2026, 9, 15) + timedelta(days=n)
        apart = [
            slots_of_day(on, series=[each], exceptions=[], calendar=CALENDAR)
            for each in (one, other)
        ]
        together = slots_of_day(on, series=[one, other], exceptions=[], calendar=CALENDAR)
        assert len(together) == len(apart[0]) + len(apart[1])
