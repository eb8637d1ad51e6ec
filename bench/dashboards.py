"""First view of a dashboard over 5,000,000 ratings and 1,000,000 cases: the 95th percentile.

Run: make bench ARGS=dashboards
     (a database of its own, 4 GB; writes docs/benchmarks/dashboards.json)

The pages are asked for in this process through the whole of Django (middleware, session, row-level
security, template), each time over another period; nothing is kept between them. The socket and
granian are left out. Beside them: the same sums counted from the rows, without what is kept.
"""
# ruff: noqa: PLC0415 -- models need the set-up

import json
import os
import platform
import statistics
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django

RATINGS, CASES, DAYS = 5_000_000, 1_000_000, 365
COUNTIES, TOWNS, VILLAGES = 7, 15, 17
ROUNDS, COUNTED_ROUNDS, LIMIT_MS = 40, 5, 1000
FEW = 20
# Until what was written is on the disk.
SETTLES_S = 20
AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
CITY = "/320600000000/"
COUNTY = f"{CITY}320681000000/"
SITE = f"{COUNTY}320681100000/B810000/"
RESULT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "dashboards.json"

# Halls see sixty times as many people as a village's point, centres of towns ten times.
_PICK = """
CREATE TABLE bench_pick AS
SELECT row_number() OVER (ORDER BY md5(code || weight)) - 1 AS slot, id AS site_id, area_path
FROM sites_site, generate_series(1, CASE kind WHEN 'county_hall' THEN 60
                                    WHEN 'town_centre' THEN 10 ELSE 1 END) weight;
CREATE UNIQUE INDEX ON bench_pick (slot);
"""
_CASES = """
INSERT INTO cases_case (
    uid, number, item_key, item_version_id, person_uid, person_name, person_path, organisation_name,
    agent_name, channel, mode, site_id, site_name, authority, area_path, handler_path, state, since,
    first_owner_name, owner_name, covered_name, answers, form_sealed, opened_at, submitted_at,
    accepted_at, due_on, is_forecast, urgent_on, outcome, basis, decision_note, decided_at,
    decided_by_name, result_number, appeals, closed_at, overdue_at, once_holder, once_key,
    is_synthetic)
SELECT gen_random_uuid(), 'P' || lpad(n::text, 18, '0'),
    (ARRAY['own-record','certificate','hospital-costs','resident-change'])[1 + n %% 4], %(version)s,
    gen_random_uuid(), '合**', '', '', '', (ARRAY['window','window','web'])[1 + n %% 3], 'ordinary',
    p.site_id, '合成网点', 'handle', p.area_path, p.area_path,
    CASE WHEN n %% 16 = 0 THEN 'handling' ELSE 'closed' END, at, '', '', '', '{}', '', at, at, at,
    (at + interval '20 days')::date, false, at::date,
    CASE WHEN n %% 16 = 0 THEN '' ELSE 'approved' END, '', '',
    CASE WHEN n %% 16 <> 0 THEN at + (n %% 200) * interval '1 hour' END, '', '', 0,
    CASE WHEN n %% 16 <> 0 THEN at + interval '10 days' END,
    CASE WHEN n %% 23 = 0 THEN at + interval '20 days' END, '', '', true
FROM (SELECT n, timestamptz %(last)s - (n * 7919::bigint %% %(minutes)s) * interval '1 minute' AS at
      FROM generate_series(1, %(count)s) n) each
JOIN bench_pick p ON p.slot = (each.n * 104729::bigint) %% (SELECT count(*) FROM bench_pick)
"""
_RATINGS = """
INSERT INTO ratings_rating (
    uid, handling, site_id, area_path, served_on, item_key, channel, labels_version, item_grade,
    person_grade, labels, topics, text, is_default, is_real_name, is_excluded, is_summed,
    entered_by, recorded_at, is_synthetic)
SELECT gen_random_uuid(), 'b' || n, p.site_id, p.area_path, day, '',
    (ARRAY['pad','pad','pad','phone','kiosk','web'])[1 + n %% 6], '1',
    CASE WHEN n %% 61 = 0 THEN 1 WHEN n %% 17 = 0 THEN 3 ELSE 4 + n %% 2 END, NULL, '[]', '[]', '',
    n %% 9 = 0, false, false, true, '', day + interval '12 hours', true
FROM (SELECT n, %(last)s::date - 1 - (n * 7919::bigint %% %(days)s)::int AS day
      FROM generate_series(1, %(count)s) n) each
JOIN bench_pick p ON p.slot = (each.n * 104729::bigint) %% (SELECT count(*) FROM bench_pick)
"""
_TALLY = """
INSERT INTO ratings_tally (site_id, area_path, day, channel, is_default, item_1, item_2, item_3,
    item_4, item_5, person_1, person_2, person_3, person_4, person_5, bad)
SELECT site_id, area_path, served_on, channel, is_default,
    count(*) FILTER (WHERE item_grade = 1), count(*) FILTER (WHERE item_grade = 2),
    count(*) FILTER (WHERE item_grade = 3), count(*) FILTER (WHERE item_grade = 4),
    count(*) FILTER (WHERE item_grade = 5), 0, 0, 0, 0, 0, count(*) FILTER (WHERE item_grade <= 2)
FROM ratings_rating GROUP BY 1, 2, 3, 4, 5
"""
_DUE = """
INSERT INTO ratings_dueday (site_id, area_path, day, visits, cases, recorded_at)
SELECT site_id, area_path, day, 2 * sum(item_1 + item_2 + item_3 + item_4 + item_5), 1, now()
FROM ratings_tally GROUP BY 1, 2, 3
"""
_HALL_DAYS = """
INSERT INTO hall_hallday (hall_id, area_path, day, came, served, unfinished, no_shows, waits,
    instant_items, instant_s, recorded_at)
SELECT h.id, h.area_path, %(last)s::date - d, 100, 90, 0, 10,
    (SELECT jsonb_object_agg(m::text, 1 + (m * d) %% 7) FROM generate_series(0, 29) m), 0, 0, now()
FROM hall_hall h, generate_series(1, %(days)s) d
"""
# The sums of the page as one would count them without keeping any.
_COUNTED = {
    "cases": """
        SELECT left(area_path, 28), count(*) FILTER (WHERE submitted_at >= %(since)s),
               count(*) FILTER (WHERE decided_at >= %(since)s AND decided_at < %(end)s),
               count(*) FILTER (WHERE decided_at >= %(since)s AND decided_at < %(end)s
                                AND overdue_at IS NOT NULL)
        FROM cases_case
        WHERE area_path >= %(area)s AND area_path < %(to)s
          AND (submitted_at >= %(before)s AND submitted_at < %(end)s
               OR decided_at >= %(before)s AND decided_at < %(end)s)
        GROUP BY 1""",
    "ratings": """
        SELECT left(area_path, 28), count(*) FILTER (WHERE NOT is_default),
               count(*) FILTER (WHERE NOT is_default AND item_grade >= 3)
        FROM ratings_rating
        WHERE area_path >= %(area)s AND area_path < %(to)s
          AND served_on >= %(since)s AND served_on < %(end)s AND NOT is_excluded
        GROUP BY 1""",
}


