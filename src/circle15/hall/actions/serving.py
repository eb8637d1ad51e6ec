"""Serve the person at the window."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.hall import steps
from circle15.hall.states import Step


@dataclass(frozen=True, slots=True)
class Serving:
    ticket_id: int
    uid: UUID
    label: str


@dataclass(frozen=True, slots=True)
class Finished:
    ticket_id: int
    uid: UUID
    label: str
    service_s: int


def begin(*, window_id: int, uid: UUID, by: Actor, at: datetime) -> Serving:
    """Start the service of the ticket called to this window.

    Raises NotAllowed, NotFound, WindowNotOpen, AlreadyBegun, WrongState.
    """
    demand(by, Permission.SERVE)
    ticket_id, label, _none = steps.advance(Step.BEGIN, window_id=window_id, uid=uid, by=by, at=at)
    return Serving(ticket_id, uid, label)


def finish(*, window_id: int, uid: UUID, by: Actor, at: datetime, outcome: str = "") -> Finished:
    """End the service; the window is free for the next call. Service leaves out time held.

    Raises NotAllowed, NotFound, WindowNotOpen, AlreadyFinished, WrongState.
    """
    demand(by, Permission.SERVE)
    ticket_id, label, service_s = steps.advance(
        Step.FINISH, window_id=window_id, uid=uid, by=by, at=at, outcome=outcome.strip()[:40]
    )
    assert service_s is not None
    return Finished(ticket_id, uid, label, service_s)
