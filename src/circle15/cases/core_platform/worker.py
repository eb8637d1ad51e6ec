"""The line's worker: what the process beside the web server does, round after round."""

import logging
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from circle15.cases.core_platform import reconciling
from circle15.cases.core_platform.client import HttpPlatform
from circle15.cases.core_platform.guarded import Guarded
from circle15.cases.core_platform.line import FILE, BadLine, Line, line_in
from circle15.cases.core_platform.numbers import FiledNumbers, OnlineNumbers
from circle15.cases.core_platform.outbox import Outbox

logger = logging.getLogger(__name__)


def drain(*, at: datetime) -> int:
    """Send what waits for the platform; nothing where no line is set up."""
    line = _line()
    return _outbox(line).drain(at=at) if line else 0


def reconcile(*, at: datetime) -> int:
    """Compare some filings with the platform, each once a day."""
    line = _line()
    return reconciling.reconcile(_outbox(line).platform, at=at) if line else 0


def online() -> Guarded | None:
    """Return the platform for questions asked while somebody waits; None without a line."""
    line = _line()
    return _online(line) if line else None


def present_line() -> Line | None:
    """Return the line as it is set up now, if it can be used."""
    return _line()


def _line() -> Line | None:
    path = Path(settings.VAR_DIR) / FILE
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(path.parent, changed)


@lru_cache(maxsize=2)
def _read(folder: Path, changed: int) -> Line | None:  # noqa: ARG001 -- read anew when it changes
    """Read the file once after each change; one that cannot be used is told and left aside."""
    try:
        return line_in(folder)
    except BadLine as bad:
        logger.error("no line to the core platform: %s", bad)  # noqa: TRY400 -- says it all
        return None


@lru_cache(maxsize=2)
def _outbox(line: Line) -> Outbox:
    return Outbox(Guarded(HttpPlatform(line, FiledNumbers())), line.settle)


@lru_cache(maxsize=2)
def _online(line: Line) -> Guarded:
    return Guarded(HttpPlatform(line, OnlineNumbers()))
