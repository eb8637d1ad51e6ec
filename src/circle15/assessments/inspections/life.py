"""Bring a check from state to state: lock it, write its row and its event."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import kept_words
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.inspection_models import (
    NAME_LENGTH,
    WORDS_LENGTH,
    Inspection,
    InspectionSeat,
    InspectionSpan,
)
from circle15.assessments.inspection_states import (
    INSPECTION_TRANSITIONS,
    InspectionState,
    InspectionStep,
)
from circle15.assessments.inspections.refusals import NeedsReason, WrongStep
from circle15.audit.steps import Numbered, tell_step


def visible(rows: QuerySet[Inspection], by: Actor) -> QuerySet[Inspection]:
    """Narrow to the checks of a planner's area. Raises NotAllowed."""
    demand(by, Permission.PLAN_INSPECTIONS)
    return scope.within(rows, by.area_path)


@contextmanager
def locked(uid: UUID, by: Actor) -> Iterator[Inspection]:
    """Give a planner's check, locked. Raises NotFound, NotAllowed."""
    with transaction.atomic():
        rows = visible(Inspection.objects.select_for_update(no_key=True, of=("self",)), by)
        found = rows.select_related("site__division__parent", "edition").filter(uid=uid).first()
        if found is None:
            raise NotFound
        yield found


@contextmanager
def locked_seat(uid: UUID, by: Actor) -> Iterator[InspectionSeat]:
    """Give the actor's own seat at a check, the check locked. Raises NotFound, NotAllowed.

    A check may lie in another county: whoever has a seat at it sees it, and nothing else there.
    """
    demand(by, Permission.INSPECT)
    with area_scope(EVERYWHERE):
        checks = Inspection.objects.select_for_update(no_key=True, of=("self",))
        check = checks.select_related("site__division__parent", "edition").filter(uid=uid).first()
        seats = InspectionSeat.objects.filter(inspection=check, user_id=by.user_id or 0)
        seat = seats.first() if check is not None else None
        if seat is None or check is None:
            raise NotFound
        seat.inspection = check
        yield seat


def begin(check: Inspection, *, by: Actor, at: datetime) -> None:
    """Save a new check with its first row and event."""
    check.save(force_insert=True)
    _begin_span(check, InspectionStep.PLAN, by=by, at=at, note=check.reason)
    tell(check, InspectionStep.PLAN, by=by, at=at, site=check.site.code, due_on=check.due_on)


def advance(
    check: Inspection,
    step: InspectionStep,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    **more: object,
) -> None:
    """Bring a locked check into the state a step leads to. Raises WrongStep."""
    to = INSPECTION_TRANSITIONS[InspectionState(check.state)].get(step)
    if to is None:
        raise WrongStep
    old, moment = check.state, max(at, check.since)
    check.state, check.since = to, moment
    check.save()
    InspectionSpan.objects.filter(inspection=check, ended_at__isnull=True).update(ended_at=moment)
    _begin_span(check, step, by=by, at=moment, note=note)
    tell(check, step, by=by, at=at, old={"state": old}, state=to, note=note, **more)


def said(text: str) -> str:
    """Return words as they are kept. Raises NeedsReason for none."""
    kept = kept_words(text, WORDS_LENGTH)
    if not kept:
        raise NeedsReason
    return kept


def tell(
    check: Inspection,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    old: dict[str, object] | None = None,
    **new: object,
) -> None:
    """Write the audit event; empty values are left out."""
    of = Numbered("inspection", check.uid, check.number, check.area_path)
    tell_step(of, verb, who=by.who, at=at, old=old, new=new)


def _begin_span(
    check: Inspection, step: InspectionStep, *, by: Actor, at: datetime, note: str
) -> None:
    is_over = not INSPECTION_TRANSITIONS[InspectionState(check.state)]
    InspectionSpan.objects.create(
        inspection=check,
        area_path=check.area_path,
        state=check.state,
        step=step,
        begun_at=at,
        ended_at=at if is_over else None,
        actor_id=by.user_id,
        actor_name=by.name[:NAME_LENGTH],
        note=note,
    )
