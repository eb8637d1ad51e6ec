"""Rounds of background work: once, or again and again until a stop signal."""

import logging
import select
import signal
import socket
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

from django.core.management.base import CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import timezone
from django.utils.module_loading import import_string

LONGEST_PAUSE_S = 60.0
_STOP = (signal.SIGTERM, signal.SIGINT)

logger = logging.getLogger(__name__)


def add_loop_option(parser: CommandParser, every_s: float) -> None:
    """Offer `--loop [SECONDS]`."""
    parser.add_argument(
        "--loop", type=_seconds, nargs="?", const=every_s, metavar="SECONDS", help="间隔秒数"
    )


def run(paths: Iterable[str], *, every_s: float | None) -> None:
    """Do a round of the actions named, each `(*, at) -> int`; with seconds, round after round."""
    actions = [import_string(path) for path in paths]
    if every_s is None:
        _round(actions)
        return
    with _stop_signals() as stop:
        _loop(actions, every_s=every_s, stop=stop)


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 24 * 3600:
        raise ArgumentTypeError(f"{text}: want seconds, more than 0, at most a day")
    return value


def _loop(actions: list[Callable[..., int]], *, every_s: float, stop: socket.socket) -> None:
    """Repeat until a stop signal; a lost database is waited for, longer each time."""
    pause_s = every_s
    while True:
        try:
            pause_s = 0.0 if _round(actions) else every_s
        except (DatabaseError, InterfaceError) as failure:
            connections.close_all()
            pause_s = min(2 * (pause_s or every_s), max(every_s, LONGEST_PAUSE_S))
            reason = (str(failure).splitlines() or [type(failure).__name__])[0]
            logger.warning("database not usable, next try in %g s: %s", pause_s, reason)
        told, _, _ = select.select([stop], [], [], pause_s)
        if told:
            return


def _round(actions: list[Callable[..., int]]) -> bool:
    """Do each once; tell whether one did as much as it does a round, and so has more to do."""
    close_old_connections()
    has_more = False
    for action in actions:
        if done := action(at=timezone.now()):
            logger.info("%s.%s did %d", action.__module__, action.__name__, done)
        has_more |= done >= getattr(action, "most_a_round", done + 1)
    return has_more


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
