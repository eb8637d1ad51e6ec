"""Two thousand people want the same 200 slots of a hall, by the HTTP API and by the public pages.

Run: make bench ARGS=hall.booking
(CIRCLE15_BENCH_PEOPLE: how many; writes docs/benchmarks/hall-booking.json)

Everything as users get it: an own embedded PostgreSQL that flushes to disk, granian with two
workers, every middleware, the limits per address (each person comes from an own one of the
loopback), once-only forms, sealed names, the audit trail. The callers are two processes with 16
connections each on the same cores. Everybody has the times before them when the run begins, tries
one (popular ones far more often), gives name and number, confirms; who is refused tries another of
those still offered, three times at most. By the API, with a kiosk's token and an idempotency key,
a booking is one request, by the pages it is five; the answer to a refused one names the times
nearby that are free, or is the page with the times. Each door has its own hall.
At the end the database is asked whether any slot was sold beyond its places.
"""
# ruff: noqa: PLC0415 -- models need the set-up

import json
import os
import platform
import random
import re
import socket
import statistics
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

from bench.hall.cycles import CHECKOUT, cpu_of, own_database, postmaster, served

RESULT = CHECKOUT / "docs" / "benchmarks" / "hall-booking.json"
VAR = CHECKOUT / "var" / "bench-booking"
PEOPLE = int(os.environ.get("CIRCLE15_BENCH_PEOPLE", "2000"))
CALLERS, LINES = 2, 16
DAYS, SLOTS_A_DAY, PLACES = 5, 40, 3
TRIES = 3
ITEM = "certificate"
HERE = ZoneInfo("Asia/Shanghai")
CSRF = "0123456789abcdef0123456789abcdef"
SLOTS = DAYS * SLOTS_A_DAY


@dataclass
class Ground:
    """Where the callers call, with which token, and the times there are: (day, time)."""

    port: int
    site: str
    times: list[tuple[str, str]]
    door: str
    kiosk: str


@dataclass
class Told:
    """What one calling process saw."""

    ends: Counter = field(default_factory=Counter)
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    booked_at: list[float] = field(default_factory=list)
    cpu_s: float = 0.0


