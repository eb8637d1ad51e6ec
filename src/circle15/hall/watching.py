"""What displays and phones may see of a hall: numbers, windows and counts, never a person.

Read for many watchers at once by the live-update process, and singly by the pages that poll.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall import estimates, queries
from circle15.hall.board_models import BoardNotice
from circle15.hall.models import Announcement, Hall, Ticket, WindowSession
from circle15.hall.queries import WaitingTicket
from circle15.hall.states import AT_WINDOW, TicketState

MOST_AT_ONCE = 50
MOST_NOTICES = 8
WAITS_KEPT_S = 10
ORDER_KEPT_S = 2
# No ticket has this number.
_NEWCOMER = 0


@dataclass(frozen=True, slots=True)
class WatchedHall:
    """A hall that can be watched, and the number of its last announcement."""

    id: int
    site_id: int
    site_code: str
    site_name: str
    area_path: str
    last_event: int
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class Announced:
    """One announcement."""

    seq: int
    kind: str
    label: str
    window: int
    at: datetime

    def as_json(self) -> dict[str, object]:
        at = int(self.at.timestamp() * 1000)
        return {
            "seq": self.seq,
            "kind": self.kind,
            "label": self.label,
            "window": self.window,
            "at": at,
        }


@dataclass(frozen=True, slots=True)
class LaneNow:
    code: str
    name: str
    kind: str
    waiting: int


@dataclass(frozen=True, slots=True)
class WindowNow:
    """A window: open, paused or closed, and the number that is there."""

    number: int
    name: str
    state: str
    label: str


@dataclass(frozen=True, slots=True)
class HallNow:
    """Who waits where and which windows are open."""

    lanes: tuple[LaneNow, ...]
    windows: tuple[WindowNow, ...]

    @property
    def waiting(self) -> int:
        return sum(lane.waiting for lane in self.lanes)

    def as_json(self) -> dict[str, object]:
        return {
            "waiting": self.waiting,
            "lanes": [{"code": lane.code, "waiting": lane.waiting} for lane in self.lanes],
            "windows": [
                {"number": one.number, "state": one.state, "label": one.label}
                for one in self.windows
            ],
        }


@dataclass(frozen=True, slots=True)
class TicketNow:
    """A ticket as the holder of its link sees it; minutes: from, to, if they can be told."""

    uid: UUID
    label: str
    state: str
    ahead: int | None
    window: int | None
    minutes: tuple[int, int] | None = None
    onward: UUID | None = None

    def as_json(self) -> dict[str, object]:
        return {
            "label": self.label,
            "state": self.state,
            "ahead": self.ahead,
            "minutes": self.minutes,
            "window": self.window,
            "onward": None if self.onward is None else str(self.onward),
        }


def watched_hall(site_code: str) -> WatchedHall:
    """Return the hall of a site. Raises NotFound."""
    with area_scope(EVERYWHERE):
        return _watched(Q(site__code=site_code))


def hall_of_ticket(uid: UUID) -> WatchedHall:
    """Return the hall a ticket waits in. Raises NotFound."""
    with area_scope(EVERYWHERE):
        return _watched(Q(tickets__uid=uid))


def _watched(condition: Q) -> WatchedHall:
    hall = Hall.objects.select_related("site").filter(condition).first()
    if hall is None:
        raise NotFound
    return WatchedHall(
        id=hall.id,
        site_id=hall.site_id,
        site_code=hall.site.code,
        site_name=hall.site.name,
        area_path=hall.area_path,
        last_event=hall.last_event,
        is_synthetic=hall.is_synthetic,
    )


def last_events(hall_ids: Collection[int]) -> Mapping[int, int]:
    """Return the number of the last announcement of several halls."""
    with area_scope(EVERYWHERE):
        return dict(Hall.objects.filter(id__in=hall_ids).values_list("id", "last_event"))


def announcements_after(
    hall: WatchedHall, seq: int, *, limit: int = MOST_AT_ONCE
) -> tuple[Announced, ...]:
    """Return the announcements that follow a number, the next first."""
    with area_scope(hall.area_path):
        rows = Announcement.objects.filter(hall_id=hall.id, seq__gt=seq).order_by("seq")
        return _announced(rows[:limit])


def last_announcements(
    hall: WatchedHall, *, at: datetime, limit: int = MOST_AT_ONCE
) -> tuple[Announced, ...]:
    """Return the last announcements of the day of `at`, the newest last."""
    begin = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    with area_scope(hall.area_path):
        rows = Announcement.objects.filter(hall_id=hall.id, at__gte=begin).order_by("-seq")
        return _announced(rows[:limit])[::-1]


def _announced(rows: Iterable[Announcement]) -> tuple[Announced, ...]:
    return tuple(Announced(row.seq, row.kind, row.label, row.window_number, row.at) for row in rows)


def notices_on(hall: WatchedHall, on: date) -> tuple[str, ...]:
    """Return the notices of a day, the newest first."""
    with area_scope(hall.area_path):
        rows = BoardNotice.objects.filter(hall_id=hall.id, taken_down_at=None)
        rows = rows.filter(shown_from__lte=on, shown_until__gte=on)
        return tuple(
            rows.order_by("-put_up_at", "-id").values_list("text", flat=True)[:MOST_NOTICES]
        )


def hall_now(hall: WatchedHall) -> HallNow:
    """Return who waits and which windows are open."""
    with area_scope(hall.area_path):
        return HallNow(tuple(_lanes(hall)), tuple(_windows(hall)))


def _lanes(hall: WatchedHall) -> Iterator[LaneNow]:
    rows = Ticket.objects.filter(hall_id=hall.id, state=TicketState.WAITING)
    waiting = dict(rows.values_list("lane_id").annotate(Count("id")))
    lanes = Hall.objects.get(id=hall.id).lanes.order_by("position", "code", "id")
    for lane in lanes:
        yield LaneNow(lane.code, lane.name, lane.kind, waiting.get(lane.id, 0))


def _windows(hall: WatchedHall) -> Iterator[WindowNow]:
    seated = WindowSession.objects.filter(hall_id=hall.id, ended_at__isnull=True)
    paused = dict(seated.values_list("window_id", "paused_at"))
    at_window = Ticket.objects.filter(hall_id=hall.id, state__in=AT_WINDOW)
    labels = dict(at_window.values_list("window_id", "label"))
    site = Hall.objects.select_related("site").get(id=hall.id).site
    for window in site.windows.order_by("number", "id"):
        state = "closed"
        if window.id in paused:
            state = "open" if paused[window.id] is None else "paused"
        yield WindowNow(window.number, window.name, state, labels.get(window.id, ""))


@dataclass(frozen=True, slots=True)
class _Order:
    """Who waits in a hall: places by ticket, minutes by ticket where they can be told."""

    places: Mapping[UUID, int]
    minutes: Mapping[int, tuple[int, int]]


def ticket_now(uid: UUID, *, at: datetime, may_be_old: bool = False) -> TicketNow:
    """Return one ticket. Raises NotFound.

    With `may_be_old` the order is one of the last two seconds: thousands ask while streams are
    down.
    """
    hall = hall_of_ticket(uid)
    key = f"hall.order.{hall.id}"
    with area_scope(hall.area_path):
        order = cache.get(key) if may_be_old else None
        if order is None:
            order = _order(hall, at)
            cache.set(key, order, ORDER_KEPT_S)
        found = _tickets(hall, {uid}, order)
    if not found:
        raise NotFound
    return found[0]


def tickets_now(
    hall: WatchedHall, uids: Collection[UUID], *, at: datetime
) -> tuple[TicketNow, ...]:
    """Return several tickets of a hall; of those that wait, how many come before and how long."""
    with area_scope(hall.area_path):
        return _tickets(hall, uids, _order(hall, at))


def _tickets(hall: WatchedHall, uids: Collection[UUID], order: _Order) -> tuple[TicketNow, ...]:
    rows = Ticket.objects.filter(hall_id=hall.id, uid__in=uids)
    fields = rows.values_list("uid", "id", "label", "state", "window__number", "onward__uid")
    return tuple(
        TicketNow(
            uid=uid,
            label=label,
            state=state,
            ahead=order.places.get(uid) if state == TicketState.WAITING else None,
            window=window if state in AT_WINDOW else None,
            minutes=order.minutes.get(ticket) if state == TicketState.WAITING else None,
            onward=onward,
        )
        for uid, ticket, label, state, window, onward in fields
    )


def _order(hall: WatchedHall, at: datetime) -> _Order:
    line = queries.line_of(hall.id, at=at)
    places = {ticket.uid: place for place, ticket in enumerate(line)}
    return _Order(places, _waits(hall, line, at))


def newcomers_wait(hall_id: int, *, at: datetime) -> tuple[int, int] | None:
    """Return from how many minutes to how many somebody waits who takes an ordinary number now.

    None where it can't be told. Reckoned every ten seconds at most; the caller opens the scope.
    """
    key = f"hall.newcomer.{hall_id}"
    kept: tuple[tuple[int, int] | None] | None = cache.get(key)
    if kept is None:
        pairs = [*_pairs(queries.line_of(hall_id, at=at)), (_NEWCOMER, "")]
        wait = estimates.waits(hall_id, pairs, at=at).get(_NEWCOMER)
        kept = (wait.minutes if wait else None,)
        cache.set(key, kept, WAITS_KEPT_S)
    return kept[0]


def _waits(
    hall: WatchedHall, line: Sequence[WaitingTicket], at: datetime
) -> Mapping[int, tuple[int, int]]:
    """Return from how many minutes to how many, by ticket; kept until somebody new comes."""
    key = f"hall.waits.{hall.id}"
    kept: tuple[frozenset[int], Mapping[int, tuple[int, int]]] | None = cache.get(key)
    asked = frozenset(ticket.ticket_id for ticket in line)
    if kept is not None and asked <= kept[0]:
        return kept[1]
    found = estimates.waits(hall.id, _pairs(line), at=at)
    minutes = {ticket: wait.minutes for ticket, wait in found.items()}
    cache.set(key, (asked, minutes), WAITS_KEPT_S)
    return minutes


def _pairs(line: Sequence[WaitingTicket]) -> list[tuple[int, str]]:
    """Return number and first item of everybody in line."""
    return [(ticket.ticket_id, next(iter(ticket.items), "")) for ticket in line]
