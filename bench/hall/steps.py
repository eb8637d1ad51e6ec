"""Measure the four steps of a visit as actions, without HTTP: take, call, begin, finish.

Run: make bench ARGS=hall.steps   (CIRCLE15_BENCH_VISITS: past visits; writes
docs/benchmarks/hall-steps.json)

One hall, 32 windows, a thread each in 4 processes, first in an empty database, then with the
past. CPU of PostgreSQL: of its processes, by request, one request being one step.
"""

# ruff: noqa: PLC0415 -- models need the set-up

import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import django
from bench.hall import past
from django.db import connection, connections

if TYPE_CHECKING:
    from circle15.accounts.actors import Actor

Done = TypeVar("Done")
RESULT = Path(__file__).parents[2] / "docs" / "benchmarks" / "hall-steps.json"
VISITS = int(os.environ.get("CIRCLE15_BENCH_VISITS", "1000000"))
SECONDS = float(os.environ.get("CIRCLE15_BENCH_SECONDS", "20"))
PROCESSES = 4
WARM_UP_S = 3.0
STEPS = ("take", "call_next", "begin", "finish")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Load:
    """What the processes did between two moments."""

    cycles: int
    seconds: float
    times: dict[str, list[float]]


def cycle(window_id: int, clerk: "Actor", times: dict[str, list[float]]) -> None:
    from circle15.areas.scope import area_scope
    from circle15.hall.actions import calling, serving, taking

    def timed(step: str, work: Callable[[], Done]) -> Done:
        start = time.perf_counter()
        with area_scope(clerk.area_path):
            done = work()
        times[step].append(time.perf_counter() - start)
        return done

    where = {"window_id": window_id, "by": clerk}
    timed(
        "take",
        lambda: taking.take(
            site_code=past.SITE, lane="A", source="kiosk", by=clerk, at=datetime.now(UTC)
        ),
    )
    called = timed("call_next", lambda: calling.call_next(**where, at=datetime.now(UTC)))
    timed("begin", lambda: serving.begin(**where, uid=called.uid, at=datetime.now(UTC)))
    timed("finish", lambda: serving.finish(**where, uid=called.uid, at=datetime.now(UTC)))


def set_up(name: str) -> None:
    """Let a process work in the database of the measurement."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circle15.config.settings")
    django.setup()
    connection.settings_dict["NAME"] = name


def go_on(numbered: list[tuple[int, int]], begin: float, end: float) -> dict:
    """Run the windows of one process from one moment to another."""
    from tests.hall.conftest import person

    from circle15.accounts.states import Role
    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.sites.models import Site

    with area_scope(EVERYWHERE):
        site = Site.objects.get(code=past.SITE)

    def one(number: int, window_id: int) -> dict:
        clerk = person(1000 + number, f"clerk{number}", Role.CLERK, site)
        times = {step: [] for step in STEPS}
        warm = {step: [] for step in STEPS}
        while time.time() < begin:
            cycle(window_id, clerk, warm)
        while time.time() < end:
            cycle(window_id, clerk, times)
        connections.close_all()
        return times

    with ThreadPoolExecutor(len(numbered)) as pool:
        found = list(pool.map(lambda pair: one(*pair), numbered))
    connections.close_all()
    return {step: [t for times in found for t in times[step]] for step in STEPS}


def load(windows: list[int]) -> tuple[Load, float]:
    """Return what was done, and the CPU seconds PostgreSQL took for it."""
    numbered = list(enumerate(windows, 1))
    shares = [numbered[part::PROCESSES] for part in range(PROCESSES)]
    name = connection.settings_dict["NAME"]
    with get_context("spawn").Pool(PROCESSES, set_up, (name,)) as pool:
        pool.map(time.sleep, [1.0] * PROCESSES, chunksize=1)  # all have started
        begin = time.time() + WARM_UP_S
        end = begin + SECONDS
        waiting = pool.starmap_async(go_on, [(share, begin, end) for share in shares])
        time.sleep(max(0, begin - time.time()))
        before = cpu_of_postgres()
        time.sleep(max(0, end - time.time()))
        used = cpu_of_postgres() - before
        found = waiting.get(120)
    times = {step: [t for each in found for t in each[step]] for step in STEPS}
    return Load(len(times["finish"]), SECONDS, times), used


def cpu_of_postgres() -> float:
    """Return the CPU seconds of the server's processes, those that ended included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    postmaster = int(fields_of(backend)[1])
    total = sum(int(each) for each in fields_of(postmaster)[11:15])
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = fields_of(int(entry.name))
        except OSError:
            continue
        if int(fields[1]) == postmaster:
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def fields_of(pid: int) -> list[str]:
    """Return the fields of a process after its name: state, parent, …"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def told(done: Load, used: float) -> dict[str, object]:
    requests = sum(len(times) for times in done.times.values())
    return {
        "cycles_per_s": round(done.cycles / done.seconds, 1),
        "postgres_cpu_ms_per_request": round(1000 * used / requests, 3),
        **{
            step: {
                "p50_ms": round(1000 * statistics.median(times), 1),
                "p95_ms": round(1000 * statistics.quantiles(times, n=20)[-1], 1),
            }
            for step, times in done.times.items()
        },
    }


# Numbers twice or missing, announcements with a gap, visits without exactly their four spans.
BROKEN = """
SELECT
  (SELECT count(*) FROM (SELECT FROM hall_ticket GROUP BY hall_id, day, lane_id
     HAVING count(*) <> max(number) OR count(DISTINCT number) <> max(number)) x)
  + abs((SELECT count(*) - (SELECT last_event FROM hall_hall) FROM hall_announcement))
  + (SELECT count(*) FROM hall_ticket t WHERE state = 'finished' AND since > %s AND
     (SELECT array_agg(step::text ORDER BY id) FROM hall_span WHERE ticket_id = t.id)
      <> '{take,call,begin,finish}')
"""


def measured(visits: int) -> dict[str, object]:
    """Return what a database with so many past visits bears."""
    old = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        begun = datetime.now(UTC)
        windows = past.furnish()
        if visits:
            past.fill(visits)
        past.settle()
        figures = {"past_visits": visits, **told(*load(windows))}
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('circle15.area', '/', false)")
            cursor.execute(BROKEN, [begun])
            figures["broken_invariants"] = cursor.fetchone()[0]
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)
    print(json.dumps(figures), flush=True)
    return figures


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circle15.config.settings")
    django.setup()
    load_before = os.getloadavg()[0]
    empty, full = measured(0), measured(VISITS)
    cpu = [float(str(each["postgres_cpu_ms_per_request"])) for each in (empty, full)]
    result = {
        "what": "take, call, begin, finish as actions; 32 windows, 32 threads in 4 processes",
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": load_before,
        "seconds": SECONDS,
        "empty": empty,
        "full": full,
        "more_postgres_cpu_percent": round(100 * (cpu[1] / cpu[0] - 1), 1),
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(RESULT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
