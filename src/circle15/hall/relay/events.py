"""What is told to the city: a ticket's new state, or who sits at a window."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TicketTold(_Told):
    """A ticket as it stands now."""

    uid: UUID
    day: date
    lane: str
    number: int
    label: str
    green_class: str
    green_reason: str
    source: str
    taken_at: datetime
    queued_at: datetime
    calls: int
    window: int | None
    clerk_id: int | None
    outcome: str
    items: tuple[str, ...]
    appointment_uid: UUID | None = None


class SpanTold(_Told):
    """The state it came into, by which step and by whom."""

    state: str
    step: str
    begun_at: datetime
    actor_id: int | None
    actor_name: str
    window: int | None
    note: str


class BreakTold(_Told):
    begun_at: datetime
    ended_at: datetime | None
    reason: str


class SeatTold(_Told):
    """Who sits at a window since when; told again when it changes."""

    window: int
    clerk_id: int
    clerk: str
    begun_at: datetime
    ended_at: datetime | None
    paused_at: datetime | None
    pause_reason: str
    breaks: tuple[BreakTold, ...]


class VisitEvent(_Told):
    kind: Literal["visit"] = "visit"
    seq: int
    ticket: TicketTold
    span: SpanTold


class SeatEvent(_Told):
    kind: Literal["seat"] = "seat"
    seq: int
    seat: SeatTold


Event = VisitEvent | SeatEvent
