"""Taking a number for somebody at the desk or the guide's table, with its paper."""

from collections.abc import Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.hall.actions import taking
from circle15.hall.desk import slip_of
from circle15.hall.queries import LaneCount, halls_in_order, lanes_now
from circle15.hall.states import Source
from circle15.hall.watching import ticket_now
from circle15.items.naming import item_names
from circle15.web.counter.desk import no_store
from circle15.web.counter.forms import TakeForm
from circle15.web.counter.shown import green_name
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once


def _hall_code(request: StaffRequest) -> str | None:
    """Return the hall that was asked for, else the first of the area; None where none is."""
    codes = list(halls_in_order(request.actor).values_list("site__code", flat=True))
    wanted = request.GET.get("hall", "")
    return wanted if wanted in codes else next(iter(codes), None)


@reads
@requires(Permission.TAKE_TICKETS)
def show(request: StaffRequest) -> HttpResponse:
    """Show the form."""
    code = _hall_code(request)
    if code is None:
        may = request.actor.can(Permission.MANAGE_HALL)
        return render(request, "counter/no_hall.html", {"may_set_up": may})
    lanes = lanes_now(request.actor, code)
    return _page(request, _form(None, lanes), lanes)


def _form(data: Mapping[str, Any] | None, lanes: tuple[LaneCount, ...]) -> TakeForm:
    return TakeForm(data, lanes=lanes, names=item_names(timezone.localdate()))


def _page(
    request: StaffRequest,
    form: TakeForm,
    lanes: tuple[LaneCount, ...],
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "form": form,
        "waiting": sum(lane.waiting for lane in lanes),
        "synthetic": any(hall.is_synthetic for hall in halls_in_order(request.actor)),
    }
    return no_store(render(request, "counter/take.html", context, status=status))


@writes
@requires(Permission.TAKE_TICKETS)
@once
def take(request: StaffRequest) -> HttpResponse:
    """Give a number; the same form sent twice gives the same number."""
    code = _hall_code(request)
    if code is None:
        raise NotFound
    lanes = lanes_now(request.actor, code)
    form = _form(request.POST, lanes)
    if not form.is_valid():
        return _page(request, form, lanes, HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    try:
        taken = taking.take(
            site_code=code,
            lane=given["lane"],
            items=form.items,
            green_class=given["green_class"],
            green_reason=given["green_reason"],
            source=Source.COUNTER,
            by=request.actor,
            at=timezone.now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, lanes, HTTPStatus.UNPROCESSABLE_ENTITY)
    return HttpResponseRedirect(reverse("taken", args=[taken.uid]))


@reads
@requires(Permission.TAKE_TICKETS)
def taken(request: StaffRequest, ticket_uid: UUID) -> HttpResponse:
    """Show the paper of a number, to print."""
    slip = slip_of(request.actor, ticket_uid)
    context = {
        "ticket": slip,
        "green_name": green_name(slip.green_class),
        "ahead": ticket_now(ticket_uid, at=timezone.now()).ahead,
        "synthetic": slip.is_synthetic,
    }
    return no_store(render(request, "counter/taken.html", context))


@reads
@requires(Permission.TAKE_TICKETS)
def qr_code(request: StaffRequest, ticket_uid: UUID) -> HttpResponse:
    """Draw the link of the ticket's own page."""
    slip = slip_of(request.actor, ticket_uid)
    link = request.build_absolute_uri(reverse("ticket", args=[slip.uid]))
    drawn = BytesIO()
    segno.make(link, error="m").save(drawn, kind="svg", scale=4, border=2)
    return no_store(HttpResponse(drawn.getvalue(), content_type="image/svg+xml"))
