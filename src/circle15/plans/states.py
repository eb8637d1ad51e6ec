"""Kinds of plans and the states of a run."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlanKind(TextChoices):
    COVERAGE = "coverage", _("覆盖分析")
    SITING = "siting", _("选址")
    STAFFING = "staffing", _("窗口与人员")
    ACCESS = "access", _("服务可及性")
    CAPACITY = "capacity", _("接待能力")
    REFERRAL = "referral", _("逐级转办")


class PlanState(TextChoices):
    WAITING = "waiting", _("排队中")
    WORKING = "working", _("计算中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("无法计算")
    CANCELLED = "cancelled", _("已取消")


# Old state -> states that may follow. A run whose process was killed goes back to waiting.
TRANSITIONS: dict[str, frozenset[str]] = {
    PlanState.WAITING: frozenset({PlanState.WORKING, PlanState.CANCELLED}),
    PlanState.WORKING: frozenset(
        {PlanState.DONE, PlanState.FAILED, PlanState.CANCELLED, PlanState.WAITING}
    ),
    PlanState.DONE: frozenset(),
    PlanState.FAILED: frozenset({PlanState.WAITING}),
    PlanState.CANCELLED: frozenset({PlanState.WAITING}),
}

BUSY = frozenset({PlanState.WAITING, PlanState.WORKING})
MOST_ATTEMPTS = 3
"""A run that was killed this often is given up: it would be killed again."""
