"""A day's appointments: who comes when, what is free, what the hours no longer have."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.hall.appointments import changing, day_figures, halls, queries
from circle15.hall.booking_states import AppointmentState
from circle15.hall.states import Source
from circle15.web.bureau.appointments.shown import day_asked, page
from circle15.web.shared.access import StaffRequest, reads, requires, writes

TONES = {
    AppointmentState.BOOKED: "info",
    AppointmentState.ARRIVED: "good",
    AppointmentState.NO_SHOW: "warn",
    AppointmentState.CANCELLED: "idle",
}


@reads
@requires(Permission.VIEW_HALL)
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show a day of the hall."""
    on = day_asked(request.GET.get("day", ""))
    actor, now = request.actor, timezone.now()
    found = queries.day_of_hall(actor, code, on)
    figures = day_figures.figures(actor, code, on, on)
    context = {
        "on": on,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "rows": [(each, TONES[each.state]) for each in found],
        "figures": figures[0] if figures else None,
        "slots": halls.slots_of_hall(actor, code, on),
        "conflicts": queries.conflicts_of(actor, code, at=now),
        "now": now,
    }
    return page(request, code, "day", context)


@writes
@requires(Permission.VIEW_HALL)
def cancel(request: StaffRequest, code: str) -> HttpResponse:
    """Cancel an appointment with a reason, which the person is told."""
    uid = _uid(request, code)
    reason = request.POST.get("reason", "")

    def do() -> object:
        return changing.cancel(uid=uid, at=timezone.now(), by=request.actor, reason=reason)

    return _done(request, code, do, _("已取消，并会通知预约人。"))


@writes
@requires(Permission.TAKE_TICKETS)
def check_in(request: StaffRequest, code: str) -> HttpResponse:
    """Check in by the code somebody says at the counter."""
    halls.hall_for(request.actor, code)
    typed = request.POST.get("code", "")
    said: list[str] = []

    def do() -> object:
        arrived = changing.check_in_by_code(
            site_code=code,
            code=typed,
            source=Source.COUNTER,
            by=request.actor,
            at=timezone.now(),
        )
        said.append(_("已签到，号码 %(label)s。") % {"label": arrived.ticket.label})
        return arrived

    return _done(request, code, do, said)


def _done(
    request: StaffRequest, code: str, do: Callable[[], object], said: str | list[str]
) -> HttpResponse:
    """Do it, say how it went, and go back to the day."""
    try:
        do()
    except (NotAllowed, NotFound) as refusal:
        if type(refusal) in {NotAllowed, NotFound}:
            raise
        messages.error(request, str(refusal))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said if isinstance(said, str) else said[0])
    day = day_asked(request.POST.get("day", ""))
    return HttpResponseRedirect(_day_page(code, day))


def _day_page(code: str, day: date) -> str:
    return f"{reverse('hall_appointments', args=[code])}?day={day}"


def _uid(request: StaffRequest, code: str) -> UUID:
    """Read which appointment is meant; one of another hall is none."""
    try:
        uid = UUID(request.POST.get("uid", ""))
    except ValueError:
        halls.hall_for(request.actor, code)
        raise NotFound from None
    if queries.appointment_for(request.actor, uid).hall.code != code:
        raise NotFound
    return uid
