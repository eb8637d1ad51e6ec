"""Kill -9 at random times under load: nothing acknowledged is lost, nothing stays half-done.

Run: make prove [ARGS="200 50"]   (kills of web processes, kills of PostgreSQL; writes
docs/benchmarks/kill.md)

Starts the product as `make run` does, in a folder and on a port of its own, with `fsync` on.
Clients record facts through the pages and write every acknowledged one to a file outside.
Ends nothing but what it started.
"""
# ruff: noqa: E501, PLC0415 -- lines of the written page; models need the started database

import itertools
import json
import os
import platform
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.cookiejar import CookieJar
from importlib.metadata import version
from pathlib import Path

import psycopg

from circle15.ops import postgres
from circle15.ops.lodging import Lodging, lodging_of

CHECKOUT = Path(__file__).resolve().parents[1]
PASSWORD = "Qidong-15min-demo"
CLIENTS = ("city", "county", "manager1", "manager2")
FACT = "conduct.counter_irregularities"  # a count of one site
WEB_KILLS, POSTGRES_KILLS = 40, 15
BACK_WITHIN_S = 10.0
PATIENCE_S = 120.0
MOST_BETWEEN_S = 3.0
MARK = "kill-"


class NotDone(Exception):
    """The server did not acknowledge the write: it may have been done or not."""


@dataclass(slots=True)
class Record:
    """What the clients know, kept outside the product."""

    path: Path
    acknowledged: list[str] = field(default_factory=list)
    tried: int = 0
    last_begun: float = 0.0  # when the latest acknowledged write began
    back_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, note: str, begun: float) -> None:
        with self.lock, self.path.open("a", encoding="utf-8") as file:
            file.write(f"{note}\n")
            self.acknowledged.append(note)
            if begun > self.last_begun:
                self.last_begun, self.back_at = begun, time.monotonic()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object) -> None:
        return None


class Client:
    """One person at a browser: logs in, finds a site, records facts."""

    def __init__(self, name: str, address: str) -> None:
        self.name, self.address = name, address
        self.forget()

    def forget(self) -> None:
        self.cookies = CookieJar()
        handlers = (urllib.request.HTTPCookieProcessor(self.cookies), NoRedirect())
        self.line = urllib.request.build_opener(*handlers)
        self.site = ""

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Return status, where it leads, and the page."""
        body = None
        if fields is not None:
            token = next(each.value or "" for each in self.cookies if "csrf" in each.name)
            body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        try:
            with self.line.open(f"{self.address}{path}", body, timeout=30) as reply:
                return reply.status, "", reply.read().decode()
        except urllib.error.HTTPError as reply:
            with reply:
                return reply.code, reply.headers.get("Location", ""), reply.read().decode()

    def log_in(self) -> None:
        self.forget()
        self.ask("/login/")
        status, leads_to, page = self.ask("/login/", {"username": self.name, "password": PASSWORD})
        if status != 302:
            raise NotDone(f"login {status}: {page[:200]}")
        _status, _leads_to, page = self.ask("/sites/")
        sites = re.findall(r'href="/sites/(\d{12}\w+)/"', page)
        if not sites:
            raise NotDone(f"no site in the list after {leads_to}")
        self.site = sites[0]

    def write(self, note: str) -> None:
        """Record one fact; raises NotDone unless the server said it is kept."""
        if not self.site:
            self.log_in()
        fields = {
            "value": str(len(note)),
            "observed_on": date.today().isoformat(),  # noqa: DTZ011 -- as a person types it
            "source": "document",
            "note": note,
        }
        status, leads_to, page = self.ask(f"/sites/{self.site}/facts/{FACT}/", fields)
        if status == 302 and leads_to.endswith("?saved=1"):
            return
        if status == 302:  # to the login
            self.site = ""
        raise NotDone(f"{status} {leads_to} {page[:120]}")


def go_on_writing(client: Client, record: Record, stop: threading.Event) -> None:
    for number in itertools.count():
        if stop.is_set():
            return
        note = f"{MARK}{client.name}-{number:06d}"
        begun = time.monotonic()
        record.tried += 1
        try:
            client.write(note)
        except (NotDone, OSError, StopIteration):
            time.sleep(0.1)
        else:
            record.keep(note, begun)


@dataclass(slots=True)
class Product:
    """The running product."""

    var: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def lodging(self) -> Lodging:
        found = lodging_of(self.var)
        assert found is not None
        return found

    def victims(self, kind: str) -> list[int]:
        """Return the processes of a kind that run now, all descendants of our own."""
        if kind == "PostgreSQL":
            return [pid for pid in [postgres.postmaster(self.lodging)] if pid]
        masters = [pid for pid in children_of(self.process.pid) if "sweep" not in words_of(pid)]
        if kind == "web server":
            return masters
        workers = [pid for master in masters for pid in children_of(master)]
        return [pid for pid in workers if "resource_tracker" not in words_of(pid)]


def children_of(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            after_name = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(after_name[1]) == parent and after_name[0] != "Z":
            found.append(int(entry.name))
    return sorted(found)


def words_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@contextmanager
def product(*, demo: bool = True) -> Iterator[Product]:
    """Run the product in a folder of its own and take both away afterwards."""
    var = Path(tempfile.mkdtemp(prefix="circle15-prove-"))
    var.chmod(0o755)  # the unprivileged user of PostgreSQL passes through
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inherited = {name: each for name, each in os.environ.items() if "CIRCLE15" not in name}
    ours = {"CIRCLE15_VAR_DIR": str(var), "CIRCLE15_PORT": str(port)}
    ours["CIRCLE15_DEMO"] = str(int(demo))
    process = subprocess.Popen(
        [sys.executable, "-m", "circle15.ops.serve"],
        env={**inherited, **ours, "PYTHONPATH": str(CHECKOUT / "src")},
        stdout=(var / "serve.log").open("wb"),
        stderr=subprocess.STDOUT,
        cwd=CHECKOUT,
    )
    try:
        yield Product(var, port, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        postgres.stop(var)
        elsewhere = lodging_of(var)
        for folder in (elsewhere.directory, elsewhere.socket) if elsewhere else ():
            shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(var, ignore_errors=True)


def await_start(running: Product) -> None:
    patience = time.monotonic() + 600
    while b"is ready" not in (running.var / "serve.log").read_bytes():
        if running.process.poll() is not None or time.monotonic() > patience:
            sys.exit((running.var / "serve.log").read_text(encoding="utf-8"))
        time.sleep(0.2)


def kill_one(running: Product, kind: str, record: Record, chance: random.Random) -> float:
    """Kill one process; return the seconds until a write begun after the kill is acknowledged."""
    time.sleep(chance.uniform(0.0, MOST_BETWEEN_S))
    victims = running.victims(kind)
    assert victims, f"no {kind} to kill"
    os.kill(chance.choice(victims), signal.SIGKILL)
    killed = time.monotonic()
    while record.last_begun <= killed:
        if time.monotonic() > killed + PATIENCE_S:
            raise SystemExit(f"not back {PATIENCE_S:g} s after the kill of the {kind}")
        time.sleep(0.02)
    return record.back_at - killed


def look(running: Product) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(postgres.url(running.lodging, role=postgres.ADMIN))


def lost(running: Product, notes: list[str]) -> list[str]:
    """Return the acknowledged writes the database doesn't hold."""
    with look(running) as database:
        rows = database.execute("SELECT note FROM ledger_fact WHERE note = ANY(%s)", (notes,))
        kept = {row[0] for row in rows}
    return [note for note in notes if note not in kept]


