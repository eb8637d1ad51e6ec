"""Write the trail: one event in the caller's transaction, and the sealing of what was written."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from circle15.audit.masks import masked
from circle15.audit.request_context import current_request_id
from circle15.audit.states import Who

# Without RETURNING: an event may lie outside the area the writer can see.
_INSERT = """
INSERT INTO audit_event (at, actor_id, actor_name, actor_role, verb, target_kind, target_id,
                         area_path, old, new, clause, request_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class NoTransaction(RuntimeError):  # noqa: N818 -- says what is missing
    """An event was to be written outside the transaction of what it tells about."""


def record(  # noqa: PLR0913 -- an event has these parts, every caller names them
    *,
    who: Who,
    verb: str,
    target_kind: str,
    target_id: str | int,
    area_path: str,
    at: datetime,
    old: Mapping[str, object] | None = None,
    new: Mapping[str, object] | None = None,
    clause: str = "",
) -> None:
    """Append one event in the caller's transaction; no lock other writers wait for.

    Numbers of persons in `old` and `new` are masked. Raises NoTransaction.
    """
    if not connection.in_atomic_block:
        raise NoTransaction(f"{verb}: an event belongs into the transaction of its change")
    actor = (who.id, masked(who.name), who.role)
    target = (verb, target_kind, str(target_id), area_path)
    values = (_jsonb(old), _jsonb(new), masked(clause), current_request_id())
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, (at, *actor, *target, *values))


def _jsonb(values: Mapping[str, object] | None) -> Jsonb | None:
    return None if values is None else Jsonb(_plain(values))


def _plain(value: object) -> object:
    """Turn a value into what JSON knows; exact numbers and dates become text."""
    if isinstance(value, str):
        return masked(value)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        text = str(value)
        return value if masked(text) == text else masked(text)
    if isinstance(value, Mapping):
        return {masked(str(key)): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"the trail cannot hold a {type(value).__name__}")
