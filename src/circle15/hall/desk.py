"""What a clerk's desk and the hall's page show beside the queue: seats, lanes, the own day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min, Q
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope, within
from circle15.hall.models import (
    Announcement,
    Cover,
    ElderPeak,
    Hall,
    Lane,
    Ticket,
    WindowSession,
    WindowSkill,
)
from circle15.hall.queries import WindowLine, windows_in_order
from circle15.hall.states import AnnouncementKind, TicketState
from circle15.hall.watching import newcomers_wait
from circle15.sites.models import Site, Window
from circle15.sites.states import SiteStatus

EMERGENCY_SHOWN = timedelta(minutes=10)

# Everything on a desk that is not a clock: equal stamps, equal screens.
_STAMP = """
SELECT md5(concat_ws('|', h.last_event, h.green_streak, h.call_limit,
  (SELECT string_agg(concat_ws(',', t.id, t.state, t.since, t.calls, t.window_id,
                               t.for_window_id,
                               (SELECT count(*) + count(*) FILTER (WHERE done)
                                FROM hall_ticketitem i WHERE i.ticket_id = t.id)), ';'
                     ORDER BY t.id)
   FROM hall_ticket t
   WHERE t.hall_id = h.id AND t.state IN ('waiting', 'called', 'serving', 'held')),
  (SELECT string_agg(concat_ws(',', s.window_id, s.user_id, s.paused_at), ';' ORDER BY s.id)
   FROM hall_windowsession s WHERE s.hall_id = h.id AND s.ended_at IS NULL),
  (SELECT string_agg(concat_ws(',', c.window_id, c.by_window_id), ';' ORDER BY c.id)
   FROM hall_cover c WHERE c.hall_id = h.id AND c.ended_at IS NULL)))
FROM hall_hall h JOIN sites_window w ON w.site_id = h.site_id WHERE w.id = %s
"""
_OWN_DAY = """
SELECT count(*), avg(s.service_s)::float
FROM hall_ticket t CROSS JOIN LATERAL (
    SELECT coalesce(sum(extract(epoch FROM ended_at - begun_at)), 0) AS service_s
    FROM hall_span WHERE ticket_id = t.id AND state = 'serving'
) s
WHERE t.hall_id = (SELECT h.id FROM hall_hall h JOIN sites_window w ON w.site_id = h.site_id
                   WHERE w.id = %s)
  AND t.day = %s AND t.state = 'finished' AND t.clerk_id = %s
"""
_SERVED = """
SELECT coalesce(sum(extract(epoch FROM coalesce(ended_at, %s) - begun_at)), 0)::float
FROM hall_span WHERE ticket_id = %s AND state = 'serving'
"""


@dataclass(frozen=True, slots=True)
class OwnDay:
    """How many somebody finished today, and the seconds of service of each; held time is none."""

    finished: int
    average_s: float | None


@dataclass(frozen=True, slots=True)
class LaneLine:
    """A lane, who waits in it and since when the first."""

    code: str
    name: str
    kind: str
    waiting: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class CoverLine:
    """One window standing in for another."""

    absent_id: int
    absent: int
    by: int
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """A hall now, for whoever is responsible for it."""

    lanes: tuple[LaneLine, ...]
    windows: tuple[WindowLine, ...]
    covers: tuple[CoverLine, ...]
    emergencies: tuple[tuple[int, datetime], ...]  # number of the window, when
    finished: int
    newcomer_min: tuple[int, int] | None

    @property
    def waiting(self) -> int:
        return sum(lane.waiting for lane in self.lanes)

    @property
    def oldest(self) -> datetime | None:
        return min((lane.oldest for lane in self.lanes if lane.oldest), default=None)


@dataclass(frozen=True, slots=True)
class HallLine:
    """A hall in a list."""

    site_code: str
    site_name: str
    takes_tickets: bool
    windows: int
    windows_open: int
    waiting: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Slip:
    """What a paper ticket says."""

    uid: UUID
    label: str
    lane_name: str
    green_class: str
    taken_at: datetime
    site_code: str
    site_name: str
    is_synthetic: bool


def stamp_of(window_id: int) -> str:
    """Return what changes when anything on the desk of a window changes, clocks left out."""
    return str(_values(_STAMP, window_id)[0])


def own_day(actor: Actor, window_id: int, *, on: date) -> OwnDay:
    """Return what the actor finished on a day in the hall of a window."""
    finished, average_s = _values(_OWN_DAY, window_id, on, actor.user_id)
    return OwnDay(finished, average_s)


def served_s(ticket_id: int, *, at: datetime) -> float:
    """Return the seconds of service so far, without what was held."""
    return float(_values(_SERVED, at, ticket_id)[0])


def overview(actor: Actor, hall: Hall, *, at: datetime) -> Overview:
    """Return what goes on in a hall of `hall_of`."""
    today = Ticket.objects.filter(hall=hall, day=timezone.localdate(at))
    return Overview(
        lanes=tuple(_lanes(hall)),
        windows=windows_in_order(actor, hall.site.code),
        covers=tuple(_covers(hall)),
        emergencies=emergencies(hall.site_id, at=at),
        finished=today.filter(state=TicketState.FINISHED).count(),
        newcomer_min=newcomers_wait(hall.pk, at=at),
    )


def halls_beside(hall: Hall) -> tuple[tuple[str, str], ...]:
    """Return code and name of the county's other halls that take tickets: all know of them."""
    county = "/".join(hall.area_path.split("/")[:3]) + "/"
    with area_scope(EVERYWHERE):
        rows = Hall.objects.filter(area_path__startswith=county, takes_tickets=True)
        beside = rows.filter(site__status=SiteStatus.OPEN).exclude(id=hall.id)
        return tuple(
            beside.order_by("site__sort_key", "id").values_list("site__code", "site__name")
        )


