"""What is asked through a circuit breaker: the platform, and the decoder of e-certificates."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import TypeVar

from circle15.audit.masks import masked
from circle15.cases.core_platform.breaker import Breaker, BreakerState
from circle15.cases.core_platform.port import Asked, NotTaken, Platform, PlatformAway
from circle15.cases.core_platform.protocol import Response

_Answer = TypeVar("_Answer")


class LineOpen(NotTaken):
    """The breaker is open: nobody was asked."""


@dataclass(kw_only=True)
class Guard:
    """Asks only while the breaker lets it, and remembers how the line fares."""

    breaker: Breaker = field(default_factory=Breaker)
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    problem: str = ""

    def is_open(self, *, at: datetime) -> bool:
        return self.breaker.state(at=at) is BreakerState.OPEN

    def through(self, call: Callable[[], _Answer], *, at: datetime) -> _Answer:
        """Make one call. Raises LineOpen, and what the call raises."""
        if not self.breaker.allows(at=at):
            raise LineOpen("breaker")
        begun = monotonic()
        try:
            answer = call()
        except PlatformAway as away:
            waited = timedelta(seconds=monotonic() - begun)
            self.breaker.failed(at=at + waited, waited=waited)
            self.failed_at = at
            self.problem = masked(f"{type(away).__name__}: {away}")[:80]
            raise
        except BaseException:  # ours, not the other side's: the way stays free for the next
            self.breaker.gave_up()
            raise
        self.breaker.succeeded()
        self.answered_at, self.problem = at, ""
        return answer


@dataclass
class Guarded(Guard):
    """A platform behind a breaker; nobody waits for one that is away."""

    platform: Platform

    @property
    def fixmedins_code(self) -> str:
        return self.platform.fixmedins_code

    def ask(self, asked: Asked, *, at: datetime) -> Response:
        """Make one transaction. Raises LineOpen, NotTaken, ReplyLost, BadMessage."""
        return self.through(lambda: self.platform.ask(asked, at=at), at=at)
