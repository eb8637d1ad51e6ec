"""Reads of appointments: one's own, and those of a hall's day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope, within
from circle15.core.masking import mask_name, mask_phone, mask_resident_id
from circle15.hall.appointments.booking import PersonDetails, opened
from circle15.hall.appointments.halls import BookingHall, hall_shown
from circle15.hall.appointments.hours import SHANGHAI
from circle15.hall.appointments.offered import item_shown
from circle15.hall.booking_models import (
    Appointment,
    BookableItem,
)
from circle15.hall.booking_states import BOOKING_TRANSITIONS, AppointmentState, BookingStep


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """An appointment as its owner and the staff see it: the person masked."""

    uid: UUID
    state: AppointmentState
    hall: BookingHall
    item: str
    item_name: str
    minutes: int
    on: date
    starts_at: datetime
    ends_at: datetime
    code: str
    door: str
    pool: str
    pool_key: str
    held_until: datetime | None
    changes: int
    name: str
    phone: str
    id_number: str
    ticket_uid: UUID | None
    checks_in_from: datetime
    checks_in_until: datetime
    end_reason: str

    @property
    def is_filled_in(self) -> bool:
        return bool(self.name)

    def may(self, step: BookingStep) -> bool:
        """Tell whether a step is open in this state, times aside."""
        return step in BOOKING_TRANSITIONS[self.state]


def appointment_by_uid(uid: UUID) -> AppointmentView:
    """Return an appointment to whoever has its link; raises NotFound."""
    with area_scope(EVERYWHERE):
        return _view(_linked(uid))


def bring_along(appointment: AppointmentView) -> str:
    """Return what to bring along to an appointment, "" if nothing is said."""
    with area_scope(EVERYWHERE):
        rows = BookableItem.objects.filter(hall__site__code=appointment.hall.code)
        return rows.filter(item=appointment.item).values_list("bring", flat=True).first() or ""


def held_by_uid(uid: UUID, *, at: datetime) -> tuple[AppointmentView, PersonDetails | None]:
    """Return what is held and what was filled in so far, in full, to whoever holds it.

    In full only while it is held: to be checked before it is confirmed. The number stays masked.
    Raises NotFound.
    """
    with area_scope(EVERYWHERE):
        found = _linked(uid)
    view = _view(found)
    until = found.held_until
    if view.state != AppointmentState.HELD or until is None or until <= at or not view.name:
        return view, None
    return view, PersonDetails(opened(found, "name"), opened(found, "phone"), view.id_number)


def appointment_for(actor: Actor, uid: UUID) -> AppointmentView:
    """Return an appointment of the actor's area; raises NotAllowed, NotFound."""
    demand(actor, Permission.VIEW_HALL)
    found = _seen_by(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return _views([found])[0]


def day_of_hall(actor: Actor, site_code: str, on: date) -> tuple[AppointmentView, ...]:
    """Return the appointments of a hall's day in order of time; holds and lapsed ones left out."""
    demand(actor, Permission.VIEW_HALL)
    rows = _seen_by(actor).filter(hall__site__code=site_code, on=on)
    rows = rows.exclude(state__in=[AppointmentState.HELD, AppointmentState.LAPSED])
    return tuple(_views(rows.order_by("starts_at", "id")))


def appointments_of(id_number: str, *, at: datetime) -> tuple[AppointmentView, ...]:
    """Return what the owner of a number has booked and not yet kept, soonest first."""
    index = PersonDetails(name="", phone="", id_number=id_number).index
    with area_scope(EVERYWHERE):
        rows = Appointment.objects.select_related(*_WITH_HALL).filter(
            person_index=index,
            state__in=(AppointmentState.BOOKED, AppointmentState.ARRIVED),
            ends_at__gt=at,
        )
        return tuple(_views(rows.order_by("starts_at", "id")))


def conflicts_of(actor: Actor, site_code: str, *, at: datetime) -> tuple[AppointmentView, ...]:
    """Return what is booked to come in slots the hours no longer have, or have with less room."""
    demand(actor, Permission.VIEW_HALL)
    rows = _seen_by(actor).filter(
        hall__site__code=site_code,
        state=AppointmentState.BOOKED,
        starts_at__gt=at,
        places__slot__is_conflict=True,
    )
    return tuple(_views(rows.distinct().order_by("starts_at", "id")))


_WITH_HALL = ("hall__site__division__parent", "hall__booking_rules")


# What is read of the hall and its place: a page asks for them at every step.
_READ = (
    *(field.name for field in Appointment._meta.concrete_fields),  # noqa: SLF001 -- documented
    *(f"hall__site__{name}" for name in ("code", "name", "address", "phone", "is_synthetic")),
    "hall__site__division__name",
    "hall__site__division__parent__name",
    "hall__booking_rules__early_min",
    "hall__booking_rules__late_min",
)


def _linked(uid: UUID) -> Appointment:
    rows = Appointment.objects.filter(uid=uid).select_related(*_WITH_HALL).only(*_READ)
    found = next(iter(rows), None)
    if found is None:
        raise NotFound
    return found


def _seen_by(actor: Actor) -> QuerySet[Appointment]:
    return within(Appointment.objects.select_related(*_WITH_HALL), actor.area_path)


def _views(rows: Iterable[Appointment]) -> list[AppointmentView]:
    return [_view(row) for row in rows]


def _view(row: Appointment) -> AppointmentView:
    rules = row.hall.booking_rules
    return AppointmentView(
        uid=row.uid,
        state=AppointmentState(row.state),
        hall=hall_shown(row.hall),
        item=row.item,
        item_name=item_shown(row.item, row.item_name),
        minutes=row.minutes,
        on=row.on,
        starts_at=row.starts_at.astimezone(SHANGHAI),
        ends_at=row.ends_at.astimezone(SHANGHAI),
        code=row.code,
        door=row.get_door_display(),
        pool=row.get_pool_display(),
        pool_key=row.pool,
        held_until=row.held_until,
        changes=row.changes,
        name=mask_name(opened(row, "name")),
        phone=mask_phone(opened(row, "phone")),
        id_number=mask_resident_id(opened(row, "id_number")),
        ticket_uid=row.ticket_uid,
        checks_in_from=row.starts_at - timedelta(minutes=rules.early_min),
        checks_in_until=row.starts_at + timedelta(minutes=rules.late_min),
        end_reason=row.end_reason,
    )