def fill() -> None:
    """Write the city, then cases, ratings and days by SQL, then what is kept of them."""
    from django.db import connection
    from django.utils import timezone
    from tests.factories import catalogue

    from circle15.cases.tallies.keeping import recount
    from circle15.items.queries import version_on

    catalogue()
    _city()
    last = timezone.localdate()
    days: dict[str, Any] = {"last": f"{last} 00:00+08", "days": DAYS, "minutes": DAYS * 1440}
    more = {"version": version_on("own-record", last)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('circle15.area', '/', false)")
        cursor.execute(_PICK)
        cursor.execute(_CASES, days | more | {"count": CASES})
        cursor.execute(_RATINGS, days | {"count": RATINGS, "last": f"{last}"})
        cursor.execute(_TALLY)
        cursor.execute(_DUE)
        cursor.execute(_HALL_DAYS, days | {"last": f"{last}"})
        recount()
        tables = "cases_case, cases_casetally, ratings_rating, ratings_tally, ratings_dueday"
        cursor.execute(f"VACUUM ANALYZE {tables}, hall_hallday, sites_site")


def _city() -> None:
    """Write seven counties with their halls, towns and villages' points, all with a score."""
    from circle15.accounts.actors import system_actor
    from circle15.areas.bulk import DivisionRow, upsert_divisions
    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.assessments.models import LiveScore
    from circle15.assessments.publishing import install_built_in
    from circle15.hall.models import Hall
    from circle15.sites.bulk import SiteRow, upsert_sites
    from circle15.sites.models import Site

    by = system_actor("bench")
    counties = [f"3206{81 + n}" for n in range(COUNTIES)]
    towns = [(county, f"{county}{100 + n}000") for county in counties for n in range(TOWNS)]
    places = [(f"H{county}", f"{county}000000", "county_hall") for county in counties]
    for at, (county, town) in enumerate(towns):
        code = f"{county[-2:]}{at % TOWNS:02}"
        places.append((f"B{code}00", town, "town_centre"))
        places += [(f"V{code}{n:02}", town, "village_point") for n in range(VILLAGES)]
    with area_scope(EVERYWHERE):
        install_built_in(by=by, at=AT)
        divisions = [DivisionRow(code="320600000000", name="南通市", level="city")]
        divisions += [
            DivisionRow(code=f"{county}000000", name=f"第{county}县", level="county")
            for county in counties
        ]
        divisions += [DivisionRow(code=code, name=f"第{code}镇", level="town") for _, code in towns]
        upsert_divisions(divisions, by=by, at=AT)
        lon, lat = Decimal("121.5"), Decimal("31.8")
        rows = [
            SiteRow(
                code=code,
                name=f"网点{code}",
                kind=kind,
                division_code=division,
                lon=lon,
                lat=lat,
                is_synthetic=True,
            )
            for code, division, kind in places
        ]
        upsert_sites(rows, by=by, at=AT)
        sites = list(Site.objects.order_by("id"))
        Hall.objects.bulk_create(
            Hall(site=site, area_path=site.area_path)
            for site in sites
            if site.kind != "village_point"
        )
        LiveScore.objects.bulk_create(
            LiveScore(
                site=site,
                book="jiangsu-acceptance",
                total=Decimal(700 + n % 300) / 10,
                max_total=100,
                unit="points",
                result="no_pass_mark",
                facts_version=0,
                edition_digest="bench",
                computed_at=AT,
                scored_on=AT.date(),
            )
            for n, site in enumerate(sites)
        )


def measure() -> dict[str, dict[str, float]]:
    """Ask for each page, each time over another thirty days."""
    from django.utils import timezone
    from tests.factories import city_officer, logged_in

    client = logged_in(city_officer())
    yesterday = timezone.localdate() - timedelta(days=1)
    found = {}
    for name, area in (("city", CITY), ("county", COUNTY), ("site", SITE)):
        times = []
        for back in range(ROUNDS + 1):
            until = yesterday - timedelta(days=back)
            asked = {"area": area, "until": f"{until}", "since": f"{until - timedelta(days=29)}"}
            start = time.perf_counter()
            reply = client.get("/dashboards/", asked)
            times.append((time.perf_counter() - start) * 1000)
            assert reply.status_code == 200, reply.status_code
        found[name] = _told(times[1:])
        print(name, found[name])
    return found


def counted() -> dict[str, dict[str, float]]:
    """Count the sums of the city's page from the rows, and check that they are the same."""
    from django.db import connection
    from django.utils import timezone

    from circle15.assessments.dashboards.sums import Span, sums_of

    until = timezone.localdate() - timedelta(days=1)
    span = Span(CITY, until - timedelta(days=29), until)
    asked: dict[str, str | date] = {
        "area": CITY,
        "to": f"{CITY[:-1]}0",
        "since": f"{span.since} 00:00+08",
        "end": f"{until + timedelta(days=1)} 00:00+08",
        "before": f"{span.before} 00:00+08",
    }
    days: dict[str, str | date] = {"since": span.since, "end": until + timedelta(days=1)}
    found, kept = {}, sums_of(span).total
    with connection.cursor() as cursor:
        for name, statement in _COUNTED.items():
            times, values = [], asked | (days if name == "ratings" else {})
            for _round in range(COUNTED_ROUNDS):
                start = time.perf_counter()
                cursor.execute(statement, values)
                rows = cursor.fetchall()
                times.append((time.perf_counter() - start) * 1000)
            sums = [sum(column) for column in list(zip(*rows, strict=True))[1:]]
            names = (
                ("received", "decided", "decided_late") if name == "cases" else ("given", "good")
            )
            assert sums == [kept[each] for each in names], (name, sums, kept)
            found[name] = _told(times)
            print("counted", name, found[name])
    return found


def _told(times: list[float]) -> dict[str, float]:
    # Of a few there is no 95th percentile to tell.
    p95 = {"p95_ms": round(statistics.quantiles(times, n=20)[-1], 1)} if len(times) > FEW else {}
    return {
        "median_ms": round(statistics.median(times), 1),
        **p95,
        "longest_ms": round(max(times), 1),
        "times": len(times),
    }


def _sizes() -> dict[str, int]:
    from django.db import connection

    names = ("cases_case", "cases_casetally", "ratings_rating", "ratings_tally", "ratings_dueday")
    found = {}
    with connection.cursor() as cursor:
        for name in (*names, "hall_hallday", "sites_site"):
            cursor.execute(f"SELECT count(*) FROM {name}")
            found[name] = cursor.fetchone()[0]
    return found


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circle15.config.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import (
        override_settings,
        setup_databases,
        setup_test_environment,
        teardown_databases,
    )

    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False)
    try:
        start = time.perf_counter()
        fill()
        filled_s = time.perf_counter() - start
        print(f"filled in {filled_s:.0f} s")
        time.sleep(SETTLES_S)
        load = os.getloadavg()[0]
        # Styles and scripts by their plain names, as in the tests: nothing has been collected.
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
            pages = measure()
        peer = counted()
        result = {
            "what": "GET /dashboards/ of the city, a county and a site over 30 days, the 30 before"
            " beside them; counted: the same sums from the rows",
            "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "django": version("django"),
            "postgresql": str(connection.pg_version),  # type: ignore[attr-defined]
            "load_before": round(load, 2),
            "rows": _sizes(),
            "filled_s": round(filled_s),
            "goal_p95_ms": LIMIT_MS,
            "pages": pages,
            "counted_without_sums": peer,
        }
    finally:
        teardown_databases(old, verbosity=0)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if max(each["p95_ms"] for each in pages.values()) > LIMIT_MS:
        raise SystemExit(f"slower than {LIMIT_MS} ms")


if __name__ == "__main__":
    main()
