"""Call people to a window."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.hall import steps
from circle15.hall.actions.life import (
    advance,
    announce,
    at_window,
    next_state,
    session_of,
    tell,
    window_in_hall,
)
from circle15.hall.models import Ticket
from circle15.hall.refusals import NobodyAtWindow, WrongState
from circle15.hall.states import AnnouncementKind, Step
from circle15.hall.steps import Called


@dataclass(frozen=True, slots=True)
class Recalled:
    """A call repeated, or the ticket put aside because it was called often enough."""

    ticket_id: int
    uid: UUID
    label: str
    calls: int
    is_no_show: bool
    seq: int | None


def call_next(*, window_id: int, by: Actor, at: datetime) -> Called:
    """Call the first of the queue for this window by the order rule (see `hall/order.py`).

    Raises NotAllowed, NotFound, WindowNotOpen, WindowPaused, WindowBusy, NobodyWaiting.
    """
    demand(by, Permission.SERVE)
    return steps.call(window_id=window_id, uid=None, by=by, at=at)


def pick(*, window_id: int, uid: UUID, by: Actor, at: datetime) -> Called:
    """Call one ticket out of its order; raises what `call_next` does, and AlreadyTaken."""
    demand(by, Permission.SERVE)
    demand(by, Permission.PICK_TICKETS)
    return steps.call(window_id=window_id, uid=uid, by=by, at=at)


@transaction.atomic
def recall(
    *, window_id: int, by: Actor, at: datetime, seen: tuple[UUID, int] | None = None
) -> Recalled:
    """Call again who was called to the window; after the hall's limit it is a no-show.

    `seen`: the ticket and how often it had been called when somebody decided so; a second press
    of the same button is then no further call. Raises NotAllowed, NotFound, WindowNotOpen,
    NobodyAtWindow, WrongState.
    """
    window, hall = window_in_hall(window_id, by, Permission.SERVE)
    session_of(window, by)
    ticket = at_window(window)
    if ticket is None:
        raise NobodyAtWindow
    next_state(ticket, Step.RECALL)
    if seen is not None and seen != (ticket.uid, ticket.calls):
        raise WrongState
    if ticket.calls >= hall.call_limit:
        advance(ticket, hall, Step.NO_SHOW, who=by.who, at=at, calls=ticket.calls)
        return Recalled(
            ticket.id, ticket.uid, ticket.label, ticket.calls, is_no_show=True, seq=None
        )
    ticket.calls += 1
    ticket.save(update_fields=["calls"])
    seq = announce(hall, AnnouncementKind.RECALL, window=window, at=at, label=ticket.label)
    tell(ticket, Step.RECALL, who=by.who, at=at, calls=ticket.calls, seq=seq)
    return _recalled(ticket, seq)


def _recalled(ticket: Ticket, seq: int | None) -> Recalled:
    return Recalled(ticket.id, ticket.uid, ticket.label, ticket.calls, seq is None, seq)
