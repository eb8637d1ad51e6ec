"""Rounds of the worker that has photos read: the reader rests when nobody asks."""

import time
from datetime import datetime

from django.conf import settings

from circle15.cases.reading import working
from circle15.ops.reading.process import MEGABYTES, ReaderProcess
from circle15.ops.reading.where import ENGINE, interpreter

IDLE_S = 300.0


class Rounds:
    """Keeps the reader from one photo to the next, for so long."""

    def __init__(self, reader: ReaderProcess) -> None:
        self.reader = reader
        self._last = time.monotonic()

    def work_off(self, *, at: datetime) -> int:
        """Have all photos read that wait; return how many there were."""
        done = working.work_off(self.reader, at=at)
        if done:
            self._last = time.monotonic()
        elif time.monotonic() - self._last > IDLE_S:
            self.reader.rest()
        return done


_rounds: list[Rounds] = []


def work_off(*, at: datetime) -> int:
    """Have all photos read that wait, by the reader of this installation. For the worker."""
    if not _rounds:
        command = [str(interpreter(settings.VAR_DIR)), "-I", str(ENGINE), str(MEGABYTES)]
        _rounds.append(Rounds(ReaderProcess(command)))
    return _rounds[0].work_off(at=at)
