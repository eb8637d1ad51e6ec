"""The line of a hall with its own instance: its set-up down, its events up."""

from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import BaseModel, Field

from circle15.accounts.states import Permission
from circle15.api.callers import ApiRequest
from circle15.api.doing import doing
from circle15.hall.relay import joining, receiving
from circle15.hall.relay.events import SeatEvent, VisitEvent

router = Router(tags=["relay"])


class EventsIn(BaseModel):
    """Events of one instance, in the order of their numbers."""

    origin: UUID = Field(examples=["0b6a4c1e-55d0-4a54-9b43-2f5f0ad6b6a1"])
    events: tuple[Annotated[VisitEvent | SeatEvent, Field(discriminator="kind")], ...] = Field(
        max_length=100, examples=[[]]
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
