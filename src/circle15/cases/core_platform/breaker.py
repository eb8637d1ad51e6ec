"""A circuit breaker: after some failures nobody is kept waiting for a platform that is away.

It opens after three failures in a row, or after five seconds spent waiting in vain; with calls
that end within five seconds that is at most ten. Then one call at a time asks whether it is back.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

MOST_FAILURES = 3
MOST_WAITED = timedelta(seconds=5)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(seconds=30)


class BreakerState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass
class Breaker:
    """One for each line and process; safe among threads. The clock is the caller's."""

    failures: int = 0
    waited: timedelta = timedelta()
    opened_at: datetime | None = None
    pause: timedelta = FIRST_PAUSE
    _trying_since: datetime | None = None
    _lock: Lock = field(default_factory=Lock, repr=False)

    def state(self, *, at: datetime) -> BreakerState:
        if self.opened_at is None:
            return BreakerState.CLOSED
        # A clock set back opens no endless pause.
        rested = not self.opened_at <= at < self.opened_at + self.pause
        return BreakerState.HALF_OPEN if rested else BreakerState.OPEN

    def allows(self, *, at: datetime) -> bool:
        """Tell whether a call may be made now; half open, one at a time."""
        with self._lock:
            state = self.state(at=at)
            if state is BreakerState.CLOSED:
                return True
            if state is BreakerState.OPEN or self._is_trying(at):
                return False
            self._trying_since = at
            return True

    def succeeded(self) -> None:
        """Close: somebody answered, whatever the answer."""
        with self._lock:
            self.failures, self.waited = 0, timedelta()
            self.opened_at, self.pause, self._trying_since = None, FIRST_PAUSE, None

    def failed(self, *, at: datetime, waited: timedelta) -> None:
        """Count a failure and the time it took; open, or stay open for longer."""
        with self._lock:
            self.failures += 1
            self.waited += waited
            self._trying_since = None
            if self.opened_at is not None:
                self.opened_at, self.pause = at, min(2 * self.pause, LONGEST_PAUSE)
            elif self.failures >= MOST_FAILURES or self.waited >= MOST_WAITED:
                self.opened_at = at

    def gave_up(self) -> None:
        """Forget a call that was never made."""
        with self._lock:
            self._trying_since = None

    def _is_trying(self, at: datetime) -> bool:
        """Tell whether a call is under way; one that never came back is forgotten in time."""
        since = self._trying_since
        return since is not None and since <= at < since + LONGEST_PAUSE
