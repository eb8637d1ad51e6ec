"""Change, cancel, arrive, miss: what happens to an appointment after it was made."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.states import SYSTEM, Who
from circle15.hall.actions.taking import Taken, take
from circle15.hall.appointments import notices
from circle15.hall.appointments.booking import (
    PUBLIC,
    demand_few_that_day,
    demand_step,
    end_holds,
    lapse,
    locked_appointment,
    rules_of,
    run_from,
    save_with_code,
    tell,
)
from circle15.hall.appointments.hours import day_of
from circle15.hall.appointments.places import (
    free_places,
    lapsed_at,
    lock_person,
    locked_slots,
    slot_ids_of,
    take_places,
)
from circle15.hall.appointments.refusals import (
    CheckInAtTheHall,
    NoBookedLane,
    NotYetTime,
    SameTime,
    SlotFull,
    TooLateToChange,
    TooLateToCheckIn,
    TooManyChanges,
    UnknownCode,
    WrongAppointmentState,
)
from circle15.hall.booking_models import Appointment, BookingRules
from circle15.hall.booking_states import AppointmentState, BookingStep, NoticeKind
from circle15.hall.models import Hall, Lane
from circle15.hall.refusals import NeedsReason
from circle15.hall.states import LaneKind, Source

MOST_CHANGES = 3
_AT_ONCE = 100
# Who came to a hall with its own instance is known here when its line is back.
_LINE_CUT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A ticket of the booked lane, for whose appointment."""

    ticket: Taken
    item_name: str
    starts_at: datetime


@transaction.atomic
def change(*, uid: UUID, starts_at: datetime, at: datetime, by: Actor | None = None) -> Appointment:
    """Move an appointment to another time of the same hall; the old places are free again.

    By the link (`by` is None) three times at most. Raises NotFound, WrongAppointmentState,
    TooLateToChange, TooManyChanges, SameTime, SlotFull, TooLateToBook, TooManyThatDay.
    """
    with area_scope(_area_of(by)):
        appointment = locked_appointment(uid, within=_area_of(by))
        demand_step(appointment, BookingStep.CHANGE)
        _demand_before(appointment, at)
        if appointment.starts_at == starts_at:
            raise SameTime
        if by is None and appointment.changes >= MOST_CHANGES:
            raise TooManyChanges
        old = appointment.starts_at
        _move(appointment, starts_at, at)
        notices.drop_waiting([appointment], at=at)
        notices.queue(appointment, NoticeKind.CHANGED, at=at)
        who = by.who if by else PUBLIC
        facts = {"old": {"starts_at": old}, "new": {"starts_at": starts_at}}
        tell(appointment, "appointment.change", who, at, **facts)
        return appointment


@transaction.atomic
def cancel(*, uid: UUID, at: datetime, by: Actor | None = None, reason: str = "") -> Appointment:
    """Cancel an appointment before its time; staff say why, and the person is told.

    Raises NotFound, NeedsReason, WrongAppointmentState, TooLateToChange.
    """
    with area_scope(_area_of(by)):
        appointment = locked_appointment(uid, within=_area_of(by))
        if by is not None and not reason.strip():
            raise NeedsReason
        if appointment.state == AppointmentState.HELD:
            raise WrongAppointmentState(appointment.get_state_display())
        appointment.state = demand_step(appointment, BookingStep.CANCEL)
        _demand_before(appointment, at)
        free_places([appointment], locked_slots(slot_ids_of([appointment])))
        appointment.ended_at, appointment.end_reason = at, reason.strip()[:120]
        appointment.save(update_fields=["state", "ended_at", "end_reason"])
        notices.drop_waiting([appointment], at=at)
        notices.queue(appointment, NoticeKind.CANCELLED, at=at)
        new = {"reason": appointment.end_reason} if reason else None
        tell(appointment, "appointment.cancel", by.who if by else PUBLIC, at, new=new)
        return appointment


@transaction.atomic
def check_in(*, uid: UUID, at: datetime) -> Arrived:
    """Take the ticket of an appointment by its link.

    Raises NotFound, WrongAppointmentState, CheckInAtTheHall, NotYetTime, TooLateToCheckIn,
    NoBookedLane.
    """
    with area_scope(EVERYWHERE):
        appointment = locked_appointment(uid)
        return _arrive(appointment, by=_holder(appointment.hall), source=Source.PHONE, at=at)


@transaction.atomic
def check_in_by_code(  # noqa: PLR0913 -- what a ticket consists of
    *,
    site_code: str,
    code: str,
    source: str,
    by: Actor,
    at: datetime,
    device_id: UUID | None = None,
) -> Arrived:
    """Take the ticket of today's appointment with this code, at the kiosk or the counter.

    Raises NotAllowed, UnknownCode, WrongAppointmentState, CheckInAtTheHall, NotYetTime,
    TooLateToCheckIn, NoBookedLane.
    """
    demand(by, Permission.TAKE_TICKETS)
    with area_scope(by.area_path):
        rows = Appointment.objects.select_for_update(of=("self",)).select_related("hall__site")
        found = rows.filter(
            hall__site__code=site_code,
            area_path__startswith=by.area_path,
            on=day_of(at),
            code=code.strip().replace(" ", ""),
        )
        appointment = found.exclude(code="").first()
        if appointment is None:
            raise UnknownCode
        return _arrive(appointment, by=by, source=Source(source), at=at, device_id=device_id)


