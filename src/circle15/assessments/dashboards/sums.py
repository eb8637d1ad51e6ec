"""Adds up the kept sums of an area: by the parts of it, by day, and of the period before.

Only sums that are kept with every change (or with every finished day) are read, never the rows
they count: `cases.tallies`, `ratings.tallies`, `ratings.DueDay`, `hall.HallDay`.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection

_CODE = 12  # digits of a division


@dataclass(frozen=True, slots=True)
class Span:
    """Which area, over which days (both included), which kind of sites ("" for all)."""

    area: str
    since: date
    until: date
    kind: str = ""
    # In towns the parts are the sites, whatever village they stand in.
    by_site: bool = False

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def before(self) -> date:
        """Return the first day of the period of the same length before this one."""
        return self.since - timedelta(days=self.days)


@dataclass(slots=True)
class Sums:
    """What can be added up; waits by whole minutes."""

    of: Counter[str] = field(default_factory=Counter)
    waits: Counter[int] = field(default_factory=Counter)

    def __getitem__(self, name: str) -> int:
        return self.of[name]


@dataclass(slots=True)
class AreaSums:
    """An area over a period: all of it, its parts, its days, and the period before."""

    total: Sums = field(default_factory=Sums)
    parts: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    days: dict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    former: Sums = field(default_factory=Sums)


_GIVEN = "CASE WHEN is_default THEN 0 ELSE {} END"
_ITEM = "item_1 + item_2 + item_3 + item_4 + item_5"
# Table: {sum: what of a row adds to it}.
SOURCES: Mapping[str, Mapping[str, str]] = {
    "cases_casetally": {
        "received": "received",
        "decided": "decided",
        "decided_late": "decided_late",
        "handled_s": "handled_s",
    },
    "ratings_tally": {
        "given": _GIVEN.format(_ITEM),
        "good": _GIVEN.format("item_3 + item_4 + item_5"),
        "bad": _GIVEN.format("bad"),
        "assumed": f"CASE WHEN is_default THEN {_ITEM} ELSE 0 END",
    },
    "ratings_dueday": {"due": "visits + cases"},
    "hall_hallday": {"came": "came", "served": "served", "no_shows": "no_shows"},
}
# The path of the part of an area a row lies in: the next division below, else the site itself.
_PART = """
CASE WHEN substr(area_path, %(next)s, 1) = '/' THEN left(area_path, %(next)s) ELSE area_path END
"""
_WHERE = """
area_path >= %(area)s AND area_path < %(end)s {kind}
"""
_OF_KIND = "AND {site} IN (SELECT id FROM sites_site WHERE kind = %(kind)s)"
# Added up by the paths as they are first: naming the part of every row would cost most of the time.
_SUMMED = """
SELECT {part} AS part, day, is_now, {sums}
FROM (
    SELECT area_path, day, is_now, {sums_as}
    FROM (
        SELECT area_path, day, day >= %(since)s AS is_now, {columns}
        FROM {table}
        WHERE day >= %(before)s AND day <= %(until)s AND {where}
    ) each
    GROUP BY GROUPING SETS ((area_path, is_now), (day))
) summed
GROUP BY 1, 2, 3
"""
_STANDING = """
SELECT {part} AS part, sum(open), sum(open_late)
FROM (
    SELECT area_path, sum(open) AS open, sum(open_late) AS open_late
    FROM cases_casetally WHERE open <> 0 AND {where} GROUP BY area_path
) summed
GROUP BY 1
"""
_WAITS = """
SELECT part, is_now, minute::int, sum(n::int)
FROM (
    SELECT {part} AS part, day >= %(since)s AS is_now, waits
    FROM hall_hallday
    WHERE day >= %(before)s AND day <= %(until)s AND {where} OFFSET 0
) days, jsonb_each(waits) AS each (minute, n)
GROUP BY part, is_now, minute
"""
_TOTAL = """
SELECT {sums} FROM {table} WHERE day >= %(since)s AND day <= %(until)s AND {where}
"""
_ALL_WAITS = """
SELECT minute::int, sum(n::int) FROM hall_hallday, jsonb_each_text(waits) AS each (minute, n)
WHERE day >= %(since)s AND day <= %(until)s AND {where} GROUP BY 1
"""


def sums_of(span: Span) -> AreaSums:
    """Add up an area over a period, in the present scope: six statements whatever its size."""
    found = AreaSums()
    for table, columns in SOURCES.items():
        _add(found, span, table, columns)
    _add_standing(found, span)
    _add_waits(found, span)
    return found


def some_sums_of(span: Span, *tables: str) -> AreaSums:
    """Add up what some of the tables keep."""
    found = AreaSums()
    for table in tables:
        _add(found, span, table, SOURCES[table])
    return found


def totals_of(span: Span) -> Sums:
    """Add up a whole area over a period, without its parts, its days and what was before."""
    found = Sums()
    for table, columns in SOURCES.items():
        statement = _TOTAL.format(
            table=table,
            where=_where(span, table),
            sums=", ".join(f"sum({sql})" for sql in columns.values()),
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, _asked(span))
            row = cursor.fetchone()
        found.of.update({name: int(n or 0) for name, n in zip(columns, row, strict=True)})
    with connection.cursor() as cursor:
        cursor.execute(_ALL_WAITS.format(where=_where(span, "hall_hallday")), _asked(span))
        found.waits.update({minute: int(n) for minute, n in cursor.fetchall()})
    return found


def _asked(span: Span) -> dict[str, int | str | date]:
    return {
        "area": span.area,
        "end": f"{span.area[:-1]}0",  # "0" follows "/"
        "next": len(span.area) + _CODE + 1,
        "since": span.since,
        "until": span.until,
        "before": span.before,
        "kind": span.kind,
    }


def _part(span: Span) -> str:
    return "area_path" if span.by_site else _PART


def _where(span: Span, table: str) -> str:
    halls = "SELECT h.site_id FROM hall_hall h WHERE h.id = hall_id"
    site = f"({halls})" if table == "hall_hallday" else "site_id"
    return _WHERE.format(kind=_OF_KIND.format(site=site) if span.kind else "")


def _add(found: AreaSums, span: Span, table: str, columns: Mapping[str, str]) -> None:
    statement = _SUMMED.format(
        part=_part(span),
        table=table,
        where=_where(span, table),
        sums=", ".join(f"sum({name})" for name in columns),
        sums_as=", ".join(f"sum({name}) AS {name}" for name in columns),
        columns=", ".join(f"{sql} AS {name}" for name, sql in columns.items()),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, _asked(span))
        for part, day, is_now, *values in cursor.fetchall():
            sums = Counter({name: int(n) for name, n in zip(columns, values, strict=True) if n})
            if part is None:
                found.days[day].update(sums)
            elif is_now:
                found.parts[part].of.update(sums)
                found.total.of.update(sums)
            else:
                found.former.of.update(sums)


def _add_standing(found: AreaSums, span: Span) -> None:
    statement = _STANDING.format(part=_part(span), where=_where(span, "cases_casetally"))
    with connection.cursor() as cursor:
        cursor.execute(statement, _asked(span))
        for part, is_open, late in cursor.fetchall():
            sums = Counter({"open": int(is_open), "open_late": int(late)})
            found.parts[part].of.update(sums)
            found.total.of.update(sums)


def _add_waits(found: AreaSums, span: Span) -> None:
    with connection.cursor() as cursor:
        statement = _WAITS.format(part=_part(span), where=_where(span, "hall_hallday"))
        cursor.execute(statement, _asked(span))
        for part, is_now, minute, n in cursor.fetchall():
            if is_now:
                found.parts[part].waits[minute] += n
                found.total.waits[minute] += n
            else:
                found.former.waits[minute] += n
