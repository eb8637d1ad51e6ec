"""The ticket somebody came with: what was done for them at the window is ticked off on it."""

from datetime import datetime

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import Refused
from circle15.accounts.states import Permission
from circle15.cases.catalogue import item_of
from circle15.cases.models import Case
from circle15.cases.parties import By
from circle15.cases.states import CaseState, Step
from circle15.hall.actions.serving import item_served
from circle15.standards.catalogue import Authority

# The window has done its part: somebody else goes on, or the person has to.
_DONE = frozenset(
    {
        Step.NOTIFY,
        Step.NOTIFY_AGAIN,
        Step.RETURN,
        Step.ACCEPT_CONDITIONALLY,
        Step.NOT_ACCEPT,
        Step.WITHDRAW,
        Step.PROPOSE,
        Step.DECIDE,
    }
)


def tick(case: Case, step: str, *, by: By, at: datetime) -> None:
    """Tick the item of the ticket a case was taken in with, once the window has done its part.

    A ticket that is over, or at somebody else's window by now, is left as it is.
    """
    if case.ticket_uid is None or not isinstance(by, Actor) or not _is_done(case, step):
        return
    if not by.can(Permission.SERVE):
        return
    try:
        item_served(uid=case.ticket_uid, item=case.item_key, by=by, at=at)
    except Refused:
        return  # the case goes on whatever became of the ticket


def _is_done(case: Case, step: str) -> bool:
    """Tell whether a step leaves nothing to do at the window; what is instant goes on there."""
    if step == Step.SUBMIT:
        return case.authority == Authority.ASSIST and case.state == CaseState.SUBMITTED
    if step == Step.ACCEPT:
        return not item_of(case).limit.is_instant
    return step in _DONE
