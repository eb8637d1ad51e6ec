"""Child processes that end with their parent and are started again when they fail."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import parent_process

PR_SET_PDEATHSIG = 1
LONGEST_PAUSE_S = 2.0  # with the start that follows still within the promised 10 s
STEADY_S = 10.0  # after this long alive, earlier failures are forgotten
GRACE_S = 15.0


def die_with_parent(parent: int, ask: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel signal this process when `parent` ends, even by kill -9 (Linux only)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(ask), 0, 0, 0)
    if os.getppid() != parent:  # it ended before the kernel was asked
        os._exit(1)


def die_with_starter() -> None:
    """Have a worker process killed with the server that started it.

    An orphan would keep the port and answer with old code.
    """
    starter = parent_process()
    assert starter is not None
    assert starter.pid is not None
    die_with_parent(starter.pid, signal.SIGKILL)


@dataclass(slots=True)
class Child:
    """One supervised program."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    failures: int = field(default=0, init=False)
    started: float = field(default=0.0, init=False)
    pause_until: float = field(default=0.0, init=False)

    def start(self) -> None:
        # Its own group, so that Ctrl-C reaches the supervisor only, which ends them in order.
        self.process = subprocess.Popen(  # noqa: S603 -- our own programs
            self.command,
            stdin=subprocess.DEVNULL,
            process_group=0,
            # The supervisor has one thread.
            preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509
        )
        self.started = time.monotonic()

    def look_after(self) -> str | None:
        """Start it again once its pause is over; return what happened, if anything did."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.pause_until:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.failures = 1 if now - self.started > STEADY_S else self.failures + 1
        pause = min(2.0 ** (self.failures - 2), LONGEST_PAUSE_S)
        self.process = None
        self.pause_until = now + pause
        return f"{self.name} ended with {code}; starting again in {pause:g} s"

    def stop(self) -> None:
        """Ask it to end, wait, then end it and all it started."""
        if self.process is None:
            return
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self.process.wait()
        self._signal(signal.SIGKILL, group=True)
        self.process = None

    def _signal(self, ask: signal.Signals, *, group: bool = False) -> None:
        assert self.process is not None
        try:
            os.killpg(self.process.pid, ask) if group else self.process.send_signal(ask)
        except ProcessLookupError:
            return
