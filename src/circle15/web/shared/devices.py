"""Pages opened by a registered machine instead of a person."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from circle15.accounts.devices import Device, DeviceKind, DeviceRefused, verify
from circle15.web.shared.access import View

_SCHEME = "Bearer "


class DeviceRequest(HttpRequest):
    """A request behind `@for_device`."""

    device: Device


def for_device(kind: DeviceKind) -> Callable[[View], View]:
    """Let in a machine of one kind by its token; no cookie is used, hence no CSRF token."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: DeviceRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            token = request.headers.get("Authorization", "").removeprefix(_SCHEME)
            try:
                request.device = verify(token, kind=kind, at=timezone.now())
            except DeviceRefused as refusal:
                return JsonResponse({"message": str(refusal)}, status=HTTPStatus.UNAUTHORIZED)
            return view(request, *args, **kwargs)

        guarded.__dict__["c15_audience"] = "for_device"
        return csrf_exempt(guarded)

    return decorate
