"""What must hold in the database whatever was done to cases, each as a count of violations."""

from django.db import connection

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.states import ENDED, TRANSITIONS, UNDER_WAY
from circle15.cases.tallies.keeping import differences

_LINES = ", ".join(
    f"('{old}', '{step}', '{move.to}')"
    for old, steps in TRANSITIONS.items()
    for step, move in steps.items()
)
_ENDED = ", ".join(f"'{state}'" for state in ENDED)
_UNDER_WAY = ", ".join(f"'{state}'" for state in UNDER_WAY)

INVARIANTS = {
    "numbers have no gap and none is twice": """
        SELECT count(*) FROM cases_casecounter n WHERE n.last <> (
            SELECT count(DISTINCT c.number) FROM cases_case c
            WHERE c.number LIKE
                left(reverse(split_part(reverse(trim(n.area_path, '/')), '/', 1)), 6)
                || to_char(n.day, 'YYYYMMDD') || '%'
              AND right(c.number, 5)::int BETWEEN 1 AND n.last)""",
    "a case is in the state of its last span": """
        SELECT count(*) FROM cases_case c WHERE state IS DISTINCT FROM (
            SELECT s.state FROM cases_casespan s WHERE s.case_id = c.id
            ORDER BY id DESC LIMIT 1)""",
    "one span is open while the case is, none after": f"""
        SELECT count(*) FROM cases_case c WHERE (state NOT IN ({_ENDED}))::int <> (
            SELECT count(*) FROM cases_casespan s WHERE s.case_id = c.id AND ended_at IS NULL)""",
    "spans follow each other by the table, without a hole": f"""
        SELECT count(*) FROM (
            SELECT state, begun_at, step,
                lag(state) OVER w AS former, lag(ended_at) OVER w AS former_end
            FROM cases_casespan WINDOW w AS (PARTITION BY case_id ORDER BY id)) s
        WHERE CASE WHEN former IS NULL THEN (step, state) <> ('open', 'draft')
            ELSE begun_at < former_end
                OR (former, step, state) NOT IN (VALUES {_LINES}) END""",
    "a clock runs only while its case does": f"""
        SELECT count(*) FROM cases_clock k JOIN cases_case c ON c.id = k.case_id
        WHERE k.stopped_on IS NULL AND k.kind <> 'proxy' AND c.state NOT IN ({_UNDER_WAY})""",
    "a clock stands still exactly while somebody else has the turn": """
        SELECT count(*) FROM cases_clock k JOIN cases_case c ON c.id = k.case_id
        WHERE k.stopped_on IS NULL AND k.kind <> 'proxy'
          AND k.is_paused <> (c.state IN ('asked', 'suspended'))""",
    "the list says what the clock says": """
        SELECT count(*) FROM cases_case c JOIN cases_clock k ON k.case_id = c.id
        WHERE k.kind = 'promised' AND k.round = c.appeals + 1
          AND c.due_on IS DISTINCT FROM k.due_on""",
    "what is overdue in a clock is overdue for ever": """
        SELECT count(*) FROM cases_clock k JOIN cases_case c ON c.id = k.case_id
        WHERE k.overdue_at IS NOT NULL AND c.overdue_at IS NULL""",
    "a decision past its day is late": """
        SELECT count(*) FROM cases_clock WHERE stopped_on > due_on AND overdue_at IS NULL""",
    "a promise is open as long as the case says so": """
        SELECT count(*) FROM cases_case c WHERE (c.promise_due_on IS NOT NULL)::int <> (
            SELECT count(*) FROM cases_promise p WHERE p.case_id = c.id AND p.state = 'open')""",
    "nothing was approved on a promise not kept": """
        SELECT count(*) FROM cases_case c JOIN cases_promise p ON p.case_id = c.id
        WHERE c.decided_at IS NOT NULL AND c.outcome = 'approved' AND p.state <> 'kept'""",
    "one notice a case, and a finding for each more": """
        SELECT count(*) FROM cases_notice WHERE (seq = 1) = is_finding""",
    "four eyes were two people": """
        SELECT count(*) FROM cases_casespan s JOIN cases_case c ON c.id = s.case_id
        WHERE s.step = 'second' AND s.actor_id = (
            SELECT p.actor_id FROM cases_casespan p
            WHERE p.case_id = s.case_id AND p.step = 'propose' AND p.id < s.id
            ORDER BY p.id DESC LIMIT 1)""",
    "whoever decided does not decide the appeal": """
        SELECT count(*) FROM cases_case c WHERE c.appeals > 0 AND EXISTS (
            SELECT FROM cases_casespan a
            JOIN cases_casespan b ON b.case_id = a.case_id AND b.actor_id = a.actor_id
            JOIN cases_casespan x ON x.case_id = a.case_id AND x.step = 'appeal'
            WHERE a.case_id = c.id AND a.step IN ('decide', 'propose') AND a.id < x.id
              AND b.step = 'claim' AND b.id > x.id)""",
    "the first contact stays": """
        SELECT count(*) FROM (
            SELECT case_id, min(id) AS first FROM cases_casespan WHERE owner_id IS NOT NULL
            GROUP BY case_id) f JOIN cases_case c ON c.id = f.case_id
        WHERE c.first_owner_id IS NULL""",
    "every step has its event, in the same breath": """
        SELECT count(*) FROM cases_casespan s JOIN cases_case c ON c.id = s.case_id
        WHERE NOT EXISTS (
            SELECT FROM audit_event e WHERE e.target_kind = 'case' AND e.target_id = c.uid::text
              AND e.verb = 'case.' || s.step AND e.new ->> 'state' = s.state)""",
}


def broken() -> dict[str, int]:
    """Return the invariants that do not hold, with how often."""
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        found = {}
        for name, statement in INVARIANTS.items():
            cursor.execute(statement)
            if count := cursor.fetchone()[0]:
                found[name] = count
        if others := differences():
            found["sums equal a recount"] = len(others)
        return found
