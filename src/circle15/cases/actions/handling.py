"""What the back office does between intake and decision: claim, hand on, ask, wait."""

from datetime import datetime
from uuid import UUID

from circle15.accounts.actors import Actor
from circle15.cases import seeing
from circle15.cases.actions import clocks
from circle15.cases.actions.life import (
    advance,
    day_of,
    locked,
    move_of,
    name_of,
    own,
    reason_of,
    user_of,
)
from circle15.cases.actions.routing import may_handle_at, office_at, office_of
from circle15.cases.catalogue import item_of
from circle15.cases.lines import CaseLine, line_of
from circle15.cases.models import Case, Clock
from circle15.cases.parties import By
from circle15.cases.refusals import (
    AlreadySentUp,
    CannotTake,
    NotSentUp,
    NotYours,
    SameEyes,
    TooLong,
)
from circle15.cases.staff import colleague
from circle15.cases.states import ClockKind, Party, Step


def send_up(*, case_uid: UUID, by: Actor, at: datetime) -> CaseLine:
    """Hand a case up to the office that handles it; ends the 3 days for doing so.

    Raises NotFound, NotYours, WrongState, AlreadySentUp.
    """
    with locked(case_uid, by, wide=True) as case:
        move_of(case, Step.SEND_UP, by)
        if case.handler_path:
            raise AlreadySentUp
        office = office_of(case, item_of(case))
        case.submitted_up_at = at
        clocks.stop(case, (ClockKind.PROXY,), on=day_of(at), at=at)
        clocks.copy(case)
        if office.path != case.area_path:
            case.owner_id, case.owner_name = None, ""
        advance(case, Step.SEND_UP, by=by, at=at, note=office.name, to_path=office.path)
        return line_of(case)


def claim(*, case_uid: UUID, by: Actor, at: datetime) -> CaseLine:
    """Take a waiting case of the own office into one's hands.

    Nobody decides again what they decided before an appeal. Raises NotFound, NotYours, WrongState,
    NotSentUp, SameEyes.
    """
    with locked(case_uid, by) as case:
        take_up(case, by=by, at=at)
        return line_of(case)


def take_up(case: Case, *, by: Actor, at: datetime) -> None:
    if not case.handler_path:
        raise NotSentUp
    move_of(case, Step.CLAIM, by)
    if case.appeals and case.decided_by_id == by.user_id:
        raise SameEyes
    own(case, user_id=user_of(by), name=name_of(by))
    advance(case, Step.CLAIM, by=by, at=at)


# Clauses: D-57
def hand_over(*, case_uid: UUID, to_user_id: int, reason: str, by: Actor, at: datetime) -> CaseLine:
    """Give a case to a colleague; who is absent has it taken by the one who stands in.

    The first-contact owner (首问负责) stays on it. Raises NotFound, NotYours, WrongState,
    NeedsReason, CannotTake, SameEyes.
    """
    with locked(case_uid, by) as case:
        move_of(case, Step.HAND_OVER, by)
        why = reason_of(reason)
        if case.appeals and to_user_id == case.decided_by_id:
            raise SameEyes
        other = colleague(to_user_id, case, on=day_of(at))
        if other is None:
            raise CannotTake
        own(case, user_id=other.user_id, name=other.name)
        if other.covers is not None:
            case.covered_id, case.covered_name = other.covers.user_id, other.covers.name
        advance(case, Step.HAND_OVER, by=by, at=at, note=why, to=other.name)
        return line_of(case)


def reroute(*, case_uid: UUID, to_path: str, reason: str, by: Actor, at: datetime) -> CaseLine:
    """Pass a case to another office that may handle the item.

    Raises NotFound, NotYours, WrongState, NeedsReason, CannotTake.
    """
    with locked(case_uid, by, wide=True) as case:
        move_of(case, Step.REROUTE, by)
        why = reason_of(reason)
        if to_path == case.handler_path or not may_handle_at(item_of(case), to_path):
            raise CannotTake
        office = office_at(to_path)
        case.owner_id, case.owner_name = None, ""
        case.covered_id, case.covered_name = None, ""
        advance(case, Step.REROUTE, by=by, at=at, note=why, to_path=office.path)
        return line_of(case)


def ask(*, case_uid: UUID, lines: str, by: Actor, at: datetime) -> CaseLine:
    """Ask the person something; the clocks stand still until there is an answer.

    Raises NotFound, NotYours, WrongState, NeedsReason.
    """
    with locked(case_uid, by) as case:
        move_of(case, Step.ASK, by)
        demand_own(case, by)
        question = reason_of(lines)
        clocks.pause(case, on=day_of(at))
        advance(case, Step.ASK, by=by, at=at, note=question)
        return line_of(case)


def answer_question(
    *, case_uid: UUID, text: str, by: By, at: datetime, receipt: str = ""
) -> CaseLine:
    """Keep the person's answer; the clocks go on.

    Raises NotFound, NotYours, WrongState, NeedsReason.
    """
    with locked(case_uid, by, receipt=receipt) as case:
        move_of(case, Step.ANSWER, by, has_receipt=bool(receipt))
        words = reason_of(text)
        clocks.resume(case, on=day_of(at))
        advance(case, Step.ANSWER, by=by, at=at, note=words, has_receipt=bool(receipt))
        return line_of(case)


def suspend(*, case_uid: UUID, reason: str, by: Actor, at: datetime) -> CaseLine:
    """Let a case rest for a reason outside the house; the clocks stand still.

    Raises NotFound, NotYours, WrongState, NeedsReason.
    """
    with locked(case_uid, by) as case:
        move_of(case, Step.SUSPEND, by)
        demand_own(case, by)
        why = reason_of(reason)
        clocks.pause(case, on=day_of(at))
        advance(case, Step.SUSPEND, by=by, at=at, note=why)
        return line_of(case)


def resume(*, case_uid: UUID, by: Actor, at: datetime) -> CaseLine:
    """Go on with a case that rested. Raises NotFound, NotYours, WrongState."""
    with locked(case_uid, by) as case:
        move_of(case, Step.RESUME, by)
        clocks.resume(case, on=day_of(at))
        advance(case, Step.RESUME, by=by, at=at)
        return line_of(case)


def extend(*, case_uid: UUID, days: int, reason: str, by: Actor, at: datetime) -> CaseLine:
    """Prolong what was promised, never beyond what the law sets.

    Raises NotFound, NotYours, WrongState, NeedsReason, TooLong.
    """
    with locked(case_uid, by) as case:
        move_of(case, Step.EXTEND, by)
        why = reason_of(reason)
        most = _days_left_to_extend(case)
        if not 1 <= days <= most:
            raise TooLong(most)
        clocks.extend(case, days)
        advance(case, Step.EXTEND, by=by, at=at, note=why, days=days, due_on=case.due_on)
        return line_of(case)


def demand_own(case: Case, by: Actor) -> None:
    """Raise NotYours unless the case is in the actor's hands; a supervisor may always."""
    is_own = case.owner_id is not None and case.owner_id == by.user_id
    if not is_own and Party.SUPERVISOR not in seeing.parties_of(by, case):
        raise NotYours


def _days_left_to_extend(case: Case) -> int:
    """Return up to how many days: to the statutory limit, or as long again where there is none."""
    found = {clock.kind: clock for clock in clocks.running(case, *clocks.STOPPED_BY_QUESTIONS)}
    promised: Clock | None = found.get(ClockKind.PROMISED)
    statutory: Clock | None = found.get(ClockKind.STATUTORY)
    if promised is None:
        return 0
    most = statutory.days if statutory else 2 * promised.days
    return max(0, most - promised.days - promised.extended_days)
