"""Measure the scoring of a night: 30,000 sites from the facts in the database to kept scores.

Run: make bench ARGS=nightly   (CIRCLE15_BENCH_SITES: how many; CIRCLE15_BENCH_GATE: a file to wait
for before measuring; writes docs/benchmarks/scoring-nightly.json)

A province made up by arithmetic, the same every time: counties, towns, a centre in each town and
village points, stations and pharmacies around it, with ledger, registers, staff and trainings; an
embedded PostgreSQL of its own that flushes to disk. Every score is stale, as after midnight. Timed
is what the sweep does: in one process, then in two, then as the timer does it, a slice a round
with every other sweep between; then the day scores, and the warnings of a part. Compared in the
same run, on the same facts: full sheets with their words, as pages show them.
"""
# ruff: noqa: PLC0415 -- models need the set-up; the SQL is put together from our own words

import json
import os
import platform
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.hall.cycles import CHECKOUT, cpu_of, own_database, postmaster
from bench.scoring import processors

RESULT = CHECKOUT / "docs" / "benchmarks" / "scoring-nightly.json"
VAR = CHECKOUT / "var" / f"bench-nightly-{os.getpid()}"
SITES = int(os.environ.get("CIRCLE15_BENCH_SITES", "30000"))
# A site in so many is a centre, the others are around it.
TOWN = 24
COUNTY = 20 * TOWN
PART = 3000
PROCESSES = 2
PROMISED_S = 60
_PATH = "circle15.assessments.actions"
ON = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
KINDS = ("village_point",) * 17 + ("pharmacy",) * 3 + ("hospital_station",) * 2 + ("bank_outlet",)

