"""The hall's side: read what is new, hand it over, forget it when the city has it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.models import Span, TicketItem, WindowSession
from circle15.hall.relay.events import (
    BreakTold,
    Event,
    SeatEvent,
    SeatTold,
    SpanTold,
    TicketTold,
    VisitEvent,
)
from circle15.hall.relay_models import Outgoing, Uplink

AT_ONCE = 60

Post = Callable[[UUID, Sequence[Event]], None]


class LineDown(Exception):
    """The city could not be reached or did not take it; nothing is lost, it is sent again."""


def send_some(post: Post, *, at: datetime) -> int:
    """Hand over the next events in order and forget them; return how many. Raises LineDown.

    Cut off anywhere, they are sent again, and the city takes each in once. A row that commits
    after a later one is sent with the next lot: of one ticket they come in order, since each step
    waits for the one before.
    """
    with area_scope(EVERYWHERE):
        uplink = Uplink.objects.filter(id=1).first()
        events = list(_next()) if uplink else []
    if uplink is None or not events:
        return 0
    try:
        post(uplink.origin, events)
    except LineDown as problem:
        with area_scope(EVERYWHERE):
            Uplink.objects.filter(id=1).update(failed_at=at, problem=str(problem)[:200])
        raise
    with area_scope(EVERYWHERE), transaction.atomic():
        Outgoing.objects.filter(id__in=[event.seq for event in events]).delete()
        Uplink.objects.filter(id=1).update(sent_at=at, failed_at=None, problem="")
    return len(events)


def waiting() -> int:
    """Return how many events the city has not taken yet."""
    with area_scope(EVERYWHERE):
        return Outgoing.objects.count()


def _next() -> Iterator[Event]:
    rows = list(Outgoing.objects.order_by("id")[:AT_ONCE])
    spans = {
        span.pk: span
        for span in Span.objects.filter(id__in=[row.ref for row in rows if row.kind == "span"])
        .select_related("ticket__lane", "ticket__window", "window")
        .order_by("id")
    }
    items: dict[int, list[str]] = {}
    for item in TicketItem.objects.filter(
        ticket_id__in={span.ticket_id for span in spans.values()}
    ).order_by("ticket_id", "position"):
        items.setdefault(item.ticket_id, []).append(item.item)
    for row in rows:
        if row.kind == "span":
            span = spans[row.ref]
            yield VisitEvent(
                seq=row.pk, ticket=_ticket(span, items.get(span.ticket_id, [])), span=_span(span)
            )
        else:
            yield SeatEvent(seq=row.pk, seat=_seat(row.ref))


def _ticket(span: Span, items: Sequence[str]) -> TicketTold:
    ticket = span.ticket
    return TicketTold(
        uid=ticket.uid,
        day=ticket.day,
        lane=ticket.lane.code,
        number=ticket.number,
        label=ticket.label,
        green_class=ticket.green_class,
        green_reason=ticket.green_reason,
        source=ticket.source,
        taken_at=ticket.taken_at,
        queued_at=ticket.queued_at,
        calls=ticket.calls,
        window=None if ticket.window is None else ticket.window.number,
        clerk_id=ticket.clerk_id,
        outcome=ticket.outcome,
        items=tuple(items),
        appointment_uid=ticket.appointment_uid,
    )


def _span(span: Span) -> SpanTold:
    return SpanTold(
        state=span.state,
        step=span.step,
        begun_at=span.begun_at,
        actor_id=span.actor_id,
        actor_name=span.actor_name,
        window=None if span.window is None else span.window.number,
        note=span.note,
    )


def _seat(session_id: int) -> SeatTold:
    session = WindowSession.objects.select_related("window").get(pk=session_id)
    return SeatTold(
        window=session.window.number,
        clerk_id=session.user_id,
        clerk=session.clerk_name,
        begun_at=session.begun_at,
        ended_at=session.ended_at,
        paused_at=session.paused_at,
        pause_reason=session.pause_reason,
        breaks=tuple(
            BreakTold(begun_at=one.begun_at, ended_at=one.ended_at, reason=one.reason)
            for one in session.pauses.order_by("id")
        ),
    )
