"""Where a ticket stands, for the person who took it; the link is the only key."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.rates import TooOften, count_visit
from circle15.accounts.refusals import NotFound, Refused
from circle15.hall import watching
from circle15.hall.actions import moving
from circle15.sites.public import open_site
from circle15.web.shared import errors
from circle15.web.shared.access import Request, View, open_to_all, reads, writes
from circle15.web.shared.live import let_listen, stream_url
from circle15.web.shared.states import state

MOST_A_MINUTE = 90  # of one ticket: several of a family look
MINUTE_S = 60
# Between two questions of a phone without a stream: thousands may ask at once.
POLL_MS = 10_000


def by_link(view: View) -> View:
    """Guard an address that is a key: limited, never stored, never listed by search engines."""

    @wraps(view)
    def guarded(request: Request, link: UUID, **kwargs: Any) -> HttpResponse:
        response = _limited(request, link) or _answered(view, request, link, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def _limited(request: Request, link: UUID) -> HttpResponse | None:
    """Count what is asked about one ticket; a hall's visitors may share one address."""
    key = f"ticket.asked.{link.hex}"
    if cache.add(key, 1, MINUTE_S) or cache.incr(key) <= MOST_A_MINUTE:
        return None
    return errors.page(request, HTTPStatus.TOO_MANY_REQUESTS)


def _answered(view: View, request: Request, link: UUID, **kwargs: Any) -> HttpResponse:
    try:
        return view(request, link, **kwargs)
    except NotFound:
        return _unknown(request)


def _unknown(request: Request) -> HttpResponse:
    """Say that there is no such ticket; whoever tries many links has to wait."""
    try:
        count_visit(str(request.META["REMOTE_ADDR"]), at=timezone.now())
    except TooOften as refusal:
        return errors.page(request, HTTPStatus.TOO_MANY_REQUESTS, detail=str(refusal))
    words = _("没有这个号，或者链接不完整。请重新扫小票上的二维码，或到服务台询问。")
    return errors.page(request, HTTPStatus.NOT_FOUND, detail=words)


@by_link
@reads
@open_to_all
def ticket(request: Request, link: UUID) -> HttpResponse:
    """Show the ticket: who is ahead, or where to go."""
    at = timezone.now()
    now = watching.ticket_now(link, at=at)
    if now.onward is not None:
        return HttpResponseRedirect(reverse("ticket", args=[now.onward]))
    hall = watching.hall_of_ticket(link)
    context = {
        "ticket": now,
        "hall": hall,
        "site": open_site(hall.site_code),
        "synthetic": hall.is_synthetic,
        "at": timezone.localtime(at),
        "pause": POLL_MS,
        "stream": stream_url(request, f"/live/ticket/{link}/events"),
    }
    return let_listen(request, render(request, "public/ticket.html", context))


@by_link
@reads
@open_to_all
def ticket_state(request: Request, link: UUID) -> HttpResponse:
    """Answer what the stream would say, for when there is none."""
    return state(request, watching.ticket_now(link, at=timezone.now(), may_be_old=True).as_json())


@by_link
@writes
@open_to_all
def leave(request: Request, link: UUID) -> HttpResponse:
    """Leave the queue."""
    return _step(request, link, moving.leave, _("已离开队伍。改变主意可以随时重新排队。"))


@by_link
@writes
@open_to_all
def come_back(request: Request, link: UUID) -> HttpResponse:
    """Queue again."""
    return _step(request, link, moving.come_back, _("已重新排队，号码不变。"))


def _step(request: Request, link: UUID, do: Callable[..., object], done: str) -> HttpResponse:
    try:
        do(uid=link, at=timezone.now())
    except NotFound:
        raise
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("ticket", args=[link]))
