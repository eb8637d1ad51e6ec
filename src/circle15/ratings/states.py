"""The life of a work order as one table, what came in how, and what was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RatedBy(TextChoices):
    """How a rating came in; the keys are those of ratings.yaml."""

    PAD = "pad", _("窗口评价器")
    KIOSK = "kiosk", _("自助机")
    PHONE = "phone", _("扫码评价")
    WEB = "web", _("网上办事大厅")
    HOTLINE = "hotline", _("热线")
    PAPER = "paper", _("纸质评价")
    API = "api", _("接口")
    # A default rating the house made itself: its days were over.
    NOBODY = "nobody", _("无人评价")


# By which somebody can have rated.
WAYS = tuple(way for way in RatedBy if way != RatedBy.NOBODY)
# Written down by staff for somebody else.
ENTERED = (RatedBy.HOTLINE, RatedBy.PAPER)


class OrderKind(TextChoices):
    """What the documents name in one breath (DB3206/T 1052 8.5.1)."""

    BAD_RATING = "bad_rating", _("差评")
    COMPLAINT = "complaint", _("投诉")
    OPINION = "opinion", _("意见")
    SUGGESTION = "suggestion", _("建议")


class CameFrom(TextChoices):
    """Where an order came from."""

    RATING = "rating", _("评价")
    WEB = "web", _("网上")
    WINDOW = "window", _("窗口")
    HOTLINE = "hotline", _("热线")
    LETTER = "letter", _("来信来访")
    CITY_LINE = "12345", _("12345")


class OrderState(TextChoices):
    RECEIVED = "received", _("已收到")
    ASSIGNED = "assigned", _("已交办")
    CONTACTED = "contacted", _("已联系")
    VERIFIED = "verified", _("已核实")
    RECTIFYING = "rectifying", _("整改中")
    ANSWERED = "answered", _("已答复")
    REVISITED = "revisited", _("已回访")
    REOPENED = "reopened", _("重新办理")
    APPEALED = "appealed", _("申诉复核中")
    CLOSED = "closed", _("已办结")
    PUBLISHED = "published", _("已公开")


class OrderStep(TextChoices):
    """What somebody does to an order; receiving it is the step before its first state."""

    RECEIVE = "receive", _("收到")
    ASSIGN = "assign", _("交办")
    CONTACT = "contact", _("联系核实")
    VERIFY = "verify", _("核实定性")
    AT_ONCE = "at_once", _("立行立改")
    BY_DATE = "by_date", _("限期整改")
    EXPLAIN = "explain", _("解释说明")
    RECTIFIED = "rectified", _("整改完成")
    ANSWER = "answer", _("答复")
    CONFIRM = "confirm", _("本人满意")
    DISPUTE = "dispute", _("本人不满意")
    REVISIT = "revisit", _("回访")
    REOPEN = "reopen", _("重新办理")
    APPEAL = "appeal", _("申诉")
    UPHOLD = "uphold", _("支持申诉")
    DISMISS = "dismiss", _("维持原定性")
    CLOSE = "close", _("监督办结")
    END = "end", _("说明后办结")
    PUBLISH = "publish", _("公开结果")


class Finding(TextChoices):
    """What a check of the matter showed."""

    VALID = "valid", _("属实")
    MISTAKEN = "mistaken", _("误评")
    MALICIOUS = "malicious", _("恶意评价")
    NO_BASIS = "no_legal_basis", _("诉求没有政策依据")


# Such a rating leaves the figures, once somebody else has decided so.
LEAVES = (Finding.MISTAKEN, Finding.MALICIOUS)


class Remedy(TextChoices):
    AT_ONCE = "at_once", _("立行立改")
    BY_DATE = "by_date", _("限期整改")
    EXPLAINED = "explained", _("解释说明")


class Told(TextChoices):
    """How the person's own word came."""

    PERSON = "person", _("本人确认")
    PHONE = "phone", _("电话回访")
    CITY_LINE = "12345", _("12345 回访")


class Party(StrEnum):
    """In whose name a step is done."""

    PERSON = "person"
    HANDLER = "handler"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Move:
    """Where a step leads, and who may do it."""

    to: OrderState
    who: frozenset[Party]


_P, _H, _S, _Y = Party


def _move(to: OrderState, *who: Party) -> Move:
    return Move(to, frozenset(who))


_REMEDIES: Mapping[OrderStep, Move] = {
    OrderStep.AT_ONCE: _move(OrderState.RECTIFYING, _H, _S),
    OrderStep.BY_DATE: _move(OrderState.RECTIFYING, _H, _S),
    OrderStep.EXPLAIN: _move(OrderState.RECTIFYING, _H, _S),
}
_ASSIGNED_ANEW = {OrderStep.ASSIGN: _move(OrderState.ASSIGNED, _S, _Y)}
_APPEALED = {OrderStep.APPEAL: _move(OrderState.APPEALED, _P, _H)}

TRANSITIONS: Mapping[OrderState, Mapping[OrderStep, Move]] = MappingProxyType(
    {
        OrderState.RECEIVED: _ASSIGNED_ANEW,
        OrderState.ASSIGNED: {
            **_ASSIGNED_ANEW,
            OrderStep.CONTACT: _move(OrderState.CONTACTED, _S),
        },
        OrderState.CONTACTED: {
            **_ASSIGNED_ANEW,
            OrderStep.VERIFY: _move(OrderState.VERIFIED, _S),
        },
        OrderState.VERIFIED: {**_REMEDIES, **_APPEALED},
        OrderState.RECTIFYING: {
            OrderStep.RECTIFIED: _move(OrderState.RECTIFYING, _H, _S),
            OrderStep.ANSWER: _move(OrderState.ANSWERED, _H, _S),
        },
        OrderState.ANSWERED: {
            OrderStep.CONFIRM: _move(OrderState.REVISITED, _P),
            OrderStep.DISPUTE: _move(OrderState.REVISITED, _P),
            OrderStep.REVISIT: _move(OrderState.REVISITED, _S, _Y),
            OrderStep.CLOSE: _move(OrderState.CLOSED, _S),
            **_APPEALED,
        },
        OrderState.REVISITED: {
            OrderStep.REOPEN: _move(OrderState.REOPENED, _S, _Y),
            OrderStep.CLOSE: _move(OrderState.CLOSED, _S),
        },
        OrderState.REOPENED: {
            **_ASSIGNED_ANEW,
            OrderStep.VERIFY: _move(OrderState.VERIFIED, _S),
            **_REMEDIES,
            OrderStep.END: _move(OrderState.CLOSED, _S),
        },
        OrderState.APPEALED: {
            OrderStep.UPHOLD: _move(OrderState.VERIFIED, _S),
            OrderStep.DISMISS: _move(OrderState.VERIFIED, _S),
        },
        OrderState.CLOSED: {
            OrderStep.PUBLISH: _move(OrderState.PUBLISHED, _S),
            OrderStep.REOPEN: _move(OrderState.REOPENED, _P, _S, _Y),
        },
        OrderState.PUBLISHED: {OrderStep.REOPEN: _move(OrderState.REOPENED, _S, _Y)},
    }
)

ENDED = (OrderState.CLOSED, OrderState.PUBLISHED)
OPEN = tuple(state for state in OrderState if state not in ENDED)
