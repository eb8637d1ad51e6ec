"""What an inspector takes along: the own checks with their lines, frozen when they are taken."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.editions import parsed
from circle15.assessments.inspection_models import Inspection, InspectionSeat, InspectionSubmission
from circle15.assessments.inspection_states import UNDER_WAY, InspectionState, InspectionStep
from circle15.assessments.inspections import checklist
from circle15.assessments.inspections.life import advance, locked_seat

MOST = 50


@dataclass(frozen=True, slots=True)
class MyCheck:
    """A check as the list of whoever does it shows it."""

    uid: UUID
    number: str
    site: str
    code: str
    address: str
    book: str
    due_on: date
    state: str
    state_name: str
    is_late: bool
    taken_at: datetime | None
    handed_in_at: datetime | None
    is_synthetic: bool


def my_checks(by: Actor, *, on: date, is_open: bool = True) -> tuple[MyCheck, ...]:
    """Return the actor's own checks, in any county: those to do, or those handed in.

    Raises NotAllowed.
    """
    demand(by, Permission.INSPECT)
    with area_scope(EVERYWHERE):
        return tuple(_mine(seat, on) for seat in _seats(by, is_open=is_open))


def _seats(by: Actor, *, is_open: bool) -> QuerySet[InspectionSeat]:
    rows = InspectionSeat.objects.filter(user_id=by.user_id or 0)
    rows = rows.select_related("inspection__site", "inspection__edition", "submission")
    if is_open:
        rows = rows.filter(inspection__state__in=UNDER_WAY, submission__isnull=True)
        return rows.order_by("inspection__due_on", "id")[:MOST]
    return rows.filter(submission__isnull=False).order_by("-submission__received_at")[:MOST]


def _mine(seat: InspectionSeat, on: date) -> MyCheck:
    check, handed_in = seat.inspection, submission_of(seat)
    return MyCheck(
        uid=check.uid,
        number=check.number,
        site=check.site.name,
        code=check.site.code,
        address=check.site.address,
        book=check.edition.title,
        due_on=check.due_on,
        state=check.state,
        state_name=str(InspectionState(check.state).label),
        is_late=handed_in is None and check.due_on < on,
        taken_at=seat.taken_at,
        handed_in_at=handed_in.received_at if handed_in else None,
        is_synthetic=check.is_synthetic,
    )


def submission_of(seat: InspectionSeat) -> InspectionSubmission | None:
    """Return what was handed in at a seat, if anything was."""
    return getattr(seat, "submission", None)


def pack_of(by: Actor, *, at: datetime) -> dict[str, Any]:
    """Return the actor's open checks whole, for work without a network; writes nothing."""
    demand(by, Permission.INSPECT)
    with area_scope(EVERYWHERE):
        checks = [_packed(seat, at) for seat in _seats(by, is_open=True)]
    return {
        "inspector": {"name": by.name},
        "server_time": at.isoformat(),
        "checks": checks,
    }


@transaction.atomic
def take(*, by: Actor, at: datetime) -> dict[str, Any]:
    """Freeze what the ledger says of every open check of the actor, and return them whole.

    What was frozen stays as it was: taking the pack again changes nothing.
    """
    demand(by, Permission.INSPECT)
    with area_scope(EVERYWHERE):
        uids = [seat.inspection.uid for seat in _seats(by, is_open=True) if not seat.taken_at]
    for uid in sorted(uids):
        with locked_seat(uid, by) as seat:
            freeze(seat, by=by, at=at)
    return pack_of(by, at=at)


def freeze(seat: InspectionSeat, *, by: Actor, at: datetime) -> None:
    """Keep what the ledger says with a seat of a locked check, once."""
    check = seat.inspection
    if seat.taken_at is not None or check.state not in UNDER_WAY:
        return
    seat.ledger = checklist.frozen_ledger(check.site, on=timezone.localdate(at))
    seat.taken_at = at
    seat.save(update_fields=["ledger", "taken_at"])
    if check.state == InspectionState.PLANNED:
        advance(check, InspectionStep.TAKE, by=by, at=at)


def _packed(seat: InspectionSeat, at: datetime) -> dict[str, Any]:
    check = seat.inspection
    edition, language = parsed(check.edition.text), get_language() or ""
    ledger = seat.ledger
    if ledger is None:
        ledger = checklist.frozen_ledger(check.site, on=timezone.localdate(at))
    return {
        "uid": str(check.uid),
        "number": check.number,
        "site": _site(check),
        "edition": {
            "book": check.edition.book,
            "version": check.edition.version,
            "digest": check.edition_digest,
            "title": edition.title.in_language(language),
        },
        "due": check.due_on.isoformat(),
        "reason": check.reason,
        "blind": True,
        "taken_at": seat.taken_at.isoformat() if seat.taken_at else None,
        "lines": [
            checklist.as_json(line) for line in checklist.lines(edition, check.profile, ledger)
        ],
        "vetoes": [
            {"id": veto.id, "text": f"{veto.number} {veto.title.in_language(language)}"}
            for veto in edition.vetoes
        ],
    }


def _site(check: Inspection) -> dict[str, Any]:
    site = check.site
    return {
        "code": site.code,
        "name": site.name,
        "kind": str(site.get_kind_display()),
        "address": site.address,
        "lat": float(site.lat),
        "lon": float(site.lon),
        "synthetic": site.is_synthetic,
    }
