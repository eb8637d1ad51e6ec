"""Compile the planning kernels once, when the start of the whole is over."""

import time
from datetime import datetime

AFTER_S = 30.0
_began = time.monotonic()
_done = False


def warm_once(*, at: datetime) -> int:  # noqa: ARG001 -- every piece of background work gets it
    """Warm up half a minute after the process began; tell whether it was this time."""
    global _done  # noqa: PLW0603 -- once in the life of a process
    if _done or time.monotonic() - _began < AFTER_S:
        return 0
    from circle15.planning.studies.warming import warm_up

    _done = True
    warm_up()
    return 1
