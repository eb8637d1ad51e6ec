"""Reads of halls for those who work in them, always within the actor's area."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import within
from circle15.hall.models import (
    Cover,
    ElderPeak,
    Hall,
    Lane,
    Span,
    Ticket,
    TicketItem,
    WindowSession,
    WindowSkill,
)
from circle15.hall.order import Moment, Reach, Rules, Waiting, in_order
from circle15.hall.states import AT_WINDOW, UNDO_S, UNDOABLE, TicketState
from circle15.sites.models import Window


@dataclass(frozen=True, slots=True)
class WaitingTicket:
    """Somebody waiting, as the hall's own people see it."""

    ticket_id: int
    uid: UUID
    label: str
    lane: str
    lane_name: str
    kind: str
    green_class: str
    items: tuple[str, ...]
    waited_s: int
    taken_at: datetime
    for_window: int | None  # its number


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket at a window, held, or gone for now."""

    ticket_id: int
    uid: UUID
    label: str
    lane: str
    lane_name: str
    kind: str
    state: str
    since: datetime
    taken_at: datetime
    queued_at: datetime
    called_at: datetime | None
    source: str
    calls: int
    green_class: str
    green_reason: str
    window: int | None
    items: tuple[tuple[int, str, bool], ...]  # position, item, done
    last_step: str
    last_actor: int | None


@dataclass(frozen=True, slots=True)
class LaneCount:
    code: str
    name: str
    kind: str
    waiting: int


@dataclass(frozen=True, slots=True)
class WindowLine:
    """A window: who sits there, which ticket is there, who stands in."""

    id: int
    number: int
    name: str
    clerk_name: str
    user_id: int | None
    is_open: bool
    is_paused: bool
    pause_reason: str
    label: str
    covered_by: int | None


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a clerk sees of the own window."""

    window_id: int
    window_number: int
    window_name: str
    site_code: str
    site_name: str
    call_limit: int
    last_event: int
    session: WindowSession | None
    current: TicketLine | None
    next: tuple[WaitingTicket, ...]
    waiting: int
    lanes: tuple[LaneCount, ...]
    held: tuple[TicketLine, ...]
    gone: tuple[TicketLine, ...]
    covering: tuple[int, ...]
    finished: int
    average_s: int | None
    undo: TicketLine | None  # what the actor may still undo
    undo_until: datetime | None


def hall_of(actor: Actor, site_code: str) -> Hall:
    """Return the hall of a site. Raises NotAllowed, NotFound."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(Hall.objects.select_related("site"), actor.area_path)
    hall = rows.filter(site__code=site_code).first()
    if hall is None:
        raise NotFound
    return hall


def halls_in_order(actor: Actor) -> QuerySet[Hall]:
    """Return the halls of the actor's area in pinyin order of their sites."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(Hall.objects.select_related("site"), actor.area_path)
    return rows.order_by("site__sort_key", "id")


def window_of(actor: Actor, window_id: int) -> tuple[Window, Hall]:
    """Return a window and its hall. Raises NotAllowed, NotFound."""
    demand(actor, Permission.VIEW_HALL)
    halls = within(Hall.objects.select_related("site"), actor.area_path)
    hall = halls.filter(site__windows=window_id).first()
    if hall is None:
        raise NotFound
    return Window.objects.get(id=window_id), hall


def window_by_number(actor: Actor, site_code: str, number: int) -> Window:
    """Return a window of a hall by its number. Raises NotAllowed, NotFound."""
    window = hall_of(actor, site_code).site.windows.filter(number=number).first()
    if window is None:
        raise NotFound
    return window


def open_session_of(actor: Actor) -> WindowSession | None:
    """Return where the actor sits now."""
    if actor.user_id is None:
        return None
    rows = within(WindowSession.objects.select_related("window", "hall__site"), actor.area_path)
    return rows.filter(user_id=actor.user_id, ended_at__isnull=True).first()


def waiting_in_order(
    actor: Actor, site_code: str, *, at: datetime, window_id: int | None = None
) -> tuple[WaitingTicket, ...]:
    """Return who waits in a hall in the order of the calls, or only whom one window may call."""
    return _line(hall_of(actor, site_code), at=at, window_id=window_id)


def line_of(hall_id: int, *, at: datetime) -> tuple[WaitingTicket, ...]:
    """Return the same without an actor, for the watchers; the caller opens the scope."""
    return _line(Hall.objects.get(id=hall_id), at=at, window_id=None)


