"""Rate a visit at the ticket machine: its reader reads the code on the ticket."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import DeviceKind
from circle15.ratings import handlings
from circle15.ratings.rating import rate
from circle15.ratings.states import RatedBy
from circle15.web.kiosk.shown import page
from circle15.web.shared.access import reads, writes
from circle15.web.shared.devices import DeviceRequest, for_device
from circle15.web.shared.once import once
from circle15.web.shared.rating_page import given_of
from circle15.web.shared.rating_page import steps as rating_steps

_UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@reads
@for_device(DeviceKind.KIOSK)
def steps(request: DeviceRequest) -> HttpResponse:
    """Ask for the ticket's code, then show the faces, then the labels."""
    link = _link(request.GET.get("link", ""))
    return page(request, "rate") if link is None else page_of(request, link)


@writes
@for_device(DeviceKind.KIOSK)
@once
def give(request: DeviceRequest) -> HttpResponse:
    """Keep the rating and thank; the machine goes back to its start by itself."""
    link = _link(request.POST.get("link", ""))
    if link is None:
        return page(request, "rate", status=_UNUSABLE)
    try:
        handling = handlings.of_ticket(link)
        rate(handling, given_of(request.POST), channel=RatedBy.KIOSK, at=timezone.now())
    except Refused as refusal:
        return page_of(request, link, refusal=str(refusal))
    return page(request, "rated")


def page_of(request: DeviceRequest, link: UUID, *, refusal: str = "") -> HttpResponse:
    """Show the step for a ticket; one that can't be rated is said so."""
    try:
        handlings.check_open(handlings.of_ticket(link), on=timezone.localdate())
    except NotFound:
        return page(request, "rate", status=_UNUSABLE, problem=str(NotFound()))
    except Refused as closed:
        return page(request, "rate", status=_UNUSABLE, problem=str(closed))
    shown: dict[str, Any] = rating_steps(
        request,
        channel=RatedBy.KIOSK,
        is_visit=True,
        asks_phone=False,
        asks_text=False,
        refusal=refusal,
    )
    more: dict[str, Any] = {
        "rate_url": reverse("kiosk_rate"),
        "kept_query": f"link={link}&",
        "kept_fields": [("link", link)],
        "has_ticket": True,
    }
    status = _UNUSABLE if refusal else HTTPStatus.OK
    return page(request, "rate", status=status, **shown, **more)


def _link(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
