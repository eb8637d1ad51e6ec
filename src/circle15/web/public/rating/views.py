"""Rate a visit by the link on its ticket, a case by the code on its receipt, or one's own."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from circle15.accounts.refusals import NotFound, Refused
from circle15.items.naming import item_names
from circle15.ratings import handlings
from circle15.ratings.handlings import Handling
from circle15.ratings.orders.opening import Asker, secret_of
from circle15.ratings.rating import Rated, rate
from circle15.ratings.refusals import AlreadyRated, NothingToRate, TooLateToRate
from circle15.ratings.states import RatedBy
from circle15.web.public.ticket.views import by_link
from circle15.web.shared.access import Request, open_to_all, reads, writes
from circle15.web.shared.insured import InsuredRequest, for_insured
from circle15.web.shared.item_words import said
from circle15.web.shared.limits import limited
from circle15.web.shared.once import once
from circle15.web.shared.rating_page import given_of, steps

_OVER = (AlreadyRated, NothingToRate, TooLateToRate)
Find = Callable[[], Handling]


@by_link
@reads
@open_to_all
def ticket_steps(request: Request, link: UUID) -> HttpResponse:
    """Show the faces, or the labels of the one that was tapped."""
    return _steps(request, lambda: handlings.of_ticket(link))


@by_link
@writes
@open_to_all
@once
def rate_ticket(request: Request, link: UUID) -> HttpResponse:
    """Keep the rating of a visit."""
    return _rated(request, lambda: handlings.of_ticket(link))


@limited
@reads
@open_to_all
def case_steps(request: Request, number: str, secret: str) -> HttpResponse:
    return _steps(request, lambda: handlings.of_receipt(number, secret))


@limited
@writes
@open_to_all
@once
def rate_case(request: Request, number: str, secret: str) -> HttpResponse:
    """Keep the rating of a case."""
    return _rated(request, lambda: handlings.of_receipt(number, secret))


@reads
@for_insured
def my_steps(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    return _steps(request, lambda: handlings.of_own_case(case_uid, by=request.insured.applicant))


@writes
@for_insured
@once
def rate_mine(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Keep the rating of one's own case; whoever signed in is known, to supervisors alone."""
    who = request.insured
    asker = Asker(person_uid=who.person_uid)
    return _rated(
        request,
        lambda: handlings.of_own_case(case_uid, by=who.applicant),
        channel=RatedBy.WEB,
        asker=asker,
    )


def _steps(request: HttpRequest, find: Find, *, refusal: str = "") -> HttpResponse:
    handling, closed = _open(find)
    is_own = hasattr(request, "insured")
    channel = RatedBy.WEB if is_own else RatedBy.PHONE
    context = {
        **_words(handling),
        **steps(
            request,
            channel=channel,
            is_visit=bool(handling and handling.is_visit),
            asks_phone=not is_own,
            refusal=refusal,
        ),
        "closed": closed,
        "rate_url": request.path,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return _unlisted(render(request, "public/rating/rate.html", context, status=status))


def _open(find: Find) -> tuple[Handling | None, str]:
    """Return the handling, and why it can't be rated if it can't."""
    try:
        handling = find()
    except NothingToRate as refusal:
        return None, str(refusal)
    try:
        handlings.check_open(handling, on=timezone.localdate())
    except _OVER as refusal:
        return handling, str(refusal)
    return handling, ""


def _rated(
    request: HttpRequest,
    find: Find,
    *,
    channel: RatedBy = RatedBy.PHONE,
    asker: Asker | None = None,
) -> HttpResponse:
    try:
        given = given_of(request.POST, asker=asker)
        done = rate(find(), given, channel=channel, at=timezone.now())
    except NotFound:
        raise
    except Refused as refusal:
        return _steps(request, find, refusal=str(refusal))
    return _unlisted(render(request, "public/rating/thanks.html", {"order_url": order_url(done)}))


def order_url(done: Rated) -> str:
    """Return where the person follows what comes of a bad rating."""
    if done.order_uid is None:
        return ""
    return reverse("feedback_order", args=[done.order_uid, secret_of(done.order_uid)])


def _words(handling: Handling | None) -> dict[str, object]:
    if handling is None:
        return {}
    name = item_names(handling.served_on).name(handling.item_key) if handling.item_key else None
    return {
        "site_name": handling.site_name,
        "item_name": said(name) if name else "",
        "served_on": handling.served_on,
        "synthetic": handling.is_synthetic,
    }


def _unlisted(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