def _line(hall: Hall, *, at: datetime, window_id: int | None) -> tuple[WaitingTicket, ...]:
    rows = {
        row.place: row
        for row in Ticket.objects.filter(hall=hall, state=TicketState.WAITING)
        .select_related("lane", "for_window")
        .order_by("place", "id")
    }
    items = _items(row.id for row in rows.values())
    waiting = [_waiting(row, items.get(row.id, ())) for row in rows.values()]
    reach = None if window_id is None else reach_of(window_id)
    ordered = in_order(waiting, moment_of(hall, at=at), reach)
    return tuple(
        _waiting_ticket(rows[one.place], items.get(rows[one.place].id, ()), at) for one in ordered
    )


def moment_of(hall: Hall, *, at: datetime) -> Moment:
    """Return what of the hall and the clock decides the next call."""
    local = timezone.localtime(at)
    peaks = ElderPeak.objects.filter(hall=hall, weekday=local.isoweekday())
    is_peak = peaks.filter(opens__lte=local.time(), closes__gt=local.time()).exists()
    rules = Rules(green_ratio=hall.green_ratio, longest_wait_min=hall.longest_wait_min)
    return Moment(rules, hall.green_streak, is_peak, at)


def reach_of(window_id: int) -> Reach:
    """Return what a window may call."""
    covers = Cover.objects.filter(by_window=window_id, ended_at__isnull=True)
    skills = list(WindowSkill.objects.filter(window=window_id).order_by("id"))
    return Reach(
        window_id=window_id,
        covered=frozenset(covers.values_list("window_id", flat=True)),
        lanes=frozenset(skill.lane_id for skill in skills if skill.lane_id),
        items=frozenset(skill.item for skill in skills if skill.item),
    )


def _waiting(row: Ticket, items: tuple[tuple[int, str, bool], ...]) -> Waiting:
    return Waiting(
        place=row.place,
        kind=row.kind,
        queued_at=row.queued_at,
        green_class=row.green_class,
        for_window=row.for_window_id,
        lane_id=row.lane_id,
        item=next((item for _position, item, done in items if not done), ""),
    )


def _waiting_ticket(
    row: Ticket, items: tuple[tuple[int, str, bool], ...], at: datetime
) -> WaitingTicket:
    return WaitingTicket(
        ticket_id=row.id,
        uid=row.uid,
        label=row.label,
        lane=row.lane.code,
        lane_name=row.lane.name,
        kind=row.kind,
        green_class=row.green_class,
        items=tuple(item for _position, item, _done in items),
        waited_s=max(0, int((at - row.queued_at).total_seconds())),
        taken_at=row.taken_at,
        for_window=row.for_window.number if row.for_window else None,
    )


def _items(ticket_ids: Iterable[int]) -> dict[int, tuple[tuple[int, str, bool], ...]]:
    found: dict[int, tuple[tuple[int, str, bool], ...]] = {}
    rows = TicketItem.objects.filter(ticket_id__in=list(ticket_ids)).order_by("position", "id")
    for row in rows:
        found[row.ticket_id] = (*found.get(row.ticket_id, ()), (row.position, row.item, row.done))
    return found


def windows_in_order(actor: Actor, site_code: str) -> tuple[WindowLine, ...]:
    """Return the windows of a hall by number."""
    hall = hall_of(actor, site_code)
    seated = {
        row.window_id: row
        for row in WindowSession.objects.filter(hall=hall, ended_at__isnull=True).order_by("id")
    }
    at_work = Ticket.objects.filter(hall=hall, state__in=AT_WINDOW)
    labels = dict(at_work.values_list("window_id", "label"))
    covers = Cover.objects.filter(hall=hall, ended_at__isnull=True)
    deputies = dict(covers.values_list("window_id", "by_window__number"))
    return tuple(
        _window_line(window, seated.get(window.id), labels, deputies)
        for window in hall.site.windows.order_by("number", "id")
    )


def _window_line(
    window: Window,
    seat: WindowSession | None,
    labels: dict[int, str],
    deputies: dict[int, int],
) -> WindowLine:
    return WindowLine(
        id=window.id,
        number=window.number,
        name=window.name,
        clerk_name=seat.clerk_name if seat else "",
        user_id=seat.user_id if seat else None,
        is_open=seat is not None,
        is_paused=seat is not None and seat.paused_at is not None,
        pause_reason=seat.pause_reason if seat else "",
        label=labels.get(window.id, ""),
        covered_by=deputies.get(window.id),
    )


def lanes_now(actor: Actor, site_code: str) -> tuple[LaneCount, ...]:
    """Return the lanes of a hall with how many wait in each."""
    return _lanes(hall_of(actor, site_code))


