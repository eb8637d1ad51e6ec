"""What a ticket machine shows and does for its hall; it knows nobody and keeps nothing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import within
from circle15.core.identifiers import birth_date
from circle15.core.working_days import standard_calendar
from circle15.hall import watching
from circle15.hall.appointments.booking import PersonDetails
from circle15.hall.appointments.changing import check_in_by_code
from circle15.hall.booking_models import Appointment
from circle15.hall.booking_states import AppointmentState
from circle15.hall.models import Hall, Ticket, WindowSession
from circle15.hall.opening import Hours, gives_numbers, hours_on, next_opening
from circle15.hall.queries import hall_of
from circle15.hall.states import LaneKind, Source, TicketState
from circle15.hall.watching import TicketNow

# 老年人权益保障法, article 2: citizens from 60 on.
OLD_FROM_YEARS = 60
ASKED_AGAIN_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class KioskHall:
    """A hall as its machine shows it before anybody has said anything."""

    site_code: str
    site_name: str
    is_synthetic: bool
    takes_tickets: bool
    is_open: bool
    today: tuple[Hours, ...]
    opens_next: datetime | None
    waiting: int
    lanes: tuple[tuple[str, str], ...]  # code, name of the ordinary ones
    green_lane: str
    takes_appointments: bool

    @property
    def gives_numbers(self) -> bool:
        return self.takes_tickets and self.is_open and bool(self.lanes)


@dataclass(frozen=True, slots=True)
class Slip:
    """A ticket just taken, for the machine it was taken at."""

    now: TicketNow
    lane_name: str
    is_green: bool
    items: tuple[str, ...]
    site_name: str
    taken_at: datetime
    is_synthetic: bool


def kiosk_hall(actor: Actor, site_code: str, *, at: datetime) -> KioskHall:
    """Return the hall of a machine. Raises NotAllowed, NotFound."""
    hall = hall_of(actor, site_code)
    lanes = list(hall.lanes.order_by("position", "code", "id"))
    green = [lane.code for lane in lanes if lane.kind == LaneKind.GREEN]
    hours = tuple(
        Hours(row.weekday, row.opens, row.closes, row.is_extended) for row in hall.site.hours.all()
    )
    local = timezone.localtime(at)
    today = hours_on(local.date(), hours, standard_calendar())
    return KioskHall(
        site_code=site_code,
        site_name=hall.site.name,
        is_synthetic=hall.is_synthetic,
        takes_tickets=hall.takes_tickets,
        is_open=not hours or gives_numbers(local, today) or _is_staffed(hall),
        today=today,
        opens_next=next_opening(local, hours, standard_calendar()),
        waiting=Ticket.objects.filter(hall=hall, state=TicketState.WAITING).count(),
        lanes=tuple((each.code, each.name) for each in lanes if each.kind == LaneKind.ORDINARY),
        green_lane=green[0] if green else "",
        takes_appointments=any(lane.kind == LaneKind.BOOKED for lane in lanes)
        and hasattr(hall, "booking_rules"),
    )


def _is_staffed(hall: Hall) -> bool:
    """Who sits at a window is right, whatever the registered hours say."""
    return WindowSession.objects.filter(hall=hall, ended_at__isnull=True).exists()


def slip(actor: Actor, uid: UUID, *, device_id: UUID, at: datetime) -> Slip:
    """Return a ticket to the machine that gave it out. Raises NotAllowed, NotFound."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(Ticket.objects.select_related("lane", "hall__site"), actor.area_path)
    ticket = rows.filter(uid=uid, device_id=device_id).first()
    if ticket is None:
        raise NotFound
    return Slip(
        now=watching.ticket_now(uid, at=at),
        lane_name=ticket.lane.name,
        is_green=ticket.kind == LaneKind.GREEN,
        items=tuple(ticket.items.order_by("position").values_list("item", flat=True)),
        site_name=ticket.hall.site.name,
        taken_at=ticket.taken_at,
        is_synthetic=ticket.is_synthetic,
    )


def check_in_by_number(
    *, site_code: str, id_number: str, device_id: UUID, by: Actor, at: datetime
) -> UUID | None:
    """Take the ticket of today's next appointment of a person; None if there is none.

    The number is used to look, and is not kept. Raises NotAllowed and what check-in raises.
    """
    demand(by, Permission.TAKE_TICKETS)
    index = PersonDetails(name="", phone="", id_number=id_number).index
    rows = _today(by, site_code, at).filter(person_index=index)
    booked = rows.filter(state=AppointmentState.BOOKED).order_by("starts_at", "id")
    code = booked.values_list("code", flat=True).first()
    if code is None:
        return _just_given(rows, device_id, at)
    return _arrived(site_code, code, device_id, by, at)


def check_in_by_scan(
    *, site_code: str, code: str, device_id: UUID, by: Actor, at: datetime
) -> UUID:
    """Take the ticket of an appointment by its scanned code. Raises as check_in_by_code."""
    demand(by, Permission.TAKE_TICKETS)
    given = _just_given(_today(by, site_code, at).filter(code=code), device_id, at)
    return given or _arrived(site_code, code, device_id, by, at)


def _today(by: Actor, site_code: str, at: datetime) -> QuerySet[Appointment]:
    rows = within(Appointment.objects.all(), by.area_path)
    return rows.filter(hall__site__code=site_code, on=timezone.localdate(at))


def _arrived(site_code: str, code: str, device_id: UUID, by: Actor, at: datetime) -> UUID:
    arrived = check_in_by_code(
        site_code=site_code, code=code, source=Source.KIOSK, by=by, at=at, device_id=device_id
    )
    return arrived.ticket.uid


def _just_given(rows: QuerySet[Appointment], device_id: UUID, at: datetime) -> UUID | None:
    """Return the ticket this machine gave for one of these a moment ago.

    A line that broke before the answer came makes the machine ask again; a reading has no key
    under which it works once, since that would be a trace of the number.
    """
    arrived = rows.filter(state=AppointmentState.ARRIVED, ended_at__gt=at - ASKED_AGAIN_WITHIN)
    given = arrived.order_by("-ended_at", "id").values_list("ticket_uid", flat=True)
    tickets = Ticket.objects.filter(uid__in=list(given), device_id=device_id)
    return tickets.order_by("-id").values_list("uid", flat=True).first()


def is_old(id_number: str, *, on: date) -> bool:
    """Tell whether the holder of a valid number is 60 or older on a day."""
    born = birth_date(id_number)
    return (on.year - born.year, on.month, on.day) >= (OLD_FROM_YEARS, born.month, born.day)
