"""Deadlines in working days that stand still while somebody else has the turn.

Counting is that of `working_days`: the day a clock begins is day 0, the next working day day 1. A
pause leaves out the working days after the day it begins, up to and with the day it ends: the day
of the question still counts for the house, the day of the answer does not.

A Reckoner numbers the working days of a century once; every question is then two or three looks
into a list.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise

from circle15.core.working_days import (
    MOST_DAYS,
    WorkingCalendar,
    forecast_warning,
    standard_calendar,
)

FIRST, LAST = date(1990, 1, 1), date(2099, 12, 31)
_ONE = timedelta(days=1)


class BadTerm(ValueError):
    """Pauses that overlap, run backwards or begin before the clock, or a span nobody can mean."""


class Standing(StrEnum):
    """How a deadline looks on a day; once overdue it is never merely met."""

    RUNNING = "running"
    HALF = "half"
    EVE = "eve"
    OVERDUE = "overdue"
    PAUSED = "paused"
    MET = "met"
    MET_LATE = "met_late"


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still: after `since`, up to and with `until`; open without one."""

    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A clock: how many days from which day on, prolonged by how many, and when it stood still.

    `is_calendar`: every day counts, not only working days.
    """

    begun_on: date
    days: int
    pauses: tuple[Pause, ...] = ()
    extended_days: int = 0
    is_calendar: bool = False

    @property
    def total(self) -> int:
        return self.days + self.extended_days


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The days of a clock; None for those an open pause keeps from being known.

    `half_on`: half of the days are used up. `eve_on`: one day is left.
    """

    due_on: date | None
    half_on: date | None
    eve_on: date | None
    is_forecast: bool
    warning: str

    def standing(
        self, on: date, *, met_on: date | None = None, is_paused: bool = False
    ) -> Standing:
        """Tell how the clock looks on a day, or how it looked when it was met."""
        last = met_on or on
        if self.due_on is not None and last > self.due_on:
            return Standing.MET_LATE if met_on else Standing.OVERDUE
        if met_on:
            return Standing.MET
        if is_paused:
            return Standing.PAUSED
        if self.eve_on is not None and on >= self.eve_on:
            return Standing.EVE
        is_half = self.half_on is not None and on >= self.half_on
        return Standing.HALF if is_half else Standing.RUNNING


