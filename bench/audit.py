"""Measure the audit trail: `make bench ARGS=audit` prints the table of docs/benchmarks.

Works in a database of its own, made and removed here.
"""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
from django.conf import settings
from django.db import connection, transaction

AT = datetime(2026, 1, 1, tzinfo=UTC)
RUNS = 3


def main(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circle15.config.settings")
    django.setup()
    connection.creation.create_test_db(verbosity=0)
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings.VAR_DIR = Path(folder)
            measure(count)
    finally:
        connection.creation.destroy_test_db("", verbosity=0)


def measure(count: int) -> None:
    from circle15.audit.actions import seal  # noqa: PLC0415 -- models need the set-up
    from circle15.audit.queries import verify  # noqa: PLC0415 -- models need the set-up

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    load = os.getloadavg()[0]
    print(f"{datetime.now(UTC):%Y-%m-%d}, {cpu()}, {os.cpu_count()} cores, load {load:.1f}")
    print(f"Python {platform.python_version()}, Django {django.__version__}, PostgreSQL {server}\n")
    print("| step | events | seconds | events/s |\n|---|---|---|---|")
    report("record, 1,000 to a transaction", count, lambda: write(count))
    report("seal all", count, lambda: seal(at=AT))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for _ in range(RUNS):
        report("verify", count, verify)
    for _ in range(RUNS):
        report("seal when nothing is new", count, lambda: seal(at=AT))
    assert verify().is_intact
    assert verify().links == count


def report(step: str, count: int, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    took = time.perf_counter() - start
    print(f"| {step} | {count:,} | {took:.2f} | {count / took:,.0f} |")


def write(count: int) -> None:
    from circle15.audit.actions import record  # noqa: PLC0415 -- models need the set-up
    from circle15.audit.states import Who  # noqa: PLC0415 -- models need the set-up

    who = Who(id=7, name="alice", role="clerk")
    for start in range(0, count, 1_000):
        with transaction.atomic():
            for number in range(start, min(start + 1_000, count)):
                record(
                    who=who,
                    verb="fact.record",
                    target_kind="site",
                    target_id=number % 500,
                    area_path="/320600000000/320681000000/",
                    at=AT + timedelta(seconds=number),
                    old={"name": "site.indoor_area_m2", "value": "100.00", "unit": "m2"},
                    new={"name": "site.indoor_area_m2", "value": f"{number}.00", "unit": "m2"},
                    clause="1.2",
                )


def cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next(line.split(": ")[1] for line in lines if line.startswith("model name"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