def emergencies(site_id: int, *, at: datetime) -> tuple[tuple[int, datetime], ...]:
    """Return the windows that called for help lately and were not taken off since."""
    calls = Announcement.objects.filter(
        hall__site_id=site_id,
        kind__in=(AnnouncementKind.EMERGENCY, AnnouncementKind.CLEAR),
        label="",
        at__gte=at - EMERGENCY_SHOWN,
    )
    last = {call.window_number: call for call in calls.order_by("seq")}
    standing = (call for call in last.values() if call.kind == AnnouncementKind.EMERGENCY)
    return tuple((call.window_number, call.at) for call in standing)


def _lanes(hall: Hall) -> Iterator[LaneLine]:
    rows = Ticket.objects.filter(hall=hall, state=TicketState.WAITING).order_by()
    counted = rows.values_list("lane_id").annotate(Count("id"), Min("queued_at"))
    waiting = {lane_id: (count, oldest) for lane_id, count, oldest in counted}
    for lane in Lane.objects.filter(hall=hall).order_by("position", "code", "id"):
        yield LaneLine(lane.code, lane.name, lane.kind, *waiting.get(lane.id, (0, None)))


def _covers(hall: Hall) -> Iterator[CoverLine]:
    rows = Cover.objects.filter(hall=hall, ended_at__isnull=True)
    for row in rows.select_related("window", "by_window").order_by("window__number", "id"):
        yield CoverLine(row.window_id, row.window.number, row.by_window.number, row.begun_at)


def hall_lines(halls: list[Hall]) -> list[HallLine]:
    """Return halls with their counts, in the same order (3 queries)."""
    sites = [hall.site_id for hall in halls]
    windows = dict(
        Window.objects.filter(site_id__in=sites)
        .order_by()
        .values_list("site_id")
        .annotate(Count("id"))
    )
    sessions = WindowSession.objects.filter(hall__in=halls, ended_at__isnull=True).order_by()
    seated = dict(sessions.values_list("hall_id").annotate(Count("id")))
    rows = Ticket.objects.filter(hall__in=halls, state=TicketState.WAITING).order_by()
    counted = rows.values_list("hall_id").annotate(Count("id"), Min("queued_at"))
    waiting = {hall_id: (count, oldest) for hall_id, count, oldest in counted}
    return [
        HallLine(
            hall.site.code,
            hall.site.name,
            hall.takes_tickets,
            windows.get(hall.site_id, 0),
            seated.get(hall.id, 0),
            *waiting.get(hall.id, (0, None)),
        )
        for hall in halls
    ]


def sites_without(actor: Actor) -> "list[Site]":
    """Return the running sites with windows of the actor's area that have no hall yet."""
    sites = within(Site.objects.filter(hall__isnull=True, windows__isnull=False), actor.area_path)
    return list(sites.distinct().order_by("sort_key", "id"))


def peaks_of(hall: Hall) -> list[ElderPeak]:
    """Return the hours of the old in a hall."""
    return list(ElderPeak.objects.filter(hall=hall).order_by("weekday", "opens", "id"))


def skills_of(hall: Hall) -> dict[int, tuple[set[str], set[str]]]:
    """Return lane codes and items of each window that does not take everything."""
    found: dict[int, tuple[set[str], set[str]]] = {}
    skills = WindowSkill.objects.filter(window__site_id=hall.site_id).order_by("id")
    for window_id, code, item in skills.values_list("window_id", "lane__code", "item"):
        lanes, items = found.setdefault(window_id, (set(), set()))
        lanes.update({code} - {None})
        items.update({item} - {""})
    return found


def slip_of(actor: Actor, uid: UUID) -> Slip:
    """Return what the paper of a ticket says. Raises NotAllowed, NotFound."""
    demand(actor, Permission.TAKE_TICKETS)
    rows = within(Ticket.objects.select_related("lane", "hall__site"), actor.area_path)
    row = rows.filter(Q(uid=uid)).first()
    if row is None:
        raise NotFound
    return Slip(
        uid=row.uid,
        label=row.label,
        lane_name=row.lane.name,
        green_class=row.green_class,
        taken_at=row.taken_at,
        site_code=row.hall.site.code,
        site_name=row.hall.site.name,
        is_synthetic=row.is_synthetic,
    )


def _values(statement: str, *values: datetime | date | int | None) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: tuple[Any, ...] = cursor.fetchone()
    return found