# A fact and its audit event are of one transaction if the same one wrote both rows.
HALF_DONE = """
SELECT f.id FROM ledger_fact f LEFT JOIN audit_event e
  ON e.target_kind = 'fact' AND e.target_id = f.id::text
WHERE f.note LIKE %(mark)s
GROUP BY f.id HAVING count(e.id) <> 1 OR NOT bool_and(e.xmin = f.xmin)
UNION ALL
SELECT e.id FROM audit_event e
WHERE e.target_kind = 'fact' AND e.verb = 'fact.record'
  AND NOT EXISTS (SELECT FROM ledger_fact f WHERE f.id::text = e.target_id)
"""
TWICE = "SELECT note FROM ledger_fact WHERE note LIKE %(mark)s GROUP BY note HAVING count(*) > 1"


def count(running: Product, query: str) -> int:
    with look(running) as database:
        return len(database.execute(query.encode(), {"mark": f"{MARK}%"}).fetchall())


def scores_that_differ(running: Product) -> int:
    """Return how many live scores differ from those computed anew from the records."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
        "CIRCLE15_VAR_DIR": str(running.var),
        "CIRCLE15_DATABASE_URL": postgres.url(running.lodging),
    }
    import django

    django.setup()
    from django.utils import timezone

    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.assessments.actions import refresh, refresh_stale
    from circle15.assessments.models import LiveScore
    from circle15.sites.models import Site

    def scores() -> dict[tuple[int, str], tuple[object, ...]]:
        fields = ("site_id", "book", "total", "unknown", "lost", "facts_version")
        with area_scope(EVERYWHERE):
            return {row[:2]: row[2:] for row in LiveScore.objects.values_list(*fields)}

    at = timezone.now()
    refresh_stale(at=at)
    before = scores()
    with area_scope(EVERYWHERE):
        ids = list(Site.objects.order_by("id").values_list("id", flat=True))
    refresh(ids, on=timezone.localdate(at), at=at)
    after = scores()
    return sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())


def audit(running: Product, verb: str, *options: str) -> subprocess.CompletedProcess[str]:
    env = {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT / "src"),
        "CIRCLE15_VAR_DIR": str(running.var),
        "CIRCLE15_DATABASE_URL": postgres.url(running.lodging),
    }
    command = [sys.executable, "-c", "from circle15.cli.main import main; main()", "audit", verb]
    return subprocess.run(
        [*command, *options], env=env, capture_output=True, text=True, check=False
    )


@dataclass(slots=True)
class Result:
    """What the campaign found."""

    backs: dict[str, list[float]]
    tried: int
    acknowledged: int
    kept: int
    lost: int
    twice: int
    half_done: int
    scores: int
    is_intact: bool
    links: int
    load: float  # the highest seen

    @property
    def is_good(self) -> bool:
        broken = self.lost + self.twice + self.half_done + self.scores
        return broken == 0 and self.is_intact and self.slowest <= BACK_WITHIN_S

    @property
    def slowest(self) -> float:
        return max(itertools.chain.from_iterable(self.backs.values()))


def campaign(running: Product, web_kills: int, postgres_kills: int, seed: int) -> Result:
    chance = random.Random(seed)
    plan = ["web worker"] * (web_kills - web_kills // 2) + ["web server"] * (web_kills // 2)
    plan += ["PostgreSQL"] * postgres_kills
    chance.shuffle(plan)
    record, stop = Record(running.var / "acknowledged.txt"), threading.Event()
    clients = [Client(name, running.address) for name in CLIENTS]
    threads = [
        threading.Thread(target=go_on_writing, args=(client, record, stop)) for client in clients
    ]
    for thread in threads:
        thread.start()
    backs: dict[str, list[float]] = defaultdict(list)
    missing: set[str] = set()
    load = 0.0
    try:
        while len(record.acknowledged) < len(CLIENTS):  # all is well before the first kill
            time.sleep(0.1)
        for number, kind in enumerate(plan, 1):
            with record.lock:
                before = list(record.acknowledged)
            back = kill_one(running, kind, record, chance)
            backs[kind].append(back)
            load = max(load, os.getloadavg()[0])
            missing |= set(lost(running, before))
            print(f"{number}/{len(plan)} {kind}: back in {back:.1f} s", flush=True)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    missing |= set(lost(running, record.acknowledged))
    differing = scores_that_differ(running)
    audit(running, "seal")
    verified = audit(running, "verify", "--json")
    print(verified.stdout, verified.stderr)
    return Result(
        backs=backs,
        tried=record.tried,
        acknowledged=len(record.acknowledged),
        kept=count(running, "SELECT id FROM ledger_fact WHERE note LIKE %(mark)s"),
        lost=len(missing),
        twice=count(running, TWICE),
        half_done=count(running, HALF_DONE),
        scores=differing,
        is_intact=verified.returncode == 0,
        links=int(json.loads(verified.stdout)["links"]),
        load=load,
    )


def page(found: Result, seed: int) -> str:
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    rows = "\n".join(
        f"| {kind} | {len(times)} | {statistics.median(times):.1f} | {max(times):.1f} |"
        for kind, times in sorted(found.backs.items())
    )
    return f"""# Kill -9 under load

