"""Undo what was filed by mistake: an officer asks with a reason, a supervisor carries it out.

Where the item calls for four eyes, the supervisor is somebody else than who asked.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.audit.masks import masked
from circle15.cases.catalogue import item_of
from circle15.cases.core_platform import filing
from circle15.cases.core_platform.functions import function
from circle15.cases.exchange_models import CoreMessage, CoreTakeBack
from circle15.cases.exchange_states import MessageState
from circle15.cases.lines import item_name_of
from circle15.cases.models import Case
from circle15.cases.refusals import NeedsReason
from circle15.cases.sealing import open_form
from circle15.core.messages import Message
from circle15.core.text import tidy
from circle15.standards.core_platform import filing_of, filings
from circle15.standards.item_forms import FormField
from circle15.standards.text import Text

MOST = 200


class NothingFiled(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个办件没有要撤销的备案，请刷新页面查看最新状态。"))


class AskedAlready(Refused):
    def __init__(self) -> None:
        super().__init__(_("已有人申请撤销，正等另一人复核。"))


class NotYoursToKeep(Refused):
    def __init__(self) -> None:
        super().__init__(_("只有提出的人或主管可以不同意撤销。"))


class SamePerson(Refused):
    def __init__(self) -> None:
        super().__init__(_("不能复核自己的申请，请由另一人复核。"))


class NotAsked(Refused):
    def __init__(self) -> None:
        super().__init__(_("这条撤销申请已处理，请刷新页面查看最新状态。"))


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message of a case, as its page lists it."""

    infno: str
    name: Message
    state: str
    state_name: str
    enqueued_at: datetime
    settled_at: datetime | None
    declaration: str
    problem: str


@dataclass(frozen=True, slots=True)
class Request:
    """A wish to take something back that waits for a second person."""

    uid: UUID
    reason: str
    asked_by: str
    asked_at: datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class FilingsOfCase:
    """What was filed for a case and what may be done about it now."""

    case_uid: UUID
    case_number: str
    item_name: Text
    contents: tuple[tuple[FormField, str], ...]
    messages: tuple[MessageLine, ...]
    is_standing: bool
    needs_two: bool
    asked: Request | None


def filings_of(case_uid: UUID, *, by: Actor) -> FilingsOfCase:
    """Return what a case files and its messages in order, and the open wish.

    Raises NotAllowed, NotFound.
    """
    case = _case(case_uid, by)
    rows = [*CoreMessage.objects.filter(case=case).order_by("id")]
    undone = {one.undoes_id for one in rows}
    standing = [one for one in rows if _stands(one) and one.pk not in undone]
    waiting = CoreTakeBack.objects.filter(case=case, ended_at__isnull=True).first()
    return FilingsOfCase(
        case.uid,
        case.number,
        item_name_of(case),
        _contents(case),
        tuple(map(_line, rows)),
        is_standing=bool(standing),
        needs_two=needs_second(case, by),
        asked=_request(waiting, by) if waiting else None,
    )


def needs_second(case: Case, by: Actor) -> bool:
    """Tell whether what somebody asks for waits for another person."""
    return item_of(case).is_four_eyes or not by.can(Permission.SUPERVISE_CASES)


@transaction.atomic
def ask(*, case_uid: UUID, reason: str, by: Actor, at: datetime) -> bool:
    """Ask to take back what is filed; tell whether that is done, or waits for a second person.

    The decision of the case stays as it is. Raises NotAllowed, NotFound, NeedsReason,
    NothingFiled, AskedAlready.
    """
    case = _case(case_uid, by, is_locked=True)
    words = _reason(reason)
    filed = filing.standing(case)
    if filed is None:
        raise NothingFiled
    if CoreTakeBack.objects.filter(case=case, ended_at__isnull=True).exists():
        raise AskedAlready
    wish = CoreTakeBack(
        case=case, message=filed, reason=words, asked_by_id=by.user_id, asked_by=by.name[:80]
    )
    wish.asked_at = at
    is_done = not needs_second(case, by)
    if is_done:
        wish.end(agreed=True, by_id=by.user_id, by=by.name, at=at)
    wish.save()
    verb = "core.take_back" if is_done else "core.ask_take_back"
    filing.note(filed, verb, at=at, who=by.who, new={"reason": words})
    if is_done:
        filing.take_back(filed, at=at, reason=words)
    return is_done


