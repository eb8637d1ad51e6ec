"""States of what goes to the core platform and to partners."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MessageState(TextChoices):
    """A message is sent in order of its case: what waits before it is settled first."""

    WAITING = "waiting", _("待发送")
    SENDING = "sending", _("发送中")
    UNSURE = "unsure", _("结果待核对")
    DONE = "done", _("已办成")
    REFUSED = "refused", _("被退回")
    VOID = "void", _("已作废")


# Nothing more will happen to it; what comes after it may be sent.
SETTLED = (MessageState.DONE, MessageState.VOID)
IN_WORK = (MessageState.WAITING, MessageState.SENDING, MessageState.UNSURE)


class DifferenceKind(TextChoices):
    """How what we hold and what the platform says do not agree."""

    MISSING = "missing", _("平台没有这条备案")
    REMAINS = "remains", _("已撤销，平台仍有")
    TWICE = "twice", _("平台有重复备案")
    DIFFERS = "differs", _("内容不一致")
    UNKNOWN = "unknown", _("平台有，本系统没有")
    NOT_TOLD = "not_told", _("平台不答复查询")


class HookEvent(TextChoices):
    """What partners are told of."""

    ACCEPTED = "case.accepted", _("已受理")
    DECIDED = "case.decided", _("已决定")
    READY = "case.ready", _("可领取")
    RATING_RECEIVED = "rating.received", _("收到评价")
    ORDER_CLOSED = "order.closed", _("工单已办结")
    RESULT_PUBLISHED = "result.published", _("结果已公布")
    TITLE_GRANTED = "title.granted", _("已授予称号")
    TITLE_WITHDRAWN = "title.withdrawn", _("已撤销称号")


class HookAlgorithm(TextChoices):
    SHA256 = "hmac-sha256", "HMAC-SHA256"
    SM3 = "hmac-sm3", "HMAC-SM3"


class CallState(TextChoices):
    WAITING = "waiting", _("待发送")
    DONE = "done", _("已送达")
    GIVEN_UP = "given_up", _("已放弃")
