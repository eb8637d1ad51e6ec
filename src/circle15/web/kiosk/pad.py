"""The pad that lies at a window: it asks whoever has just been served, and then forgets them."""

from datetime import timedelta
from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from circle15.accounts.refusals import Refused
from circle15.accounts.states import DeviceKind
from circle15.ratings import handlings
from circle15.ratings.handlings import Handling
from circle15.ratings.rating import rate
from circle15.ratings.states import RatedBy
from circle15.web.kiosk.shown import unkept
from circle15.web.shared.access import reads, writes
from circle15.web.shared.devices import DeviceRequest, for_device
from circle15.web.shared.once import once
from circle15.web.shared.rating_page import given_of
from circle15.web.shared.rating_page import steps as rating_steps

# Whoever has gone so long ago is not at the window any more.
ASKED_FOR = timedelta(minutes=10)
LOOK_S = 10
THANKS_S = 6


@reads
@for_device(DeviceKind.PAD)
def windows(request: DeviceRequest) -> HttpResponse:
    """Let whoever puts the pad up choose its window."""
    found = [(number, name) for _pk, number, name in _windows(request)]
    return _page(request, "pads", windows=found)


@reads
@for_device(DeviceKind.PAD)
def steps(request: DeviceRequest, window: int) -> HttpResponse:
    """Show the faces while somebody served here may rate; else wait, and look again."""
    handling = _served(request, window)
    if handling is None:
        return _page(request, "pad_waits", window=window, look_s=LOOK_S)
    return _asked(request, window)


@writes
@for_device(DeviceKind.PAD)
@once
def give(request: DeviceRequest, window: int) -> HttpResponse:
    """Keep the rating, thank, and wait for the next one."""
    handling = _served(request, window)
    if handling is None:
        return _page(request, "pad_waits", window=window, look_s=LOOK_S)
    # Whom the faces were shown to: the next one may have sat down meanwhile.
    if request.POST.get("visit", "") != handling.key[:16]:
        return _page(request, "pad_waits", window=window, look_s=LOOK_S)
    try:
        rate(handling, given_of(request.POST), channel=RatedBy.PAD, at=timezone.now())
    except Refused as refusal:
        return _asked(request, window, refusal=str(refusal))
    return _page(request, "pad_thanks", window=window, look_s=THANKS_S)


def _asked(request: DeviceRequest, window: int, *, refusal: str = "") -> HttpResponse:
    handling = _served(request, window)
    if handling is None:  # rated elsewhere meanwhile
        return _page(request, "pad_waits", window=window, look_s=LOOK_S)
    shown = rating_steps(request, channel=RatedBy.PAD, is_visit=True, refusal=refusal)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    more = {
        "rate_url": reverse("pad", args=[window]),
        "kept_fields": [("visit", handling.key[:16])],
        "window": window,
        "synthetic": handling.is_synthetic,
        "look_s": int(ASKED_FOR.total_seconds()) // 5,
    }
    return _page(request, "pad", status=status, **shown, **more)


def _served(request: DeviceRequest, window: int) -> Handling | None:
    pks = {number: pk for pk, number, _name in _windows(request)}
    if window not in pks:
        raise Http404
    since = timezone.now() - ASKED_FOR
    return handlings.last_at_window(pks[window], by=request.actor, since=since)


def _windows(request: DeviceRequest) -> tuple[tuple[int, int, str], ...]:
    return handlings.windows_at(request.device.site_code, by=request.actor)


def _page(
    request: DeviceRequest, name: str, *, status: int = HTTPStatus.OK, **context: object
) -> HttpResponse:
    site = request.device.site_name
    return unkept(
        render(request, f"kiosk/{name}.html", {"site_name": site, **context}, status=status)
    )
