"""Judge a movement: approve and book it, refuse it, or withdraw the own one."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed
from circle15.accounts.states import Permission, Role
from circle15.accounts.steps import is_same, kept_words, name_of
from circle15.programme.funds.life import locked_move, tell, widest
from circle15.programme.funds.posting import book
from circle15.programme.funds.refusals import (
    AlreadyJudged,
    NeedsReason,
    NeedsRole,
    RoundClosed,
    SamePerson,
)
from circle15.programme.funds_models import WORDS_LENGTH, FundMove
from circle15.programme.funds_states import TRANSITIONS, MoveState, MoveStep
from circle15.standards.funds import fund_rules

_JUDGED = ("state", "judged_at", "judged_by", "judged_by_id", "why", "booked_on")


# Clauses: Q-18, J-102
@transaction.atomic
def judge(*, uid: UUID, step: str, by: Actor, at: datetime, why: str = "") -> FundMove:
    """Take a step with a proposed movement; approving books it at once.

    The same step by the same person again has no effect. Raises NotFound, NotAllowed,
    AlreadyJudged, SamePerson, NeedsRole, NeedsReason, NotEnough, RoundClosed.
    """
    move = locked_move(uid, by)
    to = TRANSITIONS[move.state].get(step)
    if to is None:
        if move.state == TRANSITIONS[MoveState.PROPOSED].get(step) and _by(move, by):
            return move
        raise AlreadyJudged
    if move.round.closed_at is not None:
        raise RoundClosed
    _demand(move, step, by)
    if step == MoveStep.REFUSE and not kept_words(why, WORDS_LENGTH):
        raise NeedsReason
    move.state, move.judged_at, move.why = to, at, kept_words(why, WORDS_LENGTH)
    move.judged_by, move.judged_by_id = name_of(by), by.user_id
    move.booked_on = timezone.localdate(at) if step == MoveStep.APPROVE else None
    move.save(update_fields=_JUDGED)
    if step == MoveStep.APPROVE:
        book(move, on=timezone.localdate(at))
    tell(move, str(step), by=by, at=at, why=move.why)
    return move


def may_judge(move: FundMove, step: str, by: Actor) -> bool:
    """Tell whether somebody may take a step now, money enough or not."""
    if step not in TRANSITIONS[move.state]:
        return False
    try:
        _demand(move, step, by)
    except (NotAllowed, SamePerson, NeedsRole):
        return False
    return True


def roles_needed(move: FundMove) -> str:
    """Say who else than any officer has to approve a movement; "" where any may."""
    roles = fund_rules().roles_for(move.counts_as, move.amount)
    return _("、").join(str(Role(role).label) for role in sorted(roles))


def _demand(move: FundMove, step: str, by: Actor) -> None:
    is_proposer = is_same(by, move.proposed_by_id, move.proposed_by)
    if step == MoveStep.WITHDRAW:
        if not is_proposer:
            raise NotAllowed
        return
    if not (by.can(Permission.MANAGE_FUNDS) and by.covers(widest(move))):
        raise NotAllowed
    if is_proposer:
        raise SamePerson
    roles = fund_rules().roles_for(move.counts_as, move.amount)
    if step == MoveStep.APPROVE and roles and by.role not in roles:
        raise NeedsRole(roles_needed(move))


def _by(move: FundMove, by: Actor) -> bool:
    return is_same(by, move.judged_by_id, move.judged_by)