_PLACES = """
INSERT INTO areas_division (code, level, name, path, sort_key, is_placeholder,
  population_registered, population_resident, population_source, is_synthetic, created_at,
  parent_id)
VALUES ('320000000000', 'city', '合成省', '/320000000000/', 'a', false, null, null, '', true, now(),
  null);
INSERT INTO areas_division (code, level, name, path, sort_key, is_placeholder,
  population_registered, population_resident, population_source, is_synthetic, created_at,
  parent_id)
SELECT '32' || lpad(n::text, 4, '0') || '000000', 'county', '县' || n,
  '/320000000000/32' || lpad(n::text, 4, '0') || '000000/', 'a', false, null, null, '', true, now(),
  (SELECT id FROM areas_division WHERE level = 'city')
FROM generate_series(1, {counties}) n;
INSERT INTO areas_division (code, level, name, path, sort_key, is_placeholder,
  population_registered, population_resident, population_source, is_synthetic, created_at,
  parent_id)
SELECT '9' || lpad(n::text, 11, '0'), 'town', '镇' || n,
  county.path || '9' || lpad(n::text, 11, '0') || '/', 'a', false, 30000 + n * 37 % 50000,
  28000 + n * 41 % 50000, '', true, now(), county.id
FROM generate_series(0, {towns} - 1) n
JOIN areas_division county ON county.level = 'county' AND
  county.code = '32' || lpad((n / 20 + 1)::text, 4, '0') || '000000';
INSERT INTO sites_site (code, name, kind, status, division_id, area_path, sort_key, address, phone,
  lon, lat, opened_on, is_synthetic, facts_version, created_at)
SELECT 'N-' || n, '网点' || n, CASE WHEN n % {town} = 0 THEN 'town_centre'
    ELSE (%(kinds)s::text[])[n % {town}] END, 'open', town.id, town.path || 'N-' || n || '/', 'a',
  '', '', 120, 32, '2024-01-01', true, 1, now()
FROM generate_series(0, {sites} - 1) n
JOIN areas_division town ON town.level = 'town'
  AND town.code = '9' || lpad((n / {town})::text, 11, '0');
"""
# What is recorded of whom: 92 of 100 facts, a third of them twice; 85 of 100 are good.
_FACTS = """
INSERT INTO ledger_fact (site_id, name, value, unit, source, observed_on, recorded_at, recorded_by,
  note)
SELECT site.id, asked.name,
  CASE asked.kind WHEN 'flag' THEN to_jsonb(h % 100 < 85)
    WHEN 'count' THEN to_jsonb(greatest(0, h % 7 - 4)) ELSE to_jsonb((50 + h % 150)::text) END,
  '', (ARRAY['operation', 'document', 'on_site'])[1 + h % 3], date '2026-01-05' + round * 100,
  '2026-01-05', 'bench', ''
FROM sites_site site
JOIN asked ON asked.site_kind = site.kind
CROSS JOIN generate_series(1, 2) round
CROSS JOIN LATERAL
  (SELECT abs(hashtext(site.code || asked.name || round)) AS h) chance
WHERE asked.register = '' AND CASE round WHEN 1 THEN h % 25 > 1 ELSE h % 3 = 0 END
"""
_REGISTERS = """
INSERT INTO sites_equipment (site_id, key, label, asset_no, quantity, state, changed_at)
SELECT site.id, asked.name, '', asked.name, 1,
  CASE WHEN h % 20 = 0 THEN 'faulty' ELSE 'working' END,
  CASE WHEN h % 4 = 0 THEN timestamptz '2026-05-01' END
FROM sites_site site JOIN asked ON asked.site_kind = site.kind AND register = 'eq'
CROSS JOIN LATERAL (SELECT abs(hashtext(site.code || asked.name)) AS h) chance WHERE h % 8 > 0;
INSERT INTO sites_zone (site_id, key, state, note)
SELECT site.id, asked.name, CASE WHEN h % 9 = 0 THEN 'missing' ELSE 'present' END, ''
FROM sites_site site JOIN asked ON asked.site_kind = site.kind AND register = 'zone'
CROSS JOIN LATERAL (SELECT abs(hashtext(site.code || asked.name)) AS h) chance;
INSERT INTO sites_sign (site_id, kind, place, problem)
SELECT site.id, k.sort, '门口', '' FROM sites_site site
CROSS JOIN (VALUES ('brand'), ('wayfinding')) k (sort);
INSERT INTO accounts_organisation (name, kind, credit_code, division_id, area_path, sort_key,
  created_at)
SELECT '合成单位', 'bureau', '', id, path, 'a', now() FROM areas_division WHERE level = 'city';
INSERT INTO accounts_person (uid, name_sealed, phone_sealed, id_number_sealed, id_number_index,
  organisation_id, area_path, is_synthetic, created_at)
SELECT gen_random_uuid(), 'x', '', '', '', id, '/320000000000/', true, now()
FROM accounts_organisation CROSS JOIN generate_series(1, 100);
INSERT INTO sites_staffmember (site_id, person_id, duty, is_full_time, since, source)
SELECT site.id, person.id, '综合柜员', true, '2025-01-01', 'recruited' FROM sites_site site
CROSS JOIN generate_series(1, 3) n
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM accounts_person) person
  ON person.place = 1 + (site.id * 3 + n) % 100
WHERE site.kind = 'town_centre' OR n = 1;
INSERT INTO ledger_training (division_id, held_on, kind, topic, attendees, recorded_at, recorded_by)
SELECT id, date '2026-03-01' + n * 90, 'central', '业务培训' || n, 40, '2026-10-01', 'bench'
FROM areas_division CROSS JOIN generate_series(0, 1) n WHERE level = 'county';
"""
_TABLES = ("areas_division", "sites_site", "ledger_fact", "sites_equipment", "sites_staffmember")


