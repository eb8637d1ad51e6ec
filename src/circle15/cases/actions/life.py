"""What all actions on a case have in common: load it locked, check the table, step, tell."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.masks import masked
from circle15.audit.steps import Numbered, tell_step
from circle15.cases import seeing
from circle15.cases.following import follow
from circle15.cases.models import NAME_LENGTH, NOTE_LENGTH, Case, CaseSpan
from circle15.cases.parties import Applicant, By
from circle15.cases.refusals import NeedsReason, NotYours, WrongState
from circle15.cases.states import ENDED, TRANSITIONS, CaseState, Move, Step
from circle15.cases.tallies import keeping
from circle15.core.text import without_invisible


@contextmanager
def locked(case_uid: UUID, by: By, *, receipt: str = "", wide: bool = False) -> Iterator[Case]:
    """Open a transaction with a case of the actor's area, the applicant's, or the receipt's.

    `wide`: what follows may touch rows outside the area, as sending it on to another office does.
    Raises NotFound, NotAllowed.
    """
    with transaction.atomic():
        rows = for_update()
        if isinstance(by, Applicant):
            with area_scope(EVERYWHERE):
                yield _one(seeing.of_applicant(rows, by).filter(uid=case_uid).first())
        elif receipt:
            with area_scope(EVERYWHERE):
                yield seeing.case_with_receipt(rows, case_uid, receipt)
        elif wide:
            case = _one(seeing.visible(rows, by).filter(uid=case_uid).first())
            with area_scope(EVERYWHERE):
                yield case
        else:
            yield _one(seeing.visible(rows, by).filter(uid=case_uid).first())


def for_update() -> QuerySet[Case]:
    """Return cases locked: of two who step at once the second sees what the first has done."""
    return Case.objects.select_for_update(no_key=True, of=("self",))


def _one(case: Case | None) -> Case:
    if case is None:
        raise NotFound
    return case


def move_of(case: Case, step: Step, by: By, *, has_receipt: bool = False) -> Move:
    """Return where a step leads. Raises WrongState for none, NotYours for somebody else's."""
    move = TRANSITIONS[CaseState(case.state)].get(step)
    if move is None:
        raise WrongState
    if not move.who & seeing.parties_of(by, case, has_receipt=has_receipt):
        raise NotYours
    return move


def advance(  # noqa: PLR0913 -- a step has these parts
    case: Case,
    step: Step,
    *,
    by: By,
    at: datetime,
    note: str = "",
    has_receipt: bool = False,
    to_path: str = "",
    **more: object,
) -> None:
    """Bring a locked case into its next state, with span, audit event, and what follows elsewhere.

    `to_path` is the office it goes to from now on: whoever sends it there may not act in its name.
    The caller has set the other fields before. Spans never run backwards, whatever the clock does.
    Raises WrongState, NotYours.
    """
    move = move_of(case, step, by, has_receipt=has_receipt)
    old, moment = case.state, max(at, case.since)
    case.state, case.since = move.to, moment
    case.handler_path = to_path or case.handler_path
    if move.to in ENDED and case.closed_at is None:
        case.closed_at = moment
    former = keeping.standing(case)
    case.save()
    keeping.move(case, former)
    CaseSpan.objects.filter(case=case, ended_at__isnull=True).update(ended_at=moment)
    span = _begin_span(case, step, by=by, at=moment, note=note)
    new = {"state": move.to, "note": note, "to": to_path, **more}
    tell(case, step, by=by, at=at, old={"state": old}, **new)
    follow(case, span, by=by, at=at)


def begin(case: Case, *, by: By, at: datetime) -> None:
    """Save a new case with its first span and audit event."""
    case.save(force_insert=True)
    _begin_span(case, Step.OPEN, by=by, at=at, note="")
    tell(case, Step.OPEN, by=by, at=at, item=case.item_key, state=case.state)


def _begin_span(case: Case, step: Step, *, by: By, at: datetime, note: str) -> CaseSpan:
    return CaseSpan.objects.create(
        case=case,
        state=case.state,
        step=step,
        begun_at=at,
        ended_at=at if case.state in ENDED else None,
        actor_id=by.who.id,
        actor_name=name_of(by),
        actor_role=by.who.role,
        owner_id=case.owner_id,
        owner_name=case.owner_name,
        note=masked(note)[:NOTE_LENGTH],
    )


def tell(
    case: Case,
    verb: str,
    *,
    by: By,
    at: datetime,
    old: dict[str, object] | None = None,
    **new: object,
) -> None:
    """Write the audit event of something done to a case; empty values are left out."""
    of = Numbered("case", case.uid, case.number, case.area_path)
    tell_step(of, verb, who=by.who, at=at, old=old, new=new)


def name_of(by: By) -> str:
    """Name who acts as the case shows it to everybody: people at home without their name."""
    return masked(by.name)[:NAME_LENGTH] if isinstance(by, Actor) else ""


def user_of(by: By) -> int | None:
    return by.user_id if isinstance(by, Actor) else None


def own(case: Case, *, user_id: int | None, name: str) -> None:
    """Put a case into somebody's hands; the first ever is its first-contact owner (首问负责)."""
    case.owner_id, case.owner_name = user_id, name
    case.covered_id, case.covered_name = None, ""
    if case.first_owner_id is None and user_id is not None:
        case.first_owner_id, case.first_owner_name = user_id, name


def reason_of(text: str) -> str:
    """Return a reason as it is kept. Raises NeedsReason for an empty one."""
    reason = said(text)
    if not reason:
        raise NeedsReason
    return reason


def said(text: str) -> str:
    """Return free text as it is kept: nothing invisible, no number of a person, not endless."""
    return masked(without_invisible(text).strip())[:NOTE_LENGTH]


def day_of(at: datetime) -> date:
    return timezone.localdate(at)
