"""The life of an early warning (预警) and of a supervision order (督办), each as one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Party(StrEnum):
    """In whose name a step is done."""

    SITE = "site"
    OFFICER = "officer"
    SYSTEM = "system"


class WarningState(TextChoices):
    OPEN = "open", _("待处理")
    PLANNED = "planned", _("已有安排")
    GONE = "gone", _("已消除")


class WarningStep(TextChoices):
    """What happens to a warning; `raise` is the step before its first state."""

    RAISE = "raise", _("发现")
    PLAN = "plan", _("安排整改")
    LAPSE = "lapse", _("到期未改")
    VANISH = "vanish", _("原因消除")


class SupervisionState(TextChoices):
    ISSUED = "issued", _("待整改")
    ANSWERED = "answered", _("待核查")
    RETURNED = "returned", _("退回整改")
    ACCEPTED = "accepted", _("核查通过")
    CLOSED = "closed", _("已销号")
    WITHDRAWN = "withdrawn", _("已撤回")


class SupervisionStep(TextChoices):
    """What somebody does to an order; `issue` is the step before its first state."""

    ISSUE = "issue", _("下达督办")
    ANSWER = "answer", _("反馈整改")
    ACCEPT = "accept", _("核查通过")
    SEND_BACK = "send_back", _("退回")
    CLOSE = "close", _("销号")
    WITHDRAW = "withdraw", _("撤回督办")


@dataclass(frozen=True, slots=True)
class WarningMove:
    """Where a step of a warning leads, and who may do it."""

    to: WarningState
    who: frozenset[Party]


@dataclass(frozen=True, slots=True)
class SupervisionMove:
    """Where a step of an order leads, and who may do it."""

    to: SupervisionState
    who: frozenset[Party]


_S, _O, _Y = Party
_PLAN = WarningMove(WarningState.PLANNED, frozenset({_S, _O}))
_VANISH = WarningMove(WarningState.GONE, frozenset({_Y}))

WARNING_TRANSITIONS: Mapping[WarningState, Mapping[WarningStep, WarningMove]] = MappingProxyType(
    {
        WarningState.OPEN: {WarningStep.PLAN: _PLAN, WarningStep.VANISH: _VANISH},
        WarningState.PLANNED: {
            WarningStep.PLAN: _PLAN,
            # The day of the plan has passed and the cause is still there.
            WarningStep.LAPSE: WarningMove(WarningState.OPEN, frozenset({_Y})),
            WarningStep.VANISH: _VANISH,
        },
        WarningState.GONE: {},
    }
)
STANDING = (WarningState.OPEN, WarningState.PLANNED)


def _move(to: SupervisionState, *who: Party) -> SupervisionMove:
    return SupervisionMove(to, frozenset(who))


_ANSWER = {SupervisionStep.ANSWER: _move(SupervisionState.ANSWERED, _S)}
_WITHDRAW = {SupervisionStep.WITHDRAW: _move(SupervisionState.WITHDRAWN, _O)}

SUPERVISION_TRANSITIONS: Mapping[SupervisionState, Mapping[SupervisionStep, SupervisionMove]] = (
    MappingProxyType(
        {
            SupervisionState.ISSUED: {**_ANSWER, **_WITHDRAW},
            SupervisionState.ANSWERED: {
                SupervisionStep.ACCEPT: _move(SupervisionState.ACCEPTED, _O),
                SupervisionStep.SEND_BACK: _move(SupervisionState.RETURNED, _O),
                **_WITHDRAW,
            },
            SupervisionState.RETURNED: {**_ANSWER, **_WITHDRAW},
            # Accepted is not solved: it is closed when the cause of its warning is gone.
            SupervisionState.ACCEPTED: {
                SupervisionStep.CLOSE: _move(SupervisionState.CLOSED, _O, _Y),
                SupervisionStep.SEND_BACK: _move(SupervisionState.RETURNED, _O),
            },
            SupervisionState.CLOSED: {},
            SupervisionState.WITHDRAWN: {},
        }
    )
)
ENDED = (SupervisionState.CLOSED, SupervisionState.WITHDRAWN)
UNDER_WAY = tuple(state for state in SupervisionState if state not in ENDED)
# The site has the turn; the day is that of the order.
AWAITED = (SupervisionState.ISSUED, SupervisionState.RETURNED)
