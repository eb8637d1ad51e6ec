"""What the actions on single tickets and windows have in common: load locked, step, tell."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.audit.actions import record
from circle15.audit.masks import masked
from circle15.audit.states import Who
from circle15.hall import live
from circle15.hall.models import Announcement, Hall, Span, Ticket, WindowSession
from circle15.hall.refusals import WindowBusy, WindowNotOpen, WrongState
from circle15.hall.states import AT_WINDOW, OPEN, TRANSITIONS, Step, TicketState
from circle15.sites.models import Window


def window_in_hall(window_id: int, by: Actor, permission: Permission) -> tuple[Window, Hall]:
    """Return a window of the actor's area and its hall, the hall locked; raises NotFound.

    Whoever changes more than one row of a hall locks the hall first: no deadlock, and calls wait.
    """
    demand(by, permission)
    window = Window.objects.filter(id=window_id).first()
    halls = scope.within(Hall.objects.select_for_update(no_key=True), by.area_path)
    hall = halls.filter(site_id=window.site_id).first() if window else None
    if window is None or hall is None:
        raise NotFound
    return window, hall


def ticket_in_hall(uid: UUID, by: Actor, permission: Permission) -> tuple[Ticket, Hall]:
    """Return a ticket of the actor's area and its hall, both locked; raises NotFound."""
    demand(by, permission)
    return locked(uid, by.area_path)


def locked(uid: UUID, area_path: str) -> tuple[Ticket, Hall]:
    """Lock the hall, then the ticket; raises NotFound."""
    halls = scope.within(Hall.objects.select_for_update(no_key=True, of=("self",)), area_path)
    hall = halls.filter(tickets__uid=uid).first()
    if hall is None:
        raise NotFound
    return Ticket.objects.select_for_update(no_key=True).get(uid=uid), hall


def session_of(window: Window, by: Actor) -> WindowSession:
    """Return the actor's open session at a window; raises WindowNotOpen."""
    session = WindowSession.objects.filter(window=window, ended_at__isnull=True).first()
    if session is None or session.user_id != by.user_id:
        raise WindowNotOpen
    return session


def at_window(window: Window) -> Ticket | None:
    """Return the ticket called to or served at a window, locked."""
    rows = Ticket.objects.select_for_update(no_key=True)
    return rows.filter(window=window, state__in=AT_WINDOW).first()


def must_be_free(window: Window) -> None:
    """Raise WindowBusy while a ticket is at the window."""
    if Ticket.objects.filter(window=window, state__in=AT_WINDOW).exists():
        raise WindowBusy


def next_state(ticket: Ticket, step: Step) -> TicketState:
    """Return where a step leads; raises WrongState when the table has no such line."""
    state = TRANSITIONS[TicketState(ticket.state)].get(step)
    if state is None:
        raise WrongState
    return state


def may_handle(ticket: Ticket, by: Actor) -> None:
    """Raise WindowNotOpen for a ticket at somebody else's window; the manager may."""
    if ticket.state in AT_WINDOW and not by.can(Permission.MANAGE_HALL):
        assert ticket.window is not None
        session_of(ticket.window, by)


def advance(  # noqa: PLR0913 -- a step has these parts
    ticket: Ticket,
    hall: Hall,
    step: Step,
    *,
    who: Who,
    at: datetime,
    to: TicketState | None = None,
    note: str = "",
    **more: object,
) -> None:
    """Bring a locked ticket into its next state, with span and audit event; raises WrongState.

    The caller has set `window`, `for_window`, `place` and the like before. Only undoing says
    `to`. Spans never run backwards, whatever the clock does.
    """
    old, state, moment = ticket.state, to or next_state(ticket, step), max(at, ticket.since)
    ticket.state, ticket.since = state, moment
    ticket.save()
    Span.objects.filter(ticket=ticket, ended_at__isnull=True).update(ended_at=moment)
    Span.objects.create(
        ticket=ticket,
        area_path=ticket.area_path,
        state=state,
        step=step,
        begun_at=moment,
        ended_at=None if state in OPEN else moment,
        actor_id=who.id,
        actor_name=masked(who.name),
        window_id=ticket.window_id,
        note=masked(note),
    )
    tell(ticket, step, who=who, at=at, old={"state": old}, state=state, note=note, **more)
    live.hint(hall.site_id)


def tell(
    ticket: Ticket,
    verb: str,
    *,
    who: Who,
    at: datetime,
    old: dict[str, object] | None = None,
    **new: object,
) -> None:
    """Write the audit event of something done to a ticket; empty values are left out."""
    record(
        who=who,
        verb=f"ticket.{verb}",
        target_kind="ticket",
        target_id=ticket.id,
        area_path=ticket.area_path,
        at=at,
        old=old,
        new={"label": ticket.label, **{name: each for name, each in new.items() if each != ""}},
    )


def announce(hall: Hall, kind: str, *, window: Window, at: datetime, label: str = "") -> int:
    """Append to what the displays say; the hall is locked, so numbers have no gap."""
    Hall.objects.filter(id=hall.id).update(last_event=F("last_event") + 1)
    hall.refresh_from_db(fields=["last_event"])
    Announcement.objects.create(
        hall=hall,
        area_path=hall.area_path,
        seq=hall.last_event,
        kind=kind,
        label=label,
        window_number=window.number,
        at=at,
    )
    live.hint(hall.site_id)
    return hall.last_event
