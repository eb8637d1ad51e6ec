"""The heads of the chain outside the database: who cuts or replaces the chain cannot reach them.

One line per sealed batch: `first last chain_mac sealed_at mac`, appended and synced to disk.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from circle15.audit.chain import Sealed

_LINE = re.compile(r"(\d{1,19}) (\d{1,19}) ([0-9a-f]{64}) ([0-9T:-]{19}) ([0-9a-f]{64})", re.ASCII)
_TAIL_BYTES = 1_000  # at least three lines


def heads_path() -> Path:
    """Return where the heads are written."""
    folder = settings.VAR_DIR
    assert isinstance(folder, Path)
    return folder / "audit" / "heads.log"


def append(head: Sealed) -> None:
    """Add a head and wait until the disk has it."""
    path = heads_path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = f"{head.first} {head.last} {head.chain_mac.hex()} {head.sealed_at} {head.mac.hex()}\n"
    # A power cut may have left a torn line: it is ended, so that it spoils no other.
    start = "\n" if _tail() and not _tail().endswith(b"\n") else ""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, (start + line).encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def last_written() -> int:
    """Return the last position the file knows, 0 when it knows none."""
    heads = [head for line in _tail().decode(errors="replace").split("\n") if (head := _head(line))]
    return heads[-1].last if heads else 0


def read() -> Iterator[Sealed]:
    """Yield the heads in the file; a line that is none is passed over, its head will be missed."""
    path = heads_path()
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if head := _head(line.rstrip("\n")):
                yield head


def _head(line: str) -> Sealed | None:
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    first, last, chain_mac, sealed_at, mac = found.groups()
    return Sealed(
        first=int(first),
        last=int(last),
        chain_mac=bytes.fromhex(chain_mac),
        sealed_at=sealed_at,
        mac=bytes.fromhex(mac),
    )


def _tail() -> bytes:
    path = heads_path()
    if not path.exists():
        return b""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        return file.read()
