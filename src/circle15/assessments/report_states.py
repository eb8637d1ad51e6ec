"""Kinds of reports that are issued, and the life of an information report."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReportKind(TextChoices):
    """What the program writes; the kinds of information reports name some of them."""

    RESULTS = "results", _("结果通报")
    RECTIFY = "rectify", _("整改通知书")
    RECEIPT = "receipt", _("整改回执")
    QUARTERLY = "quarterly", _("季度分析报告")
    SELF = "self", _("自评报告")


class HandInState(TextChoices):
    """Where a hand-in stands; one given back is followed by another."""

    HANDED_IN = "handed_in", _("已报送，待接收")
    RECEIVED = "received", _("已接收")
    RETURNED = "returned", _("已退回")


HAND_IN_TRANSITIONS: dict[str, frozenset[str]] = {
    HandInState.HANDED_IN: frozenset({HandInState.RECEIVED, HandInState.RETURNED}),
    HandInState.RECEIVED: frozenset(),
    HandInState.RETURNED: frozenset(),
}


class Standing(TextChoices):
    """How what is owed stands on a day."""

    OPEN = "open", _("待报送")
    OVERDUE = "overdue", _("逾期未报")
    HANDED_IN = "handed_in", _("已报送，待接收")
    RETURNED = "returned", _("退回待重报")
    RECEIVED = "received", _("已接收")
