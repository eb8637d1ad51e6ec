"""What a case's step means to others: filed, told to partners and phones, ticked; one hook."""

from collections.abc import Mapping
from datetime import datetime

from circle15.cases.core_platform.filing import enqueue_for
from circle15.cases.exchange_states import HookEvent
from circle15.cases.models import Case, CaseSpan
from circle15.cases.parties import By
from circle15.cases.partners.telling import tell
from circle15.cases.states import Step
from circle15.cases.texting import queueing
from circle15.cases.tickets import tick

_EVENTS: Mapping[str, HookEvent] = {
    Step.ACCEPT: HookEvent.ACCEPTED,
    Step.ACCEPT_CONDITIONALLY: HookEvent.ACCEPTED,
    Step.DECIDE: HookEvent.DECIDED,
    Step.SECOND: HookEvent.DECIDED,
    Step.PREPARE: HookEvent.READY,
}
_FILED_AFTER = frozenset({Step.DECIDE, Step.SECOND, Step.WITHDRAW, Step.REVOKE, Step.LAPSE})


def follow(case: Case, span: CaseSpan, *, by: By, at: datetime) -> None:
    """Enqueue what follows from a step just done, in its transaction; `span` is what it began."""
    if span.step in _FILED_AFTER:
        enqueue_for(case, at=at)
    if span.step in _EVENTS:
        tell(case, _EVENTS[span.step], at=at)
    queueing.queue(case, span, at=at)
    tick(case, span.step, by=by, at=at)
