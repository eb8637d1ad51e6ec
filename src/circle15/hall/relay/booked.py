"""Appointments made in the city, told to the hall's own instance: when, what for and which code.

The person stays in the city: the hall needs to know nobody to let an appointment in. Who came is
told with the ticket.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope, within
from circle15.audit.actions import record
from circle15.audit.states import SYSTEM, Who
from circle15.hall.appointments import notices
from circle15.hall.appointments.booking import tell
from circle15.hall.booking_models import Appointment, BookingRules
from circle15.hall.booking_states import AppointmentState, Door, Pool
from circle15.hall.models import Hall
from circle15.hall.relay_models import Uplink

# A line may be cut for days: so many are told ahead.
DAYS_AHEAD = 14
_FROM_CITY = "city:"
_CAME_ANYWAY = (AppointmentState.BOOKED, AppointmentState.NO_SHOW)


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BookedTold(_Told):
    """One appointment that stands; the code is typed at the ticket machine."""

    uid: UUID
    code: str
    item: str
    item_name: str
    minutes: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    booked_at: AwareDatetime


class BookedOfDays(_Told):
    """All that stand on some days, and how early and late one may come."""

    since: date
    until: date
    early_min: int
    late_min: int
    booked: tuple[BookedTold, ...] = Field(max_length=20_000)


def hand_down_booked(*, by: Actor, at: datetime) -> BookedOfDays:
    """Give a hall's own instance the appointments of the next days. Raises NotAllowed, NotFound."""
    demand(by, Permission.RELAY)
    halls = within(Hall.objects.filter(area_path=by.area_path), by.area_path)
    hall = halls.filter(runs_itself=True).first()
    if hall is None:
        raise NotFound
    since = timezone.localdate(at)
    until = since + timedelta(days=DAYS_AHEAD)
    rules = BookingRules.objects.filter(hall=hall).first() or BookingRules()
    rows = Appointment.objects.filter(hall=hall, on__range=(since, until))
    booked = rows.filter(state=AppointmentState.BOOKED, booked_at__isnull=False)
    return BookedOfDays(
        since=since,
        until=until,
        early_min=rules.early_min,
        late_min=rules.late_min,
        booked=tuple(
            BookedTold(**{name: getattr(row, name) for name in BookedTold.model_fields})
            for row in booked.order_by("starts_at", "id")
        ),
    )


@transaction.atomic
def take_over(told: BookedOfDays, *, at: datetime) -> int:
    """At the hall: let its appointments be those of the city; return how many changed.

    What is no longer told was cancelled in the city. Who has arrived stays arrived. An appointment
    whose code another one has for now waits for the next time.
    """
    with area_scope(EVERYWHERE):
        site_code = Uplink.objects.values_list("site_code", flat=True).get(id=1)
        hall = Hall.objects.select_for_update(no_key=True).get(site__code=site_code)
        _ensure_rules(hall, told)
        rows = Appointment.objects.filter(hall=hall, person_index__startswith=_FROM_CITY)
        there = {row.uid: row for row in rows.filter(on__range=(told.since, told.until))}
        named = {one.uid for one in told.booked}
        there |= {row.uid: row for row in rows.filter(uid__in=named)}
        gone = [row for uid, row in there.items() if uid not in named]
        changed = _cancel(gone, at)
        changed += sum(_keep(one, there.get(one.uid), hall) for one in told.booked)
        if changed:
            record(
                who=SYSTEM,
                verb="hall.take_over_booked",
                target_kind="hall",
                target_id=hall.pk,
                area_path=hall.area_path,
                at=at,
                new={"appointments": len(told.booked), "changed": changed},
            )
        return changed


def arrive(*, uid: UUID, ticket_uid: UUID, hall: Hall, by: Who, at: datetime) -> None:
    """In the city: note that whoever has an appointment took a ticket at the hall."""
    rows = Appointment.objects.select_for_update(of=("self",)).filter(uid=uid, hall=hall)
    appointment = rows.filter(state__in=_CAME_ANYWAY).first()
    if appointment is None:
        return
    appointment.state = AppointmentState.ARRIVED
    appointment.ended_at, appointment.ticket_uid = at, ticket_uid
    appointment.save(update_fields=["state", "ended_at", "ticket_uid"])
    notices.drop_waiting([appointment], at=at)
    tell(appointment, "appointment.arrive", by, at)


def _ensure_rules(hall: Hall, told: BookedOfDays) -> None:
    """Let codes be typed at the machines; the hall itself sells nothing unless it says so."""
    limits = {"early_min": told.early_min, "late_min": told.late_min}
    closed = {"area_path": hall.area_path, "is_open": False}
    rules, is_new = BookingRules.objects.get_or_create(hall=hall, defaults=limits | closed)
    if not is_new and not rules.is_open:
        BookingRules.objects.filter(pk=rules.pk).update(**limits)


def _cancel(rows: Sequence[Appointment], at: datetime) -> int:
    standing = [row.pk for row in rows if row.state == AppointmentState.BOOKED]
    cancelled = {"state": AppointmentState.CANCELLED, "ended_at": at}
    return Appointment.objects.filter(pk__in=standing).update(**cancelled)


def _keep(told: BookedTold, row: Appointment | None, hall: Hall) -> int:
    """Write one appointment as it is told; return whether anything changed."""
    values = told.model_dump() | {"on": timezone.localdate(told.starts_at)}
    if row is None:
        row = Appointment(
            hall=hall,
            area_path=hall.area_path,
            door=Door.PUBLIC,
            pool=Pool.PUBLIC,
            person_index=f"{_FROM_CITY}{told.uid}",
            held_at=told.booked_at,
            is_synthetic=hall.is_synthetic,
        )
    elif row.state == AppointmentState.ARRIVED or (
        row.state in _CAME_ANYWAY and all(getattr(row, name) == values[name] for name in values)
    ):
        return 0
    for name, value in values.items():
        setattr(row, name, value)
    row.state, row.ended_at = AppointmentState.BOOKED, None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return 0
    return 1
