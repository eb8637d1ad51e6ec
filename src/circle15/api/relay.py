"""The line of a hall with its own instance: its set-up down, its events up."""

from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from circle15.accounts.states import Permission
from circle15.api.callers import ApiRequest
from circle15.api.doing import doing, reading
from circle15.hall.relay import booked, joining, receiving
from circle15.hall.relay.events import SeatEvent, VisitEvent

router = Router(tags=["relay"])

ORIGIN = "0b6a4c1e-55d0-4a54-9b43-2f5f0ad6b6a1"
SEAT: JsonDict = {
    "kind": "seat",
    "seq": 1,
    "seat": {
        "window": 3,
        "clerk_id": 12,
        "clerk": "3号窗口柜员",
        "begun_at": "2026-11-20T09:00:00+08:00",
        "ended_at": None,
        "paused_at": None,
        "pause_reason": "",
        "breaks": [],
    },
}


class EventsIn(BaseModel):
    """Events of one instance, in the order of their numbers."""

    model_config = ConfigDict(json_schema_extra={"example": {"origin": ORIGIN, "events": [SEAT]}})

    origin: UUID = Field(examples=[ORIGIN])
    events: tuple[Annotated[VisitEvent | SeatEvent, Field(discriminator="kind")], ...] = Field(
        max_length=100, examples=[[SEAT]]
    )


class EventsTaken(BaseModel):
    """How many of them were new."""

    new: int = Field(examples=[0])


@router.post("/relay/setup", response=joining.Setup, summary="大厅本地系统的基础资料")
@doing(Permission.RELAY)
def setup(request: ApiRequest) -> joining.Setup:
    """Site, windows, lanes and rules; from then on the city takes no numbers for the hall."""
    caller = request.auth
    return joining.hand_down(by=caller.actor, at=caller.at)


@router.post("/relay/events", response=EventsTaken, summary="大厅本地系统上报")
@doing(Permission.RELAY)
def events(request: ApiRequest, body: EventsIn) -> EventsTaken:
    """Take in what happened in the hall, each number once, in order."""
    caller = request.auth
    new = receiving.receive(origin=body.origin, events=body.events, by=caller.actor, at=caller.at)
    return EventsTaken(new=new)


@router.get("/relay/appointments", response=booked.BookedOfDays, summary="大厅本地系统的预约")
@reading(Permission.RELAY)
def appointments(request: ApiRequest) -> booked.BookedOfDays:
    """List what is booked in the city for the next days, without the persons."""
    caller = request.auth
    return booked.hand_down_booked(by=caller.actor, at=caller.at)
