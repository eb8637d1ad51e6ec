"""Pages opened by a registered machine instead of a person.

The machine's token comes in a cookie (pages) or as `Authorization: Bearer` (programs). A cookie
is sent by the browser on its own, so what it writes needs the form's CSRF token as well.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from circle15.accounts import devices
from circle15.accounts.actors import Actor
from circle15.accounts.devices import Device, DeviceRefused
from circle15.accounts.states import DeviceKind
from circle15.web.shared.access import View

_SCHEME = "Bearer "
_RENEW_BEFORE = timedelta(days=200)


class DeviceRequest(HttpRequest):
    """A request behind `@for_device`."""

    device: Device
    actor: Actor
    must_change_password: bool


def for_device(*kinds: DeviceKind) -> Callable[[View], View]:
    """Let in machines of these kinds; `request.device` and `request.actor` say which and where.

    `@reads` or `@writes` above it then open the machine's site, as they do for a person.
    """

    def decorate(view: View) -> View:
        def admit(request: DeviceRequest) -> HttpResponse | None:
            return _admit(request, kinds, view)

        @wraps(view)
        def guarded(request: DeviceRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            turned_away = None if hasattr(request, "device") else admit(request)
            if turned_away is not None:
                return turned_away
            response = view(request, *args, **kwargs)
            renew(request, response, at=timezone.now())
            return response

        guarded.__dict__["c15_audience"] = "for_device"
        guarded.__dict__["c15_devices"] = tuple(kinds)
        guarded.__dict__["c15_admit"] = admit
        return csrf_exempt(guarded)  # `admit` looks after cookies; a token cannot be forged

    return decorate


def keep(response: HttpResponse, device: Device) -> None:
    """Put the machine's token into its browser, out of reach of scripts."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        devices.issue(device),
        max_age=int(devices.GOOD_FOR.total_seconds()),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )


def renew(request: DeviceRequest, response: HttpResponse, *, at: datetime) -> None:
    """Give a machine in use a fresh cookie long before the old one expires."""
    in_cookie = settings.DEVICE_COOKIE_NAME in request.COOKIES
    if in_cookie and request.device.expires_at - at < _RENEW_BEFORE:
        keep(response, replace(request.device, expires_at=at + devices.GOOD_FOR))


def device_in_cookie(request: HttpRequest, *, at: datetime) -> Device | None:
    """Return the machine whose cookie a browser sends, if it is good."""
    try:
        return devices.verify(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), at=at)
    except DeviceRefused:
        return None


def _admit(
    request: DeviceRequest, kinds: tuple[DeviceKind, ...], view: View
) -> HttpResponse | None:
    at = timezone.now()
    header = request.headers.get("Authorization", "")
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        device = devices.verify(header.removeprefix(_SCHEME) or cookie, kinds=kinds, at=at)
    except DeviceRefused as refusal:
        return _turn_away(request, refusal)
    if not header:
        refused = CsrfViewMiddleware(_nothing).process_view(request, view, (), {})
        if refused is not None:
            return refused
    request.device, request.actor = device, devices.device_actor(device)
    request.must_change_password = False
    devices.seen(device, at=at)
    return None


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _turn_away(request: HttpRequest, refusal: DeviceRefused) -> HttpResponse:
    """Lead a browser to where the machine is registered; answer programs with 401."""
    reads_pages = "text/html" in request.headers.get("Accept", "")
    if reads_pages and request.method == "GET" and "Authorization" not in request.headers:
        return HttpResponseRedirect(reverse("device"))
    return JsonResponse({"message": str(refusal)}, status=HTTPStatus.UNAUTHORIZED)
