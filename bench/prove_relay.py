"""A hall's own instance and the city's, with the line between them cut again and again.

Run: make prove   (this part needs root: it makes a network namespace for the hall, and takes it
away; writes docs/benchmarks/relay.json)

Two instances of the product, each with a database of its own. The hall's stands in a network
namespace whose only way out is a pair of virtual cards; taking one down is the cut. While visits
are played in the hall, the line is cut and the reporting process is killed with -9. In the end
both must show the same tickets, and the city must have taken each number once.
"""

# ruff: noqa: E501 -- lines of SQL and of the scripts run inside

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from circle15.ops import postgres
from circle15.ops.lodging import lodging_of

CHECKOUT = Path(__file__).resolve().parents[1]
NAMESPACE, NEAR, FAR = "c15hall", "c15near", "c15far"
CITY_ADDRESS, HALL_ADDRESS = "10.215.15.1", "10.215.15.2"
CITY_PORT, HALL_PORT = 18615, 18617
VISITS, CUTS, KILLS = 300, 8, 5
SEED = 15

# What is compared: no row numbers, no accounts, since each side has its own.
TICKETS = """
SELECT t.uid::text, t.label, l.code, t.state, t.since, t.taken_at, t.calls, w.number
FROM hall_ticket t JOIN hall_lane l ON l.id = t.lane_id LEFT JOIN sites_window w ON w.id = t.window_id
WHERE t.taken_at >= %(since)s ORDER BY 1
"""
SPANS = """
SELECT t.uid::text, s.state, s.step, s.begun_at, s.ended_at, w.number, s.note
FROM hall_span s JOIN hall_ticket t ON t.id = s.ticket_id LEFT JOIN sites_window w ON w.id = s.window_id
WHERE t.taken_at >= %(since)s ORDER BY 1, s.id
"""

INVITE = """
import django; django.setup()
from django.utils import timezone
from circle15.accounts.actors import system_actor
from circle15.accounts.registering import invite
from circle15.accounts.states import DeviceKind
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.actions.settings import set_up_hall
from circle15.sites.models import Site
by, at = system_actor("prove"), timezone.now()
with area_scope(EVERYWHERE):
    site = Site.objects.filter(windows__number=3).order_by("id").first()
    set_up_hall(site_code=site.code, by=by, at=at)
    print(invite(kind=DeviceKind.SERVER, name="prove", site_path=site.area_path,
                 site_name=site.name, by=by, at=at).text)
"""
PLAY = """
import random, sys, time
import django; django.setup()
from dataclasses import replace
from django.utils import timezone
from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.actions import calling, moving, serving, taking, windows
from circle15.hall.models import Hall
from circle15.hall.refusals import NobodyWaiting
from circle15.sites.models import Window
chance, left = random.Random(15), int(sys.argv[1])
with area_scope(EVERYWHERE):
    site = Hall.objects.select_related("site").get().site
    numbers = list(Window.objects.filter(site=site).order_by("number").values_list("id", flat=True))
clerks = [replace(system_actor(f"柜员{n}"), user_id=n) for n in range(1, len(numbers) + 1)]
with area_scope(EVERYWHERE):
    for window, clerk in zip(numbers, clerks):
        windows.open_window(window_id=window, by=clerk, at=timezone.now())
at_work = {}
def step(do):
    with area_scope(EVERYWHERE):
        return do()
while left or at_work:
    if left:
        lane = "G" if chance.random() < 0.2 else "A"
        step(lambda: taking.take(site_code=site.code, lane=lane, source="kiosk", by=clerks[0],
             green_class="weak" if lane == "G" else "", items=("certificate",), at=timezone.now()))
        left -= 1
    place = chance.randrange(len(numbers))
    window, clerk = numbers[place], clerks[place]
    uid = at_work.pop(place, None)
    if uid is not None:
        if chance.random() < 0.1:
            step(lambda: serving.hold(uid=uid, by=clerk, at=timezone.now(), note="补材料"))
        else:
            step(lambda: serving.finish(window_id=window, uid=uid, by=clerk, at=timezone.now()))
    else:
        try:
            called = step(lambda: calling.call_next(window_id=window, by=clerk, at=timezone.now()))
        except NobodyWaiting:
            continue
        if chance.random() < 0.05:
            step(lambda: moving.no_show(uid=called.uid, by=clerk, at=timezone.now()))
        else:
            step(lambda: serving.begin(window_id=window, uid=called.uid, by=clerk, at=timezone.now()))
            at_work[place] = called.uid
    time.sleep(0.05)
"""


@dataclass(slots=True)
class Instance:
    """A running product: its folder, its process, the words its commands begin with."""

    var: Path
    settings: Mapping[str, str]
    inside: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        plain = {name: each for name, each in os.environ.items() if "CIRCLE15" not in name}
        return {
            **plain,
            "CIRCLE15_VAR_DIR": str(self.var),
            "PYTHONPATH": str(CHECKOUT / "src"),
            "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
            **self.settings,
        }

    def start(self) -> None:
        log = (self.var / "serve.log").open("wb")
        self.process = subprocess.Popen(
            [*self.inside, sys.executable, "-m", "circle15.ops.serve"],
            env=self.environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=CHECKOUT,
        )
        patience = time.monotonic() + 600
        while b"is ready" not in (self.var / "serve.log").read_bytes():
            if self.process.poll() is not None or time.monotonic() > patience:
                sys.exit((self.var / "serve.log").read_text(encoding="utf-8"))
            time.sleep(0.2)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def run(self, *words: str) -> str:
        command = [*self.inside, sys.executable, *words]
        told = subprocess.run(
            command,
            env={**self.environment(), "CIRCLE15_DATABASE_URL": self.url()},
            capture_output=True,
            text=True,
            check=False,
            cwd=CHECKOUT,
        )
        if told.returncode:
            sys.exit(f"{words[:2]}: {told.stderr[-2000:]}")
        return told.stdout.strip()

    def url(self, *, role: str | None = None) -> str:
        lodging = lodging_of(self.var)
        assert lodging is not None
        return postgres.url(lodging, role=role) if role else postgres.url(lodging)

    def ask(self, query: str, **values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url(role=postgres.ADMIN)) as database:
            return database.execute(query.encode(), values).fetchall()


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


