"""Keep a checked file in var until it is applied: sealed, readable by the installation only."""

import base64
import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from circle15.accounts.sealing import seal, unseal
from circle15.imports.refusals import RunGone


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "imports"


def _path(uid: UUID) -> Path:
    return _folder() / f"{uid.hex}.sealed"


def keep(uid: UUID, content: bytes) -> None:
    """Write a file under its run."""
    path = _path(uid)
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    sealed = seal(base64.b64encode(content).decode(), field="file", uid=uid, kind="import")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(sealed)


def kept(uid: UUID) -> bytes:
    """Give the file back as it was checked; raises RunGone."""
    try:
        sealed = _path(uid).read_text(encoding="ascii")
    except FileNotFoundError:
        raise RunGone from None
    return base64.b64decode(unseal(sealed, field="file", uid=uid, kind="import"))


def drop(uid: UUID) -> None:
    _path(uid).unlink(missing_ok=True)


def drop_older(than: datetime) -> None:
    """Delete by age, so that the file of a check that never ended goes too."""
    for path in _folder().glob("*.sealed"):
        if path.stat().st_mtime < than.timestamp():
            path.unlink(missing_ok=True)
