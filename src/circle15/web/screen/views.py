"""What hangs in the hall: the last calls, who waits, what is worth knowing, and the voice."""

from dataclasses import dataclass
from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from circle15.accounts.states import DeviceKind
from circle15.cases.disclosure.board import board_of
from circle15.hall import watching
from circle15.hall.voice import clips
from circle15.hall.voice.words import Unspeakable
from circle15.hall.watching import Announced, WatchedHall
from circle15.sites.public import open_site
from circle15.standards.services import PHONE, RESULT, RULE
from circle15.web.shared.access import reads
from circle15.web.shared.devices import DeviceRequest, for_device
from circle15.web.shared.live import let_listen, stream_url
from circle15.web.shared.states import state

SHOWN = 6
ON_A_PAGE = 18  # windows
ITEMS_ON_A_PAGE = 8
RULES_ON_A_PAGE = 2
HELP = "help"
_YEAR_S = 31_536_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A call as the display shows it."""

    label: str
    window: int


@reads
@for_device(DeviceKind.DISPLAY)
def screen(request: DeviceRequest) -> HttpResponse:
    """Show the display; the script of the page goes on from the last call drawn here."""
    hall = watching.watched_hall(request.device.site_code)
    at = timezone.now()
    calls = shown(watching.last_announcements(hall, at=at))
    now = watching.hall_now(hall)
    context = {
        "hall": hall,
        "at": timezone.localtime(at),
        "milliseconds": int(at.timestamp() * 1000),
        "first": calls[0] if calls else None,
        "calls": calls[1:],
        "most": SHOWN,
        "now": now,
        "stream": stream_url(request, f"/live/hall/{hall.site_code}/events"),
        "voice": reverse("screen_voice", args=["A1", 1]).removesuffix("A1/1.wav"),
        **_board(hall, now),
    }
    response = render(request, "screen/screen.html", context)
    response.headers["Cache-Control"] = "no-store"
    return let_listen(request, response)


@reads
@for_device(DeviceKind.DISPLAY)
def screen_state(request: DeviceRequest) -> HttpResponse:
    """Answer what the stream would have said since `?after=`, for when there is no stream."""
    hall = watching.watched_hall(request.device.site_code)
    asked = request.GET.get("after", "")
    seq = int(asked) if asked.isascii() and asked.isdecimal() else hall.last_event
    announced = watching.announcements_after(hall, min(seq, 2**62))
    calls = [each.as_json() for each in announced]
    return state(request, {"calls": calls, "now": watching.hall_now(hall).as_json()})


# Clauses: D-37
@reads
@for_device(DeviceKind.DISPLAY)
def board(request: DeviceRequest) -> HttpResponse:
    """Draw what is shown in turns; the display asks again every minute."""
    hall = watching.watched_hall(request.device.site_code)
    return render(request, "screen/_board.html", _board(hall, watching.hall_now(hall)))


@reads
@for_device(DeviceKind.DISPLAY)
def voice(request: DeviceRequest, label: str, window: int) -> HttpResponse:
    """Speak a call, or the cry for help of a window; the same words give the same bytes."""
    code = request.device.site_code
    try:
        if label == HELP:
            clip = clips.help_clip(window, site_code=code)
        else:
            clip = clips.call_clip(label, window, site_code=code)
    except Unspeakable as unspeakable:
        raise Http404(str(unspeakable)) from unspeakable
    except clips.CannotSpeak:
        # The call is on the display; a hall without a voice goes on.
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    headers = {"Cache-Control": f"private, max-age={_YEAR_S // 12}"}
    return HttpResponse(clip, content_type="audio/wav", headers=headers)


def shown(announced: tuple[Announced, ...]) -> list[Shown]:
    """Return the calls to be seen, the newest first, each number once and without those undone."""
    calls: list[Shown] = []
    for each in announced:
        if each.kind == "emergency":
            continue
        calls = [call for call in calls if call.label != each.label]
        if each.kind != "clear":
            calls.insert(0, Shown(each.label, each.window))
    return calls[:SHOWN]


def _disclosed(hall: WatchedHall) -> dict[str, object]:
    """Return what is posted in turns: items with how long they take, rules, phones, results."""
    if open_site(hall.site_code) is None:
        return {}
    found = board_of(hall.site_code, on=timezone.localdate())
    rules = found.of_kind(RULE)
    return {
        "item_pages": [
            found.items[each : each + ITEMS_ON_A_PAGE]
            for each in range(0, len(found.items), ITEMS_ON_A_PAGE)
        ],
        "rule_pages": [
            rules[each : each + RULES_ON_A_PAGE] for each in range(0, len(rules), RULES_ON_A_PAGE)
        ],
        "phones": found.of_kind(PHONE),
        "results": found.of_kind(RESULT),
        "figures": found.figures,
    }


def _board(hall: WatchedHall, now: watching.HallNow) -> dict[str, object]:
    pages = [now.windows[each : each + ON_A_PAGE] for each in range(0, len(now.windows), ON_A_PAGE)]
    return {
        "site": open_site(hall.site_code),
        "hall": hall,
        "now": now,
        "window_pages": pages,
        "notices": watching.notices_on(hall, timezone.localdate()),
        **_disclosed(hall),
    }
