"""Working days of mainland China: year tables, make-up days, and a forecast where none is known.

Counting: day 0 is the day something happens and is not counted; the next working day is day 1.
The flag of a day follows the table of its own year. Days off at the end of December that belong
to the next year's notice are known once that table is there.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import yaml

MOST_DAYS = 5000  # a deadline of 20 years is a typing error
_SATURDAY = 5
_ONE = timedelta(days=1)


class BadHolidayTable(ValueError):
    """A year table is not in the form of data/holidays/README.md."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday of a notice: days off from first to last, weekend days worked for it."""

    name: str
    first: date
    last: date
    work: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class YearTable:
    year: int
    confirmed: bool
    holidays: tuple[Holiday, ...]


@dataclass(frozen=True, slots=True)
class FixedHoliday:
    """A statutory day off with a fixed date, from the year `since` on."""

    name: str
    month: int
    day: int
    since: int


@dataclass(frozen=True, slots=True)
class Day:
    """What one day is. `name` is the holiday it belongs to, "" for an ordinary day."""

    on: date
    is_working: bool
    name: str
    is_forecast: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day a number of working days ends on, with a warning when a forecast was needed."""

    on: date
    is_forecast: bool
    warning: str


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """How many working days lie between two days, with a warning when a forecast was needed."""

    count: int
    is_forecast: bool
    warning: str


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The year tables at hand. A year without one is forecast: weekends and fixed-date holidays."""

    tables: tuple[YearTable, ...]
    fixed: tuple[FixedHoliday, ...] = ()
    _off: dict[date, str] = field(init=False, repr=False, compare=False)
    _work: dict[date, str] = field(init=False, repr=False, compare=False)
    _confirmed: dict[int, bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        holidays = [holiday for table in self.tables for holiday in table.holidays]
        off = {day: h.name for h in holidays for day in _days(h.first, h.last)}
        work = {day: h.name for h in holidays for day in h.work}
        object.__setattr__(self, "_off", off)
        object.__setattr__(self, "_work", work)
        object.__setattr__(self, "_confirmed", {t.year: t.confirmed for t in self.tables})

    def day(self, on: date) -> Day:
        """Tell whether a day is worked, for which holiday not, and whether that is a forecast."""
        is_forecast = not self._confirmed.get(on.year, False)
        if on in self._work:
            return Day(on, is_working=True, name=self._work[on], is_forecast=is_forecast)
        name = self._off.get(on, "")
        if not name and on.year not in self._confirmed:
            name = self._fixed_name(on)
        is_working = not name and on.weekday() < _SATURDAY
        return Day(on, is_working=is_working, name=name, is_forecast=is_forecast)

    def is_working_day(self, on: date) -> bool:
        """Tell whether a day is worked; `day` says whether that is a forecast."""
        return self.day(on).is_working

    def add_working_days(self, start: date, count: int) -> Deadline:
        """Give the count-th working day after start; 0 is start itself, worked or not.

        Raises ValueError for a negative count or one beyond MOST_DAYS.
        """
        if not 0 <= count <= MOST_DAYS:
            raise ValueError(f"工作日天数应在0至{MOST_DAYS}之间")
        on, left, years = start, count, set[int]()
        while left:
            on += _ONE
            day = self.day(on)
            left -= day.is_working
            if day.is_forecast:
                years.add(on.year)
        return Deadline(on, is_forecast=bool(years), warning=forecast_warning(years))

    def working_days_between(self, start: date, end: date) -> WorkingDays:
        """Count the working days after start up to and with end; negative when end is earlier.

        So `working_days_between(a, add_working_days(a, n).on).count == n`.
        """
        first, last = min(start, end), max(start, end)
        days = [self.day(on) for on in _days(first + _ONE, last)]
        count = sum(day.is_working for day in days)
        years = {day.on.year for day in days if day.is_forecast}
        sign = 1 if start <= end else -1
        return WorkingDays(sign * count, is_forecast=bool(years), warning=forecast_warning(years))

    def _fixed_name(self, on: date) -> str:
        return next(
            (
                f.name
                for f in self.fixed
                if (f.month, f.day) == (on.month, on.day) and on.year >= f.since
            ),
            "",
        )


def read_year_table(text: str) -> YearTable:
    """Read one year table; raises BadHolidayTable that says what is wrong."""
    try:
        raw = yaml.safe_load(text)
        holidays = tuple(
            Holiday(h["name"], h["first"], h["last"], tuple(h["work"])) for h in raw["holidays"]
        )
        table = YearTable(raw["year"], raw["confirmed"], holidays)
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise BadHolidayTable(f"节假日表格式不正确：{error}") from error
    problems = _table_problems(table)
    if problems:
        raise BadHolidayTable("；".join(problems))
    return table


def _table_problems(table: YearTable) -> tuple[str, ...]:
    problems = []
    if type(table.year) is not int or type(table.confirmed) is not bool:
        problems.append("year应为年份，confirmed应为true或false")
    for holiday in table.holidays:
        dates = (holiday.first, holiday.last, *holiday.work)
        if any(type(day) is not date for day in dates):
            problems.append(f"{holiday.name}：日期应写成2026-01-01的形式")
        elif holiday.first > holiday.last:
            problems.append(f"{holiday.name}：开始日期晚于结束日期")
        elif holiday.last.year != table.year:
            problems.append(f"{holiday.name}：不属于{table.year}年")
        elif any(holiday.first <= day <= holiday.last for day in holiday.work):
            problems.append(f"{holiday.name}：补班日不能在放假期间")
    return tuple(problems)


@cache
def standard_calendar() -> WorkingCalendar:
    """Give the calendar of the year tables that come with circle15."""
    folder = files("circle15.core") / "data" / "holidays"
    names = sorted(f.name for f in folder.iterdir() if f.name.removesuffix(".yaml").isdigit())
    tables = tuple(read_year_table((folder / name).read_text("utf-8")) for name in names)
    fixed = yaml.safe_load((folder / "statutory.yaml").read_text("utf-8"))
    return WorkingCalendar(tables, tuple(FixedHoliday(**row) for row in fixed))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def forecast_warning(years: set[int]) -> str:
    """Say which years were counted by a forecast; "" for none."""
    if not years:
        return ""
    names = "、".join(str(year) for year in sorted(years))
    return f"{names}年放假安排尚未确认，按周末和固定日期的法定节日推算，公布后请重新计算"