class Reckoner:
    """Deadlines by one calendar, from 1990 to 2099."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.version = _version(calendar)
        self._offset = FIRST.toordinal() - 1
        # _upto[n]: working days among the first n days; _day[k]: which day is the k-th of them.
        self._upto, self._day, self._forecast = [0], [0], [0]
        for number in range(1, (LAST - FIRST).days + 2):
            day = calendar.day(FIRST + (number - 1) * _ONE)
            if day.is_working:
                self._day.append(number)
            self._upto.append(self._upto[-1] + day.is_working)
            self._forecast.append(self._forecast[-1] + day.is_forecast)

    def reckon(self, term: Term) -> Reckoned:
        """Give the days of a clock. Raises BadTerm."""
        begun, pauses = self._numbers(term)
        total = term.total
        due = self._after(term, begun, pauses, total)
        half = self._after(term, begun, pauses, (total + 1) // 2)
        eve = self._after(term, begun, pauses, max(total - 1, 0))
        last = due if due is not None else max(begun, half or 0, eve or 0)
        is_forecast = self._forecast[last] > self._forecast[begun]
        warning = self._warning(begun, last) if is_forecast else ""
        return Reckoned(self._date(due), self._date(half), self._date(eve), is_forecast, warning)

    def due(self, begun_on: date, days: int) -> date:
        """Give the day a clock without pauses ends on. Raises BadTerm."""
        return self.due_days((begun_on,), (days,))[0]

    def due_days(self, begun_on: Sequence[date], days: Iterable[int]) -> list[date]:
        """Give the last days of many clocks without pauses. Raises BadTerm."""
        upto, day, offset = self._upto, self._day, self._offset
        given = date.fromordinal
        try:
            return [
                given(offset + day[upto[begun.toordinal() - offset] + count]) if count else begun
                for begun, count in zip(begun_on, _allowed(days), strict=True)
            ]
        except IndexError as error:
            raise BadTerm("期限超出日历范围") from error

    def used(self, term: Term, on: date) -> int:
        """Count the days of a clock used up to and with a day. Raises BadTerm."""
        begun, pauses = self._numbers(term)
        now = self._number(on)
        if now <= begun:
            return 0
        stood = sum(
            self._count(term, since, now if until is None else min(until, now))
            for since, until in pauses
            if since < now
        )
        return self._count(term, begun, now) - stood

    def _after(
        self, term: Term, begun: int, pauses: list[tuple[int, int | None]], count: int
    ) -> int | None:
        """Return the number of the day on which `count` days are used up, None while it stands."""
        if not count:
            return begun
        upto = self._upto
        target = (begun if term.is_calendar else upto[begun]) + count
        for since, until in pauses:
            at_pause = since if term.is_calendar else upto[since]
            if target <= at_pause:
                break
            if until is None:
                return None
            target += (until if term.is_calendar else upto[until]) - at_pause
        if target >= (len(upto) if term.is_calendar else len(self._day)):
            raise BadTerm("期限超出日历范围")
        return target if term.is_calendar else self._day[target]

    def _count(self, term: Term, start: int, end: int) -> int:
        return end - start if term.is_calendar else self._upto[end] - self._upto[start]

    def _numbers(self, term: Term) -> tuple[int, list[tuple[int, int | None]]]:
        if not 0 <= term.total <= MOST_DAYS:
            raise BadTerm(f"期限天数应在0至{MOST_DAYS}之间")
        begun = self._number(term.begun_on)
        if not term.pauses:
            return begun, []
        pauses = [
            (self._number(each.since), None if each.until is None else self._number(each.until))
            for each in term.pauses
        ]
        ends = [begun, *(LAST.toordinal() if until is None else until for _, until in pauses)]
        starts = [since for since, _ in pauses]
        in_order = all(end <= since for end, since in zip(ends, starts, strict=False))
        forward = all(until is None or until >= since for since, until in pauses)
        if not (in_order and forward and _only_last_open(pauses)):
            raise BadTerm("中止期间应依次排列，不重叠，且不早于起算日")
        return begun, pauses

    def _number(self, on: date) -> int:
        number = on.toordinal() - self._offset
        if not 0 < number < len(self._upto):
            raise BadTerm("日期超出日历范围")
        return number

    def _date(self, number: int | None) -> date | None:
        return None if number is None else date.fromordinal(self._offset + number)

    def _warning(self, begun: int, last: int) -> str:
        first, end = self._date(begun + 1), self._date(last)
        assert first is not None
        assert end is not None
        counts = self._forecast
        years = {
            year
            for year in range(first.year, end.year + 1)
            if counts[min(last, self._number(date(year, 12, 31)))]
            > counts[max(begun, self._number(date(year, 1, 1)) - 1)]
        }
        return forecast_warning(years)


def _allowed(days: Iterable[int]) -> list[int]:
    counts = list(days)
    if counts and not 0 <= min(counts) <= max(counts) <= MOST_DAYS:
        raise BadTerm(f"期限天数应在0至{MOST_DAYS}之间")
    return counts


def _only_last_open(pauses: list[tuple[int, int | None]]) -> bool:
    return all(former[1] is not None for former, _next in pairwise(pauses))


def _version(calendar: WorkingCalendar) -> str:
    """Name a calendar by its contents: a year made known gives another name."""
    text = repr((calendar.tables, calendar.fixed))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def standard_reckoner() -> Reckoner:
    """Give the reckoner of the year tables that come with circle15."""
    return Reckoner(standard_calendar())
