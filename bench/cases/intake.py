"""Take cases in through the HTTP API, to the receipt, by 16 at once: by one call, then by four.

One call is what a window does by one key; four are opened, paper given, submitted, accepted.

Run: make bench ARGS=cases.intake
(CIRCLE15_BENCH_SECONDS, CIRCLE15_BENCH_CASES: past cases; writes docs/benchmarks/cases-intake.json)

Everything as partners get it: an own embedded PostgreSQL that flushes to disk, granian with two
workers, every middleware, a token and an Idempotency-Key for each request, the audit trail, sealed
names, people looked up by the blind index of their number. The 16 clients are two processes on the
same cores; each is a clerk of a site of its own, eight sites to a county.
At the end the database is asked for numbers with gaps and for cases without exactly their steps.
"""
# ruff: noqa: PLC0415 -- models need the set-up

import json
import os
import platform
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context

from bench.hall.cycles import CHECKOUT, Line, await_port, cpu_of, own_database, postmaster, served

RESULT = CHECKOUT / "docs" / "benchmarks" / "cases-intake.json"
VAR = CHECKOUT / "var" / f"bench-cases-{os.getpid()}"
SECONDS = float(os.environ.get("CIRCLE15_BENCH_SECONDS", "20"))
CASES = int(os.environ.get("CIRCLE15_BENCH_CASES", "0"))
CLIENTS, CALLERS, PEOPLE = 16, 2, 400
WARM_UP_S = 4.0
AT_ONCE, IN_STEPS = ("intake",), ("open", "material", "submit", "accept")
ITEM, PAPER = "own-record", "id-document"
NAME, TOWN = "合成人", "320681100000"


@dataclass
class Ground:
    """Where the callers call, with what, and for whom."""

    port: int
    clerks: list[tuple[str, str]]  # site, token
    people: list[str]  # numbers


def one_client(
    ground: Ground, number: int, begin: float, end: float, steps: tuple[str, ...]
) -> dict[str, list[float]]:
    """Take in case after case; return how long each step took."""
    site, token = ground.clerks[number]
    line = Line(ground.port)
    times: dict[str, list[float]] = {step: [] for step in steps}

    def timed(step: str, path: str, body: dict[str, object]) -> dict:
        start = time.perf_counter()
        done = line.post(path, token, json.dumps(body))
        times[step].append(time.perf_counter() - start)
        return done

    started, count = False, number * 31
    while (now := time.time()) < end:
        if not started and now >= begin:
            times = {step: [] for step in steps}
            started = True
        count += 1
        person = {"id_number": ground.people[count % PEOPLE], "name": NAME, "division_code": TOWN}
        case = {"item": ITEM, "site_code": site, "person": person}
        if steps == AT_ONCE:
            done = timed("intake", "/cases/intake", case | {"given": [PAPER]})
            assert done["state"] == "accepted", done
            continue
        uid = timed("open", "/cases", case)["uid"]
        timed("material", f"/cases/{uid}/materials", {"key": PAPER})
        timed("submit", f"/cases/{uid}/submit", {})
        timed("accept", f"/cases/{uid}/accept", {})
    return times


def call(
    ground: Ground, clients: list[int], begin: float, end: float, steps: tuple[str, ...]
) -> tuple:
    """Run the clients of one calling process; return the times and the CPU it took."""
    with ThreadPoolExecutor(len(clients)) as pool:
        found = list(pool.map(lambda one: one_client(ground, one, begin, end, steps), clients))
    merged = {step: [t for times in found for t in times[step]] for step in steps}
    return merged, time.process_time()