@contextmanager
def line() -> Iterator[None]:
    """Make the hall's namespace and the pair of cards, and take both away."""
    ip("netns", "add", NAMESPACE)
    try:
        ip("link", "add", NEAR, "type", "veth", "peer", "name", FAR, "netns", NAMESPACE)
        ip("addr", "add", f"{CITY_ADDRESS}/30", "dev", NEAR)
        ip("link", "set", NEAR, "up")
        for words in (
            ("addr", "add", f"{HALL_ADDRESS}/30", "dev", FAR),
            ("link", "set", FAR, "up"),
            ("link", "set", "lo", "up"),
        ):
            ip("-n", NAMESPACE, *words)
        yield
    finally:
        ip("netns", "del", NAMESPACE)


@contextmanager
def instance(settings: Mapping[str, str], *inside: str) -> Iterator[Instance]:
    var = Path(tempfile.mkdtemp(prefix="circle15-relay-"))
    var.chmod(0o755)
    one = Instance(var, settings, inside)
    try:
        yield one
    finally:
        one.stop()
        postgres.stop(var)
        elsewhere = lodging_of(var)
        for folder in (elsewhere.directory, elsewhere.socket) if elsewhere else ():
            shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(var, ignore_errors=True)


def reporting(hall: Instance) -> int | None:
    """Return the process that reports, a child of the hall's own."""
    assert hall.process is not None
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            env = (entry / "environ").read_bytes()
        except OSError:
            continue
        if b"relay" in words and str(hall.var).encode() in env:
            return int(entry.name)
    return None


def main() -> None:
    if os.geteuid() != 0:
        print("relay: left out, only root can make a network namespace")
        return
    city_settings = {
        "CIRCLE15_HOST": CITY_ADDRESS,
        "CIRCLE15_PORT": str(CITY_PORT),
        "CIRCLE15_DEMO": "1",
        "CIRCLE15_ALLOWED_HOSTS": CITY_ADDRESS,
    }
    hall_settings = {"CIRCLE15_PORT": str(HALL_PORT), "CIRCLE15_DEMO": "0"}
    with (
        line(),
        instance(city_settings) as city,
        instance(hall_settings, "ip", "netns", "exec", NAMESPACE) as hall,
    ):
        city.start()
        hall.start()
        code = city.run("-c", INVITE)
        joined = hall.run(
            "-m", "circle15", "join_city", f"http://{CITY_ADDRESS}:{CITY_PORT}", "--code", code
        )
        print(joined)
        hall.stop()
        hall.start()
        result = play(city, hall)
    told = CHECKOUT / "docs" / "benchmarks" / "relay.json"
    told.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))
    sys.exit(0 if result["same"] else 1)


def play(city: Instance, hall: Instance) -> dict[str, object]:
    chance, since = random.Random(SEED), datetime.now(UTC)
    playing = subprocess.Popen(
        [*hall.inside, sys.executable, "-c", PLAY, str(VISITS)],
        env={**hall.environment(), "CIRCLE15_DATABASE_URL": hall.url()},
        cwd=CHECKOUT,
    )
    most, killed = 0, 0
    for cut in range(CUTS):
        time.sleep(chance.uniform(0.5, 2.0))
        ip("link", "set", NEAR, "down")
        time.sleep(chance.uniform(0.5, 3.0))
        most = max(most, waiting(hall))
        pid = reporting(hall)
        if pid and killed < KILLS and cut % 2 == 0:
            os.kill(pid, signal.SIGKILL)
            killed += 1
        ip("link", "set", NEAR, "up")
        pid = reporting(hall)
        if pid and killed < KILLS and cut % 2:
            time.sleep(chance.uniform(0.0, 0.5))
            os.kill(pid, signal.SIGKILL)
            killed += 1
    assert playing.wait(300) == 0
    ended = time.monotonic()
    while waiting(hall):
        if time.monotonic() > ended + 180:
            sys.exit("events still wait three minutes after the line is back")
        time.sleep(0.2)
    tickets = [one.ask(TICKETS, since=since) for one in (hall, city)]
    spans = [one.ask(SPANS, since=since) for one in (hall, city)]
    [(received, distinct)] = city.ask(
        "SELECT count(*), count(DISTINCT (origin, seq)) FROM hall_received"
    )
    return {
        "what": "a hall's own instance reports to the city; the line is cut and the process killed",
        "tickets": len(tickets[0]),
        "spans": len(spans[0]),
        "cuts": CUTS,
        "kills": killed,
        "most_waiting_while_cut": most,
        "drained_s_after_the_last_cut": round(time.monotonic() - ended, 1),
        "received": received,
        "received_twice": received - distinct,
        "tickets_that_differ": len(set(tickets[0]) ^ set(tickets[1])),
        "spans_that_differ": len(set(spans[0]) ^ set(spans[1])),
        "same": tickets[0] == tickets[1] and spans[0] == spans[1] and len(tickets[0]) == VISITS,
        "on": f"{datetime.now(UTC):%Y-%m-%d}",
    }


def waiting(hall: Instance) -> int:
    [(count,)] = hall.ask("SELECT count(*) FROM hall_outgoing")
    assert isinstance(count, int)
    return count


if __name__ == "__main__":
    main()