`make prove` (seed {seed}). {len(CLIENTS)} clients record facts through the pages of the product as `make run` starts
it (`fsync` and `synchronous_commit` on) and write down outside what was acknowledged. Processes are killed at random
times; after each kill the clients' record is compared with the database. *Back* is the time until a write begun
after the kill is acknowledged. Killing a process proves nothing about a power cut.

{datetime.now(UTC):%Y-%m-%d}, {cpu}, {os.cpu_count()} cores, load up to {found.load:.0f} meanwhile;
Python {platform.python_version()}, Django {version("django")}, granian {version("granian")}, embedded PostgreSQL 18

| killed | times | back, median s | back, longest s |
|---|---|---|---|
{rows}

| | found | promised |
|---|---|---|
| writes tried, acknowledged, kept | {found.tried:,}, {found.acknowledged:,}, {found.kept:,} | |
| acknowledged and lost | {found.lost} | 0 |
| written twice | {found.twice} | 0 |
| fact without exactly one audit event of the same transaction, or the reverse | {found.half_done} | 0 |
| live scores that differ from those computed anew | {found.scores} | 0 |
| audit chain | {"intact" if found.is_intact else "BROKEN"}, {found.links:,} events | intact |
| longest until back | {found.slowest:.1f} s | {BACK_WITHIN_S:g} s |
"""


def main(arguments: list[str]) -> int:
    kills = [int(each) for each in arguments] or [WEB_KILLS, POSTGRES_KILLS]
    seed = int(time.time())
    with product() as running:
        await_start(running)
        found = campaign(running, *kills[:2], seed=seed)
    text = page(found, seed)
    print(text)
    out = CHECKOUT / "docs" / "benchmarks" / "kill.md"
    out.write_text(text, encoding="utf-8")
    return 0 if found.is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