class Line:
    """A connection from a person's own address, kept alive; reads as little as it may."""

    def __init__(self, port: int, person: int) -> None:
        whence = f"127.{1 + person // 62500}.{person // 250 % 250}.{1 + person % 250}"
        self.socket = socket.create_connection(("127.0.0.1", port), 60, (whence, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = port

    def close(self) -> None:
        self.socket.close()

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Return status, where it leads, and the page."""
        cookie = f"Cookie: circle15-csrf={CSRF}\r\n"
        if fields is None:
            return self._send(f"GET {path}", cookie)
        body = urlencode({**fields, "csrfmiddlewaretoken": CSRF})
        kind = "Content-Type: application/x-www-form-urlencoded\r\n"
        return self._send(f"POST {path}", cookie + kind, body)

    def call(self, path: str, token: str, fields: dict[str, str] | None = None) -> tuple[int, dict]:
        """Ask the API; return status and answer."""
        head = f"Authorization: Bearer {token}\r\n"
        if fields is None:
            status, _, answer = self._send(f"GET {path}", head)
        else:
            head += f"Content-Type: application/json\r\nIdempotency-Key: {uuid4()}\r\n"
            status, _, answer = self._send(f"POST {path}", head, json.dumps(fields))
        return status, json.loads(answer)

    def _send(self, what: str, head: str, body: str = "") -> tuple[int, str, str]:
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        self.socket.sendall(
            f"{what} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{head}{length}\r\n{body}".encode()
        )
        return self._answer()

    def _answer(self) -> tuple[int, str, str]:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, body = got.partition(b"\r\n\r\n")
        found = re.search(rb"(?i)content-length: *(\d+)", head)
        length = int(found[1]) if found else 0
        while len(body) < length:
            body += self._more()
        leads = re.search(rb"(?i)\r\nlocation: *([^\r]+)", head)
        return int(head[9:12]), leads[1].decode() if leads else "", body.decode(errors="replace")

    def _more(self) -> bytes:
        part = self.socket.recv(65536)
        if not part:
            raise RuntimeError("the server hung up")
        return part


def book(ground: Ground, told: Told, number: int) -> None:
    """Be one person from the choice of a time to the confirmation."""
    dice = random.Random(number)
    line = Line(ground.port, number)
    # Half want one of the first twenty times, as on a Monday morning.
    first = dice.randrange(20) if dice.random() < 0.5 else dice.randrange(len(ground.times))
    try:
        told.ends[DOORS[ground.door](ground, told, line, number, ground.times[first], dice)] += 1
    finally:
        line.close()


def by_pages(  # noqa: PLR0913, PLR0917
    ground: Ground, told: Told, line: Line, number: int, wish: tuple[str, str], dice: random.Random
) -> str:
    """Go through the pages; return how it ended."""
    day, clock = wish

    def timed(step: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        start = time.perf_counter()
        answer = line.ask(path, fields)
        told.times[step].append(time.perf_counter() - start)
        return answer

    for _try in range(TRIES):
        fields = {"day": day, "time": clock, "once": uuid4().hex}
        status, leads, page = timed("hold", f"/booking/at/{ground.site}/{ITEM}/", fields)
        if status == 302:
            break
        assert status == 409, (status, page[:500])
        day, clock = another(page, dice)
        if not day:
            return "sold out"
    else:
        return "gave up"
    timed("page", leads)
    status, leads, page = timed("fill in", leads, person(number))
    assert status == 302, (status, page[:3000])
    timed("page", leads)
    status, leads, page = timed("confirm", leads, {})
    assert status == 302, (status, page[:3000])
    told.booked_at.append(time.time())
    return "booked"


def by_api(  # noqa: PLR0913, PLR0917
    ground: Ground, told: Told, line: Line, number: int, wish: tuple[str, str], dice: random.Random
) -> str:
    """Ask the API, as kiosks do; return how it ended."""
    day, clock = wish

    def timed(step: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, dict]:
        start = time.perf_counter()
        answer = line.call(f"/api/v1{path}", ground.kiosk, fields)
        told.times[step].append(time.perf_counter() - start)
        return answer

    for _try in range(TRIES):
        wish = {"item": ITEM, "starts_at": f"{day}T{clock[:2]}:{clock[2:]}:00+08:00"}
        status, answer = timed("book", f"/halls/{ground.site}/appointments", wish | person(number))
        if status == 200:
            assert answer["state"] == "booked", answer
            told.booked_at.append(time.time())
            return "booked"
        assert status == 409, (status, answer)
        if not answer.get("offered"):
            return "sold out"
        chosen = datetime.fromisoformat(dice.choice(answer["offered"])).astimezone(HERE)
        day, clock = f"{chosen:%Y-%m-%d}", f"{chosen:%H%M}"
    return "gave up"


DOORS = {"api": by_api, "pages": by_pages}


def person(number: int) -> dict[str, str]:
    """Make up a person."""
    from circle15.core.identifiers.resident_id import resident_id_check_character

    body = f"32068119{50 + number % 50}{1 + number // 50 % 12:02}{1 + number // 600 % 28:02}"
    body += f"{number % 1000:03}"
    said = {"name": f"王{number}号", "phone": f"139{number:08}"}
    return said | {"id_number": body + resident_id_check_character(body)}


def another(page: str, dice: random.Random) -> tuple[str, str]:
    """Choose what the answer still offers: a time of the day shown, else of another day."""
    shown = re.search(r'name="day" value="([0-9-]+)"', page)
    times = re.findall(r'name="time" value="(\d{4})"', page)
    if shown and times:
        return shown[1], dice.choice(times)
    days = re.findall(r'href="\?day=([0-9-]+)"[^>]*>(?:(?!</a>).)*?余', page, re.DOTALL)
    hour = dice.randrange(SLOTS_A_DAY) * 15
    return (dice.choice(days), f"{8 + hour // 60:02}{hour % 60:02}") if days else ("", "")


def crowd(ground: Ground, numbers: list[int], begin: float) -> Told:
    """Let the people of one calling process come, so many at a time."""
    told = Told()
    time.sleep(max(0, begin - time.time()))
    with ThreadPoolExecutor(LINES) as pool:
        for done in pool.map(lambda number: book(ground, told, number), numbers):
            assert done is None
    told.cpu_s = time.process_time()
    told.times = dict(told.times)
    return told


def furnish(door: str) -> Ground:
    """Make a hall with 200 slots to come and one item of one slot."""
    from tests import factories

    from circle15.accounts.actors import system_actor
    from circle15.accounts.devices import Device, DeviceKind, issue
    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.hall.appointments import offered, settings
    from circle15.hall.appointments.hours import Series, Stretch, day_of

    with area_scope(EVERYWHERE):
        site = factories.SiteFactory(other=door == "pages")
        factories.HallFactory(site=site)
    at = datetime.now(UTC)
    said = {"site_code": site.code, "by": system_actor("bench"), "at": at}
    first = day_of(at) + timedelta(days=1)
    opens = datetime(2026, 1, 1, 8, tzinfo=UTC)
    hours = Stretch(
        opens.time(), (opens + timedelta(minutes=15 * SLOTS_A_DAY)).time(), 15, PLACES, 1
    )
    with area_scope(EVERYWHERE):
        settings.set_rules(rules=settings.Rules(days_ahead=DAYS), **said)
        settings.set_item(item=ITEM, name="开具参保凭证", minutes=15, **said)
        series = Series(hours, "1234567", first, on_holidays=True)
        settings.add_series(series=series, **said)
        days = [first + timedelta(days=n) for n in range(DAYS)]
        times = [
            (f"{on}", each.key)
            for on in days
            for each in offered.times_offered(site.code, on, 15, at=at)
        ]
    assert len(times) == SLOTS
    until = at + timedelta(days=1)
    kiosk = Device(uuid4(), DeviceKind.KIOSK, site.area_path, until, "kiosk", site.name)
    return Ground(0, site.code, times, door, issue(kiosk))


def loaded(ground: Ground, web: int) -> dict[str, object]:
    """Let everybody come; return the figures."""
    # Other people at each door: nobody may book the same twice on a day.
    first = PEOPLE * list(DOORS).index(ground.door)
    numbers = list(range(first, first + PEOPLE))
    random.Random(15).shuffle(numbers)
    shares = [numbers[part::CALLERS] for part in range(CALLERS)]
    begin = time.time() + 3
    with get_context("spawn").Pool(CALLERS) as pool:
        waiting = pool.starmap_async(crowd, [(ground, share, begin) for share in shares])
        time.sleep(max(0, begin - time.time()))
        before = cpu_of(postmaster()), cpu_of(web)
        told = waiting.get(600)
        seconds = time.time() - begin
        after = cpu_of(postmaster()), cpu_of(web)
    booked = sorted(at for each in told for at in each.booked_at)
    steps = {step: [t for each in told for t in each.times.get(step, ())] for step in told[0].times}
    requests = sum(map(len, steps.values()))
    # While there is something to book: until nineteen of twenty bookings are made.
    most = booked[: int(len(booked) * 0.95)]
    return {
        "ends": dict(sum((each.ends for each in told), Counter())),
        "bookings_per_s": round(len(most) / (most[-1] - begin), 1),
        "seconds_until_95_percent_booked": round(most[-1] - begin, 1),
        "seconds_in_all": round(seconds, 1),
        "requests_per_s": round(requests / seconds, 1),
        "postgres_cpu_ms_per_request": round(1000 * (after[0] - before[0]) / requests, 2),
        "web_cpu_ms_per_request": round(1000 * (after[1] - before[1]) / requests, 2),
        "callers_cpu_ms_per_request": round(1000 * sum(e.cpu_s for e in told) / requests, 2),
        "steps": {
            step: {
                "requests": len(each),
                "p50_ms": round(1000 * statistics.median(each), 1),
                "p95_ms": round(1000 * statistics.quantiles(each, n=20)[-1], 1),
            }
            for step, each in steps.items()
        },
    }


def oversold() -> int:
    """Count slots whose places used are more than there are, or not what is counted as taken."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('circle15.area', '/', false)")
        cursor.execute(_OVERSOLD)
        return int(cursor.fetchone()[0])


_OVERSOLD = """
SELECT count(*) FROM hall_slot s
LEFT JOIN (SELECT slot_id, count(*) AS used FROM hall_place GROUP BY 1) p ON p.slot_id = s.id
WHERE s.public_taken > s.public_places
   OR coalesce(p.used, 0) <> s.public_taken + s.counter_taken
"""


def measured(base_url: str) -> dict[str, object]:
    from django.db import connection

    old = connection.settings_dict["NAME"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        grounds = [furnish(door) for door in DOORS]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        with served(base_url.replace("/circle15?", f"/{name}?")) as (port, web):
            figures: dict[str, object] = {}
            for ground in grounds:
                ground.port = port
                warm_up(ground)
                figures[ground.door] = loaded(ground, web)
        figures["slots_oversold"] = oversold()
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)
    return figures


def warm_up(ground: Ground) -> None:
    """Let every thread of every worker load its pages once; that is the start's time, not ours."""

    def ask(number: int) -> None:
        line = Line(ground.port, 100_000 + number)
        line.ask(f"/booking/at/{ground.site}/{ITEM}/")
        line.call(f"/api/v1/booking/{ground.site}/days?item={ITEM}", ground.kiosk)
        line.close()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(ask, range(64)))


def main() -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
        "CIRCLE15_DEMO": "0",
        "CIRCLE15_LOG_LEVEL": "ERROR",
        "CIRCLE15_TEST_DATABASE": "bench_booking",
    }
    load_before = os.getloadavg()[0]
    with own_database(VAR) as url:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        figures = measured(url)
    result = {
        "what": f"{PEOPLE} people want the same {SLOTS} slots by the HTTP API (one"
        " request) and by the public pages (hold, form, fill in, check, confirm); 32"
        " connections in 2 calling processes, granian with 2 workers, fsync on, all on these cores",
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": load_before,
        "people": PEOPLE,
        "slots": SLOTS,
        "places": SLOTS * PLACES,
        **figures,
    }
    print(json.dumps(result, indent=2, ensure_ascii=False))
    RESULT.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if figures["slots_oversold"]:
        sys.exit("slots were sold beyond their places")


if __name__ == "__main__":
    main()
