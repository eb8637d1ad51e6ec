"""What of a person can be read on disk: data files, the log of writes, temp, logs, what was sent.

Searched in the city's own folder of the database, the cluster's shared folders and the home.
"""

import json
import mmap
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg
from psycopg import sql
from tests.plugin import VAR
from tests.web.browser.city import City
from tests.web.journeys.people import EVERYBODY

from circle15.ops.demo.served import known_people

CLUSTER = VAR / "postgres" / "data"


def is_readable() -> bool:
    return os.access(CLUSTER, os.R_OK)


def needles() -> list[bytes]:
    """Return every number, phone and name that was typed, as text and as JSON escapes it."""
    typed = [
        text
        for one in (EVERYBODY, known_people())
        for text in (part for each in one for part in (each.name, each.id_number, each.phone))
    ]
    escaped = [json.dumps(text)[1:-1] for text in typed]
    return sorted({text.encode() for text in (*typed, *escaped)})


def found(city: City, wanted: Iterable[bytes], since: float) -> set[tuple[str, str]]:
    """Return the files in which something stands readable, after all is written out."""
    with psycopg.connect(city.database, autocommit=True) as connection:
        row = connection.execute(
            "SELECT oid::text FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        # Whoever owns databases may have all be written out by copying one file by file.
        copy = sql.Identifier(f"{city.home.name}_flushed")
        make = "CREATE DATABASE {} TEMPLATE template0 STRATEGY file_copy"
        connection.execute(sql.SQL(make).format(copy))
        connection.execute(sql.SQL("DROP DATABASE {}").format(copy))
    assert row is not None
    places = (
        CLUSTER / "pg_wal",
        CLUSTER / "base" / row[0],
        CLUSTER / "base" / "pgsql_tmp",
        VAR / "log",
        city.home,
    )
    wanted = list(wanted)
    return {hit for path in _written(places, since) for hit in _in(path, wanted)}


def _written(places: Iterable[Path], since: float) -> Iterator[Path]:
    for place in places:
        for path in place.rglob("*"):
            try:
                state = path.stat()
            except FileNotFoundError:
                continue
            if path.is_file() and state.st_size and state.st_mtime >= since:
                yield path


def _in(path: Path, wanted: list[bytes]) -> Iterator[tuple[str, str]]:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as seen:
            yield from ((path.name, one.decode()) for one in wanted if seen.find(one) >= 0)
    except (FileNotFoundError, ValueError):
        return
