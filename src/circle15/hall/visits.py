"""Reads tickets with their spans as visits: the only place that turns events into durations."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import within
from circle15.hall.figures import Visit
from circle15.hall.models import Hall

# A ticket's spans are few and lie together; one pass adds them up by state.
_VISITS = """
SELECT t.day, t.label, t.kind, t.state,
       coalesce(s.was_cleared, false), coalesce(i.items, '{}'), w.number, t.clerk_id,
       extract(hour FROM t.taken_at AT TIME ZONE 'Asia/Shanghai')::int,
       extract(epoch FROM t.taken_at AT TIME ZONE 'Asia/Shanghai' - t.day),
       extract(epoch FROM s.called_at AT TIME ZONE 'Asia/Shanghai' - t.day),
       coalesce(s.wait_s, 0) + greatest(extract(epoch FROM s.first_at - t.queued_at), 0),
       coalesce(s.walk_s, 0), coalesce(s.service_s, 0), coalesce(s.held_s, 0)
FROM hall_ticket t
LEFT JOIN sites_window w ON w.id = t.window_id
LEFT JOIN LATERAL (
    SELECT min(begun_at) AS first_at,
           max(begun_at) FILTER (WHERE state = 'called') AS called_at,
           (array_agg(step ORDER BY id DESC))[1] = 'close' AS was_cleared,
           sum(extract(epoch FROM coalesce(ended_at, %(at)s) - begun_at))
               FILTER (WHERE state = 'waiting') AS wait_s,
           sum(extract(epoch FROM coalesce(ended_at, %(at)s) - begun_at))
               FILTER (WHERE state = 'called') AS walk_s,
           sum(extract(epoch FROM coalesce(ended_at, %(at)s) - begun_at))
               FILTER (WHERE state = 'serving') AS service_s,
           sum(extract(epoch FROM coalesce(ended_at, %(at)s) - begun_at))
               FILTER (WHERE state = 'held') AS held_s
    FROM hall_span WHERE ticket_id = t.id
) s ON true
LEFT JOIN LATERAL (
    SELECT array_agg(item ORDER BY position) FILTER (WHERE item <> '') AS items
    FROM hall_ticketitem WHERE ticket_id = t.id
) i ON true
WHERE t.hall_id = %(hall)s AND t.day BETWEEN %(since)s AND %(until)s
ORDER BY t.day, t.id
"""
_CLERKS = """
SELECT DISTINCT ON (user_id) user_id, clerk_name FROM hall_windowsession
WHERE hall_id = %s ORDER BY user_id, id DESC
"""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from one to another, both included."""

    since: date
    until: date


def hall_of(actor: Actor, site_code: str) -> Hall:
    """Return a hall of the actor's area. Raises NotAllowed, NotFound."""
    demand(actor, Permission.VIEW_HALL)
    halls = within(Hall.objects.select_related("site"), actor.area_path)
    hall = halls.filter(site__code=site_code).first()
    if hall is None:
        raise NotFound
    return hall


def visits_of(hall: Hall, period: Period, *, at: datetime) -> list[Visit]:
    """Return the visits of a hall in order of arrival; open spans count until `at`."""
    return list(_read(hall, period, at))


def _read(hall: Hall, period: Period, at: datetime) -> Iterator[Visit]:
    wanted: dict[str, int | date | datetime] = {
        "hall": hall.pk,
        "since": period.since,
        "until": period.until,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLERKS, [hall.pk])
        clerks = dict(cursor.fetchall())
        cursor.execute(_VISITS, wanted)
        for day, label, kind, state, cleared, items, window, clerk, hour, *seconds in cursor:
            came, called, *lengths = (None if value is None else float(value) for value in seconds)
            assert came is not None
            yield Visit(
                day=day,
                label=label,
                kind=kind,
                state=state,
                was_cleared=cleared,
                items=tuple(items),
                window=window,
                clerk=clerks.get(clerk, ""),
                hour=hour,
                came_s=came,
                called_s=called,
                wait_s=lengths[0] or 0.0,
                walk_s=lengths[1] or 0.0,
                service_s=lengths[2] or 0.0,
                held_s=lengths[3] or 0.0,
            )