def warm_up(ground: Ground) -> None:
    """Let every thread of every worker load what it needs; that is the start's time, not ours."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        for _round in range(4):
            now = time.time()
            for steps in (AT_ONCE, IN_STEPS):
                clients = partial(one_client, ground, begin=now, end=now + 0.5, steps=steps)
                list(pool.map(clients, range(CLIENTS)))


def furnish() -> Ground:
    """Make sites in two counties, a clerk with a token at each, and people insured there."""
    from tests import factories

    from circle15.accounts.actors import system_actor
    from circle15.accounts.api_tokens import make_token
    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.core.identifiers.resident_id import resident_id_check_character
    from circle15.ledger.people.bulk import PersonRow, upsert_people
    from circle15.ledger.people.entering import PersonEntry

    factories.catalogue()
    at, clerks = datetime.now(UTC), []
    towns = (factories.TownFactory(), factories.TownFactory(foreign=True))
    for number in range(CLIENTS):
        site = factories.SiteFactory(code=f"B-{number:04}", division=towns[number % 2])
        user = factories.staff(f"clerk{number}", "clerk", area=site)
        with area_scope(EVERYWHERE):
            by = factories.actor_for(user, at=at)
            token = make_token(name="bench", good_for=timedelta(days=1), by=by, at=at)
        clerks.append((site.code, token.text))
    numbers = []
    for number in range(PEOPLE):
        body = f"3206811960{1 + number % 12:02}{1 + number % 28:02}{number:03}"
        numbers.append(body + resident_id_check_character(body))
    rows = [
        PersonRow(entry=PersonEntry(name=NAME, id_number=one, division_code=TOWN))
        for one in numbers
    ]
    upsert_people(rows, by=system_actor("bench"), at=at)
    return Ground(0, clerks, numbers)


def loaded(ground: Ground, web: int, steps: tuple[str, ...]) -> dict[str, object]:
    """Load the server and return the figures."""
    shares = [list(range(CLIENTS))[part::CALLERS] for part in range(CALLERS)]
    begin = time.time() + WARM_UP_S
    end = begin + SECONDS
    with get_context("spawn").Pool(CALLERS) as pool:
        waiting = pool.starmap_async(call, [(ground, share, begin, end, steps) for share in shares])
        time.sleep(max(0, begin - time.time()))
        before = cpu_of(postmaster()), cpu_of(web)
        time.sleep(max(0, end - time.time()))
        after = cpu_of(postmaster()), cpu_of(web)
        found = waiting.get(120)
    times = {step: [t for each, _cpu in found for t in each[step]] for step in steps}
    cases = len(times[steps[-1]])
    return {
        "cases_per_s": round(cases / SECONDS, 1),
        "postgres_cpu_ms_per_case": round(1000 * (after[0] - before[0]) / cases, 2),
        "web_cpu_ms_per_case": round(1000 * (after[1] - before[1]) / cases, 2),
        "callers_cpu_ms_per_case": round(1000 * sum(cpu for _t, cpu in found) / cases, 2),
        **{
            step: {
                "p50_ms": round(1000 * statistics.median(each), 1),
                "p95_ms": round(1000 * statistics.quantiles(each, n=20)[-1], 1),
            }
            for step, each in times.items()
        },
    }


# Numbers twice or missing; accepted cases without exactly their spans and events.
BROKEN = """
SELECT
  (SELECT count(*) FROM cases_casecounter n WHERE n.last <> (
     SELECT count(DISTINCT c.number) FROM cases_case c
     WHERE c.number LIKE left(split_part(trim(n.area_path, '/'), '/', 2), 6)
       || to_char(n.day, 'YYYYMMDD') || '%%'))
  + (SELECT count(*) FROM cases_case c WHERE state = 'accepted' AND opened_at >= %s AND
     (SELECT array_agg(step::text ORDER BY id) FROM cases_casespan WHERE case_id = c.id)
      <> '{open,submit,accept}')
  + (SELECT count(*) FROM cases_case c WHERE state = 'accepted' AND opened_at >= %s AND 3 <>
     (SELECT count(*) FROM audit_event e WHERE e.target_kind = 'case'
        AND e.target_id = c.uid::text
        AND e.verb IN ('case.open', 'case.submit', 'case.accept')))
"""


def measured(base_url: str) -> dict[str, object]:
    """Return what the house bears, with so many past cases."""
    from bench.cases import past
    from django.db import connection

    old = connection.settings_dict["NAME"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        begun, ground = datetime.now(UTC), furnish()
        past.fill(CASES)
        with served(base_url.replace("/circle15?", f"/{name}?")) as (port, web):
            ground.port = port
            await_port(port)
            warm_up(ground)
            figures = {
                "past_cases": CASES,
                "at_once": loaded(ground, web, AT_ONCE),
                "in_steps": loaded(ground, web, IN_STEPS),
            }
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('circle15.area', '/', false)")
            cursor.execute(BROKEN, [begun, begun])
            figures["broken_invariants"] = cursor.fetchone()[0]
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)
    return figures


def main() -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
        "CIRCLE15_DEMO": "0",
        "CIRCLE15_TEST_DATABASE": "bench_intake",
    }
    load_before = os.getloadavg()[0]
    with own_database(VAR) as url:
        import django

        django.setup()
        figures = measured(url)
    result = {
        "what": "from the application to the receipt through /api/v1 with tokens, keys and audit,"
        " by one call (at_once) and by four (in_steps: open, paper, submit, accept); 16 clients"
        " in 2 calling processes, granian with 2 workers, fsync on, all on these cores",
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": load_before,
        "seconds": SECONDS,
        **figures,
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(RESULT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
