"""The steps at a ticket machine. Each is a page of its own; the machine's script joins them."""

from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from circle15.accounts.refusals import Refused
from circle15.accounts.states import DeviceKind
from circle15.cases.core_platform import ecard
from circle15.hall import kiosk
from circle15.hall.actions import taking
from circle15.hall.appointments.changing import check_in_by_code
from circle15.hall.kiosk import Slip
from circle15.hall.printing.encoding import PaperWidth, as_picture
from circle15.hall.printing.paper import TicketPaper
from circle15.hall.states import Source
from circle15.items.naming import item_names
from circle15.standards.hall import green_classes
from circle15.web.kiosk import rating
from circle15.web.kiosk.scans import Scan, ScanKind, known_by_code, read_scan
from circle15.web.kiosk.shown import hall_of, named, page, unkept
from circle15.web.shared.access import reads, writes
from circle15.web.shared.devices import DeviceRequest, for_device
from circle15.web.shared.middleware import MODE_COOKIE, TEXT_COOKIE
from circle15.web.shared.once import once


# Clauses: W-64, Q-56
@reads
@for_device(DeviceKind.KIOSK)
def start(request: DeviceRequest) -> HttpResponse:
    return page(request, "start")


@reads
@for_device(DeviceKind.KIOSK)
def groups(request: DeviceRequest) -> HttpResponse:
    offered = item_names(timezone.localdate()).in_groups()
    return page(request, "groups", groups=[(group, named(group.name)) for group, _items in offered])


@reads
@for_device(DeviceKind.KIOSK)
def items(request: DeviceRequest, group: str) -> HttpResponse:
    for offered, entries in item_names(timezone.localdate()).in_groups():
        if offered.key == group:
            items = [(key, named(name)) for key, name in entries]
            group_name = named(offered.name)
            return page(request, "items", group=offered, group_name=group_name, items=items)
    raise Http404


@reads
@for_device(DeviceKind.KIOSK)
def green(request: DeviceRequest) -> HttpResponse:
    return page(request, "green", classes=_classes())


@reads
@for_device(DeviceKind.KIOSK)
def appointment(request: DeviceRequest) -> HttpResponse:
    return page(request, "appointment")


@writes
@for_device(DeviceKind.KIOSK)
@once
def arrive(request: DeviceRequest) -> HttpResponse:
    """Take the ticket of an appointment by its six digits."""
    at = timezone.now()
    try:
        arrived = check_in_by_code(
            site_code=request.device.site_code,
            code=request.POST.get("code", ""),
            source=Source.KIOSK,
            by=request.actor,
            at=at,
            device_id=request.device.id,
        )
    except Refused as refusal:
        return _refused(request, "appointment", refusal)
    return _ticket(request, arrived.ticket.uid)


@reads
@for_device(DeviceKind.KIOSK)
def scan(request: DeviceRequest) -> HttpResponse:
    return page(request, "scan")


@writes
@for_device(DeviceKind.KIOSK)
def scanned(request: DeviceRequest) -> HttpResponse:
    """Look at what a reader sent: an appointment is taken at once, a card or an e-card leads on.

    The number lives in this request only: it is neither stored nor shown nor logged. While codes
    can't be read the machine asks for the card instead, and gives numbers as ever.
    """
    reading, at = read_scan(request.POST.get("scan", "")), timezone.now()
    if reading.kind is ScanKind.TICKET:
        return rating.page_of(request, UUID(reading.code))
    return _known(request, reading, at)


def _known(request: DeviceRequest, reading: Scan, at: datetime) -> HttpResponse:
    by_appointment: dict[str, Any] = {
        "site_code": request.device.site_code,
        "by": request.actor,
        "at": at,
        "device_id": request.device.id,
    }
    try:
        reading = known_by_code(reading, request.device, at=at)
        match reading.kind:
            case ScanKind.UNREADABLE:
                return page(request, "scan", status=_UNUSABLE, problem=reading.problem)
            case ScanKind.APPOINTMENT:
                found = kiosk.check_in_by_scan(code=reading.code, **by_appointment)
                return _ticket(request, found)
            case ScanKind.ID_CARD:
                booked = kiosk.check_in_by_number(id_number=reading.code, **by_appointment)
                if booked is not None:
                    return _ticket(request, booked)
    except (ecard.EcardAway, ecard.EcardNotSetUp):
        return page(request, "known", is_card=False, is_old=False)
    except Refused as refusal:
        return _refused(request, "scan", refusal)
    is_old = kiosk.is_old(reading.code, on=timezone.localdate(at))
    return page(request, "known", is_card=True, is_old=is_old)


