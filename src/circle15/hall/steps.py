"""The four steps of every visit, each one statement in the database (migration `0003_steps`).

A step locks, checks, changes, writes span, announcement and audit event, and answers with what
was done or with the problem that kept it from changing anything. Everything else is ORM.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.audit.masks import masked
from circle15.audit.request_context import current_request_id
from circle15.hall import live
from circle15.hall.refusals import REFUSALS

_WHO = "%s, %s, %s, %s, %s, %s"
_TAKE = f"""
SELECT problem, site_id, ticket_id, label, number, ahead, site_name
FROM hall_take({_WHO}, %s, %s, %s, %s::text[], %s, %s, %s, %s, %s, %s)
"""  # noqa: S608 -- constants
_CALL = f"""
SELECT problem, site_id, ticket_id, uid, label, window_number, seq, waited_s, items, green_class
FROM hall_call({_WHO}, %s, %s, %s)
"""  # noqa: S608 -- constants
_ADVANCE = f"""
SELECT problem, site_id, ticket_id, label, service_s
FROM hall_advance({_WHO}, %s, %s, %s, %s)
"""  # noqa: S608 -- constants
_NEXT_NUMBER = "SELECT hall_next_number(%s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class TakenRow:
    ticket_id: int
    label: str
    number: int
    ahead: int
    site_name: str


@dataclass(frozen=True, slots=True)
class Called:
    """A ticket that was called, as the desk and the display need it."""

    ticket_id: int
    uid: UUID
    label: str
    window_number: int
    seq: int
    waited_s: int
    items: tuple[str, ...]
    green_class: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody who takes a number says."""

    site_code: str
    lane: str
    items: tuple[str, ...]
    green_class: str
    green_reason: str
    source: str
    device_id: UUID | None
    appointment_uid: UUID | None


def take(wish: Wish, *, uid: UUID, day: date, by: Actor, at: datetime) -> TakenRow:
    """Give the next number of the lane."""
    where = (wish.site_code, wish.lane, uid, list(wish.items))
    green = (wish.green_class, masked(wish.green_reason))
    how = (wish.source, wish.device_id, wish.appointment_uid, day)
    return TakenRow(*_done(_TAKE, by, at, *where, *green, *how))


def call(*, window_id: int, uid: UUID | None, by: Actor, at: datetime) -> Called:
    """Call the ticket of that uid, or the next one there is for the window."""
    local = timezone.make_naive(at)
    row = _done(_CALL, by, at, window_id, uid, local)
    ticket_id, uid, label, window_number, seq, waited_s, items, green_class = row
    return Called(ticket_id, uid, label, window_number, seq, waited_s, tuple(items), green_class)


def advance(  # noqa: PLR0913 -- a step has these parts
    step: str, *, window_id: int, uid: UUID, by: Actor, at: datetime, outcome: str = ""
) -> tuple[int, str, int | None]:
    """Begin or finish; return the ticket's id, its label and the seconds of service."""
    ticket_id, label, service_s = _done(_ADVANCE, by, at, window_id, uid, step, outcome)
    return ticket_id, label, service_s


def next_number(*, hall_id: int, area_path: str, lane_id: int, day: date) -> int:
    """Raise the counter of a lane and day; its row stays locked until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, (hall_id, area_path, lane_id, day))
        number = cursor.fetchone()[0]
    assert isinstance(number, int)
    return number


def _done(statement: str, by: Actor, at: datetime, *values: Any) -> tuple[Any, ...]:
    """Run a step, raise what it refused, tell the watchers, return its columns."""
    assert at.tzinfo is not None, "a step needs an aware time"
    who = (by.area_path, by.user_id, masked(by.name), by.role, current_request_id(), at)
    # No savepoint: a refused step has changed nothing, and a broken one ends the request.
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(statement, (*who, *values))
        problem, site_id, *columns = cursor.fetchone()
        if not problem:
            live.hint(site_id)
    if problem:
        raise REFUSALS[problem]()  # noqa: RSE102 -- a class looked up
    return tuple(columns)