def fill() -> dict[str, int]:
    """Write the province; return how many rows of each sort it has."""
    from django.db import connection

    towns = -(-SITES // TOWN)
    numbers = {"sites": SITES, "town": TOWN, "towns": towns, "counties": -(-towns // 20)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('circle15.area', '/', false)")
        for statement in _PLACES.format(**numbers).split(";\n"):
            if "%(kinds)s" in statement:
                cursor.execute(statement.replace("n % ", "n %% "), {"kinds": list(KINDS)})
            elif statement.strip():
                cursor.execute(statement)
        cursor.execute(
            "CREATE TEMPORARY TABLE asked (site_kind text, name text, kind text, register text)"
        )
        cursor.executemany("INSERT INTO asked VALUES (%s, %s, %s, %s)", asked())
        cursor.execute(_FACTS)
        cursor.execute(_REGISTERS)
        cursor.execute("VACUUM ANALYZE")
        return {table: _count(cursor, table) for table in _TABLES}


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {table}")
    found: int = cursor.fetchone()[0]
    return found


def asked() -> list[tuple[str, str, str, str]]:
    """Return what the books ask of each kind of site: its facts, and what registers say."""
    from circle15.standards import editions
    from circle15.standards.facts import facts

    rows = {
        (kind, name)
        for book in editions()
        for profile in book.profiles
        for clause in book.clauses_for(profile.id)
        for rule in clause.rules
        for name in rule.facts
        for kind in profile.site_kinds
        if not name.startswith(("town.", "sign."))
    }
    shapes = {"bool": "flag", "element": "flag", "count": "count"}
    return [
        (kind, name, shapes.get(facts()[name].kind, "number"), _register(name))
        for kind, name in sorted(rows)
    ]


def _register(name: str) -> str:
    prefix = name.partition(".")[0]
    return prefix if prefix in {"eq", "zone"} else ""


def measured() -> dict[str, object]:
    """Fill, score in one process and in two, keep the day, and compare with full sheets."""
    from circle15.accounts.actors import system_actor
    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.assessments.publishing import install_built_in

    with area_scope(EVERYWHERE):
        install_built_in(by=system_actor("bench"), at=AT)
    return {"rows": fill(), **scored()}


def scored() -> dict[str, object]:
    """Score what is filled in, in one process and in two; keep the day; compare."""
    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.assessments.actions import refresh_stale
    from circle15.assessments.models import LiveScore
    from circle15.assessments.monitoring.days import keep_day

    wait()
    load_before = os.getloadavg()[0]
    before = time.process_time(), cpu_of(postmaster())
    alone = timed(lambda: refresh_stale(at=AT))
    python_s, postgres_s = time.process_time() - before[0], cpu_of(postmaster()) - before[1]
    with area_scope(EVERYWHERE):
        scores = LiveScore.objects.count()
        LiveScore.objects.update(scored_on=ON - timedelta(days=1))
    together = timed(lambda: in_two(AT))
    with area_scope(EVERYWHERE):
        assert LiveScore.objects.filter(scored_on=ON).count() == scores
    rounds = in_rounds(scores)
    kept = timed(lambda: keep_day(day=ON, at=AT))
    again = timed(lambda: keep_day(day=ON, at=AT))
    return {
        "load_before": load_before,
        "scores": scores,
        "one_process_s": round(alone, 1),
        "one_process_python_cpu_s": round(python_s, 1),
        "one_process_postgres_cpu_s": round(postgres_s, 1),
        "two_processes_s": round(together, 1),
        "promised_s": PROMISED_S,
        **rounds,
        "kept": max(alone, rounds["timer_scores_s"]) <= PROMISED_S,
        "day_scores_kept_s": round(kept, 2),
        "day_scores_kept_again_s": round(again, 2),
        **compared(),
    }


def wait() -> None:
    """Begin when a file is there, if one is named: somebody else may be measuring."""
    print("filled", flush=True)
    gate = os.environ.get("CIRCLE15_BENCH_GATE", "")
    while gate and not Path(gate).exists():
        time.sleep(0.5)


def in_two(at: datetime) -> int:
    """Score all sites in chunks by two processes."""
    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.assessments.actions import CHUNK
    from circle15.sites.models import Site

    with area_scope(EVERYWHERE):
        ids = list(Site.objects.order_by("id").values_list("id", flat=True))
    chunks = [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), initializer=_ready) as pool:
        return sum(pool.map(_refresh, chunks, [at] * len(chunks)))


def in_rounds(scores: int) -> dict[str, Any]:
    """Score all sites as the timer does: a slice a round, no pause, all other sweeps between."""
    from django.utils.module_loading import import_string

    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.assessments.actions import refresh_some
    from circle15.assessments.models import LiveScore
    from circle15.ops.management.commands.sweep import SWEEPS

    with area_scope(EVERYWHERE):
        LiveScore.objects.update(scored_on=ON - timedelta(days=1))
    spent: dict[str, float] = defaultdict(float)
    rounds, done = 0, 1
    begun = time.perf_counter()
    while done:
        rounds += 1
        for path in SWEEPS:
            since = time.perf_counter()
            count = import_string(path)(at=AT)
            spent[path] += time.perf_counter() - since
            if import_string(path) is refresh_some:
                done = count
    whole, own = time.perf_counter() - begun, spent.pop(f"{_PATH}.refresh_some")
    with area_scope(EVERYWHERE):
        assert LiveScore.objects.filter(scored_on=ON).count() == scores
    slowest = sorted(spent, key=lambda path: spent[path], reverse=True)[:3]
    return {
        "timer_rounds": rounds,
        "timer_scores_s": round(own, 1),
        "timer_with_all_other_sweeps_s": round(whole, 1),
        "timer_slowest_others_s": {path: round(spent[path], 1) for path in slowest},
    }


def _ready() -> None:
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = os.environ["CIRCLE15_BENCH_NAME"]


def _refresh(ids: list[int], at: datetime) -> int:
    from circle15.assessments.actions import refresh

    return refresh(ids, on=ON, at=at)


def compared() -> dict[str, object]:
    """Score a part with full sheets and without words on the same facts, and look for warnings."""
    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.assessments.actions import live_sheet, values
    from circle15.assessments.collect import collect_many
    from circle15.assessments.editions import applicable, in_force
    from circle15.assessments.monitoring.watching import watch
    from circle15.scoring.tally import tally
    from circle15.sites.models import Site

    with area_scope(EVERYWHERE):
        sites = {site.id: site for site in Site.objects.order_by("id")[:PART]}
        editions = in_force(ON)
        begun = time.process_time()
        collected = collect_many(sites, on=ON)
        collecting = time.process_time() - begun
        pairs = [
            (values(facts), judged)
            for pk, facts in collected.items()
            for judged in applicable(sites[pk].kind, editions)
        ]
    begun = time.process_time()
    sheets = [live_sheet(facts, judged) for facts, judged in pairs]
    wordy = time.process_time() - begun
    begun = time.process_time()
    bare = [tally(each.edition, facts, profile=each.profile.id) for facts, each in pairs]
    quick = time.process_time() - begun
    assert [each.total for each in sheets] == [each.total for each in bare]
    ids = list(sites)
    looked = timed(lambda: [watch(ids[at : at + 500], on=ON, at=AT) for at in range(0, PART, 500)])
    return {
        "part": {
            "sites": len(sites),
            "scores": len(pairs),
            "facts_collected_cpu_s": round(collecting, 2),
            "full_sheets_cpu_s": round(wordy, 2),
            "points_only_cpu_s": round(quick, 2),
            "points_only_times_faster": round(wordy / quick, 1),
            "all_totals_equal": True,
            "warnings_looked_for_s": round(looked, 1),
        }
    }


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
        "CIRCLE15_DEMO": "0",
        "CIRCLE15_TEST_DATABASE": "bench_nightly",
    }
    with own_database(VAR):
        import django
        from django.db import connection

        django.setup()
        old = connection.settings_dict["NAME"]
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
        os.environ["CIRCLE15_BENCH_NAME"] = name
        try:
            figures = measured()
        finally:
            connection.creation.destroy_test_db(old, verbosity=0)
    result = {
        "what": f"{SITES} sites scored under every book in force, facts from the database",
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "processor": next(processors(), platform.machine()),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **figures,
    }
    text = json.dumps(result, ensure_ascii=False, indent=2)
    print(text)
    if SITES >= 30_000:
        RESULT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
