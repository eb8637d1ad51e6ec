"""Appraisals as lists and pages show them, and what somebody may do with one now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.assessments.appraisal_models import Appraisal
from circle15.assessments.appraisal_states import (
    AGREED,
    APPRAISAL,
    AppraisalState,
    AppraisalStep,
    Quarter,
)
from circle15.assessments.appraisals import staff
from circle15.assessments.appraisals.performance import (
    MEASURES,
    Asked,
    Number,
    asked_for,
    number_of,
    sheet_of,
)
from circle15.standards.appraisals import appraisal_rules

if TYPE_CHECKING:
    from circle15.assessments.appraisals.staff import Member

_OF_OFFICER = frozenset({AppraisalStep.CONFIRM, AppraisalStep.RETURN, AppraisalStep.DECIDE})
_OF_PERSON = frozenset({AppraisalStep.ACCEPT, AppraisalStep.OBJECT})


@dataclass(frozen=True, slots=True)
class SheetView:
    """One person's sheet, the appraisal if the actor may know of it, and the next steps."""

    member: "Member"
    quarter: Quarter
    numbers: tuple[Number, ...]
    appraisal: Appraisal | None
    may: frozenset[AppraisalStep]
    # Of a year: its quarters with their grades, and what their mean comes to.
    quarters: tuple[tuple[Quarter, str], ...]
    suggested: str
    is_self: bool


def appraisals_of(user_ids: Iterable[int], by: Actor, quarter: Quarter) -> dict[int, Appraisal]:
    """Return the appraisals of a quarter by account, in the actor's area."""
    rows = scope.within(Appraisal.objects.all(), by.area_path)
    rows = rows.filter(user_id__in=list(user_ids), year=quarter.year, quarter=quarter.number)
    return {row.user_id: row for row in rows}


def asked_of(user_id: int, *, by: Actor, quarter: Quarter, on: date) -> tuple["Member", Asked]:
    """Return whom and what to count. Raises NotAllowed, NotFound."""
    whom = staff.member(user_id, by=by, quarter=quarter)
    return whom, asked_for(user_id, whom.area_path, whom.site_id, quarter, on=on)


def sheet_view(user_id: int, *, by: Actor, quarter: Quarter, on: date) -> SheetView:
    """Return one sheet. Raises NotAllowed, NotFound."""
    whom, asked = asked_of(user_id, by=by, quarter=quarter, on=on)
    row = appraisals_of([user_id], by, quarter).get(user_id)
    is_self = user_id == by.user_id
    if is_self and row is not None and row.state not in AGREED:
        row = None  # until somebody else has agreed to it
    grades = _grades(user_id, by, quarter) if quarter.is_year else ()
    year = appraisal_rules().grade_of_year(key for _quarter, key in grades if key)
    return SheetView(
        member=whom,
        quarter=quarter,
        numbers=sheet_of(asked),
        appraisal=row,
        may=_may(row, by, user_id, quarter, on),
        quarters=grades,
        suggested=year.key if year else "",
        is_self=is_self,
    )


def measure_of(key: str, asked: Asked) -> Number:
    """Return one number. Raises NotFound."""
    if key not in MEASURES:
        raise NotFound
    return number_of(MEASURES[key], asked)


def _grades(user_id: int, by: Actor, year: Quarter) -> tuple[tuple[Quarter, str], ...]:
    rows = scope.within(Appraisal.objects.filter(state=AppraisalState.CLOSED), by.area_path)
    known = dict(rows.filter(user_id=user_id, year=year.year).values_list("quarter", "grade"))
    return tuple((quarter, known.get(quarter.number, "")) for quarter in year.quarters)


def _may(
    row: Appraisal | None, by: Actor, user_id: int, quarter: Quarter, on: date
) -> frozenset[AppraisalStep]:
    """Return the steps that would not be refused."""
    is_self = by.user_id == user_id
    steps: set[AppraisalStep] = set(APPRAISAL[row.state]) if row else {AppraisalStep.PROPOSE}
    if is_self:
        steps &= _OF_PERSON
    else:
        steps -= _OF_PERSON
    if not staff.sees_others(by) or quarter.until >= on:
        steps.discard(AppraisalStep.PROPOSE)
    if not by.can(Permission.RUN_ASSESSMENTS):
        steps -= _OF_OFFICER
    steps.discard(AppraisalStep.LAPSE)
    return frozenset(steps - _of_others(row, by, on)) if row else frozenset(steps)


def _of_others(row: Appraisal, by: Actor, on: date) -> set[AppraisalStep]:
    """Return what is for somebody else, or too late."""
    out: set[AppraisalStep] = set()
    if by.user_id == row.proposed_by_id:
        out |= {AppraisalStep.CONFIRM, AppraisalStep.RETURN, AppraisalStep.DECIDE}
    if by.user_id == row.confirmed_by_id:
        out.add(AppraisalStep.DECIDE)
    if row.object_until is not None and on > row.object_until:
        out.add(AppraisalStep.OBJECT)
    return out
