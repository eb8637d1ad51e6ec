"""Working days: every day of seven years, counting, forecasts, broken tables."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.core.working_days import (
    BadHolidayTable,
    Day,
    Deadline,
    FixedHoliday,
    Holiday,
    WorkingCalendar,
    WorkingDays,
    YearTable,
    read_year_table,
    standard_calendar,
)

CALENDAR = standard_calendar()
WITH_TABLE = st.dates(date(2020, 1, 1), date(2025, 12, 31))
ANY_DAY = st.dates(date(1990, 1, 1), date(2060, 12, 31))
WARNING_2027 = "2027年放假安排尚未确认，按周末和固定日期的法定节日推算，公布后请重新计算"


def published():
    path = Path(__file__).parent / "vectors/holidays_cn_2020_2026.csv"
    with path.open(encoding="utf-8") as file:
        return {
            date.fromisoformat(row["date"]): (row["is_off_day"] == "0", row["name"])
            for row in csv.DictReader(file)
        }


def test_every_day_of_2020_to_2026_is_as_published():
    notices = published()
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(2557)]
    assert days[-1] == date(2026, 12, 31)
    for on in days:
        is_working = notices[on][0] if on in notices else on.weekday() < 5
        day = CALENDAR.day(on)
        assert (on, day.is_working, day.is_forecast) == (on, is_working, False)
        assert CALENDAR.is_working_day(on) is is_working
        assert bool(day.name) is (on in notices)


def test_a_day_names_its_holiday():
    assert CALENDAR.day(date(2026, 2, 17)) == Day(
        date(2026, 2, 17), is_working=False, name="春节", is_forecast=False
    )
    assert CALENDAR.day(date(2026, 9, 20)) == Day(
        date(2026, 9, 20), is_working=True, name="国庆节", is_forecast=False
    )


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2026, 3, 1), 0, date(2026, 3, 1)),  # day 0 may be a Sunday
        (date(2026, 3, 2), 1, date(2026, 3, 3)),  # day 0 is not counted
        (date(2026, 3, 2), 3, date(2026, 3, 5)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # over a weekend
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday worked
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # over the Spring Festival
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # the make-up Saturday is day 3
    ],
)
def test_adding_working_days(start, count, end):
    assert CALENDAR.add_working_days(start, count) == Deadline(end, is_forecast=False, warning="")


@pytest.mark.parametrize("count", [-1, 5001])
def test_absurd_counts_are_refused(count):
    with pytest.raises(ValueError, match="工作日天数应在0至5000之间"):
        CALENDAR.add_working_days(date(2026, 1, 5), count)


def test_the_longest_count_works():
    assert CALENDAR.add_working_days(date(2026, 1, 5), 5000).is_forecast


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), 0),
        (date(2026, 3, 2), date(2026, 3, 3), 1),
        (date(2026, 3, 6), date(2026, 3, 8), 0),
        (date(2026, 3, 9), date(2026, 3, 6), -1),
        (date(2026, 9, 30), date(2026, 10, 10), 3),
    ],
)
def test_counting_working_days(start, end, count):
    counted = CALENDAR.working_days_between(start, end)
    assert counted == WorkingDays(count, is_forecast=False, warning="")


@given(ANY_DAY, st.integers(0, 60))
def test_counting_is_the_inverse_of_adding(start, count):
    end = CALENDAR.add_working_days(start, count).on
    assert CALENDAR.working_days_between(start, end).count == count
    assert CALENDAR.working_days_between(end, start).count == -count


@given(ANY_DAY, st.integers(1, 60))
def test_deadlines_fall_on_working_days_and_grow(start, count):
    end = CALENDAR.add_working_days(start, count).on
    assert CALENDAR.is_working_day(end)
    assert CALENDAR.add_working_days(start, count - 1).on < end


@given(WITH_TABLE, WITH_TABLE, WITH_TABLE)
def test_counts_add_up(one, two, three):
    between = CALENDAR.working_days_between
    whole = between(one, three)
    assert between(one, two).count + between(two, three).count == whole.count
    assert not whole.is_forecast


def test_an_unknown_year_is_a_forecast_with_a_warning():
    assert CALENDAR.add_working_days(date(2026, 12, 31), 1) == Deadline(
        date(2027, 1, 4), is_forecast=True, warning=WARNING_2027
    )
    assert CALENDAR.working_days_between(date(2027, 4, 30), date(2027, 5, 3)) == WorkingDays(
        1, is_forecast=True, warning=WARNING_2027
    )


@pytest.mark.parametrize(
    ("on", "is_working", "name"),
    [
        (date(2027, 1, 1), False, "元旦"),
        (date(2027, 10, 1), False, "国庆节"),
        (date(2027, 10, 4), True, ""),
        (date(2028, 5, 2), False, "劳动节"),
        (date(2019, 5, 2), True, ""),  # a statutory day off since 2025 only
        (date(2027, 3, 6), False, ""),
        (date(2027, 3, 8), True, ""),
    ],
)
def test_forecast_days(on, is_working, name):
    assert CALENDAR.day(on) == Day(on, is_working=is_working, name=name, is_forecast=True)


def test_several_unknown_years_are_all_named():
    counted = CALENDAR.working_days_between(date(2026, 12, 1), date(2028, 1, 31))
    assert counted.warning == WARNING_2027.replace("2027年", "2027、2028年")


def test_an_unconfirmed_table_is_used_and_is_a_forecast():
    holiday = Holiday("春节", date(2027, 2, 5), date(2027, 2, 12), (date(2027, 2, 13),))
    new_year = FixedHoliday("元旦", 1, 1, 2008)
    calendar = WorkingCalendar(
        (YearTable(2027, confirmed=False, holidays=(holiday,)),), (new_year,)
    )
    assert calendar.day(date(2027, 2, 8)) == Day(
        date(2027, 2, 8), is_working=False, name="春节", is_forecast=True
    )
    assert calendar.day(date(2027, 2, 13)).is_working
    assert calendar.day(date(2027, 1, 1)).is_working  # its table alone decides


TABLE = """
year: 2027
confirmed: true
holidays:
  - {name: 元旦, first: 2027-01-01, last: 2027-01-03, work: []}
"""


def test_a_year_table_is_read():
    holiday = Holiday("元旦", date(2027, 1, 1), date(2027, 1, 3))
    assert read_year_table(TABLE) == YearTable(2027, confirmed=True, holidays=(holiday,))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("year: 2027", "jahr: 2027", "节假日表格式不正确"),
        ("year: 2027", "year: [", "节假日表格式不正确"),
        ("work: []", "work: 3", "节假日表格式不正确"),
        ("confirmed: true", "confirmed: 1", "confirmed应为true或false"),
        ("year: 2027", "year: '2027'", "year应为年份"),
        ("first: 2027-01-01", "first: 1月1日", "元旦：日期应写成"),
        ("first: 2027-01-01", "first: 2027-01-04", "元旦：开始日期晚于结束日期"),
        ("year: 2027", "year: 2026", "元旦：不属于2026年"),
        ("work: []", "work: [2027-01-01]", "元旦：补班日不能在放假期间"),
    ],
)
def test_a_broken_year_table_is_refused(old, new, message):
    with pytest.raises(BadHolidayTable, match=message):
        read_year_table(TABLE.replace(old, new))
