"""Compares once a day what we filed with what the platform holds.

Every filing that can be asked about is, within a month of it, those taken back too. What does not
agree is a line on the page of the staff and one of the trail, until somebody settles it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.turns import alone
from circle15.audit.actions import record
from circle15.cases.core_platform import filing
from circle15.cases.core_platform.functions import (
    ASKABLE,
    DECLARATION,
    answers,
    function,
    is_same,
)
from circle15.cases.core_platform.guarded import Guarded
from circle15.cases.core_platform.numbers import FiledNumbers, Numbers
from circle15.cases.core_platform.people import Insured
from circle15.cases.core_platform.port import Asked, PlatformAway
from circle15.cases.exchange_models import CoreDifference, CoreLine, CoreMessage
from circle15.cases.exchange_states import DifferenceKind, MessageState

LOOK_BACK = timedelta(days=31)
FROM_HOUR = 5  # after the night's work of both sides, before anybody comes
AT_ONCE = 50
_LONGEST_ROUND_S = 10.0
_LOCK = 1_532_022


class AlreadySettled(Refused):
    def __init__(self) -> None:
        super().__init__(_("这条差异已处理。"))


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that does not agree; `detail` names fields and numbers, no contents."""

    kind: DifferenceKind
    detail: str = ""


_NOT_TOLD = (Found(DifferenceKind.NOT_TOLD),)


def reconcile(
    platform: Guarded, *, at: datetime, numbers: Numbers | None = None, at_once: int = AT_ONCE
) -> int:
    """Compare the next filings of the day; return how many were compared.

    A lost reply or a platform that is away ends the round; the rest is compared in a later one.
    """
    if timezone.localtime(at).hour < FROM_HOUR:
        return 0
    begun, done = monotonic(), 0
    with alone(_LOCK) as is_mine:
        for message in _next(at, at_once) if is_mine else ():
            if monotonic() - begun > _LONGEST_ROUND_S or platform.is_open(at=at):
                break
            try:
                theirs = _held(message, platform, numbers or FiledNumbers(), at)
            except PlatformAway:
                break
            found = _NOT_TOLD if theirs is None else compare(message, theirs)
            _keep(message, found, at)
            done += 1
        if done and not _next(at, 1):
            _finish(at)
    return done


def compare(message: CoreMessage, theirs: tuple[Mapping[str, object], ...]) -> tuple[Found, ...]:
    """Compare one filing with what the platform holds of its person."""
    made = function(message.infno)
    ours = filing.part_of(message, "values")
    mine = [one for one in theirs if str(one.get(DECLARATION, "")) == message.declaration]
    alike = [one for one in theirs if is_same(made, ours, one) and one not in mine]
    if _is_taken_back(message):
        found = [Found(DifferenceKind.REMAINS, message.declaration)] if mine else []
    elif not mine:
        found = [Found(DifferenceKind.MISSING, message.declaration)]
    else:
        found = [*_differing(made.same, ours, mine[0])]
    # The same thing filed under another number: by another case it is known, else it is too many.
    known = filing.known_numbers(message)
    for one in alike:
        number = str(one.get(DECLARATION, ""))
        if number not in known:
            kind = DifferenceKind.TWICE if mine else DifferenceKind.UNKNOWN
            found.append(Found(kind, number))
    return tuple(found)


@transaction.atomic
def settle(*, uid: UUID, note: str, by: Actor, at: datetime) -> CoreDifference:
    """Say what became of a difference. Raises NotAllowed, NotFound, AlreadySettled."""
    demand(by, Permission.HANDLE_CASES)
    rows = CoreDifference.objects.select_for_update(of=("self",)).select_related("case")
    found = rows.filter(uid=uid).first()
    case = found.case if found else None
    if found is None or case is None:
        raise NotFound
    if not (by.covers(case.area_path) or by.covers(case.handler_path)):
        raise NotFound
    if found.settled_at is not None:
        raise AlreadySettled
    found.settled_at, found.settled_by, found.note = at, by.name[:80], note[:200]
    found.save(update_fields=["settled_at", "settled_by", "note"])
    record(
        who=by.who,
        verb="core.settle_difference",
        target_kind="case",
        target_id=str(case.uid),
        area_path=case.handler_path or case.area_path,
        at=at,
        new={"kind": found.kind, "number": found.detail, "note": found.note},
    )
    return found


def _next(at: datetime, most: int) -> list[CoreMessage]:
    with area_scope(EVERYWHERE):
        return list(_to_compare(at).select_related("case").order_by("id")[:most])


def _to_compare(at: datetime) -> QuerySet[CoreMessage]:
    """Return filings not compared today; one that is taken back, once that is settled."""
    unsettled = Q(undone_by__isnull=False) & ~Q(undone_by__state=MessageState.DONE)
    today = timezone.localdate(at)
    return (
        CoreMessage.objects.filter(
            state=MessageState.DONE,
            undoes__isnull=True,
            infno__in=ASKABLE,
            settled_at__gte=at - LOOK_BACK,
        )
        .filter(Q(checked_on__isnull=True) | Q(checked_on__lt=today))
        .exclude(unsettled)
    )


def _held(
    message: CoreMessage, platform: Guarded, numbers: Numbers, at: datetime
) -> tuple[Mapping[str, object], ...] | None:
    """Return what the platform holds of the person; None when it does not say."""
    insured = Insured.of(filing.part_of(message, "person"))
    question = function(function(message.infno).asked_by)
    number = numbers.next(platform.fixmedins_code, at=at)
    asked = Asked(question.infno, number, {"psn_no": insured.psn_no}, insured.insured_in)
    response = platform.ask(asked, at=at)
    return answers(question, response.output) if response.is_done else None


def _keep(message: CoreMessage, found: tuple[Found, ...], at: datetime) -> None:
    with area_scope(EVERYWHERE), transaction.atomic():
        message.checked_on = timezone.localdate(at)
        message.save(update_fields=["checked_on"])
        for one in found:
            _keep_one(message, one, at)


def _keep_one(message: CoreMessage, one: Found, at: datetime) -> None:
    """Keep a difference that is not on the list yet; one settled by a person is found anew."""
    try:
        with transaction.atomic():
            CoreDifference.objects.create(
                case=message.case, message=message, kind=one.kind, detail=one.detail, seen_at=at
            )
    except IntegrityError:
        return
    filing.note(
        message, "core.difference", at=at, new={"kind": one.kind.value, "number": one.detail}
    )


def _finish(at: datetime) -> None:
    with area_scope(EVERYWHERE):
        CoreLine.objects.update_or_create(id=1, defaults={"reconciled_at": at})


def _is_taken_back(message: CoreMessage) -> bool:
    with area_scope(EVERYWHERE):
        return CoreMessage.objects.filter(undoes=message, state=MessageState.DONE).exists()


def _differing(
    names: tuple[str, ...], ours: Mapping[str, str], theirs: Mapping[str, object]
) -> Iterator[Found]:
    wrong = [n for n in names if str(ours.get(n, ""))[:10] != str(theirs.get(n, ""))[:10]]
    if wrong:
        yield Found(DifferenceKind.DIFFERS, " ".join(wrong))
