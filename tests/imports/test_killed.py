"""A process killed in the middle of an import leaves all of it or nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from tests.imports.files import csv_bytes
from tests.migrated import migrated

CHECKOUT = Path(__file__).resolve().parents[2]
NAME = f"{os.environ.get('CIRCLE15_TEST_DATABASE', 'test_circle15')}_killed"
CITY = ["320600000000", "南通市"]
COUNTY = ["320681000000", "启东市"]
TOWNS = [[f"320681{n:03}000", f"第{n}镇"] for n in range(1, 999)]
VILLAGES = [[f"{town[:9]}{n:03}", f"第{n}村"] for town, _ in TOWNS for n in range(1, 3)]


@pytest.fixture(scope="module")
def database():
    """A database of its own, as what is committed here stays."""
    url = os.environ["CIRCLE15_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{NAME}"')
        connection.execute(f'CREATE DATABASE "{NAME}" TEMPLATE {migrated()}')
    ours = urlsplit(url)._replace(path=f"/{NAME}").geturl()
    environment = {
        **os.environ,
        "CIRCLE15_DATABASE_URL": ours,
        "PYTHONPATH": str(CHECKOUT / "src"),
        "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
    }
    yield ours, environment
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{NAME}" WITH (FORCE)')


def _start(environment: dict[str, str], path: Path, *options: str) -> subprocess.Popen[bytes]:
    code = "from circle15.cli.main import main; main()"
    command = [sys.executable, "-c", code, "import", "divisions", str(path), *options]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)


def _rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT count(*) FROM areas_division").fetchone()[0]


_WRITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = %s AND query LIKE 'INSERT INTO "areas_division"%%'
"""


def _until_it_writes(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for the first rows of this process; what an earlier one left running is gone by then."""
    with psycopg.connect(url, autocommit=True) as connection:
        while process.poll() is None:
            if connection.execute(_WRITING, [NAME]).fetchone()[0]:
                return
            time.sleep(0.005)


@pytest.mark.slow
def test_a_killed_import_leaves_all_or_nothing(database, tmp_path):
    url, environment = database
    path = tmp_path / "divisions.csv"
    path.write_bytes(csv_bytes([["区划代码", "名称"], CITY, COUNTY, *TOWNS, *VILLAGES]))
    seen = []
    for delay_s in (0, 0.05, 0.2, 0.5):
        process = _start(environment, path)
        _until_it_writes(url, process)
        time.sleep(delay_s)
        process.send_signal(signal.SIGKILL)
        process.wait()
        seen.append(_rows(url))
    assert _start(environment, path).wait() == 0
    everything = 2 + len(TOWNS) + len(VILLAGES)
    assert (seen[0], _rows(url)) == (0, everything)
    assert set(seen) <= {0, everything}
