"""Plan a check, send whom it needs, take somebody off, cancel and close it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.assessments.editions import counting, parsed
from circle15.assessments.inspection_models import (
    Inspection,
    InspectionDraw,
    InspectionSeat,
    InspectionSubmission,
)
from circle15.assessments.inspection_states import FindingState, InspectionState, InspectionStep
from circle15.assessments.inspections.interest import require_stranger
from circle15.assessments.inspections.life import advance, begin, locked, said
from circle15.assessments.inspections.merging import compare_if_complete
from circle15.assessments.inspections.refusals import (
    BadDay,
    HasBegun,
    NobodyAssigned,
    NotJudged,
    StillOpen,
    TwoAtMost,
    WrongStep,
)
from circle15.assessments.models import StoredEdition
from circle15.sites.models import Site
from circle15.sites.queries import site_by_code

MOST_SEATS = 2


@transaction.atomic
def plan(  # noqa: PLR0913 -- what a check consists of
    *,
    site_code: str,
    book: str,
    due_on: date,
    inspectors: Sequence[int],
    by: Actor,
    at: datetime,
    reason: str = "",
    draw: InspectionDraw | None = None,
) -> Inspection:
    """Plan a check of a site under the edition in force, with one or two accounts to do it.

    Raises NotAllowed, NotFound, OwnArea, TwoAtMost, NobodyAssigned, NotJudged, BadDay.
    """
    demand(by, Permission.PLAN_INSPECTIONS)
    site, on = site_by_code(by, site_code), timezone.localdate(at)
    if due_on < on:
        raise BadDay
    if not inspectors:
        raise NobodyAssigned
    edition, profile = _edition(book, site, on)
    check = Inspection(
        site=site,
        area_path=site.area_path,
        edition=edition,
        edition_digest=edition.digest,
        profile=profile,
        draw=draw,
        reason=said(reason) if reason else "",
        state=InspectionState.PLANNED,
        since=at,
        due_on=due_on,
        planned_at=at,
        planned_by=by.name,
        planned_by_id=by.user_id,
        is_synthetic=site.is_synthetic,
    )
    begin(check, by=by, at=at)
    for user_id in inspectors:
        _seat(check, user_id, at=at)
    return check


def _edition(book: str, site: Site, on: date) -> tuple[StoredEdition, str]:
    """Return the edition of a day and the profile that judges the site. Raises NotJudged."""
    rows = counting().filter(book=book, in_force_from__lte=on)
    kept = rows.first()
    profile = parsed(kept.text).profile_for(site.kind) if kept is not None else None
    if kept is None or profile is None:
        raise NotJudged
    return kept, profile.id


def _seat(check: Inspection, user_id: int, *, at: datetime) -> InspectionSeat:
    found = require_stranger(user_id, check.site, on=timezone.localdate(at))
    taken = {(seat.user_id, seat.place) for seat in check.seats.all()}
    free = sorted({1, MOST_SEATS} - {place for _user, place in taken})
    if not free or user_id in {user for user, _place in taken}:
        raise TwoAtMost
    return InspectionSeat.objects.create(
        inspection=check,
        area_path=check.area_path,
        user_id=user_id,
        user_name=found.name,
        organisation=found.organisation,
        place=free[0],
        assigned_at=at,
    )


def assign(*, uid: UUID, user_id: int, by: Actor, at: datetime) -> Inspection:
    """Send a second person. Raises NotFound, OwnArea, TwoAtMost, WrongStep."""
    with locked(uid, by) as check:
        seat = _seat(check, user_id, at=at)
        advance(check, InspectionStep.ASSIGN, by=by, at=at, note=seat.user_name)
        return check


def release(*, uid: UUID, place: int, why: str, by: Actor, at: datetime) -> Inspection:
    """Take somebody off who has sent nothing; what the other one handed in then stands alone.

    Raises NotFound, HasBegun, NobodyAssigned, NeedsReason, WrongStep.
    """
    with locked(uid, by) as check:
        seat = check.seats.filter(place=place).first()
        if seat is None:
            raise NotFound
        if InspectionSubmission.objects.filter(seat=seat).exists() or seat.photos.exists():
            raise HasBegun
        if check.seats.count() == 1:
            raise NobodyAssigned
        seat.delete()
        note = f"{seat.user_name}：{said(why)}"
        advance(check, InspectionStep.RELEASE, by=by, at=at, note=note)
        compare_if_complete(check, by=by, at=at)
        return check


def cancel(*, uid: UUID, why: str, by: Actor, at: datetime) -> Inspection:
    """Cancel a check nobody has handed in. Raises NotFound, NeedsReason, WrongStep."""
    with locked(uid, by) as check:
        if check.submissions.exists():
            raise WrongStep
        advance(check, InspectionStep.CANCEL, by=by, at=at, note=said(why))
        return check


def close(*, uid: UUID, by: Actor, at: datetime, note: str = "") -> Inspection:
    """Close a merged check when every finding has its word. Raises StillOpen, WrongStep."""
    with locked(uid, by) as check:
        if check.findings.filter(state=FindingState.OPEN).exists():
            raise StillOpen
        check.closed_at = max(at, check.since)
        advance(check, InspectionStep.CLOSE, by=by, at=at, note=said(note) if note else "")
        return check
