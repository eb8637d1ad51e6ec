"""Serve the person at the window."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.hall import steps
from circle15.hall.actions.life import (
    advance,
    may_handle,
    must_be_free,
    next_state,
    session_of,
    tell,
    ticket_in_hall,
)
from circle15.hall.models import Ticket, TicketItem
from circle15.hall.refusals import WrongState
from circle15.hall.states import OPEN, Step
from circle15.items.naming import item_names
from circle15.sites.models import Window


@dataclass(frozen=True, slots=True)
class Serving:
    ticket_id: int
    uid: UUID
    label: str


@dataclass(frozen=True, slots=True)
class Finished:
    ticket_id: int
    uid: UUID
    label: str
    service_s: int


def begin(*, window_id: int, uid: UUID, by: Actor, at: datetime) -> Serving:
    """Start the service of the ticket called to this window.

    Raises NotAllowed, NotFound, WindowNotOpen, AlreadyBegun, WrongState.
    """
    demand(by, Permission.SERVE)
    ticket_id, label, _none = steps.advance(Step.BEGIN, window_id=window_id, uid=uid, by=by, at=at)
    return Serving(ticket_id, uid, label)


def finish(*, window_id: int, uid: UUID, by: Actor, at: datetime, outcome: str = "") -> Finished:
    """End the service; the window is free for the next call. Service leaves out time held.

    Raises NotAllowed, NotFound, WindowNotOpen, AlreadyFinished, WrongState.
    """
    demand(by, Permission.SERVE)
    ticket_id, label, service_s = steps.advance(
        Step.FINISH, window_id=window_id, uid=uid, by=by, at=at, outcome=outcome.strip()[:40]
    )
    assert service_s is not None
    return Finished(ticket_id, uid, label, service_s)


@transaction.atomic
def hold(*, uid: UUID, by: Actor, at: datetime, note: str = "") -> Serving:
    """Let somebody fetch a paper: the number stays, the window is free, the clock of service stops.

    Raises NotAllowed, NotFound, WindowNotOpen, WrongState.
    """
    ticket, hall = ticket_in_hall(uid, by, Permission.SERVE)
    may_handle(ticket, by)
    advance(ticket, hall, Step.HOLD, who=by.who, at=at, note=note.strip()[:120])
    return Serving(ticket.id, uid, ticket.label)


@transaction.atomic
def resume(*, uid: UUID, window_id: int, by: Actor, at: datetime) -> Serving:
    """Go on serving who comes back, at the actor's own window, which must be free.

    Raises NotAllowed, NotFound, WindowNotOpen, WindowBusy, WrongState.
    """
    ticket, hall = ticket_in_hall(uid, by, Permission.SERVE)
    window = Window.objects.filter(id=window_id, site_id=hall.site_id).first()
    if window is None:
        raise NotFound
    session_of(window, by)
    next_state(ticket, Step.RESUME)
    must_be_free(window)
    ticket.window, ticket.clerk_id = window, by.user_id
    advance(ticket, hall, Step.RESUME, who=by.who, at=at)
    return Serving(ticket.id, uid, ticket.label)


@transaction.atomic
def add_item(*, uid: UUID, item: str, by: Actor, at: datetime) -> TicketItem:
    """Put one more item on a ticket that is not done with; raises NotFound for an unknown item.

    Raises NotAllowed, NotFound, WindowNotOpen, WrongState.
    """
    ticket = _open_ticket(uid, by)
    if item not in item_names(timezone.localdate(at)):
        raise NotFound
    last = ticket.items.aggregate(last=Max("position"))["last"] or 0
    added = ticket.items.create(area_path=ticket.area_path, position=last + 1, item=item)
    tell(ticket, "add_item", who=by.who, at=at, item=item)
    return added


@transaction.atomic
def item_done(
    *, uid: UUID, position: int, by: Actor, at: datetime, done: bool = True
) -> TicketItem:
    """Tick an item off, or take the tick back.

    Raises NotAllowed, NotFound, WindowNotOpen, WrongState.
    """
    ticket = _open_ticket(uid, by)
    item = ticket.items.filter(position=position).first()
    if item is None:
        raise NotFound
    item.done = done
    item.save(update_fields=["done"])
    tell(ticket, "item_done", who=by.who, at=at, item=item.item, done=done)
    return item


@transaction.atomic
def item_served(*, uid: UUID, item: str, by: Actor, at: datetime) -> TicketItem | None:
    """Tick off what was just done for the person, where the ticket asks for it and is still open.

    None where it does not, or the ticket is over. Raises NotAllowed, NotFound, WindowNotOpen.
    """
    ticket, _hall = ticket_in_hall(uid, by, Permission.SERVE)
    if ticket.state not in OPEN:
        return None
    may_handle(ticket, by)
    row = ticket.items.filter(item=item, done=False).order_by("position", "id").first()
    if row is None:
        return None
    row.done = True
    row.save(update_fields=["done"])
    tell(ticket, "item_done", who=by.who, at=at, item=item, done=True)
    return row


def _open_ticket(uid: UUID, by: Actor) -> Ticket:
    ticket, _hall = ticket_in_hall(uid, by, Permission.SERVE)
    may_handle(ticket, by)
    if ticket.state not in OPEN:
        raise WrongState(_("这个号已结束，不能再改事项。"))
    return ticket
