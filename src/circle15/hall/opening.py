"""When a hall gives out numbers: its hours, the holidays, and who sits at a window already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from circle15.core.working_days import WorkingCalendar

# People come before the doors open; numbers are given out from then on.
BEFORE = timedelta(minutes=30)
LOOK_AHEAD_DAYS = 15  # the longest holiday with the weekends around it is shorter
_FRIDAY = 5


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of a weekday (1: Monday); extended ones hold on holidays, too."""

    weekday: int
    opens: time
    closes: time
    is_extended: bool = False


def hours_on(day: date, hours: Iterable[Hours], calendar: WorkingCalendar) -> tuple[Hours, ...]:
    """Return a day's hours in order.

    A holiday has the extended ones only, a weekend day worked for a holiday those of a Friday.
    """
    weekday = day.isoweekday()
    found = [each for each in hours if each.weekday == weekday]
    if calendar.is_working_day(day) and weekday > _FRIDAY and not found:
        found = [each for each in hours if each.weekday == _FRIDAY]
    if not calendar.is_working_day(day) and weekday <= _FRIDAY:
        found = [each for each in found if each.is_extended]
    return tuple(sorted(found, key=lambda each: each.opens))


def gives_numbers(at: datetime, today: Iterable[Hours]) -> bool:
    """Tell whether numbers are given out at a local moment: half an hour early, not later."""
    return any(
        datetime.combine(at, each.opens, at.tzinfo) - BEFORE
        <= at
        < datetime.combine(at, each.closes, at.tzinfo)
        for each in today
    )


def next_opening(
    at: datetime, hours: tuple[Hours, ...], calendar: WorkingCalendar
) -> datetime | None:
    """Return when the hall opens next after a local moment; None if nothing is registered."""
    for ahead in range(LOOK_AHEAD_DAYS):
        day = at.date() + timedelta(days=ahead)
        for each in hours_on(day, hours, calendar):
            opens = datetime.combine(day, each.opens, at.tzinfo)
            if opens > at:
                return opens
    return None
