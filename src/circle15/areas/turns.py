"""One process at a time: background work that must not be done by two."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

LOOK_EVERY_S = 0.1


@contextmanager
def alone(lock: int, *, within_s: float = 0.0) -> Iterator[bool]:
    """Tell whether this process has the lock of that number, and hold it meanwhile.

    The lock belongs to the database connection: it is free again soon after the process is killed;
    whoever begins just then waits `within_s`.
    """
    patience = time.monotonic() + within_s
    while not (mine := _locked(lock)) and time.monotonic() < patience:
        time.sleep(LOOK_EVERY_S)
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def _locked(lock: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        return bool(cursor.fetchone()[0])
