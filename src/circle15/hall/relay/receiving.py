"""The city's side: take in what a hall's own instance tells, each number once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from django.db import transaction

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.scope import within
from circle15.audit.actions import record
from circle15.hall import live
from circle15.hall.models import Hall, Lane, Pause, Span, Ticket, TicketItem, WindowSession
from circle15.hall.relay import booked
from circle15.hall.relay.events import Event, SeatTold, VisitEvent
from circle15.hall.relay_models import Received
from circle15.hall.states import AT_WINDOW, OPEN
from circle15.sites.models import Window


class NotOfThisHall(Refused):
    """An event names a lane or window the city does not know."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the events belong, and how its people are numbered here."""

    hall: Hall
    origin: UUID
    lanes: Mapping[str, Lane]
    windows: Mapping[int, int]

    def lane(self, code: str) -> Lane:
        if code not in self.lanes:
            raise NotOfThisHall(code)
        return self.lanes[code]

    def window(self, number: int | None) -> int | None:
        if number is None:
            return None
        if number not in self.windows:
            raise NotOfThisHall(str(number))
        return self.windows[number]

    def clerk(self, number: int | None) -> int | None:
        """Return a number below zero: accounts there are not accounts here."""
        if number is None:
            return None
        told = blake2b(f"{self.origin} {number}".encode(), digest_size=7).digest()
        return -int.from_bytes(told) - 1


@transaction.atomic
def receive(*, origin: UUID, events: Sequence[Event], by: Actor, at: datetime) -> int:
    """Take in events of the actor's own hall in their order; return how many were new.

    Raises NotAllowed, NotFound, NotOfThisHall.
    """
    demand(by, Permission.RELAY)
    halls = within(Hall.objects.select_for_update(no_key=True), by.area_path)
    hall = halls.filter(area_path=by.area_path).first()
    if hall is None:
        raise NotFound
    place = _Place(
        hall=hall,
        origin=origin,
        lanes={lane.code: lane for lane in hall.lanes.all()},
        windows=dict(Window.objects.filter(site_id=hall.site_id).values_list("number", "id")),
    )
    known = set(
        Received.objects.filter(origin=origin, seq__in=[event.seq for event in events]).values_list(
            "seq", flat=True
        )
    )
    fresh = [event for event in events if event.seq not in known]
    for event in fresh:
        if isinstance(event, VisitEvent):
            _take_in(event, place)
            _arrived(event, place, by)
        else:
            _seat(event.seat, place)
    Received.objects.bulk_create(
        Received(origin=origin, seq=event.seq, area_path=hall.area_path, at=at) for event in fresh
    )
    if fresh:
        _tell(hall, fresh, by, at)
    return len(fresh)


def _tell(hall: Hall, fresh: Sequence[Event], by: Actor, at: datetime) -> None:
    record(
        who=by.who,
        verb="hall.receive",
        target_kind="hall",
        target_id=hall.pk,
        area_path=hall.area_path,
        at=at,
        new={"events": len(fresh), "first": fresh[0].seq, "last": fresh[-1].seq},
    )
    live.hint(hall.site_id)


def _take_in(event: VisitEvent, place: _Place) -> None:
    told, step = event.ticket, event.span
    lane = place.lane(told.lane)
    ticket = Ticket.objects.filter(uid=told.uid, hall=place.hall).first() or Ticket(
        uid=told.uid, hall=place.hall, area_path=place.hall.area_path, place=0
    )
    is_new = ticket.pk is None
    ticket.day, ticket.lane, ticket.kind = told.day, lane, lane.kind
    ticket.number, ticket.label = told.number, told.label
    ticket.green_class, ticket.green_reason = told.green_class, told.green_reason
    ticket.source, ticket.taken_at, ticket.queued_at = told.source, told.taken_at, told.queued_at
    ticket.calls, ticket.outcome = told.calls, told.outcome
    ticket.clerk_id = place.clerk(told.clerk_id)
    ticket.appointment_uid = told.appointment_uid
    ticket.state, ticket.since = step.state, step.begun_at
    ticket.window_id = place.window(step.window if step.state in AT_WINDOW else told.window)
    ticket.is_synthetic = place.hall.is_synthetic
    ticket.save()
    if is_new:
        ticket.place = ticket.pk
        ticket.save(update_fields=["place"])
    TicketItem.objects.filter(ticket=ticket).exclude(item__in=told.items).delete()
    for position, item in enumerate(told.items, start=1):
        TicketItem.objects.update_or_create(
            ticket=ticket,
            position=position,
            defaults={"item": item, "area_path": ticket.area_path},
        )
    Span.objects.filter(ticket=ticket, ended_at__isnull=True).update(ended_at=step.begun_at)
    Span.objects.create(
        ticket=ticket,
        area_path=ticket.area_path,
        state=step.state,
        step=step.step,
        begun_at=step.begun_at,
        ended_at=None if step.state in OPEN else step.begun_at,
        actor_id=place.clerk(step.actor_id),
        actor_name=step.actor_name,
        window_id=place.window(step.window),
        note=step.note,
    )


def _arrived(event: VisitEvent, place: _Place, by: Actor) -> None:
    """Note that somebody with an appointment of the city came to the hall."""
    told = event.ticket
    if told.appointment_uid is not None:
        booked.arrive(
            uid=told.appointment_uid,
            ticket_uid=told.uid,
            hall=place.hall,
            by=by.who,
            at=told.taken_at,
        )


def _seat(told: SeatTold, place: _Place) -> None:
    clerk_id = place.clerk(told.clerk_id)
    window_id = place.window(told.window)
    assert clerk_id is not None
    assert window_id is not None
    session, _ = WindowSession.objects.update_or_create(
        hall=place.hall,
        window_id=window_id,
        user_id=clerk_id,
        begun_at=told.begun_at,
        defaults={
            "area_path": place.hall.area_path,
            "clerk_name": told.clerk,
            "ended_at": told.ended_at,
            "paused_at": told.paused_at,
            "pause_reason": told.pause_reason,
        },
    )
    for one in told.breaks:
        Pause.objects.update_or_create(
            session=session,
            begun_at=one.begun_at,
            defaults={
                "area_path": place.hall.area_path,
                "ended_at": one.ended_at,
                "reason": one.reason,
            },
        )
