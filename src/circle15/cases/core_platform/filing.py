"""From the decision of a case to what is filed with the platform, in the same transaction."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.sealing import seal, unseal
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.audit.states import SYSTEM, Who
from circle15.cases.core_platform.functions import Function, function
from circle15.cases.exchange_models import CoreMessage
from circle15.cases.exchange_states import MessageState
from circle15.cases.models import Case
from circle15.cases.sealing import open_form
from circle15.cases.states import TO_HAND_OUT, CaseState, Outcome
from circle15.core.text import tidy
from circle15.standards.core_platform import filing_of, filings

KIND = "core-message"
_DECIDED = (*TO_HAND_OUT, CaseState.DELIVERED, CaseState.CLOSED)
_OVER = (*_DECIDED, CaseState.WITHDRAWN, CaseState.LAPSED, CaseState.NOT_ACCEPTED)
_PARTS = {"values": "values_sealed", "person": "person_sealed"}


class NotWaitingForPerson(Refused):
    def __init__(self) -> None:
        super().__init__(_("这条报文不需要处理，请刷新页面查看最新状态。"))


@transaction.atomic
def enqueue_for(case: Case, *, at: datetime) -> int:
    """Enqueue what makes the platform hold what was decided; return how many messages.

    Call it in the transaction of the step. What is filed already is not filed again, and what
    surely never left is put aside instead of undone.
    """
    infno = filings().get(case.item_key)
    if infno is None or case.person_uid is None or case.state not in _OVER:
        return 0
    filed = _filed(case, infno)
    is_wanted = case.state in _DECIDED and case.outcome == Outcome.APPROVED
    if is_wanted and filed is None:
        _file(case, function(infno), at)
        return 1
    if not is_wanted and filed is not None:
        return take_back(filed, at=at)
    return 0


def standing(case: Case) -> CoreMessage | None:
    """Return the filing of a case that stands, locked; None where nothing is filed."""
    infno = filings().get(case.item_key)
    return _filed(case, infno) if infno else None


def take_back(filed: CoreMessage, *, at: datetime, reason: str = "") -> int:
    """Put a filing aside that surely had no effect, enqueue the undo of any other.

    The caller has locked it and asked who may (`taking_back`). Returns how many are enqueued.
    """
    if filed.state in {MessageState.WAITING, MessageState.REFUSED} and not _is_doubtful(filed):
        settle(filed, MessageState.VOID, at=at)
        note(filed, "core.put_aside", at=at)
        return 0
    undo = CoreMessage(
        case=filed.case,
        infno=function(filed.infno).undone_by,
        undoes=filed,
        round=filed.round,
        enqueued_at=at,
        next_try_at=at,
    )
    if reason:
        keep_part(undo, "values", {"memo": reason})
    undo.save()
    return 1


@transaction.atomic
def complete(*, uid: UUID, values: Mapping[str, str], by: Actor, at: datetime) -> CoreMessage:
    """Add what was missing or mend what was refused, and let the message go again.

    What may be there all the same keeps its number: that is looked into first.
    Raises NotAllowed, NotFound, NotWaitingForPerson.
    """
    message = _refused(uid, by)
    made = function(message.infno)
    names = {one.name for one in made.items}
    given = {name: tidy(value).text for name, value in values.items() if name in names}
    keep_part(message, "values", {**part_of(message, "values"), **given})
    if _is_doubtful(message):
        message.state = MessageState.UNSURE
    else:
        message.state, message.msgid, message.infcode = MessageState.WAITING, "", None
    message.problem, message.next_try_at = "", at
    message.attempts, message.settled_at = 0, None
    message.save()
    note(message, "core.complete", at=at, who=by.who, new={"fields": sorted(given)})
    return message


@transaction.atomic
def set_aside(*, uid: UUID, reason: str, by: Actor, at: datetime) -> CoreMessage:
    """Give up a message the platform refuses: what follows it in its case may go.

    Raises NotAllowed, NotFound, NotWaitingForPerson.
    """
    message = _refused(uid, by)
    settle(message, MessageState.VOID, at=at)
    note(message, "core.set_aside", at=at, who=by.who, new={"reason": reason[:200]})
    return message


def part_of(message: CoreMessage, part: str) -> dict[str, str]:
    """Open what a message says, or what the platform said of the person."""
    sealed = getattr(message, _PARTS[part])
    told = unseal(sealed, field=part, uid=message.uid, kind=KIND)
    opened = json.loads(told) if told else {}
    assert isinstance(opened, dict)
    return opened


def keep_part(message: CoreMessage, part: str, values: Mapping[str, str]) -> None:
    """Seal what a message says into its column; the caller saves."""
    told = json.dumps(dict(values), ensure_ascii=False, sort_keys=True)
    setattr(message, _PARTS[part], seal(told, field=part, uid=message.uid, kind=KIND))


def known_numbers(message: CoreMessage) -> set[str]:
    """Return the numbers of the person's other filings: none of them is this one."""
    with area_scope(EVERYWHERE):
        others = CoreMessage.objects.filter(case__person_uid=message.case.person_uid)
        told = others.exclude(pk=message.pk).exclude(declaration="")
        return {*told.values_list("declaration", flat=True)}


