"""What the staff see of the line: how it fares, what needs a person, what does not agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.core_platform import filing
from circle15.cases.core_platform.functions import Kind, function
from circle15.cases.core_platform.worker import present_line
from circle15.cases.exchange_models import CoreDifference, CoreLine, CoreMessage
from circle15.cases.exchange_states import IN_WORK, DifferenceKind, MessageState
from circle15.cases.lines import item_name_of
from circle15.core.messages import Message
from circle15.standards.text import Text

# Filled in by the system itself when the message is sent.
_OURS = frozenset({"psn_no", "insutype", "insu_optins"})
LABELS: Mapping[str, Message] = {
    "mdtrtarea_admdvs": Message("就医地医保区划（6 位）"),
    "opsp_dise_code": Message("慢特病病种编码"),
    "fixmedins_code": Message("定点医药机构编号（12 位）"),
    "begndate": Message("开始日期"),
    "trt_dcla_detl_sn": Message("平台备案号"),
    "memo": Message("撤销原因"),
}
MOST_SHOWN = 100

Row = TypeVar("Row", CoreMessage, CoreDifference)


@dataclass(frozen=True, slots=True)
class LineNow:
    """How the line fares, and how much of the actor's area waits for it."""

    is_set_up: bool
    is_open: bool
    answered_at: datetime | None
    failed_at: datetime | None
    reconciled_at: datetime | None
    waiting: int
    oldest_at: datetime | None
    unsure: int
    done: int


@dataclass(frozen=True, slots=True)
class TroubledLine:
    """A message that a person has to look after; `missing` are fields by name and label."""

    uid: UUID
    case_uid: UUID
    case_number: str
    item_key: str
    item_name: Text
    name: Message
    problem: str
    missing: tuple[tuple[str, Message], ...]
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """Something that does not agree."""

    uid: UUID
    case_uid: UUID
    case_number: str
    item_name: Text
    kind: DifferenceKind
    detail: str
    seen_at: datetime


def line_now(actor: Actor) -> LineNow:
    """Return how the line fares. Raises NotAllowed."""
    demand(actor, Permission.HANDLE_CASES)
    with area_scope(EVERYWHERE):
        row = CoreLine.objects.filter(id=1).first() or CoreLine()
    figures = _of_area(CoreMessage.objects.all(), actor).aggregate(
        waiting=Count("id", filter=Q(state__in=IN_WORK)),
        oldest_at=Min("enqueued_at", filter=Q(state__in=IN_WORK)),
        unsure=Count("id", filter=Q(state=MessageState.UNSURE)),
        done=Count("id", filter=Q(state=MessageState.DONE)),
    )
    return LineNow(
        is_set_up=present_line() is not None,
        is_open=row.opened_at is not None,
        answered_at=row.answered_at,
        failed_at=row.failed_at,
        reconciled_at=row.reconciled_at,
        **figures,
    )


def troubled(actor: Actor) -> tuple[TroubledLine, ...]:
    """Return the messages of the area that wait for a person, the oldest first."""
    demand(actor, Permission.HANDLE_CASES)
    rows = _of_area(CoreMessage.objects.filter(state=MessageState.REFUSED), actor)
    found = rows.select_related("case", "undoes").order_by("id")[:MOST_SHOWN]
    return tuple(map(_troubled, found))


def differences(actor: Actor) -> tuple[DifferenceLine, ...]:
    """Return what does not agree in the area and is not settled, the newest first."""
    demand(actor, Permission.HANDLE_CASES)
    rows = _of_area(CoreDifference.objects.filter(settled_at__isnull=True), actor)
    found = rows.select_related("case").order_by("-seen_at", "-id")[:MOST_SHOWN]
    return tuple(
        DifferenceLine(
            one.uid,
            one.case.uid,
            one.case.number,
            item_name_of(one.case),
            DifferenceKind(one.kind),
            one.detail,
            one.seen_at,
        )
        for one in found
    )


def _of_area(rows: QuerySet[Row], actor: Actor) -> QuerySet[Row]:
    taken_in = scope.within(rows, actor.area_path, "case__area_path")
    return taken_in | scope.within(rows, actor.area_path, "case__handler_path")


def _troubled(message: CoreMessage) -> TroubledLine:
    made = function(message.infno)
    values = filing.part_of(message, "values")
    if made.kind in {Kind.UNDO, Kind.REVERSAL}:  # what it takes back is named by its number
        undone = message.undoes
        values = {**values, "trt_dcla_detl_sn": undone.declaration if undone else "", "memo": "-"}
    missing = [name for name in made.missing(values) if name not in _OURS]
    return TroubledLine(
        message.uid,
        message.case.uid,
        message.case.number,
        message.case.item_key,
        item_name_of(message.case),
        made.name,
        message.problem,
        tuple((name, LABELS.get(name, Message(name))) for name in missing),
        message.settled_at,
    )
