"""One's own appointment, by its link: see it, change it, cancel it, check in."""

from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from uuid import UUID

import segno
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.hall.appointments import changing, offered, queries
from circle15.hall.appointments.calendar_file import calendar_file
from circle15.hall.appointments.queries import AppointmentView
from circle15.hall.booking_states import AppointmentState
from circle15.web.public.booking.shown import page
from circle15.web.shared.access import Request, open_to_all, reads, writes
from circle15.web.shared.booking_times import choice_of, time_asked
from circle15.web.shared.limits import limited

TONES = {
    AppointmentState.BOOKED: "good",
    AppointmentState.ARRIVED: "good",
    AppointmentState.NO_SHOW: "warn",
    AppointmentState.CANCELLED: "idle",
}


@dataclass(frozen=True, slots=True)
class MayDo:
    """What is open to whoever has the link, now."""

    change: bool
    cancel: bool
    check_in: bool


@limited
@reads
@open_to_all
def appointment(request: Request, appointment_uid: UUID) -> HttpResponse:
    """Show the appointment, what to bring along, and what can be done with it."""
    return _mine(request, appointment_uid)


@limited
@reads
@open_to_all
def other_times(request: Request, appointment_uid: UUID) -> HttpResponse:
    """Show the other times."""
    return _other_times(request, appointment_uid, asked=request.GET.get("day", ""))


@limited
@writes
@open_to_all
def change(request: Request, appointment_uid: UUID) -> HttpResponse:
    """Move it; sent twice, it is moved once."""
    starts_at = time_asked(request)
    found = _appointment(appointment_uid)
    if starts_at is None:
        raise NotFound
    if starts_at == found.starts_at:
        return redirect("booking_mine", appointment_uid)
    try:
        changing.change(uid=appointment_uid, starts_at=starts_at, at=timezone.now())
    except Refused as refusal:
        day = request.POST.get("day", "")
        return _other_times(request, appointment_uid, asked=day, refusal=str(refusal))
    return redirect("booking_mine", appointment_uid)


@limited
@reads
@open_to_all
def ask_cancel(request: Request, appointment_uid: UUID) -> HttpResponse:
    """Ask once more before it is cancelled."""
    found = _appointment(appointment_uid)
    return page(request, "cancel", {"mine": found, "synthetic": found.hall.is_synthetic})


@limited
@writes
@open_to_all
def cancel(request: Request, appointment_uid: UUID) -> HttpResponse:
    """Cancel it; sent twice, it is cancelled once."""
    if _appointment(appointment_uid).state == AppointmentState.CANCELLED:
        return redirect("booking_mine", appointment_uid)
    try:
        changing.cancel(uid=appointment_uid, at=timezone.now())
    except Refused as refusal:
        return _mine(request, appointment_uid, refusal=str(refusal))
    return redirect("booking_mine", appointment_uid)


@limited
@writes
@open_to_all
def check_in(request: Request, appointment_uid: UUID) -> HttpResponse:
    """Take the number in the queue; sent twice, it is the same number."""
    if _appointment(appointment_uid).state != AppointmentState.ARRIVED:
        try:
            changing.check_in(uid=appointment_uid, at=timezone.now())
        except Refused as refusal:
            return _mine(request, appointment_uid, refusal=str(refusal))
    found = queries.appointment_by_uid(appointment_uid)
    return redirect(_ticket_page(found) or reverse("booking_mine", args=[appointment_uid]))


@limited
@reads
@open_to_all
def code_picture(request: Request, appointment_uid: UUID) -> HttpResponse:  # noqa: ARG001
    """Draw the code for the kiosk's scanner: the same six digits."""
    found = _appointment(appointment_uid)
    drawing = BytesIO()
    segno.make(found.code, error="q", micro=False).save(
        drawing, kind="svg", scale=6, border=4, light="#fff"
    )
    response = HttpResponse(drawing.getvalue(), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response


@limited
@reads
@open_to_all
def calendar(request: Request, appointment_uid: UUID) -> HttpResponse:
    """Give the appointment as a calendar file."""
    found = _appointment(appointment_uid)
    link = request.build_absolute_uri(reverse("booking_mine", args=[appointment_uid]))
    note = _("预约码 %(code)s，请带身份证或医保电子凭证。改期或取消：%(link)s")
    is_cancelled = found.state == AppointmentState.CANCELLED
    file = calendar_file(
        uid=str(found.uid),
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        title=_("医保预约：%(item)s") % {"item": found.item_name},
        place=f"{found.hall.name} {found.hall.address}".strip(),
        note=note % {"code": found.code, "link": link},
        made_at=timezone.now(),
        version=found.changes + is_cancelled,
        is_cancelled=is_cancelled,
    )
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.on:%Y-%m-%d}.ics"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _appointment(uid: UUID) -> AppointmentView:
    """Return what was booked; a hold is none."""
    found = queries.appointment_by_uid(uid)
    if found.state in {AppointmentState.HELD, AppointmentState.LAPSED}:
        raise NotFound
    return found


def _mine(request: Request, uid: UUID, *, refusal: str = "") -> HttpResponse:
    found = queries.appointment_by_uid(uid)
    if found.state in {AppointmentState.HELD, AppointmentState.LAPSED}:
        return redirect("booking_details", uid)
    context = {
        "mine": found,
        "tone": TONES[found.state],
        "bring": queries.bring_along(found),
        "may": _may(found),
        "refusal": refusal,
        "ticket_page": _ticket_page(found),
        "synthetic": found.hall.is_synthetic,
    }
    return page(request, "mine", context, HTTPStatus.CONFLICT if refusal else HTTPStatus.OK)


def _may(found: AppointmentView) -> MayDo:
    now = timezone.now()
    is_booked = found.state == AppointmentState.BOOKED
    is_before = is_booked and now < found.starts_at
    return MayDo(
        change=is_before and found.changes < changing.MOST_CHANGES,
        cancel=is_before,
        check_in=is_booked and found.checks_in_from <= now <= found.checks_in_until,
    )


def _other_times(request: Request, uid: UUID, *, asked: str, refusal: str = "") -> HttpResponse:
    found = _appointment(uid)
    calendar = offered.calendar_offered(found.hall.code, found.minutes, at=timezone.now())
    context = {
        "mine": found,
        "hall": found.hall,
        "choice": choice_of(calendar, asked),
        "refusal": refusal,
        "synthetic": found.hall.is_synthetic,
        "action": _("改到这个时间"),
    }
    return page(request, "change", context, HTTPStatus.CONFLICT if refusal else HTTPStatus.OK)


def _ticket_page(found: AppointmentView) -> str:
    """Return the address of the page that follows the ticket, "" without a ticket."""
    if found.ticket_uid is None:
        return ""
    try:
        return reverse("ticket", args=[found.ticket_uid])
    except NoReverseMatch:  # without the phone's pages the number alone is shown
        return ""
