"""Seal anew, with the newest key, what older keys sealed: in small batches beside the daily work.

Rows somebody is changing at that moment are passed over and met again in the next round, so nobody
waits for more than a batch and nothing can lock up. Cut off anywhere, a batch is whole or not done.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import Model, Q, QuerySet

from circle15.accounts import key_ring
from circle15.accounts.sealing import reseal
from circle15.areas.scope import EVERYWHERE, area_scope

BATCH = 200


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table with `<field>_sealed` columns, and the names each of them is bound to."""

    label: str
    kind: str
    fields: tuple[str, ...]
    uid: str = "uid"

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(f"{field}_sealed" for field in self.fields)

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)


def left(table: SealedTable) -> int:
    """Count the rows in which something is still sealed by an older key."""
    with area_scope(EVERYWHERE):
        return _old(table).count()


def batches(table: SealedTable, *, size: int = BATCH) -> Iterator[int]:
    """Go through a table once, a transaction a batch; yield how many rows each sealed anew."""
    after: object = None
    while True:
        with area_scope(EVERYWHERE):
            rows = _next_rows(table, after, size)
            _write(table, [(*_anew(table, row), _key(row)) for row in rows])
        if not rows:
            return
        yield len(rows)
        after = rows[-1][0]


def older_transactions(moment: float) -> int:
    """Count the transactions under way since before a moment (seconds of the epoch)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            " AND xact_start < to_timestamp(%s)",
            [moment],
        )
        found = cursor.fetchone()[0]
    assert isinstance(found, int)
    return found


def reseal_file(path: Path, anew: Callable[[bytes], bytes]) -> bool:
    """Put the file sealed anew in the place of the old one; False when there is nothing to do."""
    mark = f"{key_ring.ring().keys[0].id}:".encode()
    try:
        with path.open("rb") as file:
            if file.read(len(mark)) == mark:
                return False
        replace_file(path, anew(path.read_bytes()))
    except FileNotFoundError:  # deleted since
        return False
    return True


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file by one written beside it, so that a reader has the old or the new, whole."""
    state = path.stat()
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.utime(draft, ns=(state.st_atime_ns, state.st_mtime_ns))
        path.stat()  # gone since: it must not come back
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _old(table: SealedTable) -> QuerySet[Model]:
    mark = f"{key_ring.ring().keys[0].id}:"
    older = Q()
    for column in table.columns:
        older |= ~Q(**{column: ""}) & ~Q(**{f"{column}__startswith": mark})
    return table.model._base_manager.filter(older)  # noqa: SLF001 -- every row, whatever is shown


def _next_rows(table: SealedTable, after: object, size: int) -> list[tuple[object, ...]]:
    rows = _old(table).order_by("pk").select_for_update(skip_locked=True, of=("self",))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.values_list("pk", table.uid, *table.columns)[:size])


def _anew(table: SealedTable, row: tuple[object, ...]) -> list[str]:
    _pk, uid, *sealed = row
    pairs = zip(table.fields, sealed, strict=True)
    return [reseal(str(old), field=name, uid=uid, kind=table.kind) for name, old in pairs]


def _key(row: tuple[object, ...]) -> int | UUID:
    key = row[0]
    assert isinstance(key, int | UUID)
    return key


def _write(table: SealedTable, rows: list[tuple[str | int | UUID, ...]]) -> None:
    quote = connection.ops.quote_name
    meta = table.model._meta  # noqa: SLF001 -- Django's own name for it
    assert meta.pk is not None
    assert meta.pk.column is not None
    columns = ", ".join(f"{quote(column)} = %s" for column in table.columns)
    where = f"WHERE {quote(meta.pk.column)} = %s"
    statement = f"UPDATE {quote(meta.db_table)} SET {columns} {where}"  # noqa: S608 -- names of ours
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