@writes
@for_device(DeviceKind.KIOSK)
@once
def take(request: DeviceRequest) -> HttpResponse:
    """Give a number: in the green channel for a class, else in the chosen or the first lane."""
    hall, at = hall_of(request), timezone.now()
    if not hall.gives_numbers:
        return page(request, "start", hall=hall, status=HTTPStatus.CONFLICT)
    green_class, item = request.POST.get("green", ""), request.POST.get("item", "")
    ordinary = [code for code, _name in hall.lanes]
    wished = request.POST.get("lane", "")
    try:
        taken = taking.take(
            site_code=hall.site_code,
            lane=hall.green_lane if green_class else (wished or ordinary[0]),
            items=(item,) if item in item_names(timezone.localdate(at)) else (),
            green_class=green_class,
            source=Source.KIOSK,
            device_id=request.device.id,
            by=request.actor,
            at=at,
        )
    except Refused as refusal:
        return _refused(request, "start", refusal)
    return _ticket(request, taken.uid)


@reads
@for_device(DeviceKind.KIOSK)
def paper(request: DeviceRequest, link: UUID, width: int) -> HttpResponse:
    """Give the bytes of a ticket this machine has given out, for its printer."""
    if width not in set(PaperWidth):
        raise Http404
    at = timezone.now()
    slip = kiosk.slip(request.actor, link, device_id=request.device.id, at=at)
    lines = _on_paper(request, slip).lines()
    data = as_picture(lines, PaperWidth(width))
    return unkept(HttpResponse(data, content_type="application/octet-stream"))


@reads
@for_device(DeviceKind.KIOSK)
def alive(request: DeviceRequest) -> HttpResponse:
    """Say whether numbers are given out and how many wait; a revoked machine gets 401."""
    hall = hall_of(request)
    return unkept(JsonResponse({"gives": hall.gives_numbers, "waiting": hall.waiting}))


@writes
@for_device(DeviceKind.KIOSK)
def end(_request: DeviceRequest) -> HttpResponse:
    """Forget the person: the look he chose, and whatever the browser may have put aside."""
    response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    # Not "cookies": the machine's own identity is one.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    for cookie in (MODE_COOKIE, TEXT_COOKIE, settings.LANGUAGE_COOKIE_NAME):
        response.delete_cookie(cookie, samesite="Lax")
    return unkept(response)


_UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


def _refused(request: DeviceRequest, step: str, refusal: Refused) -> HttpResponse:
    return page(request, step, status=_UNUSABLE, problem=str(refusal))


def _ticket(request: DeviceRequest, uid: UUID) -> HttpResponse:
    slip = kiosk.slip(request.actor, uid, device_id=request.device.id, at=timezone.now())
    return page(
        request, "ticket", slip=slip, code=_qr(_link(request, uid)), items=_item_names(slip)
    )


def _on_paper(request: DeviceRequest, slip: Slip) -> TicketPaper:
    return TicketPaper(
        hall_name=slip.site_name,
        label=slip.now.label,
        lane_name=slip.lane_name,
        ahead=slip.now.ahead or 0,
        taken_at=timezone.localtime(slip.taken_at),
        link=_link(request, slip.now.uid),
        wait_min=slip.now.minutes,
        items=_item_names(slip),
        is_green=slip.is_green,
        is_synthetic=slip.is_synthetic,
    )


def _item_names(slip: Slip) -> tuple[str, ...]:
    names = item_names(timezone.localdate(slip.taken_at)) if slip.items else None
    return tuple(named(names.name(key)) for key in slip.items) if names else ()


def _link(request: DeviceRequest, uid: UUID) -> str:
    return request.build_absolute_uri(reverse("ticket", args=[uid]))


def _qr(payload: str) -> SafeString:
    """Draw the code into the page itself: a picture of its own would be one more trace."""
    drawing = BytesIO()
    segno.make(payload, error="m", micro=False).save(
        drawing, kind="svg", border=4, light="#fff", xmldecl=False, svgns=True, omitsize=True
    )
    return mark_safe(drawing.getvalue().decode())  # noqa: S308 -- drawn here, from digits and lines


def _classes() -> list[dict[str, str]]:
    return [
        {"key": each.key, "name": named(each.name), "proof": named(each.proof)}
        for each in green_classes().values()
    ]
