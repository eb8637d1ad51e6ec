"""Book for a person at the counter, and move what is booked."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.hall.appointments import booking, changing, halls, offered, queries
from circle15.hall.appointments.hours import day_of
from circle15.hall.appointments.queries import AppointmentView
from circle15.hall.booking_states import Door, Pool
from circle15.web.bureau.appointments.forms import CounterPersonForm
from circle15.web.bureau.appointments.shown import page
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.booking_times import choice_of, time_asked
from circle15.web.shared.once import once


@reads
@requires(Permission.TAKE_TICKETS)
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Ask what for, when, and who."""
    form = CounterPersonForm(initial={"time": request.GET.get("time", "")})
    return _book_page(request, code, request.GET.dict(), form)


@writes
@requires(Permission.TAKE_TICKETS)
@once
def book(request: StaffRequest, code: str) -> HttpResponse:
    """Book for the person."""
    form = CounterPersonForm(request.POST)
    starts_at = time_asked(request)
    given = {name: request.POST.get(name, "") for name in ("item", "day")}
    if not form.is_valid() or starts_at is None:
        if starts_at is None:
            form.add_error("time", _("请选择时间。"))
        return _book_page(request, code, given, form)
    try:
        made = booking.book(
            site_code=code,
            item=given["item"],
            starts_at=starts_at,
            person=form.person,
            door=Door.COUNTER,
            by=request.actor,
            at=timezone.now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _book_page(request, code, given, form)
    messages.success(request, _("已预约，预约码 %(code)s。") % {"code": made.code})
    return HttpResponseRedirect(f"{reverse('hall_appointments', args=[code])}?day={made.on}")


@reads
@requires(Permission.VIEW_HALL)
def show_move(request: StaffRequest, code: str) -> HttpResponse:
    """Show the other times of an appointment; without one, the day it is chosen on."""
    if "uid" not in request.GET:
        halls.hall_for(request.actor, code)
        return HttpResponseRedirect(reverse("hall_appointments", args=[code]))
    found = _appointment(request, code, request.GET.get("uid", ""))
    return _move_page(request, code, found, request.GET.get("day", ""))


@writes
@requires(Permission.VIEW_HALL)
@once
def move(request: StaffRequest, code: str) -> HttpResponse:
    """Move an appointment; the person is told."""
    found = _appointment(request, code, request.POST.get("uid", ""))
    starts_at = time_asked(request)
    if starts_at is None:
        raise NotFound
    try:
        changing.change(uid=found.uid, starts_at=starts_at, at=timezone.now(), by=request.actor)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        day = request.POST.get("day", "")
        return _move_page(request, code, found, day, refusal=str(refusal))
    messages.success(request, _("已改期，并会通知预约人。"))
    day = f"{day_of(starts_at)}"
    return HttpResponseRedirect(f"{reverse('hall_appointments', args=[code])}?day={day}")


def _book_page(
    request: StaffRequest, code: str, given: dict[str, str], form: CounterPersonForm
) -> HttpResponse:
    if halls.rules_for(request.actor, code) is None:
        return HttpResponseRedirect(reverse("hall_appointments", args=[code]))
    offers = offered.offers(code)
    offer = next((each for each in offers if each.item == given.get("item")), None)
    choice = None
    if offer:
        calendar = offered.calendar_offered(
            code, offer.minutes, at=timezone.now(), pool=Pool.COUNTER
        )
        choice = choice_of(calendar, given.get("day", ""))
        form.offer_times([*choice.morning, *choice.afternoon])
    context: dict[str, object] = {"offers": offers, "offer": offer, "choice": choice, "form": form}
    context["day"] = given.get("day", "")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(request, code, "book", context, status=status)


def _move_page(
    request: StaffRequest, code: str, found: AppointmentView, day: str, *, refusal: str = ""
) -> HttpResponse:
    calendar = offered.calendar_offered(code, found.minutes, at=timezone.now(), pool=found.pool_key)
    context = {
        "mine": found,
        "choice": choice_of(calendar, day),
        "refusal": refusal,
        "kept": (("uid", str(found.uid)),),
    }
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.OK
    return page(request, code, "move", context, status=status)


def _appointment(request: StaffRequest, code: str, text: str) -> AppointmentView:
    halls.hall_for(request.actor, code)
    try:
        found = queries.appointment_for(request.actor, UUID(text))
    except ValueError:
        raise NotFound from None
    if found.hall.code != code:
        raise NotFound
    return found
