"""Choose the hall, what for, and when: the first pages of booking."""

from datetime import date
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.hall.appointments import booking, offered
from circle15.hall.appointments.halls import booking_hall, booking_halls
from circle15.hall.appointments.lately import choice_offered_lately
from circle15.web.public.booking.shown import page
from circle15.web.shared.access import Request, open_to_all, reads, writes
from circle15.web.shared.booking_times import Choice, Drawn, choice_of, drawn, time_asked
from circle15.web.shared.limits import limited

MOST_KEPT = 200
_kept: dict[tuple[str, str, date | None, str | None], tuple[offered.CalendarOffered, Drawn]] = {}


@limited
@reads
@open_to_all
def halls(request: Request) -> HttpResponse:
    """Show the halls one can book in."""
    found = booking_halls()
    return page(request, "halls", {"halls": found, "synthetic": any(h.is_synthetic for h in found)})


@limited
@reads
@open_to_all
def items(request: Request, hall_code: str) -> HttpResponse:
    """Show what one can book for in a hall."""
    hall = booking_hall(hall_code)
    offers = offered.offers(hall_code)
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


def _drawn_lately(
    hall_code: str, item: str, calendar: offered.CalendarOffered, choice: Choice
) -> Drawn:
    """Return what was drawn of the same calendar for somebody else refused, or draw it."""
    key = (hall_code, item, choice.day, get_language())
    of, found = _kept.get(key, (None, None))
    if found is None or of is not calendar:
        found = drawn(choice)
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = (calendar, found)
    return found


def _times(
    request: Request, hall_code: str, item: str, *, asked: str, refusal: str = ""
) -> HttpResponse:
    read = choice_offered_lately if refusal else offered.choice_offered
    hall, offer, calendar = read(hall_code, item, at=timezone.now())
    choice = choice_of(calendar, asked)
    context = {
        "hall": hall,
        "offer": offer,
        "choice": choice,
        "drawn": _drawn_lately(hall_code, item, calendar, choice) if refusal else None,
        "refusal": refusal,
        "synthetic": hall.is_synthetic,
        "action": _("选择时间"),
    }
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.OK
    return page(request, "times", context, status)
