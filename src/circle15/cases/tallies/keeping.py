"""Keeps the sums with each change of a case, and counts all of them anew to check."""

from collections import Counter, defaultdict
from datetime import date

from django.db import connection

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.models import Case
from circle15.cases.tallies.counted import SUMS, UNDECIDED, sums_of

Sums = Counter[tuple[date, str]]

_KEY = "site_id, area_path, day, item_key, channel"
_ADD = f"""
INSERT INTO cases_casetally AS t ({_KEY}, {", ".join(SUMS)})
VALUES (%s, %s, %s, %s, %s, {", ".join("%s" for _one in SUMS)})
ON CONFLICT (area_path, site_id, day, item_key, channel) DO UPDATE SET
{", ".join(f"{name} = t.{name} + excluded.{name}" for name in SUMS)}
"""  # noqa: S608 -- names of ours
_OPEN = ", ".join(f"'{state}'" for state in UNDECIDED)
# The same as `sums_of`, for all cases at once.
COUNT = f"""
SELECT {_KEY}, {", ".join(f"sum({name}) AS {name}" for name in SUMS)}
FROM (
    SELECT site_id, area_path, (submitted_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
           item_key, channel, 1 AS received, (state IN ({_OPEN}))::int AS open,
           (state IN ({_OPEN}) AND overdue_at IS NOT NULL)::int AS open_late,
           0 AS decided, 0 AS decided_late, 0::bigint AS handled_s
    FROM cases_case WHERE submitted_at IS NOT NULL
    UNION ALL
    SELECT site_id, area_path, (decided_at AT TIME ZONE 'Asia/Shanghai')::date,
           item_key, channel, 0, 0, 0, 1, (overdue_at IS NOT NULL)::int,
           coalesce(greatest(floor(extract(epoch FROM decided_at - accepted_at)), 0), 0)::bigint
    FROM cases_case WHERE decided_at IS NOT NULL
) each
GROUP BY {_KEY}
"""  # noqa: S608 -- names of ours
_NOT_ZERO = " OR ".join(f"{name} <> 0" for name in SUMS)
_DIFFERENCES = f"""
SELECT coalesce(t.area_path, c.area_path), coalesce(t.day, c.day), coalesce(t.item_key, c.item_key)
FROM (SELECT * FROM cases_casetally WHERE {_NOT_ZERO}) t
FULL JOIN ({COUNT}) c ON t.area_path = c.area_path AND t.site_id IS NOT DISTINCT FROM c.site_id
    AND t.day = c.day AND t.item_key = c.item_key AND t.channel = c.channel
WHERE ({", ".join(f"t.{name}" for name in SUMS)})
    IS DISTINCT FROM ({", ".join(f"c.{name}" for name in SUMS)})
ORDER BY 1, 2, 3
"""  # noqa: S608 -- names of ours


def standing(case: Case) -> Sums:
    """Return what a locked case is counted for as the database has it: ask before it is saved."""
    former = Case.objects.filter(pk=case.pk).only(
        "state", "submitted_at", "accepted_at", "decided_at", "overdue_at"
    )
    found = former.first()
    return sums_of(found) if found is not None else Counter()


def move(case: Case, former: Sums) -> None:
    """Count a case for what it is now instead of what it was, in the transaction of the change."""
    change = sums_of(case)
    change.subtract(former)
    by_day: dict[date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
    for (day, name), n in change.items():
        if n:
            by_day[day][name] = n
    if not by_day:
        return
    # Who decides it may see it without seeing where it was taken in.
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        # In one order, so that no two wait for each other.
        for day, sums in sorted(by_day.items()):
            key = (case.site_id, case.area_path, day, case.item_key, case.channel)
            cursor.execute(_ADD, (*key, *sums.values()))


def recount() -> int:
    """Write all sums anew from the cases, in the present scope; return how many rows there are."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_casetally")
        cursor.execute(f"INSERT INTO cases_casetally ({_KEY}, {', '.join(SUMS)}) {COUNT}")
        written: int = cursor.rowcount
    return written


def differences() -> list[str]:
    """Count every case there is, in the present scope; name each sum that is another."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES)
        return [f"{path} {day} {item}" for path, day, item in cursor.fetchall()]