def _lanes(hall: Hall) -> tuple[LaneCount, ...]:
    rows = Ticket.objects.filter(hall=hall, state=TicketState.WAITING).order_by()
    waiting = dict(rows.values_list("lane_id").annotate(Count("id")))
    lanes: QuerySet[Lane] = hall.lanes.order_by("position", "code", "id")
    return tuple(
        LaneCount(lane.code, lane.name, lane.kind, waiting.get(lane.id, 0)) for lane in lanes
    )


def desk_of(actor: Actor, window_id: int, *, at: datetime, most: int = 5) -> Desk:
    """Return the desk of a window. Raises NotAllowed, NotFound."""
    window, hall = window_of(actor, window_id)
    session = WindowSession.objects.filter(window=window, ended_at__isnull=True).first()
    tickets = Ticket.objects.filter(hall=hall)
    at_work = tickets.filter(window=window, state__in=(*AT_WINDOW, TicketState.HELD))
    away = (TicketState.NO_SHOW, TicketState.LEFT)
    gone = tickets.filter(day=timezone.localdate(at), state__in=away).order_by("-since", "-id")
    lines = ticket_lines(at_work.order_by("since", "id"))
    lanes = _lanes(hall)
    finished, average_s = _served(hall, window, at=at)
    undo = _undoable(actor, hall, at=at)
    covers = Cover.objects.filter(by_window=window, ended_at__isnull=True)
    return Desk(
        window_id=window.id,
        window_number=window.number,
        window_name=window.name,
        site_code=hall.site.code,
        site_name=hall.site.name,
        call_limit=hall.call_limit,
        last_event=hall.last_event,
        session=session,
        current=next((one for one in lines if one.state in AT_WINDOW), None),
        next=_line(hall, at=at, window_id=window.id)[:most],
        waiting=sum(lane.waiting for lane in lanes),
        lanes=lanes,
        held=tuple(one for one in lines if one.state == TicketState.HELD),
        gone=ticket_lines(gone[:20]),
        covering=tuple(
            covers.order_by("window__number", "id").values_list("window__number", flat=True)
        ),
        finished=finished,
        average_s=average_s,
        undo=undo,
        undo_until=undo.since + timedelta(seconds=UNDO_S) if undo else None,
    )


def ticket_lines(rows: QuerySet[Ticket]) -> tuple[TicketLine, ...]:
    """Return tickets with items, call and last step (3 queries)."""
    tickets = list(rows.select_related("lane", "window"))
    ids = [row.id for row in tickets]
    items = _items(ids)
    calls, last = {}, {}
    for span in Span.objects.filter(ticket_id__in=ids).order_by("id"):
        last[span.ticket_id] = span
        if span.state == TicketState.CALLED:
            calls[span.ticket_id] = span.begun_at
    return tuple(
        TicketLine(
            ticket_id=row.id,
            uid=row.uid,
            label=row.label,
            lane=row.lane.code,
            lane_name=row.lane.name,
            kind=row.kind,
            state=row.state,
            since=row.since,
            taken_at=row.taken_at,
            queued_at=row.queued_at,
            called_at=calls.get(row.id),
            source=row.source,
            calls=row.calls,
            green_class=row.green_class,
            green_reason=row.green_reason,
            window=row.window.number if row.window else None,
            items=items.get(row.id, ()),
            last_step=last[row.id].step,
            last_actor=last[row.id].actor_id,
        )
        for row in tickets
    )


def _served(hall: Hall, window: Window, *, at: datetime) -> tuple[int, int | None]:
    """Return how many the window finished on the day, and the seconds of service of each."""
    done = Ticket.objects.filter(hall=hall, day=timezone.localdate(at), window=window)
    done = done.filter(state=TicketState.FINISHED).order_by()
    spans = Span.objects.filter(ticket__in=done, state=TicketState.SERVING).order_by()
    total = spans.aggregate(total=Sum(F("ended_at") - F("begun_at")))["total"]
    count = done.count()
    return count, round(total.total_seconds() / count) if count and total is not None else None


def _undoable(actor: Actor, hall: Hall, *, at: datetime) -> TicketLine | None:
    """Return the ticket whose last step the actor did and may still undo."""
    recent = Ticket.objects.filter(
        hall=hall, day=timezone.localdate(at), since__gt=at - timedelta(seconds=UNDO_S)
    )
    lines = ticket_lines(recent.order_by("-since", "-id")[:50])
    own = (one for one in lines if one.last_actor == actor.user_id and one.last_step in UNDOABLE)
    return next(own, None)
