"""Write the trail: one event in the caller's transaction, and the sealing of what was written."""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import connection, transaction

from circle15.audit import heads_file
from circle15.audit.chain import (
    BODY,
    GENESIS,
    LAST_HEAD,
    SEE_EVERYTHING,
    Chain,
    Sealed,
    sealed_of,
    sealer_lock,
)
from circle15.audit.masks import masked
from circle15.audit.plain import plain
from circle15.audit.request_context import current_request_id
from circle15.audit.states import Who

# Without RETURNING: an event may lie outside the area the writer can see.
_INSERT = """
INSERT INTO audit_event (at, actor_id, actor_name, actor_role, verb, target_kind, target_id,
                         area_path, old, new, clause, request_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s, %s)
"""

BATCH = 5_000
_UNSEALED = f"""
SELECT e.id, {BODY} FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.id
WHERE l.event_id IS NULL ORDER BY e.id LIMIT %s
"""  # noqa: S608 -- a constant
_LAST_LINK = "SELECT position, mac FROM audit_link ORDER BY position DESC LIMIT 1"
_ADD_LINKS = """
INSERT INTO audit_link (position, event_id, mac)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[])
"""
_ADD_HEAD = """
INSERT INTO audit_head (first, last, chain_mac, sealed_at, mac)
VALUES (%s, %s, %s, %s::timestamp AT TIME ZONE 'UTC', %s)
"""

logger = logging.getLogger(__name__)


class NoTransaction(RuntimeError):
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
    assert at.tzinfo is not None, "an event needs an aware time"
    if not connection.in_atomic_block:
        raise NoTransaction(f"{verb}: an event belongs into the transaction of its change")
    actor = (who.id, masked(who.name), who.role)
    target = (verb, target_kind, str(target_id), area_path)
    values = (_json(old), _json(new), masked(clause), current_request_id())
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, (at, *actor, *target, *values))


def _json(values: Mapping[str, object] | None) -> str | None:
    return None if values is None else json.dumps(plain(values), ensure_ascii=False)


def seal(*, at: datetime) -> int:
    """Bind every committed event that has no link yet into the chain; return how many.

    Runs outside requests and outside transactions: each batch commits on its own, then its
    head goes to the file. An event that commits late gets a later position, whatever its id.
    """
    sealed = 0
    with sealer_lock():
        _catch_up()
        while head := _seal_batch(at=at):
            heads_file.append(head)
            sealed += head.last - head.first + 1
    return sealed


def _seal_batch(*, at: datetime) -> Sealed | None:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(SEE_EVERYTHING)
        cursor.execute(_UNSEALED, [BATCH])
        events = cursor.fetchall()
        if not events:
            return None
        cursor.execute(_LAST_LINK)
        position, mac = cursor.fetchone() or (0, GENESIS)
        chain = Chain()
        macs = []
        for event_id, body in events:
            mac = chain.link(bytes(mac), event_id, body)
            macs.append(mac)
        head = _head(chain, first=position + 1, last=position + len(events), mac=mac, at=at)
        ids = [event_id for event_id, _ in events]
        cursor.execute(_ADD_LINKS, [list(range(head.first, head.last + 1)), ids, macs])
        cursor.execute(_ADD_HEAD, [head.first, head.last, head.chain_mac, head.sealed_at, head.mac])
    return head


def _head(chain: Chain, *, first: int, last: int, mac: bytes, at: datetime) -> Sealed:
    sealed_at = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    own = chain.head(first, last, mac, sealed_at)
    return Sealed(first=first, last=last, chain_mac=mac, sealed_at=sealed_at, mac=own)


def _catch_up() -> None:
    """Write the one head whose commit was followed by a crash; a larger hole is for `verify`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LAST_HEAD)
        row = cursor.fetchone()
    if row is None:
        return
    head = sealed_of(row)
    if heads_file.last_written() == head.first - 1:
        heads_file.append(head)
        logger.warning("audit: wrote the head %s that a crash kept out of the file", head.last)