def free_lapsed(*, at: datetime) -> int:
    """Free the places of holds whose time is over (sweep); return how many holds ended."""
    ended = 0
    while True:
        with area_scope(EVERYWHERE):
            rows = Appointment.objects.select_for_update(skip_locked=True).filter(
                state=AppointmentState.HELD, held_until__lte=at
            )
            lapsed = list(rows.order_by("held_until", "id")[:_AT_ONCE])
            if lapsed:
                lapse(lapsed, at=at)
            for each in lapsed:
                tell(each, "appointment.lapse", SYSTEM, at)
        ended += len(lapsed)
        if len(lapsed) < _AT_ONCE:
            return ended


def mark_missed(*, at: datetime) -> int:
    """Mark as no-shows those who did not come in time (sweep); return how many."""
    missed = 0
    with area_scope(EVERYWHERE):
        fields = ("hall_id", "late_min", "hall__runs_itself")
        rules = list(BookingRules.objects.order_by("hall_id").values_list(*fields))
    for hall_id, late_min, runs_itself in rules:
        late = timedelta(minutes=late_min) + (_LINE_CUT if runs_itself else timedelta())
        with area_scope(EVERYWHERE):
            rows = Appointment.objects.select_for_update(skip_locked=True).filter(
                hall_id=hall_id,
                state=AppointmentState.BOOKED,
                starts_at__lt=at - late,
            )
            missed += sum(_miss(each, at) for each in rows.order_by("id"))
    return missed


def _miss(appointment: Appointment, at: datetime) -> int:
    appointment.state = demand_step(appointment, BookingStep.MISS)
    appointment.ended_at = at
    appointment.save(update_fields=["state", "ended_at"])
    notices.drop_waiting([appointment], at=at)
    tell(appointment, "appointment.miss", SYSTEM, at)
    return 1


def _move(appointment: Appointment, starts_at: datetime, at: datetime) -> None:
    """Lock the old and the new slots together, give back the one, take the other."""
    rules = rules_of(appointment.hall.site.code)
    lock_person(appointment.person_index)
    demand_few_that_day(appointment.person_index, day_of(starts_at), but=appointment.uid)
    ids = [slot.pk for slot in run_from(appointment.hall, starts_at, appointment.minutes)]
    lapsed = lapsed_at(ids, at)
    slots = locked_slots([*ids, *slot_ids_of([appointment, *lapsed])])
    free_places([appointment, *lapsed], slots)
    if lapsed:
        end_holds(lapsed, at)
    wanted = [slots[each] for each in ids if each in slots]
    if len(wanted) < len(ids):
        raise SlotFull
    take_places(appointment, wanted, rules, at=at)
    appointment.starts_at, appointment.ends_at = wanted[0].starts_at, wanted[-1].ends_at
    appointment.on = day_of(appointment.starts_at)
    appointment.changes += 1
    save_with_code(appointment)


def _arrive(
    appointment: Appointment,
    *,
    by: Actor,
    source: Source,
    at: datetime,
    device_id: UUID | None = None,
) -> Arrived:
    appointment.state = demand_step(appointment, BookingStep.CHECK_IN)
    if appointment.hall.runs_itself:
        raise CheckInAtTheHall
    rules = BookingRules.objects.get(hall=appointment.hall)
    begins = appointment.starts_at - timedelta(minutes=rules.early_min)
    if at < begins:
        raise NotYetTime(timezone.localtime(begins))
    if at > appointment.starts_at + timedelta(minutes=rules.late_min):
        raise TooLateToCheckIn
    ticket = take(
        site_code=appointment.hall.site.code,
        lane=_booked_lane(appointment.hall),
        items=(appointment.item,),
        source=source,
        by=by,
        at=at,
        device_id=device_id,
        appointment_uid=appointment.uid,
    )
    appointment.ended_at, appointment.ticket_uid = at, ticket.uid
    appointment.save(update_fields=["state", "ended_at", "ticket_uid"])
    notices.drop_waiting([appointment], at=at)
    who = by.who if source != Source.PHONE else PUBLIC
    tell(appointment, "appointment.arrive", who, at, new={"ticket": ticket.label})
    return Arrived(ticket, appointment.item_name, appointment.starts_at)


def _booked_lane(hall: Hall) -> str:
    lanes = Lane.objects.filter(hall=hall, kind=LaneKind.BOOKED).order_by("position", "id")
    lane = lanes.first()
    if lane is None:
        raise NoBookedLane
    return lane.code


def _holder(hall: Hall) -> Actor:
    """Return the actor of whoever holds the link: may take this one ticket, no more."""
    who: Who = PUBLIC
    return Actor(
        user_id=None,
        name=who.name,
        role=who.role,
        area_path=hall.area_path,
        area_name="",
        permissions=frozenset({Permission.TAKE_TICKETS}),
    )


def _area_of(by: Actor | None) -> str:
    if by is None:
        return EVERYWHERE
    if not by.can(Permission.MANAGE_HALL):
        demand(by, Permission.TAKE_TICKETS)
    return by.area_path


def _demand_before(appointment: Appointment, at: datetime) -> None:
    if at >= appointment.starts_at:
        raise TooLateToChange
