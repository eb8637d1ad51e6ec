"""What binds the events: canonical text, keyed SM3 links, and the heads of sealed batches."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.db import connection

GENESIS = bytes(32)

# Every column of an event but its id, unambiguous, in one text that does not depend on the
# session: JSON writes times in ISO form, `old::text` tells SQL NULL from JSON null.
BODY = """json_build_array(
    e.at AT TIME ZONE 'UTC', e.actor_id, e.actor_name, e.actor_role, e.verb, e.target_kind,
    e.target_id, e.area_path, e.old::text, e.new::text, e.clause, e.request_id)::text"""

# For the sealer's and the checker's own transactions: row-level security shows every event.
SEE_EVERYTHING = "SELECT set_config('circle15.area', '/', true)"

HEAD_COLUMNS = """h.first, h.last, h.chain_mac,
    to_json(h.sealed_at AT TIME ZONE 'UTC') #>> '{}', h.mac"""
LAST_HEAD = f"SELECT {HEAD_COLUMNS} FROM audit_head h ORDER BY h.last DESC LIMIT 1"  # noqa: S608

# "c15audit": one sealer at a time, and none while a check fixes what it looks at.
_LOCK = int.from_bytes(b"c15audit")


class Chain:
    """Keyed SM3 (GB/T 32905 in HMAC) with the installation's audit key."""

    def __init__(self) -> None:
        self._keyed = HMAC(settings.AUDIT_KEY, SM3())

    def link(self, previous: bytes, event_id: int, body: str) -> bytes:
        """Return the mac of an event that follows the link with mac `previous`."""
        keyed = self._keyed.copy()
        keyed.update(b"link" + previous + event_id.to_bytes(8, signed=True) + body.encode())
        return keyed.finalize()

    def head(self, first: int, last: int, chain_mac: bytes, sealed_at: str) -> bytes:
        """Return the mac of a batch's head."""
        keyed = self._keyed.copy()
        keyed.update(f"head {first} {last} {chain_mac.hex()} {sealed_at}".encode())
        return keyed.finalize()


@dataclass(frozen=True, slots=True)
class Sealed:
    """The head of a batch as database and file hold it; `sealed_at` is UTC, whole seconds."""

    first: int
    last: int
    chain_mac: bytes
    sealed_at: str
    mac: bytes

    def is_genuine(self, chain: Chain) -> bool:
        """Tell whether somebody with the key made this head."""
        return self.mac == chain.head(self.first, self.last, self.chain_mac, self.sealed_at)


def sealed_of(row: Sequence[Any]) -> Sealed:
    """Return the head in a row of `HEAD_COLUMNS`."""
    first, last, chain_mac, sealed_at, mac = row
    return Sealed(first, last, bytes(chain_mac), sealed_at, bytes(mac))


@contextmanager
def sealer_lock() -> Iterator[None]:
    """Hold the sealer's lock over several transactions; writers of events never wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
