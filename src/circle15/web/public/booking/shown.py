"""What the pages of appointments share: days and times to choose from, and never being kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.http import HttpResponse
from django.shortcuts import render

from circle15.hall.appointments.hours import local
from circle15.hall.appointments.queries import DayOffered, FreeTime, days_offered, times_offered
from circle15.web.shared.access import Request

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


def choice_of(hall_code: str, minutes: int, asked: str, *, at: datetime) -> Choice:
    """Return what can be chosen; without a good wish the first day with a place is looked at."""
    days = days_offered(hall_code, minutes, at=at)
    day = _day(days, asked)
    times = times_offered(hall_code, day, minutes, at=at) if day else ()
    return Choice(
        days,
        day,
        tuple(each for each in times if _hour(each) < NOON_H),
        tuple(each for each in times if _hour(each) >= NOON_H),
    )


def time_asked(request: Request) -> datetime | None:
    """Read the day and the time of a form; None where they are not such."""
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
        clock = request.POST.get("time", "")
        return local(day, time(int(clock[:2]), int(clock[2:4])))
    except ValueError:
        return None


def page(
    request: Request, name: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """Render a page that neither the browser nor anything between may keep."""
    response = render(request, f"public/booking/{name}.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _day(days: Sequence[DayOffered], asked: str) -> date | None:
    wished = next((each.on for each in days if each.on.isoformat() == asked), None)
    free = next((each.on for each in days if each.free), None)
    return wished or free or next((each.on for each in days if each.is_open), None)


def _hour(each: FreeTime) -> int:
    return int(each.key[:2])
