"""Deciding a case: by one, or by two where the item or an appeal asks for four eyes."""

from datetime import datetime
from uuid import UUID

from circle15.accounts.actors import Actor
from circle15.cases.actions import clocks, promises
from circle15.cases.actions.delivery import hand_out, prepare
from circle15.cases.actions.handling import demand_own, take_up
from circle15.cases.actions.life import (
    advance,
    day_of,
    locked,
    move_of,
    name_of,
    reason_of,
    said,
    user_of,
)
from circle15.cases.catalogue import item_of
from circle15.cases.lines import CaseLine, line_of
from circle15.cases.models import Case
from circle15.cases.refusals import NeedsBasis, PromiseOpen, SameEyes
from circle15.cases.states import CaseState, ClockKind, DeliveryWay, Outcome, PromiseState, Step
from circle15.ledger.people.from_cases import touch_from_case


def decide(  # noqa: PLR0913 -- what a decision consists of
    *, case_uid: UUID, outcome: str, by: Actor, at: datetime, basis: str = "", note: str = ""
) -> CaseLine:
    """Decide a case; where four eyes are asked for it goes to review with the conclusion.

    A refusal names the rule. No approval while promised papers are missing. Raises NotFound,
    NotYours, WrongState, NeedsBasis, PromiseOpen.
    """
    with locked(case_uid, by) as case:
        conclude(case, outcome=outcome, basis=basis, note=note, by=by, at=at)
        return line_of(case)


def conclude(  # noqa: PLR0913 -- what a decision consists of
    case: Case, *, outcome: str, basis: str, note: str, by: Actor, at: datetime
) -> None:
    step = Step.PROPOSE if needs_two(case) else Step.DECIDE
    move_of(case, step, by)
    demand_own(case, by)
    case.outcome, case.basis, case.decision_note = Outcome(outcome), said(basis), said(note)
    if case.outcome == Outcome.REFUSED and not case.basis:
        raise NeedsBasis
    if case.outcome == Outcome.APPROVED and promises.open_promise(case) is not None:
        raise PromiseOpen
    case.decided_by_id, case.decided_by_name = user_of(by), name_of(by)
    if step == Step.DECIDE:
        _settle(case, by=by, at=at)
    why = case.basis or case.decision_note
    advance(case, step, by=by, at=at, note=why, outcome=case.outcome)


def second(*, case_uid: UUID, agree: bool, by: Actor, at: datetime, note: str = "") -> CaseLine:
    """Confirm what somebody else concluded, or send it back with a reason.

    Raises NotFound, NotYours, WrongState, SameEyes, NeedsReason, PromiseOpen.
    """
    with locked(case_uid, by) as case:
        step = Step.SECOND if agree else Step.SEND_BACK
        move_of(case, step, by)
        if case.decided_by_id == by.user_id:
            raise SameEyes
        outcome = case.outcome
        if agree:
            if outcome == Outcome.APPROVED and promises.open_promise(case) is not None:
                raise PromiseOpen
            _settle(case, by=by, at=at)
        else:
            reason_of(note)
            case.outcome, case.basis = "", ""
        advance(case, step, by=by, at=at, note=said(note), outcome=outcome)
        return line_of(case)


def finish_at_window(  # noqa: PLR0913 -- what a decision consists of
    *,
    case_uid: UUID,
    by: Actor,
    at: datetime,
    outcome: str = Outcome.APPROVED,
    basis: str = "",
    note: str = "",
) -> CaseLine:
    """Do at once what an instant item needs after its intake: claim, decide, result, hand over.

    Where a second person has to look, it stops there. Raises as those steps do.
    """
    with locked(case_uid, by) as case:
        if case.state in {CaseState.ACCEPTED, CaseState.CONDITIONAL}:
            take_up(case, by=by, at=at)
        conclude(case, outcome=outcome, basis=basis, note=note, by=by, at=at)
        if case.state == CaseState.DECIDED:
            prepare(case, by=by, at=at)
            hand_out(case, DeliveryWay.WINDOW, site_name=case.site_name, by=by, at=at)
        return line_of(case)


def needs_two(case: Case) -> bool:
    """Tell whether a second person has to confirm: the item says so, or it was appealed."""
    return item_of(case).is_four_eyes or case.appeals > 0


def _settle(case: Case, *, by: Actor, at: datetime) -> None:
    """Stop what ran, in time or late for ever; the registers learn what was decided."""
    on = day_of(at)
    case.decided_at, case.urgent_on = at, on
    clocks.stop(case, (ClockKind.PROMISED, ClockKind.STATUTORY), on=on, at=at)
    promises.end(case, PromiseState.ENDED, at=at)
    touch_from_case(
        item_key=case.item_key,
        outcome=case.outcome,
        case_uid=case.uid,
        by=by,
        at=at,
        person_uid=case.person_uid,
        organisation_uid=case.organisation_uid,
    )
