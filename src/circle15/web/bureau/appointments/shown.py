"""What the pages of a hall's appointments share."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from circle15.hall.appointments import halls
from circle15.hall.appointments.hours import day_of
from circle15.web.bureau.halls.now import doors_of
from circle15.web.shared.access import StaffRequest


def day_asked(text: str) -> date:
    """Read a day; today where none is asked for."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return day_of(timezone.now())


def page(
    request: StaffRequest,
    code: str,
    name: str,
    context: Mapping[str, object],
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Render a page of a hall of the actor's area; raises NotFound."""
    site = halls.hall_for(request.actor, code)
    common: dict[str, object] = {
        "site": site,
        "hall": site,
        "doors": doors_of(code),
        "synthetic": site.is_synthetic,
        "takes_appointments": halls.rules_for(request.actor, code) is not None,
    }
    template = f"bureau/appointments/{name}.html"
    response = render(request, template, common | dict(context), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
