"""The life of a case as one table: which step leads where, and who may do it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseState(TextChoices):
    DRAFT = "draft", _("填写中")
    SUBMITTED = "submitted", _("已提交")
    INCOMPLETE = "incomplete", _("待补正")
    NOT_ACCEPTED = "not_accepted", _("不予受理")
    ACCEPTED = "accepted", _("已受理")
    CONDITIONAL = "conditional", _("容缺受理")
    HANDLING = "handling", _("办理中")
    ASKED = "asked", _("待答复")
    SUSPENDED = "suspended", _("中止")
    REVIEW = "review", _("待复核")
    DECIDED = "decided", _("已决定")
    READY = "ready", _("待领取")
    DELIVERED = "delivered", _("已送达")
    CLOSED = "closed", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤回")
    LAPSED = "lapsed", _("已失效")


class Step(TextChoices):
    """What somebody does to a case; opening it is the step before its first state."""

    OPEN = "open", _("开始申请")
    SUBMIT = "submit", _("提交")
    NOTIFY = "notify", _("一次性告知")
    NOTIFY_AGAIN = "notify_again", _("再次告知")
    RETURN = "return", _("按原告知单退回")
    ACCEPT = "accept", _("受理")
    ACCEPT_CONDITIONALLY = "accept_conditionally", _("容缺受理")
    NOT_ACCEPT = "not_accept", _("不予受理")
    SEND_UP = "send_up", _("上报")
    CLAIM = "claim", _("领办")
    HAND_OVER = "hand_over", _("转交")
    REROUTE = "reroute", _("改派")
    COVER = "cover", _("B岗顶岗")
    ESCALATE = "escalate", _("超期督办")
    FULFIL = "fulfil", _("补齐容缺材料")
    REVOKE = "revoke", _("撤销容缺")
    LAPSE = "lapse", _("逾期失效")
    ASK = "ask", _("要求说明")
    ANSWER = "answer", _("答复")
    SUSPEND = "suspend", _("中止")
    RESUME = "resume", _("恢复办理")
    EXTEND = "extend", _("延期")
    PROPOSE = "propose", _("拟定结论")
    DECIDE = "decide", _("作出决定")
    SECOND = "second", _("复核同意")
    SEND_BACK = "send_back", _("复核退回")
    PREPARE = "prepare", _("制作结果")
    DELIVER = "deliver", _("送达")
    SIGN = "sign", _("签收")
    WITHDRAW = "withdraw", _("撤回")
    APPEAL = "appeal", _("申诉")


class Party(StrEnum):
    """In whose name a step is done."""

    APPLICANT = "applicant"
    CLERK = "clerk"
    HANDLER = "handler"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


class Channel(TextChoices):
    """How a case came in."""

    WINDOW = "window", _("窗口")
    WEB = "web", _("网上")
    APP = "app", _("手机应用")
    KIOSK = "kiosk", _("自助机")
    PHONE = "phone", _("电话")
    POST = "post", _("邮寄")
    BANK = "bank", _("银行网点")
    HOSPITAL = "hospital", _("医院")
    PHARMACY = "pharmacy", _("药店")
    VILLAGE = "village", _("村（社区）")


class Mode(TextChoices):
    """How a person is helped."""

    ORDINARY = "ordinary", _("自行办理")
    ASSISTED = "assisted", _("帮办")
    PROXY = "proxy", _("代办")
    HOME_VISIT = "home_visit", _("上门服务")
    EXTENDED = "extended", _("延时服务")
    BOOKED = "booked", _("预约办理")


class MaterialState(TextChoices):
    MISSING = "missing", _("缺少")
    GIVEN = "given", _("已提供")
    SHARED = "shared", _("数据共享")
    COMMITTED = "committed", _("已承诺")
    DEFERRED = "deferred", _("容缺后补")
    REJECTED = "rejected", _("不合格")


class ClockKind(TextChoices):
    PROMISED = "promised", _("承诺时限")
    STATUTORY = "statutory", _("法定时限")
    PROXY = "proxy", _("代办上报时限")


class PromiseState(TextChoices):
    OPEN = "open", _("待补交")
    KEPT = "kept", _("已补齐")
    REVOKED = "revoked", _("已撤销")
    BROKEN = "broken", _("逾期未补")
    ENDED = "ended", _("随件终止")


class Outcome(TextChoices):
    APPROVED = "approved", _("同意")
    REFUSED = "refused", _("不予同意")


class DeliveryWay(TextChoices):
    WINDOW = "window", _("窗口领取")
    POST = "post", _("邮寄")
    ONLINE = "online", _("网上送达")
    ACCOUNT = "account", _("直接到账")


@dataclass(frozen=True, slots=True)
class Move:
    """Where a step leads, and who may do it."""

    to: CaseState
    who: frozenset[Party]


_A, _C, _H, _S, _Y = Party
_PEOPLE = (_A, _C)
_OFFICE = (_C, _H)
_BACK = (_H, _S)


def _move(to: CaseState, *who: Party) -> Move:
    return Move(to, frozenset(who))


def _kept(state: CaseState, *, office: bool) -> dict[Step, Move]:
    """Return what changes who looks after a case and leaves its state."""
    who = (_C, _H, _S) if office else _BACK
    return {Step.HAND_OVER: _move(state, *who), Step.COVER: _move(state, _S, _Y)}


def _under_way(state: CaseState) -> dict[Step, Move]:
    """Return what can befall every case that was accepted and is not decided.

    A promise of papers to follow (容缺) goes along through all of these states.
    """
    fulfilled = CaseState.ACCEPTED if state == CaseState.CONDITIONAL else state
    return {
        Step.FULFIL: _move(fulfilled, *_OFFICE),
        Step.REVOKE: _move(CaseState.LAPSED, _S),
        Step.LAPSE: _move(CaseState.LAPSED, _Y),
        Step.WITHDRAW: _move(CaseState.WITHDRAWN, *_PEOPLE),
        Step.ESCALATE: _move(state, _Y),
    }


def _waiting(state: CaseState) -> dict[Step, Move]:
    return {
        Step.SEND_UP: _move(state, _C, _S, _Y),
        Step.CLAIM: _move(CaseState.HANDLING, _H),
        Step.REROUTE: _move(state, *_BACK),
        Step.EXTEND: _move(state, _S),
        **_kept(state, office=True),
        **_under_way(state),
    }


TRANSITIONS: Mapping[CaseState, Mapping[Step, Move]] = MappingProxyType(
    {
        CaseState.DRAFT: {
            Step.SUBMIT: _move(CaseState.SUBMITTED, *_PEOPLE),
            Step.WITHDRAW: _move(CaseState.WITHDRAWN, *_PEOPLE),
            Step.LAPSE: _move(CaseState.LAPSED, _Y),
        },
        CaseState.SUBMITTED: {
            Step.SEND_UP: _move(CaseState.SUBMITTED, _C, _S, _Y),
            Step.NOTIFY: _move(CaseState.INCOMPLETE, *_OFFICE),
            Step.NOTIFY_AGAIN: _move(CaseState.INCOMPLETE, _S),
            Step.RETURN: _move(CaseState.INCOMPLETE, *_OFFICE),
            Step.ACCEPT: _move(CaseState.ACCEPTED, *_OFFICE),
            Step.ACCEPT_CONDITIONALLY: _move(CaseState.CONDITIONAL, *_OFFICE),
            Step.NOT_ACCEPT: _move(CaseState.NOT_ACCEPTED, *_OFFICE),
            Step.WITHDRAW: _move(CaseState.WITHDRAWN, *_PEOPLE),
            **_kept(CaseState.SUBMITTED, office=True),
        },
        CaseState.INCOMPLETE: {
            Step.SUBMIT: _move(CaseState.SUBMITTED, *_PEOPLE),
            Step.NOTIFY_AGAIN: _move(CaseState.INCOMPLETE, _S),
            Step.NOT_ACCEPT: _move(CaseState.NOT_ACCEPTED, *_OFFICE),
            Step.WITHDRAW: _move(CaseState.WITHDRAWN, *_PEOPLE),
            Step.LAPSE: _move(CaseState.LAPSED, _Y),
            **_kept(CaseState.INCOMPLETE, office=True),
        },
        CaseState.ACCEPTED: _waiting(CaseState.ACCEPTED),
        CaseState.CONDITIONAL: _waiting(CaseState.CONDITIONAL),
        CaseState.HANDLING: {
            Step.ASK: _move(CaseState.ASKED, _H),
            Step.SUSPEND: _move(CaseState.SUSPENDED, *_BACK),
            Step.EXTEND: _move(CaseState.HANDLING, _S),
            Step.PROPOSE: _move(CaseState.REVIEW, _H),
            Step.DECIDE: _move(CaseState.DECIDED, _H),
            Step.REROUTE: _move(CaseState.ACCEPTED, *_BACK),
            **_kept(CaseState.HANDLING, office=False),
            **_under_way(CaseState.HANDLING),
        },
        CaseState.ASKED: {
            Step.ANSWER: _move(CaseState.HANDLING, _A, _C, _H),
            **_kept(CaseState.ASKED, office=False),
            **_under_way(CaseState.ASKED),
        },
        CaseState.SUSPENDED: {
            Step.RESUME: _move(CaseState.HANDLING, *_BACK),
            **_kept(CaseState.SUSPENDED, office=False),
            **_under_way(CaseState.SUSPENDED),
        },
        CaseState.REVIEW: {
            Step.SECOND: _move(CaseState.DECIDED, *_BACK),
            Step.SEND_BACK: _move(CaseState.HANDLING, *_BACK),
            Step.EXTEND: _move(CaseState.REVIEW, _S),
            **_kept(CaseState.REVIEW, office=False),
            **_under_way(CaseState.REVIEW),
        },
        CaseState.DECIDED: {Step.PREPARE: _move(CaseState.READY, _C, _H, _Y)},
        CaseState.READY: {Step.DELIVER: _move(CaseState.DELIVERED, _C, _H, _Y)},
        CaseState.DELIVERED: {
            Step.SIGN: _move(CaseState.CLOSED, _A, _C, _Y),
            Step.APPEAL: _move(CaseState.ACCEPTED, *_PEOPLE),
        },
        CaseState.CLOSED: {Step.APPEAL: _move(CaseState.ACCEPTED, *_PEOPLE)},
        CaseState.NOT_ACCEPTED: {},
        CaseState.WITHDRAWN: {},
        CaseState.LAPSED: {},
    }
)

# Accepted and not decided: the clocks run, or stand still for a reason.
UNDER_WAY = (
    CaseState.ACCEPTED,
    CaseState.CONDITIONAL,
    CaseState.HANDLING,
    CaseState.ASKED,
    CaseState.SUSPENDED,
    CaseState.REVIEW,
)
# Accepted, and not yet in the hands of who decides.
WAITING = (CaseState.ACCEPTED, CaseState.CONDITIONAL)
BEFORE_INTAKE = (CaseState.DRAFT, CaseState.SUBMITTED, CaseState.INCOMPLETE)
TO_HAND_OUT = (CaseState.DECIDED, CaseState.READY)
ENDED = (
    CaseState.CLOSED,
    CaseState.NOT_ACCEPTED,
    CaseState.WITHDRAWN,
    CaseState.LAPSED,
)
# Somebody still has something to do, or to wait for.
OPEN = tuple(state for state in CaseState if state not in ENDED)

# A paper need not be asked for again.
AT_HAND = (MaterialState.GIVEN, MaterialState.SHARED, MaterialState.COMMITTED)
