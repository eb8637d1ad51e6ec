"""Measure full visits through the HTTP API: take, call next, begin, finish, by 32 windows at once.

Run: make bench ARGS=hall.cycles   (CIRCLE15_BENCH_VISITS: past visits; CIRCLE15_BENCH_SECONDS;
writes docs/benchmarks/hall-cycles.json)

Everything as users get it: an own embedded PostgreSQL that flushes to disk, granian with two
workers, every middleware, tokens of a kiosk and of 32 clerks, a new Idempotency-Key for each
request, the audit trail. The callers are two processes with 16 windows each on the same cores.
First with an empty database, then with the past of `bench.hall.past`.
"""
# ruff: noqa: PLC0415 -- models need the set-up

import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from uuid import uuid4

CHECKOUT = Path(__file__).parents[2]
RESULT = CHECKOUT / "docs" / "benchmarks" / "hall-cycles.json"
VAR = CHECKOUT / "var" / f"bench-hall-{os.getpid()}"  # several may measure at once
VISITS = int(os.environ.get("CIRCLE15_BENCH_VISITS", "1000000"))
SECONDS = float(os.environ.get("CIRCLE15_BENCH_SECONDS", "20"))
WORKERS, CALLERS, WINDOWS = 2, 2, 32
WARM_UP_S = 4.0
STEPS = ("take", "call-next", "begin", "finish")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Ground:
    """Where the callers call, and with what."""

    port: int
    kiosk: str
    site: str
    clerks: list[tuple[int, str]]  # window, token


class Line:
    """One kept-alive connection; a lean client, for it shares the cores with the server."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = port

    def post(self, path: str, token: str, body: str = "") -> dict:
        key = uuid4().hex
        self.socket.sendall(
            f"POST /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Authorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        return self._answer(path)

    def get(self, path: str, token: str) -> dict:
        self.socket.sendall(
            f"GET /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Authorization: Bearer {token}\r\n\r\n".encode()
        )
        return self._answer(path)

    def _answer(self, path: str) -> dict:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, body = got.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        while len(body) < length:
            body += self._more()
        if head[9:12] != b"200":
            raise RuntimeError(f"{path}: {head.decode()}\n{body.decode()}")
        return json.loads(body)

    def _more(self) -> bytes:
        part = self.socket.recv(65536)
        if not part:
            raise RuntimeError("the server hung up")
        return part


def one_window(ground: Ground, clerk: tuple[int, str], begin: float, end: float) -> dict:
    """Serve visit after visit at one window; return how long each step took."""
    window, token = clerk
    line = Line(ground.port)
    times: dict[str, list[float]] = {step: [] for step in STEPS}

    def timed(step: str, path: str, token: str, body: str = "") -> dict:
        start = time.perf_counter()
        done = line.post(path, token, body)
        times[step].append(time.perf_counter() - start)
        return done

    started = False
    while (now := time.time()) < end:
        if not started and now >= begin:
            times = {step: [] for step in STEPS}
            started = True
        timed("take", f"/halls/{ground.site}/tickets", ground.kiosk, '{"lane": "A"}')
        uid = timed("call-next", f"/windows/{window}/call-next", token)["uid"]
        for step in ("begin", "finish"):
            timed(step, f"/windows/{window}/{step}", token, f'{{"uid": "{uid}"}}')
    return times


def call(ground: Ground, clerks: list[tuple[int, str]], begin: float, end: float) -> tuple:
    """Run the windows of one calling process; return the times and the CPU it took."""
    with ThreadPoolExecutor(len(clerks)) as pool:
        found = list(pool.map(lambda clerk: one_window(ground, clerk, begin, end), clerks))
    merged = {step: [t for times in found for t in times[step]] for step in STEPS}
    return merged, time.process_time()


@contextmanager
def served(url: str) -> Iterator[tuple[int, int]]:
    """Serve the database's hall; give the port and the server's process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "circle15.ops.webserver", "127.0.0.1", str(port), str(WORKERS)]
    environment = os.environ | {"CIRCLE15_DATABASE_URL": url, "CIRCLE15_LOG_LEVEL": "ERROR"}
    web = subprocess.Popen(command, env=environment)
    try:
        await_port(port)
        yield port, web.pid
    finally:
        web.terminate()
        web.wait(30)


def await_port(port: int) -> None:
    for _try in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the web server does not answer")


def warm_up(ground: Ground) -> None:
    """Let every thread of every worker load its pages once; that is the start's time, not ours."""

    def ask(_number: int) -> None:
        Line(ground.port).get("/me", ground.kiosk)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(ask, range(64)))


def furnish() -> Ground:
    """Make the hall with 32 windows, a clerk with a token at each, and a kiosk."""
    from tests import factories

    from circle15.accounts.api_tokens import make_token
    from circle15.accounts.devices import Device, DeviceKind, issue
    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.hall.actions.windows import open_window

    site = factories.HallFactory().site
    at = datetime.now(UTC)
    clerks = []
    for number in range(1, WINDOWS + 1):
        window = factories.WindowFactory(number=number).id
        user = factories.staff(f"clerk{number}", "clerk", area=site)
        by = factories.actor_for(user, at=at)
        with area_scope(EVERYWHERE):
            open_window(window_id=window, by=by, at=at)
            token = make_token(name="bench", good_for=timedelta(days=1), by=by, at=at)
        clerks.append((window, token.text))
    until = at + timedelta(days=300)
    kiosk = Device(uuid4(), DeviceKind.KIOSK, site.area_path, until, "kiosk", site.name)
    return Ground(0, issue(kiosk), site.code, clerks)


