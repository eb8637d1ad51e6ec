"""What a case's step means to others: filed with the platform, told to partners; one hook."""

from collections.abc import Mapping
from datetime import datetime

from circle15.cases.core_platform.filing import enqueue_for
from circle15.cases.exchange_states import HookEvent
from circle15.cases.models import Case
from circle15.cases.partners.telling import tell
from circle15.cases.states import Step

_EVENTS: Mapping[Step, HookEvent] = {
    Step.ACCEPT: HookEvent.ACCEPTED,
    Step.ACCEPT_CONDITIONALLY: HookEvent.ACCEPTED,
    Step.DECIDE: HookEvent.DECIDED,
    Step.SECOND: HookEvent.DECIDED,
    Step.PREPARE: HookEvent.READY,
}
_FILED_AFTER = frozenset({Step.DECIDE, Step.SECOND, Step.WITHDRAW, Step.REVOKE, Step.LAPSE})


def follow(case: Case, step: Step, *, at: datetime) -> None:
    """Enqueue what follows from a step just done, in its transaction."""
    if step in _FILED_AFTER:
        enqueue_for(case, at=at)
    if step in _EVENTS:
        tell(case, _EVENTS[step], at=at)
