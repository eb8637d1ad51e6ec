"""Where a ticket goes besides being served: elsewhere, away, back, and one step back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.states import Who
from circle15.core.uids import new_uid
from circle15.hall import live, steps
from circle15.hall.actions.life import (
    advance,
    announce,
    locked,
    may_handle,
    must_be_free,
    next_state,
    session_of,
    ticket_in_hall,
)
from circle15.hall.models import Cover, Hall, Lane, Span, Ticket, TicketItem, WindowSession
from circle15.hall.refusals import (
    CannotMove,
    HallClosed,
    NeedsReason,
    TooLateToUndo,
    WrongState,
)
from circle15.hall.states import (
    AT_WINDOW,
    UNDO_S,
    UNDOABLE,
    AnnouncementKind,
    Step,
    TicketState,
)
from circle15.sites.models import Window
from circle15.sites.states import SiteStatus

# Whoever knows the link; the trail keeps no more of them.
HOLDER = Who(id=None, name="持号人", role="holder")


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a ticket stands now; a transfer to another hall gives a new one."""

    ticket_id: int
    uid: UUID
    label: str
    state: str
    site_name: str


def transfer(  # noqa: PLR0913 -- either a window or a hall
    *,
    uid: UUID,
    by: Actor,
    at: datetime,
    to_window: int | None = None,
    to_site: str | None = None,
    reason: str = "",
) -> Moved:
    """Send somebody to another window, or to another hall with a new number there.

    The place in the queue and the time waited come along. Raises NotAllowed, NotFound,
    WindowNotOpen (not at the actor's window), WrongState, CannotMove.
    """
    if (to_window is None) == (to_site is None):
        raise CannotMove
    if to_window is not None:
        return _to_window(uid, to_window, reason.strip()[:120], by, at)
    assert to_site is not None
    return _to_hall(uid, to_site, reason.strip()[:120], by, at)


@transaction.atomic
def _to_window(uid: UUID, window_id: int, reason: str, by: Actor, at: datetime) -> Moved:
    ticket, hall = ticket_in_hall(uid, by, Permission.SERVE)
    next_state(ticket, Step.MOVE_WINDOW)
    may_handle(ticket, by)
    window = Window.objects.filter(id=window_id, site_id=hall.site_id).first()
    if window is None or (window.id == ticket.window_id and ticket.state in AT_WINDOW):
        raise CannotMove
    is_open = WindowSession.objects.filter(window=window, ended_at__isnull=True).exists()
    if not is_open and not Cover.objects.filter(window=window, ended_at__isnull=True).exists():
        raise CannotMove
    ticket.window, ticket.for_window, ticket.calls = None, window, 0
    advance(ticket, hall, Step.MOVE_WINDOW, who=by.who, at=at, note=reason)
    return _moved(ticket)


@transaction.atomic
def _to_hall(uid: UUID, site_code: str, reason: str, by: Actor, at: datetime) -> Moved:
    ticket, hall = ticket_in_hall(uid, by, Permission.SERVE)
    next_state(ticket, Step.MOVE_HALL)
    may_handle(ticket, by)
    items = list(ticket.items.filter(done=False).order_by("position", "id"))
    # The other hall lies outside the clerk's area; all it gets is this one ticket.
    with area_scope(EVERYWHERE):
        onward = _arrive(ticket, _hall_beside(hall, site_code), items, by, at)
    advance(ticket, hall, Step.MOVE_HALL, who=by.who, at=at, note=reason, onward=onward.label)
    return onward


def _hall_beside(hall: Hall, site_code: str) -> Hall:
    """Return another hall of the same county that takes tickets; raises CannotMove."""
    county = "/".join(hall.area_path.split("/")[:3]) + "/"
    rows = Hall.objects.select_related("site").filter(area_path__startswith=county)
    there = rows.filter(site__code=site_code, takes_tickets=True).exclude(id=hall.id).first()
    if there is None or there.site.status != SiteStatus.OPEN:
        raise CannotMove
    return there


def _arrive(ticket: Ticket, hall: Hall, items: list[TicketItem], by: Actor, at: datetime) -> Moved:
    lane = _lane_like(ticket.lane, hall)
    day = timezone.localdate(at)
    path = hall.area_path
    number = steps.next_number(hall_id=hall.id, area_path=path, lane_id=lane.id, day=day)
    arrived = Ticket.objects.create(
        uid=new_uid(),
        hall=hall,
        area_path=path,
        day=day,
        lane=lane,
        kind=lane.kind,
        number=number,
        label=f"{lane.code}{number:03}",
        place=ticket.place,
        green_class=ticket.green_class,
        green_reason=ticket.green_reason,
        source=ticket.source,
        device_id=ticket.device_id,
        state=TicketState.WAITING,
        since=at,
        queued_at=ticket.queued_at,
        taken_at=ticket.taken_at,
        appointment_uid=ticket.appointment_uid,
        came_from=ticket,
        is_synthetic=hall.is_synthetic,
    )
    Span.objects.create(
        ticket=arrived,
        area_path=path,
        state=TicketState.WAITING,
        step=Step.TAKE,
        begun_at=at,
        actor_id=by.user_id,
        actor_name=by.name,
    )
    for position, item in enumerate(items, 1):
        arrived.items.create(area_path=path, position=position, item=item.item)
    live.hint(hall.site_id)
    return _moved(arrived)


