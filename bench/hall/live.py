"""Measure live updates: from a call to 200 displays and 2,000 phones, and a start anew under load.

Run: make bench ARGS=hall.live   (writes docs/benchmarks/hall-live.json; about a minute)

One hall with 32 windows and 2,000 people waiting, each with a phone; three calls
a second, each begun and finished; PostgreSQL, the live process, the
2,200 listeners and the caller share the cores. A time runs from before the call's action to the
moment the event is read from the socket. Then the live process is killed with kill -9 and started
again while calls go on: every display must have every call once, in order.
"""
# ruff: noqa: PLC0415 -- models need the set-up

import asyncio
import json
import os
import platform
import resource
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import uuid4

from bench.hall import cycles

CHECKOUT = Path(__file__).parents[2]
RESULT = CHECKOUT / "docs" / "benchmarks" / "hall-live.json"
DISPLAYS, PHONES, CALLS_PER_S, SECONDS = 200, 2_000, 3.0, 24.0
AWAY_S = 3.0
AT_ONCE = 200  # connections being opened at the same moment


@dataclass(frozen=True)
class Ground:
    """Where the listeners listen."""

    port: int
    site: str
    cookie: str
    uids: tuple[str, ...]


@dataclass
class Heard:
    """What a listener has heard: when each call, when its ticket's state changed."""

    calls: list[tuple[int, float]] = field(default_factory=list)
    states: list[tuple[str, int, float]] = field(default_factory=list)


class Listener(asyncio.Protocol):
    """One connection that comes again by itself, naming the last event it heard."""

    def __init__(self, ground: Ground, path: str, heard: Heard) -> None:
        self.ground, self.path, self.heard = ground, path, heard
        self.rest = b""
        self.up: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.gone = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        last = f"Last-Event-ID: {self.heard.calls[-1][0]}\r\n" if self.heard.calls else ""
        transport.write(
            f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.ground.port}\r\n"
            f"Cookie: {self.ground.cookie}\r\n{last}\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        at = time.time()
        *pieces, self.rest = (self.rest + data).split(b"\n\n")
        for piece in pieces:
            if b"retry: " in piece and not self.up.done():
                self.up.set_result(None)
            if b"event: call" in piece:
                self.heard.calls.append((int(piece.partition(b"id: ")[2].split(b"\n")[0]), at))
            elif b"event: ticket" in piece:
                state = json.loads(piece.partition(b"data: ")[2].split(b"\n")[0])
                self.heard.states.append((state["state"], state["ahead"] or 0, at))

    def connection_lost(self, _error: Exception | None) -> None:
        self.gone.set()
        if not self.up.done():
            self.up.set_exception(ConnectionError())


async def follow(ground: Ground, path: str, heard: Heard, door: asyncio.Semaphore) -> None:
    """Listen until cancelled; come again after a second and some when cut."""
    loop = asyncio.get_running_loop()
    while True:
        with suppress(OSError):
            async with door:
                _transport, line = await loop.create_connection(
                    lambda: Listener(ground, path, heard), "127.0.0.1", ground.port
                )
                await line.up
            await line.gone.wait()
        await asyncio.sleep(1 + (hash(path) % 1000) / 1000)


async def listen(ground: Ground, talk: Connection) -> None:
    """Be all displays and phones; say when all are up, and what was heard when asked."""
    door = asyncio.Semaphore(AT_ONCE)
    paths = [f"/live/hall/{ground.site}/events"] * DISPLAYS
    paths += [f"/live/ticket/{uid}/events" for uid in ground.uids]
    heard = [Heard() for _ in paths]
    tasks = [
        asyncio.create_task(follow(ground, path, each, door))
        for path, each in zip(paths, heard, strict=True)
    ]
    loop = asyncio.get_running_loop()
    while (asked := await loop.run_in_executor(None, talk.recv)) != "end":
        if asked == "heard":
            talk.send(heard)
    for task in tasks:
        task.cancel()


def listeners(ground: Ground, talk: Connection) -> None:
    asyncio.run(listen(ground, talk))


