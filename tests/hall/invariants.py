"""What must hold in the database whatever was done to tickets, each as a count of violations."""

from django.db import connection

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.states import OPEN, TRANSITIONS

_LINES = ", ".join(
    f"('{old}', '{step}', '{new}')"
    for old, steps in TRANSITIONS.items()
    for step, new in steps.items()
)
_OPEN = ", ".join(f"'{state}'" for state in OPEN)

INVARIANTS = {
    "numbers have no gap and none is twice": """
        SELECT count(*) FROM (
            SELECT FROM hall_ticket t JOIN hall_counter c USING (hall_id, day, lane_id)
            GROUP BY c.id, c.last HAVING count(*) <> c.last
                OR count(DISTINCT number) <> c.last
                OR min(number) <> 1 OR max(number) <> c.last) x""",
    "every ticket has its counter": """
        SELECT count(*) FROM hall_ticket t WHERE NOT EXISTS (
            SELECT FROM hall_counter c
            WHERE (c.hall_id, c.day, c.lane_id) = (t.hall_id, t.day, t.lane_id))""",
    "no window has two tickets": """
        SELECT count(*) FROM (
            SELECT FROM hall_ticket WHERE state IN ('called', 'serving')
            GROUP BY window_id HAVING count(*) > 1 OR window_id IS NULL) x""",
    "a ticket at a window has a clerk there": """
        SELECT count(*) FROM hall_ticket t WHERE state IN ('called', 'serving') AND NOT EXISTS (
            SELECT FROM hall_windowsession s
            WHERE s.window_id = t.window_id AND s.ended_at IS NULL)""",
    "a ticket is in the state of its last span": """
        SELECT count(*) FROM hall_ticket t WHERE state IS DISTINCT FROM (
            SELECT s.state FROM hall_span s WHERE s.ticket_id = t.id ORDER BY id DESC LIMIT 1)""",
    "one span is open while the ticket is, none after": f"""
        SELECT count(*) FROM hall_ticket t WHERE (state IN ({_OPEN}))::int <> (
            SELECT count(*) FROM hall_span s WHERE s.ticket_id = t.id AND ended_at IS NULL)""",
    "spans follow each other by the table, without a hole": f"""
        SELECT count(*) FROM (
            SELECT state, step, begun_at, lag(state) OVER w AS old, lag(ended_at) OVER w AS ended
            FROM hall_span WINDOW w AS (PARTITION BY ticket_id ORDER BY id)) s
        WHERE old IS NOT NULL AND (
            begun_at < ended OR (old IN ({_OPEN}) AND begun_at <> ended)
            OR (step <> 'undo' AND (old, step, state) NOT IN (VALUES {_LINES})))""",
    "a place is taken once in a hall": """
        SELECT count(*) FROM (
            SELECT FROM hall_ticket GROUP BY hall_id, place HAVING count(*) > 1) x""",
    "announcements have no gap": """
        SELECT count(*) FROM hall_hall h WHERE last_event <> (
            SELECT count(*) FROM hall_announcement a WHERE a.hall_id = h.id)
        OR last_event <> (
            SELECT coalesce(max(seq), 0) FROM hall_announcement a WHERE a.hall_id = h.id)""",
    "every span was told to the trail": """
        SELECT abs((SELECT count(*) FROM hall_span
                    WHERE NOT (step = 'take' AND ticket_id IN (
                        SELECT id FROM hall_ticket WHERE came_from_id IS NOT NULL)))
                 - (SELECT count(*) FROM audit_event WHERE target_kind = 'ticket'
                    AND verb NOT IN ('ticket.recall', 'ticket.add_item', 'ticket.item_done')))""",
}


def broken() -> list[str]:
    """Return the invariants that do not hold."""
    whole = " UNION ALL ".join(f"SELECT '{name}', ({sql})" for name, sql in INVARIANTS.items())
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(whole)
        return [name for name, count in cursor.fetchall() if count]
