"""A database with every migration applied, made once; the tests' databases are copies of it.

Making its tables takes seconds, copying what was made a quarter of a second.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from tests.plugin import VAR

SOURCE = Path(__file__).resolve().parents[1] / "src"


def migrated(*, is_alone: bool = False) -> str:
    """Return the name of the database of the present migrations, made first if it isn't there.

    Who runs alone takes away those of former migrations.
    """
    name = f"migrated_{_fingerprint()}"
    with _one_at_a_time(), psycopg.connect(address("postgres"), autocommit=True) as connection:
        known = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
        if name in known:
            return name
        for old in known:
            if is_alone and old.startswith("migrated_"):
                connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
        draft = sql.Identifier(f"{name}_draft")  # a killed run leaves no half one
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(draft))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(draft))
        migrating(f"{name}_draft")
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        connection.execute(rename.format(draft, sql.Identifier(name)))
    return name


def address(database: str) -> str:
    """Return the address of a database beside the one in the settings."""
    return urlsplit(os.environ["CIRCLE15_DATABASE_URL"])._replace(path=f"/{database}").geturl()


def migrating(database: str, *options: str) -> None:
    """Bring a database up to date, as whoever installs does."""
    ours = {
        "CIRCLE15_DATABASE_URL": address(database),
        "CIRCLE15_VAR_DIR": str(VAR),
        "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
        "PYTHONPATH": str(SOURCE),
    }
    command = [sys.executable, "-m", "circle15", "migrate", "--noinput", "--verbosity=0"]
    command += options
    done = subprocess.run(
        command, env={**os.environ, **ours}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _fingerprint() -> str:
    told = hashlib.sha256(version("django").encode())
    for path in sorted(SOURCE.glob("circle15/*/migrations/*.py")):
        told.update(path.read_bytes())
    for path in ("areas/row_security.py", "ops/fresh.py"):
        told.update((SOURCE / "circle15" / path).read_bytes())
    return told.hexdigest()[:12]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "migrated.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield
