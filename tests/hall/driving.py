"""Brings tickets into any state and does any step, as the tables of the tests need it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from tests.factories import AT
from tests.hall.conftest import Place

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.actions import calling, moving, serving
from circle15.hall.models import Ticket
from circle15.hall.states import Step, TicketState

Drive = Callable[[Place, UUID, datetime], object]


def _at_first_window(step: Callable[..., object]) -> Drive:
    return lambda place, uid, at: step(window_id=place.numbers[0], uid=uid, by=place.alice, at=at)


def _by_clerk(step: Callable[..., object], **more: object) -> Drive:
    return lambda place, uid, at: step(uid=uid, by=place.alice, at=at, **more)


def _recall(place: Place, uid: UUID, at: datetime) -> object:
    """Recall names a window, so it is refused when another state is there."""
    return calling.recall(window_id=place.numbers[0], by=place.alice, at=at)


def _call(place: Place, uid: UUID, at: datetime) -> object:
    called = calling.call_next(window_id=place.numbers[0], by=place.alice, at=at)
    assert called.uid == uid
    return called


DRIVES: dict[Step, Drive] = {
    Step.CALL: _call,
    Step.PICK: _at_first_window(calling.pick),
    Step.RECALL: _recall,
    Step.BEGIN: _at_first_window(serving.begin),
    Step.FINISH: _at_first_window(serving.finish),
    Step.HOLD: _by_clerk(serving.hold),
    Step.RESUME: _at_first_window(serving.resume),
    Step.NO_SHOW: _by_clerk(moving.no_show),
    Step.RESTORE: _by_clerk(moving.restore),
    Step.MOVE_WINDOW: lambda place, uid, at: moving.transfer(
        uid=uid, to_window=place.numbers[1], by=place.alice, at=at
    ),
    Step.MOVE_HALL: lambda place, uid, at: moving.transfer(
        uid=uid, to_site="QD-0002", by=place.alice, at=at
    ),
    Step.LEAVE: lambda place, uid, at: moving.leave(uid=uid, at=at),
    Step.COME_BACK: lambda place, uid, at: moving.come_back(uid=uid, at=at),
    Step.CANCEL: _by_clerk(moving.cancel, reason="取错号"),
    Step.UNDO: _by_clerk(moving.undo),
}

PATHS: dict[TicketState, tuple[Step, ...]] = {
    TicketState.WAITING: (),
    TicketState.CALLED: (Step.CALL,),
    TicketState.SERVING: (Step.CALL, Step.BEGIN),
    TicketState.HELD: (Step.CALL, Step.BEGIN, Step.HOLD),
    TicketState.TRANSFERRED: (Step.MOVE_HALL,),
    TicketState.NO_SHOW: (Step.CALL, Step.NO_SHOW),
    TicketState.FINISHED: (Step.CALL, Step.BEGIN, Step.FINISH),
    TicketState.LEFT: (Step.LEAVE,),
    TicketState.CANCELLED: (Step.CANCEL,),
}


def drive(place: Place, uid: UUID, step: Step, *, at: datetime = AT) -> object:
    """Do one step as alice, or as the holder of the link."""
    with area_scope(place.alice.area_path):
        return DRIVES[step](place, uid, at)


def bring(place: Place, state: TicketState, *, at: datetime = AT) -> UUID:
    """Return a new ticket in a state."""
    uid = place.take(at=at).uid
    for step in PATHS[state]:
        drive(place, uid, step, at=at)
    return uid


def state_of(uid: UUID) -> TicketState:
    with area_scope(EVERYWHERE):
        return TicketState(Ticket.objects.get(uid=uid).state)


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)
