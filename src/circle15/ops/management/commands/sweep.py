"""Do the work that waits for nobody: seal the trail, and what else is due, at intervals."""

import logging
import select
import signal
import socket
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import timezone
from django.utils.module_loading import import_string

# Each is `def sweep(*, at: datetime) -> int`, returns how much it did, opens its own
# transactions and area scope, and may be cut off at any point. Sealing stays first.
SWEEPS = (
    "circle15.audit.actions.seal",
    "circle15.assessments.actions.refresh_stale",
    "circle15.imports.actions.forget_old_files",
    "circle15.imports.waiting.work_off",
)

EVERY_S = 15.0
LONGEST_PAUSE_S = 60.0
_STOP = (signal.SIGTERM, signal.SIGINT)

logger = logging.getLogger(__name__)


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 24 * 3600:
        raise ArgumentTypeError(f"{text}: want seconds, more than 0, at most a day")
    return value


class Command(BaseCommand):
    help = "做一遍到期的后台工作（封存审计链等）；--loop 每隔若干秒重复，直到收到停止信号"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--loop", type=_seconds, nargs="?", const=EVERY_S, metavar="SECONDS", help="间隔秒数"
        )

    def handle(self, *_args: object, **options: Any) -> None:
        sweeps = [import_string(path) for path in SWEEPS]
        if options["loop"] is None:
            _round(sweeps)
            return
        with _stop_signals() as stop:
            _loop(sweeps, every_s=options["loop"], stop=stop)


def _loop(sweeps: list[Callable[..., int]], *, every_s: float, stop: socket.socket) -> None:
    """Repeat until a stop signal; a lost database is waited for, longer each time."""
    pause_s = every_s
    while True:
        try:
            _round(sweeps)
            pause_s = every_s
        except (DatabaseError, InterfaceError) as failure:
            connections.close_all()
            pause_s = min(2 * pause_s, max(every_s, LONGEST_PAUSE_S))
            reason = (str(failure).splitlines() or [type(failure).__name__])[0]
            logger.warning("sweep: database not usable, next try in %g s: %s", pause_s, reason)
        told, _, _ = select.select([stop], [], [], pause_s)
        if told:
            return


def _round(sweeps: list[Callable[..., int]]) -> None:
    close_old_connections()
    for sweep in sweeps:
        if done := sweep(at=timezone.now()):
            logger.info("sweep: %s.%s did %d", sweep.__module__, sweep.__name__, done)


@contextmanager
def _stop_signals() -> Iterator[socket.socket]:
    """Give a socket that becomes readable at a stop signal, so that none cuts a round in two.

    Not a blocked mask: threads of numeric libraries would take the signal and end the process.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    former_fd = signal.set_wakeup_fd(writer.fileno())
    former = {number: signal.signal(number, _noticed) for number in _STOP}
    try:
        yield reader
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(former_fd)
        reader.close()
        writer.close()


def _noticed(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the wake-up socket has the news."""
