"""A hall with 32 windows and its past, made by seeded SQL: the ground of the hall's benchmarks."""

from datetime import UTC, datetime

from django.db import connection

WINDOWS = 32
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SITE = "QD-0001"
DAY_VISITS = 1_000
SEED = 0.15

# Visits of the days before, all finished: every one has what the four steps leave behind.
TICKETS = """
INSERT INTO hall_ticket (uid, hall_id, area_path, day, lane_id, kind, number, label, place,
    green_class, green_reason, source, state, since, queued_at, taken_at, calls, window_id,
    clerk_id, outcome, is_synthetic)
SELECT gen_random_uuid(), h.id, h.area_path, v.day, l.id, l.kind, v.number,
    'A' || lpad(v.number::text, 4, '0'), v.n, '', '', 'kiosk', 'finished',
    v.taken_at + interval '20 minutes', v.taken_at, v.taken_at, 1, w.id, 1000 + w.number, '', true
FROM (
    SELECT n, ((n - 1) %% %(day)s + 1)::int AS number,
        date '2026-03-01' - ((n - 1) / %(day)s)::int AS day,
        timestamptz '2026-03-01 00:30+00' - make_interval(days => ((n - 1) / %(day)s)::int)
            + make_interval(secs => (n - 1) %% %(day)s * 30) AS taken_at
    FROM generate_series(1, %(count)s) n
) v, hall_hall h JOIN hall_lane l ON l.hall_id = h.id AND l.code = 'A', sites_window w
WHERE w.site_id = h.site_id AND w.number = v.n %% %(windows)s + 1
ORDER BY v.n
"""
SPANS = """
INSERT INTO hall_span (ticket_id, area_path, state, step, begun_at, ended_at, actor_id,
    actor_name, window_id, note)
SELECT t.id, t.area_path, s.state, s.step, t.taken_at + s.begins, t.taken_at + s.ends,
    t.clerk_id, 'clerk', t.window_id, ''
FROM hall_ticket t CROSS JOIN (VALUES
    ('waiting', 'take', interval '0', interval '10 minutes'),
    ('called', 'call', interval '10 minutes', interval '11 minutes'),
    ('serving', 'begin', interval '11 minutes', interval '20 minutes'),
    ('finished', 'finish', interval '20 minutes', interval '20 minutes')
) s (state, step, begins, ends)
ORDER BY t.id, s.begins
"""
ANNOUNCEMENTS = """
INSERT INTO hall_announcement (hall_id, area_path, seq, kind, label, window_number, at)
SELECT t.hall_id, t.area_path, row_number() OVER (ORDER BY t.id), 'call', t.label, w.number, t.since
FROM hall_ticket t JOIN sites_window w ON w.id = t.window_id
"""
EVENTS = """
INSERT INTO audit_event (at, actor_id, actor_name, actor_role, verb, target_kind, target_id,
    area_path, old, new, clause, request_id)
SELECT s.begun_at, s.actor_id, 'clerk', 'clerk', 'ticket.' || s.step, 'ticket', s.ticket_id::text,
    s.area_path, '{"state": "waiting"}', '{"state": "called", "label": "A0001", "seq": 1}', '', ''
FROM hall_span s ORDER BY s.id
"""


def furnish() -> list[int]:
    """Make the hall with its windows open; return the windows."""
    from tests import factories  # noqa: PLC0415 -- models need the set-up
    from tests.hall.conftest import person  # noqa: PLC0415 -- models need the set-up

    from circle15.accounts.states import Role  # noqa: PLC0415 -- models need the set-up
    from circle15.areas.scope import EVERYWHERE, area_scope  # noqa: PLC0415 -- as above
    from circle15.hall.actions.windows import open_window  # noqa: PLC0415 -- as above

    hall = factories.HallFactory()
    windows = [factories.WindowFactory(number=number).id for number in range(1, WINDOWS + 1)]
    with area_scope(EVERYWHERE):
        for number, window_id in enumerate(windows, 1):
            clerk = person(1000 + number, f"clerk{number}", Role.CLERK, hall.site)
            open_window(window_id=window_id, by=clerk, at=AT)
    return windows


def fill(count: int) -> None:
    """Write the past visits with spans, announcements and audit events."""
    values = {"count": count, "day": DAY_VISITS, "windows": WINDOWS}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('circle15.area', '/', false)")
        cursor.execute("SELECT setseed(%s)", [SEED])
        for statement in (TICKETS, SPANS, ANNOUNCEMENTS, EVENTS):
            cursor.execute(statement, values if statement is TICKETS else None)
        cursor.execute("UPDATE hall_hall SET last_event = %s", [count])
        cursor.execute("SELECT set_config('circle15.area', '', false)")
    settle()


def settle() -> None:
    """Leave the tables as a quiet night does."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("SELECT pg_stat_force_next_flush()")
