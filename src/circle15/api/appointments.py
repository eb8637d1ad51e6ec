"""Appointments: what is offered, booking by the person or at the counter, arrival."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router
from pydantic import Field

from circle15.accounts.states import DeviceKind, Permission
from circle15.api.booking_schemas import (
    AppointmentNow,
    Appointments,
    ArrivedNow,
    BookIn,
    ChangeIn,
    CheckInIn,
    DaysOffered,
    HoldIn,
    Offers,
    PersonIn,
    TimesOffered,
    WithdrawIn,
)
from circle15.api.callers import ApiRequest
from circle15.api.doing import doing, open_doing, open_reading, reading
from circle15.api.schemas import ItemKey, SiteCode
from circle15.hall.appointments import booking, changing, offered, queries
from circle15.hall.appointments.lately import others_offered
from circle15.hall.appointments.refusals import SlotFull
from circle15.hall.booking_states import Door
from circle15.hall.queries import hall_of
from circle15.hall.states import Source

router = Router(tags=["appointments"])

Item = Annotated[ItemKey, Field(description="key of the item")]


@router.get("/booking/{code}/items", response=Offers, auth=None, summary="可预约的事项")
@open_reading
def offers(request: HttpRequest, code: Path[SiteCode]) -> Offers:  # noqa: ARG001 -- ninja's signature
    """Say what one can book for in a hall."""
    return Offers.of({"items": offered.offers(code)})


@router.get("/booking/{code}/days", response=DaysOffered, auth=None, summary="可预约的日期")
@open_reading
def days(request: HttpRequest, code: Path[SiteCode], item: Item) -> DaysOffered:  # noqa: ARG001 -- ninja's signature
    """Days with the number of places left for an item."""
    _hall, _offer, calendar = offered.choice_offered(code, item, at=timezone.now())
    return DaysOffered.of({"days": calendar.days})


@router.get("/booking/{code}/times", response=TimesOffered, auth=None, summary="可预约的时间")
@open_reading
def times(request: HttpRequest, code: Path[SiteCode], item: Item, on: date) -> TimesOffered:  # noqa: ARG001 -- ninja's signature
    """List the times of a day with the places left, full ones too."""
    wanted = offered.offer(code, item)
    found = offered.times_offered(code, on, wanted.minutes, at=timezone.now())
    return TimesOffered.of({"times": found})


@router.post("/booking/{code}/holds", response=AppointmentNow, auth=None, summary="占用时间")
@open_doing
def hold_place(request: HttpRequest, code: Path[SiteCode], body: HoldIn) -> AppointmentNow:
    """Keep a place while the person's details are filled in; the link comes with it."""
    at = timezone.now()
    with _offering(code, body, at):
        held = booking.hold(
            site_code=code,
            item=body.item,
            starts_at=body.starts_at,
            origin=str(request.META["REMOTE_ADDR"]),
            at=at,
        )
    return _now(held.uid)


@router.get("/appointments/{uid}", response=AppointmentNow, auth=None, summary="我的预约")
@open_reading
def appointment(request: HttpRequest, uid: UUID) -> AppointmentNow:  # noqa: ARG001 -- ninja's signature
    """Show an appointment to whoever knows its link."""
    return AppointmentNow.of(queries.appointment_by_uid(uid))


@router.post("/appointments/{uid}/person", response=AppointmentNow, auth=None, summary="填写预约人")
@open_doing
def fill_in(request: HttpRequest, uid: UUID, body: PersonIn) -> AppointmentNow:  # noqa: ARG001 -- ninja's signature
    """Say who comes; kept sealed and shown masked."""
    booking.fill_in(uid=uid, person=body.details, at=timezone.now())
    return _now(uid)


@router.post("/appointments/{uid}/confirm", response=AppointmentNow, auth=None, summary="确认预约")
@open_doing
def confirm(request: HttpRequest, uid: UUID) -> AppointmentNow:  # noqa: ARG001 -- ninja's signature
    """Make a held place an appointment."""
    booking.confirm(uid=uid, at=timezone.now())
    return _now(uid)


