"""Keep a checked file in var until it is applied: sealed, readable by the installation only."""

import base64
import json
import os
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language

from circle15.accounts.resealing import reseal_file
from circle15.accounts.sealing import reseal, seal, unseal
from circle15.core.messages import NOTHING, Message, message_from_json, message_to_json
from circle15.imports.refusals import RunGone


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "imports"


def _path(uid: UUID, part: str = "file") -> Path:
    return _folder() / f"{uid.hex}.{part}.sealed"


def keep(uid: UUID, content: bytes, part: str = "file") -> None:
    """Write a file under its run."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    sealed = seal(base64.b64encode(content).decode(), field=part, uid=uid, kind="import")
    handle = os.open(_path(uid, part), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(sealed)


def kept(uid: UUID, part: str = "file") -> bytes:
    """Give the file back as it was checked; raises RunGone."""
    try:
        sealed = _path(uid, part).read_text(encoding="ascii")
    except FileNotFoundError:
        raise RunGone from None
    return base64.b64decode(unseal(sealed, field=part, uid=uid, kind="import"))


def is_kept(uid: UUID, part: str = "file") -> bool:
    return _path(uid, part).exists()


def errors_part() -> str:
    """Name the workbook of failing rows in the present language."""
    return f"errors-{get_language() or settings.LANGUAGE_CODE}"


def reseal_kept() -> int:
    """Seal anew what an older key sealed; return how many files."""
    return sum(reseal_file(path, partial(_anew, path)) for path in _folder().glob("*.sealed"))


def _anew(path: Path, sealed: bytes) -> bytes:
    uid, part, _ending = path.name.split(".")
    return reseal(sealed.decode(), field=part, uid=UUID(hex=uid), kind="import").encode()


def drop(uid: UUID) -> None:
    for path in _folder().glob(f"{uid.hex}.*"):
        path.unlink(missing_ok=True)


def drop_older(than: datetime) -> None:
    """Delete by age, so that the file of a check that never ended goes too."""
    for path in _folder().glob("*.*"):
        if path.stat().st_mtime < than.timestamp():
            path.unlink(missing_ok=True)


def tell_progress(uid: UUID, stage: Message, done: int, total: int) -> None:
    """Write down how far a run is: a file, since its transaction shows nothing until the end."""
    path = _folder() / f"{uid.hex}.progress"
    fresh = path.with_suffix(".fresh")
    fresh.write_text(
        json.dumps([message_to_json(stage), done, total], ensure_ascii=False), encoding="utf-8"
    )
    fresh.replace(path)


def progress_of(uid: UUID) -> tuple[Message, int, int]:
    """Return stage, rows done and rows in all; nothing of a run that has not begun."""
    try:
        raw = (_folder() / f"{uid.hex}.progress").read_text(encoding="utf-8")
    except FileNotFoundError:
        return NOTHING, 0, 0
    stage, done, total = json.loads(raw)
    return message_from_json(stage), int(done), int(total)


def end_progress(uid: UUID) -> None:
    (_folder() / f"{uid.hex}.progress").unlink(missing_ok=True)
