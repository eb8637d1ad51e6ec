"""What could be booked a moment ago: kept for the many who are refused in a run on a hall."""

from datetime import datetime, timedelta

from django.utils.translation import get_language

from circle15.hall.appointments.halls import BookingHall
from circle15.hall.appointments.offered import CalendarOffered, FreeTime, Offer, choice_offered

KEPT_FOR = timedelta(seconds=0.2)
MOST_KEPT = 200
MOST_OFFERED = 20

Choices = tuple[BookingHall, Offer, CalendarOffered]
_kept: dict[tuple[str, str, str | None], tuple[datetime, Choices]] = {}


def choice_offered_lately(site_code: str, item: str, *, at: datetime) -> Choices:
    """Return `choice_offered` as somebody got it a moment ago, or read it.

    In a run on a hall nearly every answer says what is left, and that is as old by the time it is
    read as what is kept here. By language: a calendar keeps its words. Raises as that does.
    """
    key = (site_code, item, get_language())
    moment, found = _kept.get(key, (None, None))
    if moment is None or found is None or not moment <= at < moment + KEPT_FOR:
        found = choice_offered(site_code, item, at=at)
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = (at, found)
    return found


def others_offered(
    site_code: str, item: str, wish: datetime, *, at: datetime
) -> tuple[FreeTime, ...]:
    """Return the free times nearest to one that was refused, in order; at most `MOST_OFFERED`."""
    _hall, _offer, calendar = choice_offered_lately(site_code, item, at=at)
    free = [each for each in calendar.times if each.free > 0]
    nearest = sorted(free, key=lambda each: abs(each.starts_at - wish))[:MOST_OFFERED]
    return tuple(sorted(nearest, key=lambda each: each.starts_at))