@transaction.atomic
def second(*, uid: UUID, agree: bool, note: str = "", by: Actor, at: datetime) -> CoreTakeBack:
    """Carry out what somebody else asked for, or turn it down.

    Who asked may turn the own wish down, no more. Raises NotAllowed, NotFound, NotAsked,
    NotYoursToKeep, SamePerson, NothingFiled.
    """
    wish = _wish(uid, by)
    is_own = wish.asked_by_id == by.user_id
    if agree:
        demand(by, Permission.SUPERVISE_CASES)
        if is_own:
            raise SamePerson
    elif not (is_own or by.can(Permission.SUPERVISE_CASES)):
        raise NotYoursToKeep
    filed = filing.standing(wish.case)
    if agree and (filed is None or filed.pk != wish.message_id):
        raise NothingFiled
    wish.end(agreed=agree, by_id=by.user_id, by=by.name, at=at)
    wish.note = masked(tidy(note).text)[:MOST]
    wish.save()
    verb = "core.take_back" if agree else "core.keep_filed"
    told = {"reason": wish.reason, "asked_by": wish.asked_by, "note": wish.note}
    filing.note(wish.message, verb, at=at, who=by.who, new=told)
    if agree and filed is not None:
        filing.take_back(filed, at=at, reason=wish.reason)
    return wish


def case_asked_about(uid: UUID, by: Actor) -> UUID:
    """Return the case a wish that waits is about. Raises NotAllowed, NotFound, NotAsked."""
    with transaction.atomic():
        return _wish(uid, by).case.uid


def asked_for(by: Actor) -> tuple[tuple[Request, UUID, str], ...]:
    """Return the wishes of the area that wait, the oldest first: each with its case."""
    demand(by, Permission.HANDLE_CASES)
    rows = CoreTakeBack.objects.filter(ended_at__isnull=True).select_related("case")
    found = [one for one in rows.order_by("id")[:MOST] if filing.covers(by, one.case)]
    return tuple((_request(one, by), one.case.uid, one.case.number) for one in found)


def case_of_number(number: str, by: Actor) -> UUID:
    """Return the case of the area that has a number and is filed. Raises NotAllowed, NotFound."""
    demand(by, Permission.HANDLE_CASES)
    typed = number.strip().replace("-", "").replace(" ", "")
    case = Case.objects.defer("form_sealed").filter(number=typed).exclude(number="").first()
    if case is None or not filing.covers(by, case) or function_of(case) is None:
        raise NotFound
    return case.uid


def _case(uid: UUID, by: Actor, *, is_locked: bool = False) -> Case:
    demand(by, Permission.HANDLE_CASES)
    rows = Case.objects.filter(uid=uid)
    case = (rows.select_for_update(no_key=True, of=("self",)) if is_locked else rows).first()
    if case is None or not filing.covers(by, case) or function_of(case) is None:
        raise NotFound
    return case


def function_of(case: Case) -> str | None:
    """Return the transaction by which the item of a case is filed; None for no filing."""
    return filings().get(case.item_key)


def _wish(uid: UUID, by: Actor) -> CoreTakeBack:
    demand(by, Permission.HANDLE_CASES)
    rows = CoreTakeBack.objects.select_for_update(of=("self",)).select_related("case", "message")
    wish = rows.filter(uid=uid).first()
    if wish is None or not filing.covers(by, wish.case):
        raise NotFound
    if wish.ended_at is not None:
        raise NotAsked
    return wish


def _reason(text: str) -> str:
    words = masked(tidy(text).text)[:MOST]
    if not words:
        raise NeedsReason
    return words


def _stands(message: CoreMessage) -> bool:
    return message.undoes_id is None and message.state != MessageState.VOID


def _contents(case: Case) -> tuple[tuple[FormField, str], ...]:
    asked, form = filing_of(case.item_key), open_form(case)
    fields = asked.fields if asked else ()
    return tuple((field, form[field.key]) for field in fields if form.get(field.key))


def _line(message: CoreMessage) -> MessageLine:
    return MessageLine(
        message.infno,
        function(message.infno).name,
        message.state,
        str(MessageState(message.state).label),
        message.enqueued_at,
        message.settled_at,
        message.declaration,
        message.problem,
    )


def _request(wish: CoreTakeBack, by: Actor) -> Request:
    is_own = wish.asked_by_id == by.user_id
    return Request(wish.uid, wish.reason, wish.asked_by, wish.asked_at, is_own)
