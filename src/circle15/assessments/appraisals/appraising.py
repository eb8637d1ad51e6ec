"""Grades of a quarter or year: proposed from the sheet, confirmed by another, open to objection."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from circle15.accounts.actors import Actor, system_actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import ChangedMeanwhile, NotAllowed, NotFound, NotOffered
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, tell
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.appraisal_models import Appraisal
from circle15.assessments.appraisal_states import (
    APPRAISAL,
    AppraisalState,
    AppraisalStep,
    Quarter,
)
from circle15.assessments.appraisals import staff
from circle15.assessments.appraisals.lives import demand_others, said
from circle15.assessments.appraisals.performance import asked_for, kept, sheet_of
from circle15.assessments.appraisals.refusals import AlreadyThere, NotOver, TooLateToObject
from circle15.core.deadlines import standard_reckoner
from circle15.standards.appraisals import appraisal_rules


# Clauses: J-42, J-116, W-96
@transaction.atomic
def propose(  # noqa: PLR0913 -- whose, which quarter, what and why
    *, user_id: int, quarter: Quarter, grade: str, comment: str, by: Actor, at: datetime
) -> Appraisal:
    """Propose a grade for a finished quarter, or anew what was given back.

    The sheet is kept as it is now. Raises NotFound, NotAllowed, OwnMatter, NotOver, NotOffered,
    NeedsReason, AlreadyThere.
    """
    demand(by, Permission.MAKE_APPRAISALS)
    on = timezone.localdate(at)
    whom = staff.member(user_id, by=by, quarter=quarter)
    demand_others(by, about=user_id, first=None)
    if quarter.until >= on:
        raise NotOver
    numbers = sheet_of(asked_for(user_id, whom.area_path, whom.site_id, quarter, on=on))
    values: dict[str, object] = {
        "name": whom.name,
        "site_id": whom.site_id,
        "area_path": whom.area_path,
        "state": AppraisalState.PROPOSED,
        "grade": _offered(grade),
        "comment": said(comment),
        "sheet": kept(numbers),
        "proposed_at": at,
        "proposed_by_id": by.user_id,
        "proposed_by": name_of(by),
        "is_synthetic": whom.is_synthetic,
    }
    row = _put(user_id, quarter, values)
    tell("appraisal.propose", row.pk, row.area_path, by=by, at=at, of=user_id, grade=grade)
    return row


def _put(user_id: int, quarter: Quarter, values: dict[str, object]) -> Appraisal:
    key = {"user_id": user_id, "year": quarter.year, "quarter": quarter.number}
    former = Appraisal.objects.select_for_update().filter(**key).first()
    if former is None:
        try:
            with transaction.atomic():
                return Appraisal.objects.create(**key, **values)
        except IntegrityError as error:  # somebody else was quicker
            raise AlreadyThere from error
    if former.state != AppraisalState.RETURNED:
        raise AlreadyThere
    for name, value in values.items():
        setattr(former, name, value)
    former.save()
    return former


@transaction.atomic
def confirm(
    *, user_id: int, quarter: Quarter, note: str = "", by: Actor, at: datetime
) -> Appraisal:
    """Confirm a grade; from then on the person has some working days to object.

    Raises NotFound, NotAllowed, OwnMatter, AnotherPerson, ChangedMeanwhile.
    """
    row = _of_officer(user_id, quarter, by)
    demand_others(by, about=row.user_id, first=row.proposed_by_id)
    days = appraisal_rules().objection_days
    row.confirmed_at, row.confirmed_by_id, row.confirmed_by = at, by.user_id, name_of(by)
    row.object_until = standard_reckoner().due(timezone.localdate(at), days)
    return _advance(row, AppraisalStep.CONFIRM, by=by, at=at, note=said(note, needed=False))


@transaction.atomic
def give_back(*, user_id: int, quarter: Quarter, note: str, by: Actor, at: datetime) -> Appraisal:
    """Give a proposal back with a reason; the manager proposes anew."""
    row = _of_officer(user_id, quarter, by)
    demand_others(by, about=row.user_id, first=row.proposed_by_id)
    row.decision = said(note)
    return _advance(row, AppraisalStep.RETURN, by=by, at=at, note=row.decision)


@transaction.atomic
def accept(*, user_id: int, quarter: Quarter, by: Actor, at: datetime) -> Appraisal:
    """Let the person say that there is nothing to object."""
    return _advance(_own(user_id, quarter, by), AppraisalStep.ACCEPT, by=by, at=at)


@transaction.atomic
def object_to(*, user_id: int, quarter: Quarter, note: str, by: Actor, at: datetime) -> Appraisal:
    """Let the person object within the days. Raises TooLateToObject, ChangedMeanwhile."""
    row = _own(user_id, quarter, by)
    if row.object_until is not None and timezone.localdate(at) > row.object_until:
        raise TooLateToObject(row.object_until)
    row.objection, row.objected_at = said(note), at
    return _advance(row, AppraisalStep.OBJECT, by=by, at=at)


@transaction.atomic
def decide(  # noqa: PLR0913 -- whose, which quarter, what and why
    *, user_id: int, quarter: Quarter, grade: str, note: str, by: Actor, at: datetime
) -> Appraisal:
    """Decide an objection, by who neither proposed nor confirmed it; it may be another grade."""
    row = _of_officer(user_id, quarter, by)
    demand_others(by, about=row.user_id, first=row.proposed_by_id)
    demand_others(by, about=row.user_id, first=row.confirmed_by_id)
    former, row.grade, row.decision = row.grade, _offered(grade), said(note)
    row.decided_at, row.decided_by_id, row.decided_by = at, by.user_id, name_of(by)
    return _advance(row, AppraisalStep.DECIDE, by=by, at=at, former=former)


def close_due(*, at: datetime) -> int:
    """Close what nobody has objected to in time; return how many."""
    by = system_actor("appraisals")
    with area_scope(EVERYWHERE):
        rows = Appraisal.objects.select_for_update(skip_locked=True).filter(
            state=AppraisalState.CONFIRMED, object_until__lt=timezone.localdate(at)
        )
        due = list(rows.order_by("id")[:500])
        for row in due:
            _advance(row, AppraisalStep.LAPSE, by=by, at=at)
    return len(due)


def _offered(grade: str) -> str:
    if grade not in appraisal_rules().grades:
        raise NotOffered
    return grade


def _of_officer(user_id: int, quarter: Quarter, by: Actor) -> Appraisal:
    demand(by, Permission.MAKE_APPRAISALS)
    demand(by, Permission.RUN_ASSESSMENTS)
    return _locked(user_id, quarter, by)


def _own(user_id: int, quarter: Quarter, by: Actor) -> Appraisal:
    demand(by, Permission.VIEW_APPRAISALS)
    row = _locked(user_id, quarter, by)
    if by.user_id != row.user_id:
        raise NotAllowed
    return row


def _locked(user_id: int, quarter: Quarter, by: Actor) -> Appraisal:
    rows = scope.within(Appraisal.objects.select_for_update(), by.area_path)
    row = rows.filter(user_id=user_id, year=quarter.year, quarter=quarter.number).first()
    if row is None:
        raise NotFound
    return row


def _advance(
    row: Appraisal, step: AppraisalStep, *, by: Actor, at: datetime, **new: object
) -> Appraisal:
    to = APPRAISAL[row.state].get(step)
    if to is None:
        raise ChangedMeanwhile
    row.state = to
    row.closed_at = at if to == AppraisalState.CLOSED else None
    row.save()
    told = {"of": row.user_id, "grade": row.grade, **new}
    tell(f"appraisal.{step}", row.pk, row.area_path, by=by, at=at, **told)
    return row
