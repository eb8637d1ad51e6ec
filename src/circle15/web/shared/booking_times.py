"""Days and times to choose from, as the public's and the counter's pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from circle15.hall.appointments.hours import local
from circle15.hall.appointments.offered import CalendarOffered, DayOffered, FreeTime

NOON_H = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """The days of a calendar, the day looked at, and its times in two halves."""

    days: Sequence[DayOffered]
    day: date | None
    morning: tuple[FreeTime, ...]
    afternoon: tuple[FreeTime, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.morning or self.afternoon)


def choice_of(offered: CalendarOffered, asked: str) -> Choice:
    """Return what can be chosen; without a good wish the first day with a place is looked at."""
    day = _day(offered.days, asked)
    times = [each for each in offered.times if each.on == day]
    return Choice(
        offered.days,
        day,
        tuple(each for each in times if _hour(each) < NOON_H),
        tuple(each for each in times if _hour(each) >= NOON_H),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """The two parts of a page of times that are the same for everybody who sees the choice."""

    days: SafeString
    times: SafeString


def drawn(choice: Choice) -> Drawn:
    """Draw the strip of days and the times of the day looked at, in the present language."""
    context = {"choice": choice}
    return Drawn(
        render_to_string("shared/_days.html", context),
        render_to_string("shared/_day_times.html", context),
    )


def time_asked(request: HttpRequest) -> datetime | None:
    """Read the day and the time of a form; None where they are not such."""
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
        clock = request.POST.get("time", "")
        return local(day, time(int(clock[:2]), int(clock[2:4])))
    except ValueError:
        return None


def _day(days: Sequence[DayOffered], asked: str) -> date | None:
    wished = next((each.on for each in days if each.on.isoformat() == asked), None)
    free = next((each.on for each in days if each.free), None)
    return wished or free or next((each.on for each in days if each.is_open), None)


def _hour(each: FreeTime) -> int:
    return int(each.key[:2])
