"""The frame of a step at a ticket machine: its hall, its print agent, and nothing kept."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from circle15.hall import kiosk
from circle15.hall.kiosk import KioskHall
from circle15.standards.text import Text
from circle15.web.shared.devices import DeviceRequest
from circle15.web.shared.middleware import CONTENT_SECURITY_POLICY

WARN_S = 15
# Steps that make sense while no numbers are given out.
ALWAYS = frozenset(
    {"start", "ticket", "guides", "guide_items", "guide", "guide_print", "rate", "rated"}
)


def _agent() -> str:
    """Return where the machine's own print agent listens: on itself."""
    return f"http://127.0.0.1:{settings.KIOSK_PRINTER_PORT}"


def _policy(agent: str) -> str:
    """Let the page ask the agent, and nobody else beside its own server."""
    return CONTENT_SECURITY_POLICY.replace("connect-src 'self'", f"connect-src 'self' {agent}")


def hall_of(request: DeviceRequest) -> KioskHall:
    """Return the hall the machine stands in."""
    return kiosk.kiosk_hall(request.actor, request.device.site_code, at=timezone.now())


def page(
    request: DeviceRequest,
    step: str,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    hall: KioskHall | None = None,
    **context: Any,
) -> HttpResponse:
    """Show a step; the machine's browser keeps none."""
    hall = hall or hall_of(request)
    if not hall.gives_numbers and step not in ALWAYS:
        step, status = "start", HTTPStatus.OK
    words = {
        "hall": hall,
        "step": step,
        "synthetic": hall.is_synthetic,
        "agent": _agent(),
        "idle_s": settings.KIOSK_IDLE_S,
        "warn_s": min(WARN_S, settings.KIOSK_IDLE_S / 4),
        **context,
    }
    response = render(request, f"kiosk/{step}.html", words, status=status)
    response.headers["Content-Security-Policy"] = _policy(_agent())
    return unkept(response)


def named(text: Text) -> str:
    """Give a text in the language of the page."""
    return text.in_language(get_language() or settings.LANGUAGE_CODE)


def unkept(response: HttpResponse) -> HttpResponse:
    """Forbid the browser, and anything between, to keep an answer."""
    response.headers["Cache-Control"] = "no-store"
    return response
