"""Deadlines against a walk day by day: pauses, extensions, warnings, and a year not yet known."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle15.core.deadlines import (
    BadTerm,
    Pause,
    Reckoned,
    Reckoner,
    Standing,
    Term,
    standard_reckoner,
)
from circle15.core.working_days import (
    WorkingCalendar,
    YearTable,
    standard_calendar,
)

CALENDAR = standard_calendar()
RECKONER = standard_reckoner()
DAY = timedelta(days=1)
DAYS_2020_TO_2027 = st.dates(date(2020, 1, 1), date(2027, 12, 31))
HORIZON = 1200


@st.composite
def terms(draw):
    """A clock with up to three pauses in order, the last of them perhaps open."""
    begun, at, pauses = draw(DAYS_2020_TO_2027), 0, []
    for _ in range(draw(st.integers(0, 3))):
        at += draw(st.integers(0, 12))
        length = draw(st.integers(0, 15))
        pauses.append(Pause(begun + at * DAY, begun + (at + length) * DAY))
        at += length
    if pauses and draw(st.booleans()):
        pauses[-1] = Pause(pauses[-1].since)
    return Term(
        begun,
        draw(st.integers(0, 60)),
        tuple(pauses),
        extended_days=draw(st.integers(0, 20)),
        is_calendar=draw(st.booleans()),
    )


def stands_still(term: Term, on: date) -> bool:
    return any(p.since < on and (p.until is None or on <= p.until) for p in term.pauses)


def counts(term: Term, on: date) -> bool:
    is_worked = term.is_calendar or CALENDAR.is_working_day(on)
    return is_worked and not stands_still(term, on)


def walked(term: Term, count: int) -> date | None:
    """Give the day on which so many days are used up, by looking at every day."""
    on = term.begun_on
    for _ in range(HORIZON):
        if not count:
            return on
        on += DAY
        count -= counts(term, on)
    return None


@settings(max_examples=200)
@given(terms())
def test_the_days_of_a_clock_are_those_a_walk_finds(term):
    reckoned = RECKONER.reckon(term)
    total = term.total
    assert reckoned.due_on == walked(term, total)
    assert reckoned.half_on == walked(term, -(-total // 2))
    assert reckoned.eve_on == walked(term, max(total - 1, 0))


@given(terms(), st.integers(-5, 200))
def test_the_days_used_are_those_a_walk_counts(term, after):
    on = term.begun_on + after * DAY
    used = sum(counts(term, term.begun_on + n * DAY) for n in range(1, after + 1))
    assert RECKONER.used(term, on) == used


@given(st.lists(st.tuples(DAYS_2020_TO_2027, st.integers(0, 90)), max_size=30))
def test_many_at_once_are_what_each_is_alone(rows):
    begun, days = [row[0] for row in rows], [row[1] for row in rows]
    dues = RECKONER.due_days(begun, days)
    assert dues == [CALENDAR.add_working_days(*row).on for row in rows]
    assert dues == [RECKONER.due(*row) for row in rows]
    assert dues == [RECKONER.reckon(Term(*row)).due_on for row in rows]


@given(DAYS_2020_TO_2027, st.integers(0, 90))
def test_a_forecast_is_told_as_the_calendar_tells_it(begun, days):
    reckoned, deadline = RECKONER.reckon(Term(begun, days)), CALENDAR.add_working_days(begun, days)
    assert (reckoned.is_forecast, reckoned.warning) == (deadline.is_forecast, deadline.warning)


def test_a_make_up_sunday_counts_and_a_holiday_does_not():
    # 2026-09-20 is a Sunday worked for the National Day.
    assert RECKONER.due(date(2026, 9, 18), 1) == date(2026, 9, 20)
    assert RECKONER.due(date(2026, 9, 30), 1) == date(2026, 10, 8)


def test_the_day_of_the_question_counts_and_the_day_of_the_answer_does_not():
    monday = date(2026, 3, 2)
    asked = Term(monday, 5, (Pause(monday + DAY, monday + 3 * DAY),))
    assert RECKONER.reckon(asked).due_on == date(2026, 3, 11)
    assert RECKONER.used(asked, monday + 3 * DAY) == 1
    assert RECKONER.used(asked, monday + 4 * DAY) == 2


def test_a_pause_after_the_end_changes_nothing():
    monday = date(2026, 3, 2)
    term = Term(monday, 2, (Pause(monday + 2 * DAY),))
    assert RECKONER.reckon(term).due_on == monday + 2 * DAY
    assert RECKONER.reckon(replace(term, days=3)).due_on is None


def test_a_year_made_known_gives_another_name_and_other_days():
    confirmed = YearTable(2027, confirmed=True, holidays=())
    known = Reckoner(WorkingCalendar((*CALENDAR.tables, confirmed), CALENDAR.fixed))
    term = Term(date(2026, 12, 30), 2)
    assert RECKONER.reckon(term) == Reckoned(
        date(2027, 1, 4),
        date(2026, 12, 31),
        date(2026, 12, 31),
        is_forecast=True,
        warning="2027年放假安排尚未确认，按周末和固定日期的法定节日推算，公布后请重新计算",
    )
    assert known.version != RECKONER.version
    assert known.reckon(term).due_on == date(2027, 1, 1)
    assert not known.reckon(term).is_forecast


MONDAY = date(2026, 3, 2)
TEN = RECKONER.reckon(Term(MONDAY, 10))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (MONDAY, Standing.RUNNING),
        (date(2026, 3, 6), Standing.RUNNING),
        (date(2026, 3, 9), Standing.HALF),
        (date(2026, 3, 12), Standing.HALF),
        (date(2026, 3, 13), Standing.EVE),
        (date(2026, 3, 16), Standing.EVE),
        (date(2026, 3, 17), Standing.OVERDUE),
    ],
)
def test_a_clock_warns_at_half_and_one_day_before_its_end(on, expected):
    assert TEN.standing(on) == expected


def test_overdue_stays_overdue_when_it_is_met():
    assert TEN.standing(date(2026, 6, 1), met_on=date(2026, 3, 16)) == Standing.MET
    assert TEN.standing(date(2026, 6, 1), met_on=date(2026, 3, 17)) == Standing.MET_LATE


def test_what_is_overdue_is_not_excused_by_a_pause():
    assert TEN.standing(date(2026, 3, 16), is_paused=True) == Standing.PAUSED
    assert TEN.standing(date(2026, 3, 17), is_paused=True) == Standing.OVERDUE


def test_an_instant_item_is_due_on_its_own_day():
    reckoned = RECKONER.reckon(Term(date(2026, 3, 7), 0))  # a Saturday
    assert (reckoned.half_on, reckoned.eve_on, reckoned.due_on) == (date(2026, 3, 7),) * 3
    assert reckoned.standing(date(2026, 3, 8)) == Standing.OVERDUE


@pytest.mark.parametrize(
    "term",
    [
        Term(MONDAY, -1),
        Term(MONDAY, 5001),
        Term(MONDAY, 5, (Pause(MONDAY - DAY),)),
        Term(MONDAY, 5, (Pause(MONDAY, MONDAY - DAY),)),
        Term(MONDAY, 5, (Pause(MONDAY), Pause(MONDAY + DAY))),
        Term(MONDAY, 5, (Pause(MONDAY, MONDAY + 3 * DAY), Pause(MONDAY + DAY))),
        Term(date(1989, 12, 31), 1),
        Term(date(2099, 12, 31), 1),
        Term(date(2099, 12, 31), 1, is_calendar=True),
    ],
)
def test_what_nobody_can_mean_is_refused(term):
    with pytest.raises(BadTerm):
        RECKONER.reckon(term)


@pytest.mark.parametrize("row", [(MONDAY, -1), (MONDAY, 5001), (date(2099, 12, 31), 1)])
def test_many_at_once_refuse_the_same(row):
    with pytest.raises(BadTerm):
        RECKONER.due(*row)
