"""The area a piece of work may touch, told to the database so that row-level security holds it.

Every division and site has a path such as `/320600000000/320681000000/`; seeing an area means
seeing every path that starts with its own. Without a scope the database shows no scoped row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet

EVERYWHERE = "/"

Row = TypeVar("Row", bound=Model)

# The fence makes sure that the former scope is read before it is replaced.
_EXCHANGE = """
SELECT former.path, set_config('circle15.area', %s, true)
FROM (SELECT coalesce(current_setting('circle15.area', true), '') AS path OFFSET 0) former
"""


@contextmanager
def area_scope(path: str) -> Iterator[None]:
    """Open a transaction in which only rows under `path` exist.

    `path` is `EVERYWHERE` for the system's own work. The former scope comes back at the end.
    """
    if not (path.startswith("/") and path.endswith("/")):
        message = f"an area path begins and ends with a slash: {path!r}"
        raise ValueError(message)
    # The end of the outermost transaction is the end of its scope too: nothing to put back.
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        former = _exchange(path)
        yield
        if not is_outermost:
            _exchange(former)


def _exchange(path: str) -> str:
    """Set the scope of the present transaction and return the one before."""
    with connection.cursor() as cursor:
        cursor.execute(_EXCHANGE, [path])
        former = cursor.fetchone()[0]
    assert isinstance(former, str)
    return former


def within(rows: QuerySet[Row], path: str, field: str = "area_path") -> QuerySet[Row]:
    """Narrow a query to the rows under `path`: the first wall, row-level security is the second.

    Every query of scoped rows goes through here; `""` sees nothing.
    """
    return rows.filter(**{f"{field}__startswith": path}) if path else rows.none()


def paths_to(path: str) -> list[str]:
    """Return the paths of everything an area lies in, the widest first, itself last."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1)]
