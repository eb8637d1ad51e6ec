"""A platform behind a circuit breaker, which remembers how the line fares."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from circle15.audit.masks import masked
from circle15.cases.core_platform.breaker import Breaker, BreakerState
from circle15.cases.core_platform.port import Asked, NotTaken, Platform, PlatformAway
from circle15.cases.core_platform.protocol import Response


class LineOpen(NotTaken):
    """The breaker is open: nobody was asked."""


@dataclass
class Guarded:
    """Asks only while the breaker lets it; nobody waits for a platform that is away."""

    platform: Platform
    breaker: Breaker = field(default_factory=Breaker)
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    problem: str = ""

    @property
    def fixmedins_code(self) -> str:
        return self.platform.fixmedins_code

    def is_open(self, *, at: datetime) -> bool:
        return self.breaker.state(at=at) is BreakerState.OPEN

    def ask(self, asked: Asked, *, at: datetime) -> Response:
        """Make one transaction. Raises LineOpen, NotTaken, ReplyLost, BadMessage."""
        if not self.breaker.allows(at=at):
            raise LineOpen("breaker")
        begun = monotonic()
        try:
            response = self.platform.ask(asked, at=at)
        except PlatformAway as away:
            waited = timedelta(seconds=monotonic() - begun)
            self.breaker.failed(at=at + waited, waited=waited)
            self.failed_at = at
            self.problem = masked(f"{type(away).__name__}: {away}")[:80]
            raise
        except BaseException:  # ours, not the platform's: the way stays free for the next
            self.breaker.gave_up()
            raise
        self.breaker.succeeded()
        self.answered_at, self.problem = at, ""
        return response
