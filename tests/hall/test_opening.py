"""When a hall gives out numbers."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from circle15.core.working_days import standard_calendar
from circle15.hall.opening import Hours, gives_numbers, hours_on, next_opening

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = [Hours(day, time(9), time(12)) for day in range(1, 6)]
EXTENDED = Hours(6, time(9), time(11), is_extended=True)
HOURS = (*MORNING, EXTENDED)
CALENDAR = standard_calendar()


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 9, 26), 1),  # a Friday
        (date(2025, 9, 27), 1),  # a Saturday with extended hours
        (date(2025, 9, 28), 1),  # a Sunday worked for the National Day
        (date(2025, 10, 1), 0),  # the National Day
        (date(2025, 10, 12), 0),  # a Sunday
    ],
)
def test_holidays_and_days_worked_for_them_count(day: date, expected: int):
    assert len(hours_on(day, HOURS, CALENDAR)) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [((8, 29), False), ((8, 30), True), ((11, 59), True), ((12, 0), False)],
)
def test_numbers_are_given_half_an_hour_early_and_not_later(
    moment: tuple[int, int], expected: bool
):
    today = hours_on(date(2025, 9, 26), HOURS, CALENDAR)

    assert gives_numbers(at(2025, 9, 26, *moment), today) is expected


def test_next_opening_steps_over_a_holiday():
    assert next_opening(at(2025, 9, 30, 13), tuple(MORNING), CALENDAR) == at(2025, 10, 9, 9)
    assert next_opening(at(2025, 9, 30, 8), HOURS, CALENDAR) == at(2025, 9, 30, 9)
    assert next_opening(at(2025, 9, 30, 8), (), CALENDAR) is None