def loaded(ground: Ground, web: int) -> dict[str, object]:
    """Load the server and return the figures."""
    shares = [ground.clerks[part::CALLERS] for part in range(CALLERS)]
    begin = time.time() + WARM_UP_S
    end = begin + SECONDS
    with get_context("spawn").Pool(CALLERS) as pool:
        waiting = pool.starmap_async(call, [(ground, share, begin, end) for share in shares])
        time.sleep(max(0, begin - time.time()))
        before = cpu_of(postmaster()), cpu_of(web)
        time.sleep(max(0, end - time.time()))
        after = cpu_of(postmaster()), cpu_of(web)
        found = waiting.get(120)
    times = {step: [t for each, _cpu in found for t in each[step]] for step in STEPS}
    requests = sum(len(each) for each in times.values())
    callers_ms = 1000 * sum(cpu for _times, cpu in found) / requests
    return {
        "cycles_per_s": round(len(times["finish"]) / SECONDS, 1),
        "postgres_cpu_ms_per_request": round(1000 * (after[0] - before[0]) / requests, 3),
        "web_cpu_ms_per_request": round(1000 * (after[1] - before[1]) / requests, 3),
        "callers_cpu_ms_per_request": round(callers_ms, 3),
        **{
            step: {
                "p50_ms": round(1000 * statistics.median(each), 1),
                "p95_ms": round(1000 * statistics.quantiles(each, n=20)[-1], 1),
            }
            for step, each in times.items()
        },
    }


def postmaster() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(fields_of(cursor.fetchone()[0])[1])


def cpu_of(parent: int) -> float:
    """Return the CPU seconds of a process and its children, those that ended included."""
    total = sum(int(each) for each in fields_of(parent)[11:15])
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = fields_of(int(entry.name))
        except OSError:
            continue
        if int(fields[1]) == parent:
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def fields_of(pid: int) -> list[str]:
    """Return the fields of a process after its name: state, parent, …"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


# Numbers twice or missing, announcements with a gap, visits without exactly their four spans,
# keys without an answer.
BROKEN = """
SELECT
  (SELECT count(*) FROM (SELECT FROM hall_ticket GROUP BY hall_id, day, lane_id
     HAVING count(*) <> max(number) OR count(DISTINCT number) <> max(number)) x)
  + abs((SELECT count(*) - (SELECT last_event FROM hall_hall) FROM hall_announcement))
  + (SELECT count(*) FROM hall_ticket t WHERE state = 'finished' AND since > %s AND
     (SELECT array_agg(step::text ORDER BY id) FROM hall_span WHERE ticket_id = t.id)
      <> '{take,call,begin,finish}')
  + (SELECT count(*) FROM accounts_givenanswer WHERE status <> 200)
"""


def measured(visits: int, base_url: str) -> dict[str, object]:
    """Return what a database with so many past visits bears."""
    from bench.hall import past
    from django.db import connection

    old = connection.settings_dict["NAME"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        begun = datetime.now(UTC)
        ground = furnish()
        if visits:
            past.fill(visits)
        past.settle()
        with served(base_url.replace("/circle15?", f"/{name}?")) as (port, web):
            ground.port = port
            warm_up(ground)
            figures = {"past_visits": visits, **loaded(ground, web)}
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('circle15.area', '/', false)")
            cursor.execute(BROKEN, [begun])
            figures["broken_invariants"] = cursor.fetchone()[0]
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)
    print(json.dumps(figures), flush=True)
    return figures


@contextmanager
def own_database(var: Path = VAR) -> Iterator[str]:
    """Run a PostgreSQL of our own that flushes to disk, and remove it afterwards."""
    from circle15.ops import keys, postgres

    shutil.rmtree(var, ignore_errors=True)
    os.environ["CIRCLE15_VAR_DIR"] = str(var)
    try:
        os.environ["CIRCLE15_DATABASE_URL"] = postgres.start(var)
        keys.ensure(var)
        (var / "static").mkdir()
        yield os.environ["CIRCLE15_DATABASE_URL"]
    finally:
        postgres.stop(var)
        shutil.rmtree(var, ignore_errors=True)


def main() -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
        "CIRCLE15_DEMO": "0",
        "CIRCLE15_TEST_DATABASE": "bench_cycles",
    }
    load_before = os.getloadavg()[0]
    with own_database() as url:
        import django

        django.setup()
        empty, full = measured(0, url), measured(VISITS, url)
    cpu = [float(str(each["postgres_cpu_ms_per_request"])) for each in (empty, full)]
    result = {
        "what": "take, call-next, begin, finish through /api/v1 with tokens, keys and audit;"
        " 32 windows in 2 calling processes, granian with 2 workers, fsync on, all on these cores",
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
