"""From a bad rating on a phone to the order an officer reads, and to the house of 12345.

Run: make bench ARGS=ratings   (CIRCLE15_BENCH_RATINGS; writes docs/benchmarks/ratings-orders.json)

Everything as users get it: an own embedded PostgreSQL that flushes to disk, granian with two
workers, the page behind the code on a ticket posted as a phone does, four phones at once; the
officer's page asked for right after, over a session of its own. The worker of the line tells a
simulated house, one round a second. The clock starts before the post is sent.
"""
# ruff: noqa: PLC0415 -- models need the set-up

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from importlib.metadata import version
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

from bench.hall.cycles import CHECKOUT, own_database, served

if TYPE_CHECKING:
    from circle15.ops.simulators.hotline import HotlineSimulator

RESULT = CHECKOUT / "docs" / "benchmarks" / "ratings-orders.json"
RATINGS = int(os.environ.get("CIRCLE15_BENCH_RATINGS", "200"))
PHONES, WARM_UP = 4, 16
PROMISED_MS = 1000
PATIENCE_S = 60


def phone(base: str, visit: str) -> tuple[str, float]:
    """Rate badly as a phone does; return the order's uid and the moment of the post."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    address = f"{base}/t/{visit}/rate/"
    with browser.open(f"{address}?grade=1") as reply:
        page = reply.read().decode()
    fields = dict(re.findall(r'name="(csrfmiddlewaretoken|once)" value="([^"]+)"', page))
    told = {**fields, "grade": "1", "labels": "115", "phone": "13800138000"}
    body = urlencode(told).encode()
    begun = time.time()
    with browser.open(Request(address, body, {"Referer": address})) as reply:
        thanks = reply.read().decode()
    found = re.search(r"/feedback/([0-9a-f-]{36})/", thanks)
    assert found is not None, thanks
    return found[1], begun


def officer_reads(base: str, session: str, uid: str) -> float:
    """Return when the officer has the order's page."""
    request = Request(f"{base}/ratings/orders/{uid}/", headers={"Cookie": session})
    while True:
        with urlopen(request) as reply:
            if uid in reply.read().decode():
                return time.time()


def one(base: str, session: str, visit: str) -> tuple[str, float, float, float]:
    uid, begun = phone(base, visit)
    answered = time.time()
    return uid, begun, answered - begun, officer_reads(base, session, uid) - begun


@contextmanager
def watched(house: "HotlineSimulator") -> Iterator[dict[str, float]]:
    """Note when each order was first known to the house, to a fifth of a second."""
    seen: dict[str, float] = {}
    over = Event()

    def look() -> None:
        while not over.wait(0.2):
            states = house.figures()["states"]
            assert isinstance(states, dict)
            for uid in states:
                seen.setdefault(uid, time.time())

    thread = Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


@contextmanager
def worker(url: str) -> Iterator[None]:
    command = [sys.executable, "-m", "circle15", "core_platform", "--loop"]
    process = subprocess.Popen(command, env=os.environ | {"CIRCLE15_DATABASE_URL": url})
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def figures(times: list[float]) -> dict[str, float]:
    return {
        "p50_ms": round(1000 * statistics.median(times), 1),
        "p95_ms": round(1000 * statistics.quantiles(times, n=20)[-1], 1),
        "most_ms": round(1000 * max(times), 1),
    }


def measured(base_url: str, house: "HotlineSimulator") -> dict[str, object]:
    from django.db import connection
    from tests import factories
    from tests.ratings.conftest import furnish

    old = connection.settings_dict["NAME"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    url = base_url.replace("/circle15?", f"/{name}?")
    try:
        place, at = furnish(), datetime.now(UTC)
        visits = [str(place.visit(at=at)) for _number in range(RATINGS + WARM_UP)]
        cookies = factories.logged_in(place.users["carol"]).cookies
        session = "; ".join(f"{key}={morsel.value}" for key, morsel in cookies.items())
        connection.close()
        with served(url) as (port, _web), worker(url), watched(house) as seen:
            base = f"http://127.0.0.1:{port}"
            with ThreadPoolExecutor(PHONES) as pool:
                list(pool.map(lambda visit: one(base, session, visit), visits[:WARM_UP]))
                found = list(pool.map(lambda visit: one(base, session, visit), visits[WARM_UP:]))
            until = time.monotonic() + PATIENCE_S
            while len(seen) < len(visits) and time.monotonic() < until:
                time.sleep(0.1)
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)
    told = [seen[uid] - begun for uid, begun, _answer, _read in found if uid in seen]
    return {
        "orders": len({uid for uid, *_times in found}),
        "post_answered": figures([each[2] for each in found]),
        "rating_to_order_read": figures([each[3] for each in found]),
        "within_promised": sum(each[3] * 1000 <= PROMISED_MS for each in found),
        "told_to_12345": len(told),
        "rating_to_12345": figures(told),
    }


def main() -> None:
    from circle15.ops.simulators.hotline import HotlineSimulator

    load_before = os.getloadavg()[0]
    with HotlineSimulator() as house:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
            "CIRCLE15_DEMO": "0",
            "CIRCLE15_TEST_DATABASE": "bench_ratings",
            "CIRCLE15_HOTLINE_URL": house.url,
            "CIRCLE15_HOTLINE_KEY": house.key.hex(),
        }
        with own_database(CHECKOUT / "var" / f"bench-ratings-{os.getpid()}") as url:
            import django
            from django.core.management import call_command

            django.setup()
            call_command("collectstatic", "--noinput", verbosity=0)
            found = measured(url, house)
    result = {
        "what": "bad rating posted from the page behind a ticket's code -> the officer's page of"
        " its order, and -> a simulated 12345; 4 phones, granian with 2 workers, fsync on, all"
        " on these cores",
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "django": version("django"),
        "load_before": load_before,
        "promised_ms": PROMISED_MS,
        **found,
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(RESULT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
