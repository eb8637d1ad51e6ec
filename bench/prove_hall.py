"""Kill -9 at random times while people are served: no acknowledged step is lost, none half-done.

Run: make prove [ARGS="40 20"]   (kills of web processes, kills of PostgreSQL; writes
docs/benchmarks/kill-hall.md)

Starts the product in a folder and on a port of its own. Clerks take, call, begin and finish
through the API; a step without an answer is sent again with its key until there is one, so at the
end exactly what was acknowledged must be in the database, once. Ends nothing but what it started.
"""
# ruff: noqa: E501, PLC0415 -- lines of the written page; models need the started database

import itertools
import json
import os
import random
import statistics
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from bench.prove_kill import (
    BACK_WITHIN_S,
    CHECKOUT,
    NotDone,
    Product,
    Record,
    await_start,
    kill_one,
    product,
)

from circle15.ops import postgres

CLERKS = 8
WEB_KILLS, POSTGRES_KILLS = 20, 20
OUT = CHECKOUT / "docs" / "benchmarks" / "kill-hall.md"


@dataclass(slots=True)
class Clerk:
    """Somebody at a window with a token for programs, and what was acknowledged to them."""

    address: str
    site: str
    window: int
    token: str
    taken: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    repeated: int = 0

    def visit(self, record: Record, stop: threading.Event) -> None:
        """Take a number and serve whoever is first."""
        taken = self.step(f"halls/{self.site}/tickets", {"lane": "A"}, record)
        self.taken.append(taken["uid"])
        if stop.is_set():
            return
        uid = {"uid": self.step(f"windows/{self.window}/call-next", {}, record)["uid"]}
        self.step(f"windows/{self.window}/begin", uid, record)
        self.step(f"windows/{self.window}/finish", uid, record)
        self.finished.append(uid["uid"])

    def step(self, path: str, said: dict[str, str], record: Record) -> dict[str, str]:
        """Do one step, again and again with its key until the server says what was done."""
        key, begun = uuid4().hex, time.monotonic()
        for attempt in itertools.count():
            record.tried += 1
            try:
                answer = self.ask(path, key, said)
            except (NotDone, OSError):
                time.sleep(0.05)
                begun = time.monotonic()
                continue
            self.repeated += attempt > 0
            record.keep(f"{path} {key}", begun)
            return answer
        raise AssertionError

    def ask(self, path: str, key: str, said: dict[str, str]) -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": key,
            "Content-Type": "application/json",
        }
        body = json.dumps(said).encode()
        request = urllib.request.Request(f"{self.address}/api/v1/{path}", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                answer = json.loads(reply.read())
        except urllib.error.HTTPError as refused:
            with refused:
                text = refused.read().decode()
            if refused.code < 500:
                raise SystemExit(f"{path}: {refused.code} {text[:300]}") from None
            raise NotDone(text[:120]) from None
        assert isinstance(answer, dict)
        return answer


def set_up(running: Product) -> list[Clerk]:
    """Make a hall with a clerk at each window."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
        "CIRCLE15_VAR_DIR": str(running.var),
        "CIRCLE15_DATABASE_URL": postgres.url(running.lodging),
    }
    import django

    django.setup()
    from tests import factories

    from circle15.accounts.api_tokens import make_token
    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.hall.actions.windows import open_window

    at = datetime.now(UTC)
    site = factories.HallFactory().site
    clerks = []
    for number in range(1, CLERKS + 1):
        window = factories.WindowFactory(number=number).id
        by = factories.actor_for(factories.staff(f"prove{number}", "clerk", area=site), at=at)
        with area_scope(EVERYWHERE):
            open_window(window_id=window, by=by, at=at)
            token = make_token(name="prove", good_for=timedelta(days=1), by=by, at=at).text
        clerks.append(Clerk(running.address, site.code, window, token))
    return clerks


def go_on_serving(clerk: Clerk, record: Record, stop: threading.Event) -> None:
    while not stop.is_set():
        clerk.visit(record, stop)


@dataclass(frozen=True, slots=True)
class Result:
    """What the campaign found."""

    backs: dict[str, list[float]]
    tried: int
    steps: int
    visits: int
    repeated: int
    lost: int
    twice: int
    unfinished: int
    broken: list[str]
    load: float

    @property
    def slowest(self) -> float:
        return max(itertools.chain.from_iterable(self.backs.values()))

    @property
    def is_good(self) -> bool:
        wrong = self.lost + self.twice + self.unfinished + len(self.broken)
        return wrong == 0 and self.slowest <= BACK_WITHIN_S


def campaign(running: Product, kills: list[int], seed: int) -> Result:
    chance = random.Random(seed)
    web, database = kills
    plan = ["web worker"] * (web - web // 2) + ["web server"] * (web // 2)
    plan += ["PostgreSQL"] * database
    chance.shuffle(plan)
    clerks = set_up(running)
    record, stop = Record(running.var / "acknowledged.txt"), threading.Event()
    threads = [
        threading.Thread(target=go_on_serving, args=(clerk, record, stop)) for clerk in clerks
    ]
    for thread in threads:
        thread.start()
    backs: dict[str, list[float]] = defaultdict(list)
    load = 0.0
    try:
        while len(record.acknowledged) < 10 * CLERKS:  # all is well before the first kill
            time.sleep(0.1)
        for number, kind in enumerate(plan, 1):
            backs[kind].append(kill_one(running, kind, record, chance))
            load = max(load, os.getloadavg()[0])
            print(f"{number}/{len(plan)} {kind}: back in {backs[kind][-1]:.1f} s", flush=True)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return compared(clerks, record, backs, load)


def compared(
    clerks: list[Clerk], record: Record, backs: dict[str, list[float]], load: float
) -> Result:
    """Hold what was acknowledged beside what the database has."""
    from django.db import connection
    from tests.hall.invariants import broken

    connection.close()
    from circle15.areas.scope import EVERYWHERE, area_scope
    from circle15.hall.models import Ticket

    with area_scope(EVERYWHERE):
        states = {str(uid): state for uid, state in Ticket.objects.values_list("uid", "state")}
    taken = [uid for clerk in clerks for uid in clerk.taken]
    finished = [uid for clerk in clerks for uid in clerk.finished]
    return Result(
        backs=backs,
        tried=record.tried,
        steps=len(record.acknowledged),
        visits=len(finished),
        repeated=sum(clerk.repeated for clerk in clerks),
        lost=len(set(taken) - set(states)),
        twice=len(set(states) - set(taken)) + len(taken) - len(set(taken)),
        unfinished=sum(states.get(uid) != "finished" for uid in finished)
        + len(finished)
        - len(set(finished)),
        broken=broken(),
        load=load,
    )


def page(found: Result, seed: int) -> str:
    rows = "\n".join(
        f"| {kind} | {len(times)} | {statistics.median(times):.1f} | {max(times):.1f} |"
        for kind, times in sorted(found.backs.items())
    )
    return f"""# Kill -9 while a hall is at work

`make prove` (seed {seed}). {CLERKS} clerks take, call, begin and finish through the API of the product as `make run` starts it
(`fsync` and `synchronous_commit` on). A step without an answer is sent again with its key until it has one; at the end the database
must hold exactly what was acknowledged, each once. *Back* is the time until a step begun after the kill is acknowledged.

{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load up to {found.load:.0f} meanwhile

| killed | times | back, median s | back, longest s |
|---|---|---|---|
{rows}

| | found | promised |
|---|---|---|
| requests, steps acknowledged, whole visits | {found.tried:,}, {found.steps:,}, {found.visits:,} | |
| steps answered only when sent again | {found.repeated:,} | |
| acknowledged tickets lost | {found.lost} | 0 |
| tickets nobody was told of, or told of twice | {found.twice} | 0 |
| acknowledged finishes that are none | {found.unfinished} | 0 |
| invariants broken ({len(found.broken)}) | {", ".join(found.broken) or "none"} | none |
| longest until back | {found.slowest:.1f} s | {BACK_WITHIN_S:g} s |
"""


def main(arguments: list[str]) -> int:
    kills = [int(each) for each in arguments] or [WEB_KILLS, POSTGRES_KILLS]
    seed = int(time.time())
    with product(demo=False) as running:
        await_start(running)
        found = campaign(running, kills[:2], seed=seed)
    text = page(found, seed)
    print(text)
    Path(OUT).write_text(text, encoding="utf-8")
    return 0 if found.is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
