"""What of a person can be read on disk: data files, the log of writes, temp, logs, what was sent.

Searched in the city's own folder of the database, the cluster's shared folders and the home.
"""

import json
from collections.abc import Iterable

import psycopg
from psycopg import sql
from tests.on_disk import CLUSTER, found_since
from tests.plugin import VAR
from tests.web.browser.city import City
from tests.web.journeys.people import EVERYBODY

from circle15.ops.demo.served import known_people


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
    return found_since(since, places, wanted)
