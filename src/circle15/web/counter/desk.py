"""The desk's one screen, its state for those who poll, and its questions as pages."""

from datetime import datetime
from http import HTTPStatus

from django.contrib.messages import get_messages
from django.http import Http404, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from circle15.accounts.states import Permission
from circle15.hall.desk import stamp_of
from circle15.hall.queries import (
    halls_in_order,
    lanes_now,
    open_session_of,
    waiting_in_order,
    window_of,
    windows_in_order,
)
from circle15.ratings.orders.lists import count_begun_anew
from circle15.web.counter import keys
from circle15.web.counter.shown import desk_shown, line_row, waiting_row
from circle15.web.shared.access import StaffRequest, reads, requires
from circle15.web.shared.refused import wants_fragment

MINUTE_S = 60


@reads
@requires(Permission.SERVE)
def desk(request: StaffRequest) -> HttpResponse:
    """Show the desk of the window at which the clerk sits, else the windows to choose from."""
    session = open_session_of(request.actor)
    return page(request, session.window_id) if session else choose(request)


def choose(request: StaffRequest, refusal: str = "", status: int = HTTPStatus.OK) -> HttpResponse:
    """Let the clerk choose a window; who sits where stands beside each."""
    halls = list(halls_in_order(request.actor))
    wanted = request.GET.get("hall", "")
    hall = next((hall for hall in halls if hall.site.code == wanted), halls[0] if halls else None)
    if hall is None:
        may = request.actor.can(Permission.MANAGE_HALL)
        return no_store(render(request, "counter/no_hall.html", {"may_set_up": may}))
    windows = windows_in_order(request.actor, hall.site.code)
    context = {
        "site": hall.site,
        "halls": halls,
        "waiting": sum(lane.waiting for lane in lanes_now(request.actor, hall.site.code)),
        "windows": windows,
        "first_free": next((window.id for window in windows if not window.is_open), None),
        "refusal": refusal,
        "said": _messages(request),
        "begun_anew": count_begun_anew(request.actor, on=timezone.localdate()),
        "synthetic": hall.is_synthetic,
    }
    return no_store(render(request, "counter/open.html", context, status=status))


def page(
    request: StaffRequest,
    window_id: int,
    *,
    said: str = "",
    refused: bool = False,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Draw the desk: the whole page, or for a script only what changes."""
    at = timezone.now()
    is_fragment = wants_fragment(request)
    shown = desk_shown(request.actor, window_id, at=at)
    context = {
        "desk": shown,
        "synthetic": shown.is_synthetic,
        "said": said or ("" if is_fragment else _messages(request)),
        "refused": refused,
        "may_take_in": request.actor.can(Permission.TAKE_IN),
        "is_fragment": is_fragment,
        "begun_anew": 0
        if is_fragment
        else count_begun_anew(request.actor, on=timezone.localdate(at)),
    }
    name = "counter/_desk.html" if is_fragment else "counter/desk.html"
    return _with_clock(no_store(render(request, name, context, status=status)), at)


@reads
@requires(Permission.SERVE)
def now(request: StaffRequest) -> HttpResponse:
    """Give the state of the desk to its page, or 304 while nothing has changed."""
    at = timezone.now()
    session = open_session_of(request.actor)
    if session is None:
        # Closed elsewhere: the page loads itself again and offers the windows.
        return no_store(HttpResponse(""))
    # Waits are said in minutes, so a minute changes the screen too.
    minute = int(at.timestamp()) // MINUTE_S
    tag = f'"{stamp_of(session.window_id)}-{session.window_id}-{minute}-{get_language()}"'
    if request.headers.get("If-None-Match") == tag:
        return _with_clock(HttpResponseNotModified(), at)
    reply = page(request, session.window_id)
    reply["ETag"] = tag
    return reply


@reads
@requires(Permission.SERVE)
def ask(request: StaffRequest, window_id: int, step: str) -> HttpResponse:
    """Show the question of a step as a page; a script gets the list of those who wait."""
    _window, hall = window_of(request.actor, window_id)
    session = open_session_of(request.actor)
    if step not in keys.QUESTIONS:
        raise Http404
    if session is None or session.window_id != window_id:
        return HttpResponseRedirect(reverse("desk"))
    at = timezone.now()
    shown = desk_shown(request.actor, window_id, at=at)
    context: dict[str, object] = {
        "desk": shown,
        "step": step,
        "key": keys.BY_STEP[step],
        "form": shown.forms.get(step),
        "as_page": True,
        "synthetic": shown.is_synthetic,
    }
    if step == "pick":
        wanted = request.GET.get("q", "").strip().upper()
        waiting = waiting_in_order(request.actor, hall.site.code, at=at, window_id=window_id)
        rows = [
            *(waiting_row(ticket, shown.names) for ticket in waiting),
            *(line_row(line, shown.names, at=at) for line in shown.desk.gone),
        ]
        context |= {"q": wanted, "rows": [row for row in rows if wanted in row.label]}
    name = "counter/_waiting.html" if wants_fragment(request) else "counter/ask.html"
    return no_store(render(request, name, context))


def no_store(reply: HttpResponse) -> HttpResponse:
    """Keep the desk out of the browser's memory: Back shows what is, not what was."""
    reply["Cache-Control"] = "no-store"
    return reply


def _messages(request: StaffRequest) -> str:
    return " ".join(str(message) for message in get_messages(request))


def _with_clock(reply: HttpResponse, at: datetime) -> HttpResponse:
    """Tell the server's time: the clocks of office computers are wrong by minutes."""
    reply["X-Circle15-Now"] = str(int(at.timestamp() * 1000))
    return reply
