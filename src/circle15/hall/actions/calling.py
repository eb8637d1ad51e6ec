"""Call people to a window."""

from datetime import datetime
from uuid import UUID

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.hall import steps
from circle15.hall.steps import Called


def call_next(*, window_id: int, by: Actor, at: datetime) -> Called:
    """Call the first of the queue for this window by the order rule (see `hall/order.py`).

    Raises NotAllowed, NotFound, WindowNotOpen, WindowPaused, WindowBusy, NobodyWaiting.
    """
    demand(by, Permission.SERVE)
    return steps.call(window_id=window_id, uid=None, by=by, at=at)


def pick(*, window_id: int, uid: UUID, by: Actor, at: datetime) -> Called:
    """Call one ticket out of its order; raises what `call_next` does, and AlreadyTaken."""
    demand(by, Permission.SERVE)
    demand(by, Permission.PICK_TICKETS)
    return steps.call(window_id=window_id, uid=uid, by=by, at=at)
