"""States of a duty that was given to somebody, and who may bring it on."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Party(StrEnum):
    """Who gave a duty, and who owes it."""

    GIVER = "giver"
    OWNER = "owner"


class AssignmentState(TextChoices):
    GIVEN = "given", _("推进中")
    REPORTED = "reported", _("已报完成")
    CONFIRMED = "confirmed", _("已确认完成")
    WITHDRAWN = "withdrawn", _("已收回任务")


class AssignmentStep(TextChoices):
    PROGRESS = "progress", _("报进展")
    REPORT = "report", _("报完成")
    TAKE_BACK = "take_back", _("收回重报")
    CONFIRM = "confirm", _("确认完成")
    RETURN = "return", _("退回")
    PROLONG = "prolong", _("改期限")
    WITHDRAW = "withdraw", _("收回任务")
    PASS_ON = "pass_on", _("分解到乡镇")


class Standing(TextChoices):
    """How an assignment looks on a day."""

    OVERDUE = "overdue", _("已逾期")
    SOON = "soon", _("即将到期")
    RETURNED = "returned", _("退回待办")
    GIVEN = "given", _("推进中")
    REPORTED = "reported", _("待确认")
    CONFIRMED = "confirmed", _("已确认完成")
    WITHDRAWN = "withdrawn", _("已收回任务")


@dataclass(frozen=True, slots=True)
class Move:
    """Where a step leads, who may take it, and whether it asks for words."""

    to: AssignmentState
    who: Party
    asks_words: bool = True


_G, _O = Party.GIVER, Party.OWNER
_S = AssignmentState
TRANSITIONS: Mapping[str, Mapping[str, Move]] = MappingProxyType(
    {
        _S.GIVEN: MappingProxyType(
            {
                AssignmentStep.PROGRESS: Move(_S.GIVEN, _O),
                AssignmentStep.REPORT: Move(_S.REPORTED, _O),
                AssignmentStep.PASS_ON: Move(_S.GIVEN, _O, asks_words=False),
                AssignmentStep.PROLONG: Move(_S.GIVEN, _G),
                AssignmentStep.WITHDRAW: Move(_S.WITHDRAWN, _G),
            }
        ),
        _S.REPORTED: MappingProxyType(
            {
                AssignmentStep.TAKE_BACK: Move(_S.GIVEN, _O),
                AssignmentStep.CONFIRM: Move(_S.CONFIRMED, _G, asks_words=False),
                AssignmentStep.RETURN: Move(_S.GIVEN, _G),
            }
        ),
        _S.CONFIRMED: MappingProxyType({}),
        _S.WITHDRAWN: MappingProxyType({}),
    }
)