def _lane_like(lane: Lane, hall: Hall) -> Lane:
    """Return the lane of another hall with the same code, else of the same kind, else the first."""
    lanes = list(hall.lanes.order_by("position", "id"))
    fits = [each for each in lanes if each.code == lane.code and each.kind == lane.kind]
    fits += [each for each in lanes if each.kind == lane.kind]
    if not [*fits, *lanes]:
        raise CannotMove
    return [*fits, *lanes][0]


@transaction.atomic
def no_show(*, uid: UUID, by: Actor, at: datetime) -> Moved:
    """Put aside who was called, or went for a paper, and is not there; restorable.

    Raises NotAllowed, NotFound, WindowNotOpen, WrongState.
    """
    ticket, hall = ticket_in_hall(uid, by, Permission.SERVE)
    may_handle(ticket, by)
    advance(ticket, hall, Step.NO_SHOW, who=by.who, at=at)
    return _moved(ticket)


@transaction.atomic
def restore(*, uid: UUID, by: Actor, at: datetime) -> Moved:
    """Let who was put aside or had left wait again, at the old place.

    Raises NotAllowed, NotFound, WrongState (also for a ticket of another day).
    """
    ticket, hall = ticket_in_hall(uid, by, Permission.SERVE)
    next_state(ticket, Step.RESTORE)
    _must_be_of_today(ticket, hall, at)
    _free(ticket)
    advance(ticket, hall, Step.RESTORE, who=by.who, at=at)
    return _moved(ticket)


@transaction.atomic
def cancel(*, uid: UUID, reason: str, by: Actor, at: datetime) -> Moved:
    """Make a ticket void, for instance one taken by mistake.

    Raises NotAllowed, NotFound, NeedsReason, WindowNotOpen, WrongState.
    """
    ticket, hall = ticket_in_hall(uid, by, Permission.SERVE)
    if not reason.strip():
        raise NeedsReason
    may_handle(ticket, by)
    advance(ticket, hall, Step.CANCEL, who=by.who, at=at, note=reason.strip()[:120])
    return _moved(ticket)


@transaction.atomic
def undo(*, uid: UUID, by: Actor, at: datetime) -> Moved:
    """Take back one's own last step on a ticket within a minute.

    Raises NotAllowed, NotFound, TooLateToUndo (also for another's step or one that cannot be
    taken back), WindowNotOpen, WindowBusy.
    """
    ticket, hall = ticket_in_hall(uid, by, Permission.SERVE)
    last, former = _last_two(ticket)
    if former is None or last.step not in UNDOABLE or last.actor_id != by.user_id:
        raise TooLateToUndo
    if abs(at - last.begun_at) > timedelta(seconds=UNDO_S):
        raise TooLateToUndo
    _put_back(ticket, last, former, by)
    if former.state == TicketState.WAITING and last.state == TicketState.CALLED:
        assert last.window is not None
        announce(hall, AnnouncementKind.CLEAR, window=last.window, at=at, label=ticket.label)
    advance(ticket, hall, Step.UNDO, who=by.who, at=at, to=TicketState(former.state))
    return _moved(ticket)


def _last_two(ticket: Ticket) -> tuple[Span, Span | None]:
    last, *former = ticket.spans.select_related("window").order_by("-id")[:2]
    return last, former[0] if former else None


def _put_back(ticket: Ticket, last: Span, former: Span, by: Actor) -> None:
    if former.state in AT_WINDOW:
        assert former.window is not None
        session_of(former.window, by)
        if ticket.state not in AT_WINDOW:
            must_be_free(former.window)
    ticket.window = former.window
    if former.state == TicketState.WAITING:
        ticket.calls, ticket.clerk_id = 0, None
    else:
        ticket.calls = max(1, ticket.calls)
    if last.step == Step.MOVE_WINDOW:
        ticket.for_window = None
    ticket.outcome = ""


@transaction.atomic
def leave(*, uid: UUID, at: datetime) -> Moved:
    """Leave the queue, by the holder of the link. Raises NotFound, WrongState."""
    with area_scope(EVERYWHERE):
        ticket, hall = locked(uid, EVERYWHERE)
        advance(ticket, hall, Step.LEAVE, who=HOLDER, at=at)
        return _moved(ticket)


@transaction.atomic
def come_back(*, uid: UUID, at: datetime) -> Moved:
    """Queue again at the end, by the holder of the link; the number stays.

    Raises NotFound, WrongState (also for a ticket of another day), HallClosed.
    """
    with area_scope(EVERYWHERE):
        ticket, hall = locked(uid, EVERYWHERE)
        next_state(ticket, Step.COME_BACK)
        _must_be_of_today(ticket, hall, at)
        if not hall.takes_tickets:
            raise HallClosed
        _free(ticket)
        ticket.place, ticket.queued_at = _last_place(), at
        advance(ticket, hall, Step.COME_BACK, who=HOLDER, at=at)
        return _moved(ticket)


def _must_be_of_today(ticket: Ticket, hall: Hall, at: datetime) -> None:
    if ticket.day != timezone.localdate(at) and not hall.keeps_overnight:
        raise WrongState(_("这个号不是今天的，请重新取号。"))


def _free(ticket: Ticket) -> None:
    ticket.window, ticket.for_window, ticket.calls, ticket.clerk_id = None, None, 0, None


def _last_place() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('hall_ticket_id_seq')")
        place = cursor.fetchone()[0]
    assert isinstance(place, int)
    return place


def _moved(ticket: Ticket) -> Moved:
    return Moved(ticket.id, ticket.uid, ticket.label, ticket.state, ticket.hall.site.name)
