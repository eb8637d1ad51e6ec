"""The reader as a process: started at the first picture, ended when it takes too long."""

import json
import os
import signal
import struct
import subprocess
from collections.abc import Sequence
from functools import partial
from threading import Timer
from typing import IO

from circle15.cases.reading.port import CannotRead
from circle15.core.reading.lines import Line, Point
from circle15.ops.children import die_with_parent

LIMIT_S = 20.0
# Of address space, of which it fills a third (docs/benchmarks/reading.json).
MEGABYTES = 1536
MOST_ANSWER = 4 * 1024 * 1024
_LENGTH = struct.Struct(">I")


class ReaderProcess:
    """A `TextReader` in a process of its own; a new one after every trouble."""

    def __init__(self, command: Sequence[str], *, limit_s: float = LIMIT_S) -> None:
        self._command = list(command)
        self._limit_s = limit_s
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Return the number of the process, None while there is none."""
        return self._process.pid if self._process else None

    def read(self, picture: bytes) -> tuple[Line, ...]:
        """Have a picture read within the time limit. Raises CannotRead, after ending the process.

        The answer is not trusted to be of the right form.
        """
        process = self._process = self._process or self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        alarm = Timer(self._limit_s, process.kill)
        alarm.daemon = True
        alarm.start()
        try:
            process.stdin.write(_LENGTH.pack(len(picture)) + picture)
            process.stdin.flush()
            return _lines(_answer(process.stdout))
        except (OSError, RecursionError, TypeError, ValueError) as failure:
            self.rest()
            raise CannotRead from failure
        finally:
            alarm.cancel()

    def rest(self) -> None:
        """End the process, which gives its memory back."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        with process:  # closes the pipes
            process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        # Nothing of our environment goes with it: neither keys nor addresses.
        quiet = {"PATH": os.defpath, "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
        return subprocess.Popen(  # noqa: S603 -- our own program
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=quiet,
            cwd="/",
            # The worker has one thread besides the alarm of a picture, which is over.
            preexec_fn=partial(die_with_parent, os.getpid(), signal.SIGKILL),  # noqa: PLW1509
        )


def _answer(stream: IO[bytes]) -> object:
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > MOST_ANSWER:
        message = f"an answer of {length} bytes"
        raise ValueError(message)
    return json.loads(_exactly(stream, length))


def _exactly(stream: IO[bytes], size: int) -> bytes:
    got = stream.read(size)
    if len(got) < size:
        message = "the reader ended"
        raise OSError(message)
    return got


def _lines(told: object) -> tuple[Line, ...]:
    if not isinstance(told, list):
        raise TypeError
    return tuple(Line(str(text), float(sure), _corners(box)) for text, sure, box in told)


def _corners(box: Sequence[Sequence[float]]) -> tuple[Point, Point, Point, Point]:
    a, b, c, d = ((float(x), float(y)) for x, y in box)
    return a, b, c, d