def settle(message: CoreMessage, state: MessageState, *, at: datetime) -> None:
    """End the life of a message; the caller tells the trail."""
    message.state, message.settled_at = state, at
    message.save()


def note(
    message: CoreMessage,
    verb: str,
    *,
    at: datetime,
    who: Who = SYSTEM,
    new: Mapping[str, object] | None = None,
) -> None:
    """Write the line of the trail; numbers and codes only."""
    case = message.case
    record(
        who=who,
        verb=verb,
        target_kind="case",
        target_id=str(case.uid),
        area_path=case.handler_path or case.area_path,
        at=at,
        new={"infno": message.infno, "msgid": message.msgid, **(new or {})},
    )


def _filed(case: Case, infno: str) -> CoreMessage | None:
    """Return the filing that stands, locked: nobody sends it meanwhile."""
    messages = CoreMessage.objects.select_for_update(of=("self",)).filter(case=case, infno=infno)
    standing = messages.exclude(state=MessageState.VOID).filter(undone_by__isnull=True)
    return standing.order_by("-round").first()


def _file(case: Case, made: Function, at: datetime) -> None:
    rounds = CoreMessage.objects.filter(case=case, infno=made.infno).count()
    message = CoreMessage(
        case=case, infno=made.infno, round=rounds + 1, enqueued_at=at, next_try_at=at
    )
    begun = {"begndate": timezone.localdate(case.decided_at or at).isoformat()}
    asked = filing_of(case.item_key)
    assert asked is not None
    told = begun | asked.values(open_form(case), case.answers)
    names = {one.name for one in made.items}
    keep_part(message, "values", {k: v for k, v in told.items() if k in names})
    message.save()


def _is_doubtful(message: CoreMessage) -> bool:
    """Tell whether it was sent, not answered, and left to a person: it may be there."""
    return message.state == MessageState.REFUSED and bool(message.msgid and message.infcode is None)


def _refused(uid: UUID, by: Actor) -> CoreMessage:
    demand(by, Permission.HANDLE_CASES)
    rows = CoreMessage.objects.select_for_update(of=("self",)).select_related("case")
    message = rows.filter(uid=uid).first()
    case = message.case if message else None
    if message is None or case is None or not covers(by, case):
        raise NotFound
    if message.state != MessageState.REFUSED:
        raise NotWaitingForPerson
    return message


def covers(by: Actor, case: Case) -> bool:
    """Tell whether a case is of the actor's area, where it came in or where it is handled."""
    return by.covers(case.area_path) or by.covers(case.handler_path)
