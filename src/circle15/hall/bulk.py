"""Bring in whole past days of a hall: the demo city's, or those of a system used before."""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import within
from circle15.audit.actions import record
from circle15.hall.models import Counter, Hall, Lane, Pause, Span, Ticket, TicketItem, WindowSession
from circle15.hall.states import LaneKind, Step, TicketState
from circle15.sites.models import Window

_BATCH = 2_000
_NEXT = """
SELECT nextval(pg_get_serial_sequence('hall_ticket', 'id')) FROM generate_series(1, %s)
"""


@dataclass(frozen=True, slots=True)
class PastVisit:
    """One ticket of a past day: `fate` finished, no_show or left; times in order, or None."""

    day: date
    lane: str
    items: tuple[str, ...]
    green_class: str
    source: str
    taken_at: datetime
    called_at: datetime | None
    begun_at: datetime | None
    ended_at: datetime
    window: int | None
    fate: str


@dataclass(frozen=True, slots=True)
class PastSeat:
    """Who sat at a window from when to when, with breaks; `clerk_id` may be made up."""

    window: int
    clerk_id: int
    clerk: str
    begun_at: datetime
    ended_at: datetime
    breaks: tuple[tuple[datetime, datetime, str], ...] = ()


class DaysTaken(Exception):
    """The hall has tickets of such a day already."""


@transaction.atomic
def add_past_days(
    *,
    site_code: str,
    visits: Sequence[PastVisit],
    seats: Sequence[PastSeat],
    by: Actor,
    at: datetime,
) -> int:
    """Add visits of days without any, numbered by lane in the order of arrival; return how many.

    Raises NotAllowed, NotFound, DaysTaken.
    """
    demand(by, Permission.MANAGE_HALL)
    hall = within(Hall.objects.all(), by.area_path).filter(site__code=site_code).first()
    if hall is None:
        raise NotFound
    days = {visit.day for visit in visits}
    if Ticket.objects.filter(hall=hall, day__in=days).exists():
        raise DaysTaken
    visits = sorted(visits, key=lambda visit: visit.taken_at)
    lanes = {lane.code: lane for lane in hall.lanes.all()}
    windows = dict(Window.objects.filter(site=hall.site_id).values_list("number", "id"))
    clerks = {(seat.window, seat.begun_at.date()): seat for seat in seats}
    tickets = list(_tickets(hall, lanes, windows, visits))
    for ticket, visit in zip(tickets, visits, strict=True):
        seat = clerks.get((visit.window or 0, visit.day))
        ticket.clerk_id = seat.clerk_id if seat else None
    for ticket, number in zip(tickets, _numbers(len(tickets)), strict=True):
        ticket.pk = ticket.place = number  # the order of arrival, as if each had been taken
    Ticket.objects.bulk_create(tickets, batch_size=_BATCH)
    names = {seat.clerk_id: seat.clerk for seat in seats}
    Span.objects.bulk_create(_spans(tickets, visits, names), batch_size=_BATCH)
    TicketItem.objects.bulk_create(_items(tickets, visits), batch_size=_BATCH)
    Counter.objects.bulk_create(_counters(hall, tickets))
    _seat(hall, windows, seats)
    record(
        who=by.who,
        verb="hall.add_past_days",
        target_kind="hall",
        target_id=hall.pk,
        area_path=hall.area_path,
        at=at,
        new={"days": sorted(days), "tickets": len(tickets)},
    )
    return len(tickets)


def _numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [count])
        return sorted(number for (number,) in cursor.fetchall())


def _tickets(
    hall: Hall, lanes: dict[str, Lane], windows: dict[int, int], visits: Sequence[PastVisit]
) -> Iterator[Ticket]:
    last: Tally[tuple[date, str]] = Tally()
    for visit in visits:
        lane = lanes[visit.lane]
        last[visit.day, visit.lane] += 1
        number = last[visit.day, visit.lane]
        yield Ticket(
            hall=hall,
            area_path=hall.area_path,
            day=visit.day,
            lane=lane,
            kind=lane.kind,
            number=number,
            label=f"{visit.lane}{number:03}",
            place=0,
            green_class=visit.green_class if lane.kind == LaneKind.GREEN else "",
            source=visit.source,
            state=visit.fate,
            since=visit.ended_at,
            queued_at=visit.taken_at,
            taken_at=visit.taken_at,
            calls=0 if visit.called_at is None else 1,
            window_id=None if visit.window is None else windows[visit.window],
            is_synthetic=hall.is_synthetic,
        )


def _spans(
    tickets: Iterable[Ticket], visits: Iterable[PastVisit], clerks: Mapping[int, str]
) -> Iterator[Span]:
    for ticket, visit in zip(tickets, visits, strict=True):
        moments = (
            (TicketState.WAITING, Step.TAKE, visit.taken_at),
            (TicketState.CALLED, Step.CALL, visit.called_at),
            (TicketState.SERVING, Step.BEGIN, visit.begun_at),
            (TicketState(visit.fate), _LAST[TicketState(visit.fate)], visit.ended_at),
        )
        known = [(state, step, at) for state, step, at in moments if at is not None]
        ends = [at for _, _, at in known[1:]] + [visit.ended_at]
        for (state, step, begun_at), ended_at in zip(known, ends, strict=True):
            yield Span(
                ticket=ticket,
                area_path=ticket.area_path,
                state=state,
                step=step,
                begun_at=begun_at,
                ended_at=ended_at,
                actor_name="" if step == Step.TAKE else clerks.get(ticket.clerk_id or 0, ""),
                window_id=ticket.window_id if step != Step.TAKE else None,
            )


_LAST = {
    TicketState.FINISHED: Step.FINISH,
    TicketState.NO_SHOW: Step.NO_SHOW,
    TicketState.LEFT: Step.LEAVE,
}


def _items(tickets: Iterable[Ticket], visits: Iterable[PastVisit]) -> Iterator[TicketItem]:
    for ticket, visit in zip(tickets, visits, strict=True):
        for position, item in enumerate(visit.items, start=1):
            yield TicketItem(
                ticket=ticket,
                area_path=ticket.area_path,
                position=position,
                item=item,
                done=visit.fate == TicketState.FINISHED,
            )


def _counters(hall: Hall, tickets: Iterable[Ticket]) -> Iterator[Counter]:
    last = Tally((ticket.day, ticket.lane_id) for ticket in tickets)
    for (day, lane_id), count in last.items():
        yield Counter(hall=hall, area_path=hall.area_path, lane_id=lane_id, day=day, last=count)


def _seat(hall: Hall, windows: Mapping[int, int], seats: Sequence[PastSeat]) -> None:
    sessions = [
        WindowSession(
            hall=hall,
            area_path=hall.area_path,
            window_id=windows[seat.window],
            user_id=seat.clerk_id,
            clerk_name=seat.clerk,
            begun_at=seat.begun_at,
            ended_at=seat.ended_at,
        )
        for seat in seats
    ]
    WindowSession.objects.bulk_create(sessions, batch_size=_BATCH)
    Pause.objects.bulk_create(
        Pause(
            session=session,
            area_path=hall.area_path,
            reason=reason,
            begun_at=begun_at,
            ended_at=ended_at,
        )
        for session, seat in zip(sessions, seats, strict=True)
        for begun_at, ended_at, reason in seat.breaks
    )