class Live:
    """The live process under measurement."""

    def __init__(self, url: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = os.environ | {"CIRCLE15_DATABASE_URL": url}
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "circle15.ops.live.server", "127.0.0.1", str(self.port)]
        self.process = subprocess.Popen(command, env=self.environment)
        cycles.await_port(self.port)
        self.worker = children_of(self.process.pid)[-1]

    def memory_kb(self) -> int:
        status = Path(f"/proc/{self.worker}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def cpu_s(self) -> float:
        fields = cycles.fields_of(self.worker)
        return (int(fields[11]) + int(fields[12])) / cycles.TICKS

    def connections(self) -> int:
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            line.sendall(f"GET /live/ HTTP/1.0\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
            reply = b""
            while part := line.recv(4096):
                reply += part
        return int(reply.rpartition(b"\r\n")[2] or b"0") - 1

    def warm_up(self, uid: str) -> None:
        """Have it load what it needs for estimates; that is not the connections' memory."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            path = f"/live/ticket/{uid}/events"
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
            reply = b""
            while b"event: ticket" not in reply:
                reply += line.recv(4096)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def children_of(parent: int) -> list[int]:
    """Return the processes it started, once there is one."""
    while True:
        pids = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
        found = []
        for pid in pids:
            with suppress(OSError):
                if int(cycles.fields_of(pid)[1]) == parent:
                    found.append(pid)
        if found:
            return sorted(found)
        time.sleep(0.05)


def crowd(site: str) -> tuple[str, ...]:
    """Let 2,000 people take a number."""
    from circle15.accounts.actors import system_actor
    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.hall.actions.taking import take

    by, uids = system_actor("bench"), []
    with area_scope(EVERYWHERE):
        for _ in range(PHONES):
            taken = take(site_code=site, lane="A", source="kiosk", by=by, at=datetime.now(UTC))
            uids.append(str(taken.uid))
    return tuple(uids)


@dataclass
class Caller:
    """Calls at a steady pace, window after window, and notes when each call began."""

    windows: list[tuple[int, object]]
    began: dict[int, float] = field(default_factory=dict)
    uids: dict[str, float] = field(default_factory=dict)

    def call_for(self, seconds: float) -> None:
        from circle15.areas.scope import area_scope
        from circle15.hall.actions.calling import call_next
        from circle15.hall.actions.serving import begin, finish

        until, number = time.monotonic() + seconds, 0
        while (now := time.monotonic()) < until:
            window, by = self.windows[number % len(self.windows)]
            at, start = datetime.now(UTC), time.time()
            with area_scope(by.area_path):
                called = call_next(window_id=window, by=by, at=at)
            self.began[called.seq] = self.uids[str(called.uid)] = start
            with area_scope(by.area_path):
                begin(window_id=window, uid=called.uid, by=by, at=at)
                finish(window_id=window, uid=called.uid, by=by, at=at)
            number += 1
            time.sleep(max(0.0, now + 1 / CALLS_PER_S - time.monotonic()))


def times(values: list[float]) -> dict[str, float]:
    cut = statistics.quantiles(values, n=100)
    return {
        "p50_ms": round(1000 * cut[49], 1),
        "p95_ms": round(1000 * cut[94], 1),
        "most_ms": round(1000 * max(values), 1),
    }


def furnish() -> tuple[str, str, list[tuple[int, object]]]:
    """Make the hall, its clerks and a display; return site, cookie, windows."""
    from django.conf import settings
    from tests import factories

    from circle15.accounts.devices import Device, DeviceKind, issue
    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.hall.actions.windows import open_window

    site, at, windows = factories.HallFactory().site, datetime.now(UTC), []
    for number in range(1, cycles.WINDOWS + 1):
        window = factories.WindowFactory(number=number).id
        by = factories.actor_for(factories.staff(f"clerk{number}", "clerk", area=site), at=at)
        with area_scope(EVERYWHERE):
            open_window(window_id=window, by=by, at=at)
        windows.append((window, by))
    until = at + timedelta(days=300)
    display = Device(uuid4(), DeviceKind.DISPLAY, site.area_path, until, "display", site.name)
    return site.code, f"{settings.DEVICE_COOKIE_NAME}={issue(display)}", windows


@contextmanager
def crowd_listening(ground: Ground) -> Iterator[Connection]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=listeners, args=(ground, theirs), daemon=True)
    process.start()
    try:
        yield ours
    finally:
        ours.send("end")
        process.join(10)


def until_all(live: Live) -> float:
    """Wait until everybody is connected; return how long it took."""
    begin = time.monotonic()
    while live.connections() < DISPLAYS + PHONES:
        assert time.monotonic() - begin < 60, f"only {live.connections()} came"
        time.sleep(0.1)
    return time.monotonic() - begin


def heard_by(talk: Connection) -> tuple[list[Heard], list[Heard]]:
    talk.send("heard")
    heard = talk.recv()
    return heard[:DISPLAYS], heard[DISPLAYS:]


def measured(url: str) -> dict[str, object]:
    site, cookie, windows = furnish()
    uids = crowd(site)
    live = Live(url)
    try:
        live.warm_up(uids[0])
        quiet_kb = live.memory_kb()
        ground = Ground(live.port, site, cookie, uids)
        with crowd_listening(ground) as talk:
            arrival_s = until_all(live)
            time.sleep(2)
            full_kb = live.memory_kb()
            steady, busy = Caller(windows), live.cpu_s()
            steady.call_for(SECONDS)
            busy = live.cpu_s() - busy
            time.sleep(2)
            displays, phones = heard_by(talk)
            figures = {
                "displays": DISPLAYS,
                "phones": PHONES,
                "calls": len(steady.began),
                "call_to_display": to_displays(steady, displays),
                "call_to_own_phone": to_phones(steady, ground, phones),
                "memory_quiet_mb": round(quiet_kb / 1024),
                "memory_kb_per_connection": round((full_kb - quiet_kb) / (DISPLAYS + PHONES), 1),
                "live_process_cpu_share": round(busy / SECONDS, 3),
                "all_connected_after_s": round(arrival_s, 1),
                "memory_after_mb": round(live.memory_kb() / 1024),
            }
            return figures | cut(live, steady, talk)
    finally:
        live.kill()


def to_displays(caller: Caller, displays: list[Heard]) -> dict[str, float]:
    waits = [at - caller.began[seq] for one in displays for seq, at in one.calls]
    assert len(waits) == len(caller.began) * DISPLAYS, "a call was missed or repeated"
    return times(waits)


def to_phones(caller: Caller, ground: Ground, phones: list[Heard]) -> dict[str, float]:
    """From the call of one's own ticket to the first word that it waits no longer."""
    waits = []
    for uid, one in zip(ground.uids, phones, strict=True):
        if uid in caller.uids:
            waits += [at for state, _ahead, at in one.states if state != "waiting"][:1]
            waits[-1] -= caller.uids[uid]
    return times(waits)


def cut(live: Live, caller: Caller, talk: Connection) -> dict[str, object]:
    """Kill the process, call on, start it; every display must have each call once in the end."""
    live.kill()
    caller.call_for(AWAY_S)
    live.start()
    begin = time.monotonic()
    back_s = until_all(live)
    caller.call_for(AWAY_S)
    time.sleep(3)
    displays, _phones = heard_by(talk)
    expected = sorted(caller.began)
    wrong = sum([seq for seq, _at in one.calls] != expected for one in displays)
    return {
        "after_kill": {
            "calls_meanwhile": len(expected),
            "displays_with_a_call_missed_or_repeated": wrong,
            "all_connected_again_after_s": round(back_s, 1),
            "measured_for_s": round(time.monotonic() - begin, 1),
        }
    }


def main() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
        "CIRCLE15_DEMO": "0",
        "CIRCLE15_LOG_LEVEL": "ERROR",
        "CIRCLE15_TEST_DATABASE": "bench_live",
    }
    cycles.VAR = CHECKOUT / "var" / "bench-live"
    load_before = os.getloadavg()[0]
    with cycles.own_database() as url:
        import django

        django.setup()
        from django.db import connection

        old = connection.settings_dict["NAME"]
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            figures = measured(url.replace("/circle15?", f"/{name}?"))
        finally:
            connection.creation.destroy_test_db(old, verbosity=0)
    result = {
        "what": f"call -> {DISPLAYS} displays and {PHONES} phones of one hall,"
        f" {CALLS_PER_S:g} calls a second for so many seconds;"
        " server, listeners, caller and database on these cores",
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
