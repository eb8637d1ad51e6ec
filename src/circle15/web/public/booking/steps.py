"""Fill in, check, confirm: while the places are held."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from circle15.accounts.refusals import NotFound, Refused
from circle15.hall.appointments import booking, queries
from circle15.hall.appointments.queries import AppointmentView
from circle15.hall.appointments.refusals import HoldLapsed
from circle15.hall.booking_states import AppointmentState
from circle15.web.public.booking.shown import page
from circle15.web.shared.access import Request, open_to_all, reads, writes
from circle15.web.shared.limits import limited
from circle15.web.shared.person_form import PersonForm


@limited
@reads
@open_to_all
def details(request: Request, appointment_uid: UUID) -> HttpResponse:
    """Ask who comes."""
    held, filled = queries.held_by_uid(appointment_uid, at=timezone.now())
    if not _is_held(held):
        return _gone(request, held)
    initial = {"name": filled.name, "phone": filled.phone} if filled else {}
    form = PersonForm(initial=initial, number_shown=filled.id_number if filled else "")
    return _form(request, held, form)


@limited
@writes
@open_to_all
def fill_in(request: Request, appointment_uid: UUID) -> HttpResponse:
    """Keep who comes and go on to check it."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        held = queries.appointment_by_uid(appointment_uid)
        if not _is_held(held):
            return _gone(request, held)
        # A number left out is good when there is one already.
        form = PersonForm(request.POST, number_shown=held.id_number)
        if not form.is_valid():
            return _form(request, held, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        booking.fill_in(uid=appointment_uid, person=form.person, at=timezone.now())
    except NotFound:
        raise
    except Refused:
        return _gone(request, queries.appointment_by_uid(appointment_uid))
    return redirect("booking_check", appointment_uid)


@limited
@reads
@open_to_all
def check(request: Request, appointment_uid: UUID) -> HttpResponse:
    """Show everything once more before it is confirmed."""
    return _check(request, appointment_uid)


@limited
@writes
@open_to_all
def confirm(request: Request, appointment_uid: UUID) -> HttpResponse:
    """Make it an appointment; a second submission leads to the same one."""
    try:
        booking.confirm(uid=appointment_uid, at=timezone.now())
    except NotFound:
        raise
    except HoldLapsed:
        return _gone(request, queries.appointment_by_uid(appointment_uid))
    except Refused as refusal:
        return _check(request, appointment_uid, refusal=str(refusal))
    return redirect("booking_mine", appointment_uid)


@limited
@writes
@open_to_all
def leave(request: Request, appointment_uid: UUID) -> HttpResponse:  # noqa: ARG001 -- a view's
    """Give the time back and begin again."""
    held = queries.appointment_by_uid(appointment_uid)
    if held.state == AppointmentState.HELD:
        booking.let_go(uid=appointment_uid, at=timezone.now())
    return redirect("booking_times", held.hall.code, held.item)


def _check(request: Request, uid: UUID, *, refusal: str = "") -> HttpResponse:
    held, person = queries.held_by_uid(uid, at=timezone.now())
    if not _is_held(held):
        return _gone(request, held)
    if person is None:
        return redirect("booking_details", uid)
    context = {
        "held": held,
        "person": person,
        "refusal": refusal,
        "minutes_left": _minutes_left(held),
        "synthetic": held.hall.is_synthetic,
    }
    return page(request, "check", context, HTTPStatus.CONFLICT if refusal else HTTPStatus.OK)


def _form(
    request: Request, held: AppointmentView, form: PersonForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "held": held,
        "form": form,
        "minutes_left": _minutes_left(held),
        "synthetic": held.hall.is_synthetic,
    }
    return page(request, "details", context, status)


def _gone(request: Request, held: AppointmentView) -> HttpResponse:
    """Lead to what became of it, or say that the time was given back."""
    if held.state not in {AppointmentState.HELD, AppointmentState.LAPSED}:
        return redirect("booking_mine", held.uid)
    context = {"held": held, "synthetic": held.hall.is_synthetic}
    return page(request, "lapsed", context, HTTPStatus.GONE)


def _is_held(held: AppointmentView) -> bool:
    until = held.held_until
    return held.state == AppointmentState.HELD and until is not None and until > timezone.now()


def _minutes_left(held: AppointmentView) -> int:
    assert held.held_until is not None
    return max(1, round((held.held_until - timezone.now()).total_seconds() / 60))