@router.post("/appointments/{uid}/let-go", response=AppointmentNow, auth=None, summary="放弃占用")
@open_doing
def let_go(request: HttpRequest, uid: UUID) -> AppointmentNow:  # noqa: ARG001 -- ninja's signature
    """Give back a place that is held."""
    booking.let_go(uid=uid, at=timezone.now())
    return _now(uid)


@router.post("/appointments/{uid}/change", response=AppointmentNow, auth=None, summary="改期")
@open_doing
def change(request: HttpRequest, uid: UUID, body: ChangeIn) -> AppointmentNow:  # noqa: ARG001 -- ninja's signature
    """Move an appointment to another time of the same hall."""
    changing.change(uid=uid, starts_at=body.starts_at, at=timezone.now())
    return _now(uid)


@router.post("/appointments/{uid}/cancel", response=AppointmentNow, auth=None, summary="取消预约")
@open_doing
def cancel_appointment(request: HttpRequest, uid: UUID) -> AppointmentNow:  # noqa: ARG001 -- ninja's signature
    """Cancel by the link, before its time."""
    changing.cancel(uid=uid, at=timezone.now())
    return _now(uid)


@router.post("/appointments/{uid}/check-in", response=ArrivedNow, auth=None, summary="预约签到")
@open_doing
def check_in(request: HttpRequest, uid: UUID) -> ArrivedNow:  # noqa: ARG001 -- ninja's signature
    """Take the number of an appointment by its link."""
    return ArrivedNow.of(changing.check_in(uid=uid, at=timezone.now()))


@router.get("/halls/{code}/appointments", response=Appointments, summary="某日预约")
@reading(Permission.SERVE)
def day(request: ApiRequest, code: Path[SiteCode], on: date) -> Appointments:
    """List the appointments of a day in order of time."""
    actor = request.auth.actor
    hall_of(actor, code)  # one of elsewhere is none, not an empty day
    found = queries.day_of_hall(actor, code, on)
    return Appointments.of({"appointments": found})


@router.post("/halls/{code}/appointments", response=AppointmentNow, summary="代为预约")
@doing(Permission.TAKE_TICKETS)
def book(request: ApiRequest, code: Path[SiteCode], body: BookIn) -> AppointmentNow:
    """Book for a person at the counter or the kiosk, in one step."""
    caller = request.auth
    is_kiosk = caller.device is not None and caller.device.kind == DeviceKind.KIOSK
    with _offering(code, body, caller.at):
        booked = booking.book(
            site_code=code,
            item=body.item,
            starts_at=body.starts_at,
            person=body.details,
            door=Door.KIOSK if is_kiosk else Door.COUNTER,
            by=caller.actor,
            at=caller.at,
        )
    return _now(booked.uid)


@router.post("/halls/{code}/check-in", response=ArrivedNow, summary="凭预约码签到")
@doing(Permission.TAKE_TICKETS)
def check_in_by_code(request: ApiRequest, code: Path[SiteCode], body: CheckInIn) -> ArrivedNow:
    """Take the number of today's appointment with a code."""
    caller = request.auth
    arrived = changing.check_in_by_code(
        site_code=code,
        code=body.code,
        source=Source.KIOSK if caller.device else Source.API,
        by=caller.actor,
        at=caller.at,
        device_id=caller.device_id,
    )
    return ArrivedNow.of(arrived)


@router.post("/appointments/{uid}/withdraw", response=AppointmentNow, summary="代为取消")
@doing(Permission.TAKE_TICKETS)
def withdraw(request: ApiRequest, uid: UUID, body: WithdrawIn) -> AppointmentNow:
    """Cancel an appointment of the caller's hall, with a reason that is told to the person."""
    caller = request.auth
    queries.appointment_for(caller.actor, uid)
    changing.cancel(uid=uid, reason=body.reason, by=caller.actor, at=caller.at)
    return _now(uid)


def _now(uid: UUID) -> AppointmentNow:
    return AppointmentNow.of(queries.appointment_by_uid(uid))


@contextmanager
def _offering(code: str, wish: HoldIn | BookIn, at: datetime) -> Iterator[None]:
    """Let a refusal for want of room say what is still free nearby."""
    try:
        yield
    except SlotFull as refusal:
        others = others_offered(code, wish.item, wish.starts_at, at=at)
        raise SlotFull(tuple(each.starts_at for each in others)) from refusal
