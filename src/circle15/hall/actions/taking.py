"""Take a number."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.core.uids import new_uid
from circle15.hall import steps
from circle15.hall.refusals import NeedsGreenClass
from circle15.hall.states import Source, TicketState
from circle15.standards.hall import green_classes


@dataclass(frozen=True, slots=True)
class Taken:
    """What the paper ticket says, and the link behind its QR code."""

    uid: UUID
    label: str
    number: int
    lane: str
    ahead: int
    site_name: str
    day: date
    state: str


# Clauses: D-39
def take(  # noqa: PLR0913 -- what a ticket consists of
    *,
    site_code: str,
    lane: str,
    source: str,
    by: Actor,
    at: datetime,
    items: tuple[str, ...] = (),
    green_class: str = "",
    green_reason: str = "",
    device_id: UUID | None = None,
    appointment_uid: UUID | None = None,
) -> Taken:
    """Give the next number of a lane for the local day of `at`; `items` may be unknown.

    Raises NotAllowed, NotFound, HallClosed, NoSuchLane, NeedsGreenClass (also for a class no
    rule knows), NeedsAppointment.
    """
    demand(by, Permission.TAKE_TICKETS)
    if green_class and green_class not in green_classes():
        raise NeedsGreenClass
    wish = steps.Wish(
        site_code=site_code,
        lane=lane,
        items=items,
        green_class=green_class,
        green_reason=green_reason.strip()[:120],
        source=Source(source),
        device_id=device_id,
        appointment_uid=appointment_uid,
    )
    uid, day = new_uid(), timezone.localdate(at)
    row = steps.take(wish, uid=uid, day=day, by=by, at=at)
    return Taken(
        uid, row.label, row.number, lane, row.ahead, row.site_name, day, TicketState.WAITING
    )
