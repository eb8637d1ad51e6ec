"""Choose the hall, what for, and when: the first pages of booking."""

from datetime import datetime, timedelta
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.hall.appointments import booking, queries
from circle15.web.public.booking.shown import page
from circle15.web.shared.access import Request, open_to_all, reads, writes
from circle15.web.shared.booking_times import choice_of, time_asked
from circle15.web.shared.limits import limited

Choices = tuple[queries.BookingHall, queries.Offer, queries.CalendarOffered]
KEPT_FOR = timedelta(seconds=0.1)
MOST_KEPT = 500
_kept: dict[tuple[str, str, str | None], tuple[datetime, Choices]] = {}


@limited
@reads
@open_to_all
def halls(request: Request) -> HttpResponse:
    """Show the halls one can book in."""
    found = queries.booking_halls()
    return page(request, "halls", {"halls": found, "synthetic": any(h.is_synthetic for h in found)})


@limited
@reads
@open_to_all
def items(request: Request, hall_code: str) -> HttpResponse:
    """Show what one can book for in a hall."""
    hall = queries.booking_hall(hall_code)
    offers = queries.offers(hall_code)
    return page(request, "items", {"hall": hall, "offers": offers, "synthetic": hall.is_synthetic})


@limited
@reads
@open_to_all
def times(request: Request, hall_code: str, item: str) -> HttpResponse:
    """Show days and times with the places left."""
    return _times(request, hall_code, item, asked=request.GET.get("day", ""))


@limited
@writes
@open_to_all
def hold(request: Request, hall_code: str, item: str) -> HttpResponse:
    """Hold the time chosen and go on to the form."""
    starts_at = time_asked(request)
    if starts_at is None:
        raise NotFound
    try:
        held = booking.hold(
            site_code=hall_code,
            item=item,
            starts_at=starts_at,
            at=timezone.now(),
            origin=str(request.META["REMOTE_ADDR"]),
            key=request.POST.get("once", "")[:64],
        )
    except NotFound:
        raise
    except Refused as refusal:
        day = request.POST.get("day", "")
        return _times(request, hall_code, item, asked=day, refusal=str(refusal))
    return redirect("booking_details", held.uid)


def _just_read(hall_code: str, item: str, *, at: datetime) -> Choices:
    """Return what was read for somebody else refused a moment ago, or read it.

    In a run on a hall nearly every answer is this page, and what it says is as old by the time
    it is read as what is kept here. By language: a calendar keeps its words.
    """
    key = (hall_code, item, get_language())
    moment, found = _kept.get(key, (None, None))
    if moment is None or found is None or not moment <= at < moment + KEPT_FOR:
        found = queries.choice_offered(hall_code, item, at=at)
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = (at, found)
    return found


def _times(
    request: Request, hall_code: str, item: str, *, asked: str, refusal: str = ""
) -> HttpResponse:
    read = _just_read if refusal else queries.choice_offered
    hall, offer, calendar = read(hall_code, item, at=timezone.now())
    context = {
        "hall": hall,
        "offer": offer,
        "choice": choice_of(calendar, asked),
        "refusal": refusal,
        "synthetic": hall.is_synthetic,
        "action": _("选择时间"),
    }
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.OK
    return page(request, "times", context, status)
