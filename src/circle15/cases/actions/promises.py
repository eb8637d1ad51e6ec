"""Conditional intake (容缺受理): accepted now, the rest of the papers by a day, in writing."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from circle15.accounts.actors import Actor, system_actor
from circle15.cases.actions import clocks, papers
from circle15.cases.actions.intake import note_complete, take_over
from circle15.cases.actions.life import advance, day_of, locked, move_of, name_of, reason_of
from circle15.cases.catalogue import item_of
from circle15.cases.lines import CaseLine, line_of
from circle15.cases.models import Case, CaseMaterial, Promise
from circle15.cases.organisations import has_broken_promise
from circle15.cases.parties import By
from circle15.cases.refusals import NoPromise, NotConditional, PapersMissing, PromiseOver
from circle15.cases.states import AT_HAND, MaterialState, PromiseState, Step
from circle15.core.deadlines import Term, standard_reckoner
from circle15.ledger.people.actions import bar_from_conditional
from circle15.ledger.people.looking import person_anywhere
from circle15.standards.case_rules import case_rules

_DAY = timedelta(days=1)


# Clauses: W-61
def accept_conditionally(
    *,
    case_uid: UUID,
    deferred: tuple[str, ...],
    by: Actor,
    at: datetime,
    due_on: date | None = None,
) -> CaseLine:
    """Accept a case although papers are missing that may follow; the person promises them.

    `deferred` names exactly what is missing. Not for items that do not allow it, nor for people
    who broke a promise before. Raises NotFound, NotYours, WrongState, NotConditional,
    PapersMissing, NotAuthorised.
    """
    with locked(case_uid, by, wide=True) as case:
        move_of(case, Step.ACCEPT_CONDITIONALLY, by)
        take_on_promise(case, papers.missing(case), deferred, due_on=due_on, by=by, at=at)
        return line_of(case)


def take_on_promise(  # noqa: PLR0913 -- what a promise consists of
    case: Case,
    lacking: list[CaseMaterial],
    deferred: Collection[str],
    *,
    due_on: date | None,
    by: Actor,
    at: datetime,
) -> None:
    """Accept a case that lacks papers which may follow; inside the scope of everywhere."""
    on = day_of(at)
    _demand_allowed(case, on)
    _demand_deferrable(case, lacking, deferred)
    due = _day_agreed(due_on, on)
    for row in lacking:
        papers.set_state(row, MaterialState.DEFERRED, by=by, at=at)
    _promise(case, lacking, due=due, on=on, by=by, at=at)
    office, keys = take_over(case, by=by, at=at), [row.key for row in lacking]
    step = Step.ACCEPT_CONDITIONALLY
    advance(case, step, by=by, at=at, to_path=office, papers=keys, papers_due_on=due)


def fulfil(*, case_uid: UUID, by: By, at: datetime) -> CaseLine:
    """Close a promise that was kept: everything promised is there and good.

    Raises NotFound, NotYours, WrongState, NoPromise, PromiseOver, PapersMissing.
    """
    with locked(case_uid, by) as case:
        move_of(case, Step.FULFIL, by)
        promise = open_promise(case)
        if promise is None:
            raise NoPromise
        if day_of(at) > promise.due_on:
            raise PromiseOver
        rows = CaseMaterial.objects.filter(case=case, key__in=promise.keys)
        lacking = [row for row in rows.order_by("position", "id") if row.state not in AT_HAND]
        if lacking:
            raise PapersMissing(papers.names_of(case, lacking))
        end(case, PromiseState.KEPT, at=at)
        note_complete(case, is_complete=True, at=at)
        advance(case, Step.FULFIL, by=by, at=at, papers=promise.keys)
        return line_of(case)


def revoke(*, case_uid: UUID, reason: str, by: Actor, at: datetime) -> CaseLine:
    """Take a conditional intake back: what was promised turned out to be untrue, say.

    Raises NotFound, NotYours, WrongState, NoPromise, NeedsReason.
    """
    with locked(case_uid, by) as case:
        move_of(case, Step.REVOKE, by)
        if open_promise(case) is None:
            raise NoPromise
        why = reason_of(reason)
        end(case, PromiseState.REVOKED, at=at, reason=why)
        bar(case, why, at=at)
        clocks.void(case, on=day_of(at), at=at)
        advance(case, Step.REVOKE, by=by, at=at, note=why)
        return line_of(case)


def open_promise(case: Case) -> Promise | None:
    return Promise.objects.filter(case=case, state=PromiseState.OPEN).first()


def end(case: Case, state: PromiseState, *, at: datetime, reason: str = "") -> None:
    """End the open promise of a case, if there is one; the caller saves the case."""
    promise = open_promise(case)
    if promise is not None:
        promise.state, promise.ended_at, promise.reason = state, at, reason
        promise.save(update_fields=["state", "ended_at", "reason"])
        case.promise_due_on = None


def bar(case: Case, reason: str, *, at: datetime) -> None:
    """Note on the person's record that a promise was broken: no conditional intake for a while.

    The case is named with the reason, which may be shorter than the record of a person takes.
    """
    if case.person_uid is not None:
        bar_from_conditional(
            case.person_uid,
            until=day_of(at) + timedelta(days=case_rules().barred_calendar_days),
            reason=f"{case.number} {reason}",
            by=system_actor("cases"),
            at=at,
        )


def _demand_allowed(case: Case, on: date) -> None:
    if not item_of(case).is_conditional_intake_allowed:
        raise NotConditional.item()
    if case.person_uid is not None:
        until = person_anywhere(case.person_uid).barred_until
        if until is not None and on < until:
            raise NotConditional.person(until)
    if case.organisation_uid is not None and has_broken_promise(case.organisation_uid, on):
        raise NotConditional.organisation()


def _demand_deferrable(case: Case, lacking: list[CaseMaterial], deferred: Collection[str]) -> None:
    """Raise NotConditional or PapersMissing unless exactly what is missing may follow."""
    if not lacking:
        raise NotConditional.nothing()
    left = [row for row in lacking if row.key not in deferred]
    if left:
        raise PapersMissing(papers.names_of(case, left))
    fixed = [row for row in lacking if not papers.is_deferrable(case, row)]
    if fixed or set(deferred) != {row.key for row in lacking}:
        raise NotConditional.paper(papers.names_of(case, fixed) or sorted(deferred))


def _day_agreed(due_on: date | None, on: date) -> date:
    rules, reckoner = case_rules(), standard_reckoner()
    last = reckoner.due(on, rules.conditional_most_days)
    due = due_on or reckoner.due(on, rules.conditional_days)
    if not on < due <= last:
        raise NotConditional.day(last)
    return due


def _promise(  # noqa: PLR0913 -- what a promise consists of
    case: Case, rows: list[CaseMaterial], *, due: date, on: date, by: Actor, at: datetime
) -> None:
    days = standard_reckoner().used(Term(on, 0), due)
    eve = standard_reckoner().reckon(Term(on, days)).eve_on
    Promise.objects.create(
        case=case,
        person_uid=case.person_uid,
        keys=[row.key for row in rows],
        due_on=due,
        remind_on=min(eve or on, due - _DAY),
        state=PromiseState.OPEN,
        made_at=at,
        taken_by=name_of(by),
    )
    case.promise_due_on = due
