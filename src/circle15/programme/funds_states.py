"""Kinds of movements of money and the way of each to its approval, as tables."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from circle15.accounts.states import Permission


class MoveKind(TextChoices):
    RECEIPT = "receipt", _("资金到位")
    BUDGET = "budget", _("编制预算")
    ALLOCATION = "allocation", _("拨付")
    USE = "use", _("使用")
    RETURN = "return", _("退回结余")
    REVERSAL = "reversal", _("冲销")


class MoveState(TextChoices):
    PROPOSED = "proposed", _("待审批")
    APPROVED = "approved", _("已入账")
    REFUSED = "refused", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")


class MoveStep(TextChoices):
    APPROVE = "approve", _("通过并入账")
    REFUSE = "refuse", _("不通过")
    WITHDRAW = "withdraw", _("撤回")


class AccountKind(TextChoices):
    """What an account holds; a source goes below zero by what came from it, no other does."""

    SOURCE = "source", _("资金来源")
    POOL = "pool", _("待分配")
    HELD = "held", _("网点可用")
    SPENT = "spent", _("已使用")
    GIVEN_BACK = "given_back", _("已退回来源")


class AnomalyAct(TextChoices):
    DISMISS = "dismiss", _("排除")
    FORWARD = "forward", _("移送一票否决认定")


TRANSITIONS: Mapping[str, Mapping[str, MoveState]] = MappingProxyType(
    {
        MoveState.PROPOSED: MappingProxyType(
            {
                MoveStep.APPROVE: MoveState.APPROVED,
                MoveStep.REFUSE: MoveState.REFUSED,
                MoveStep.WITHDRAW: MoveState.WITHDRAWN,
            }
        ),
        MoveState.APPROVED: MappingProxyType({}),
        MoveState.REFUSED: MappingProxyType({}),
        MoveState.WITHDRAWN: MappingProxyType({}),
    }
)

_OFFICER = frozenset({Permission.MANAGE_FUNDS})
_ANY = _OFFICER | {Permission.SPEND_FUNDS}
# Who may propose what; whoever approves has MANAGE_FUNDS and is another.
PROPOSERS: Mapping[str, frozenset[Permission]] = MappingProxyType(
    {
        MoveKind.RECEIPT: _OFFICER,
        MoveKind.BUDGET: _OFFICER,
        MoveKind.ALLOCATION: _OFFICER,
        MoveKind.USE: _ANY,
        MoveKind.RETURN: _ANY,
        MoveKind.REVERSAL: _OFFICER,
    }
)
# What a plan says moves no money.
NOT_BOOKED = frozenset({MoveKind.BUDGET})
# Below zero only where money comes from.
IN_HAND = frozenset({AccountKind.POOL, AccountKind.HELD})
