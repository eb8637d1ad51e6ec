"""What becomes of a text message about a case, and what it is about."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TextEvent(TextChoices):
    """The events of `case_messages.yaml` by their names."""

    NOTICE = "notice", _("一次性告知")
    CONDITIONAL = "conditional", _("容缺受理，限期补交")
    ASKED = "asked", _("要求说明")
    SUSPENDED = "suspended", _("中止办理")
    READY = "ready", _("办好可领")
    REFUSED = "refused", _("审核未通过")
    POSTED = "posted", _("结果已寄出")
    ONLINE = "online", _("结果已网上送达")
    NOT_ACCEPTED = "not_accepted", _("不予受理")
    REVOKED = "revoked", _("撤销容缺")
    LAPSED = "lapsed", _("逾期失效")


class TextState(TextChoices):
    WAITING = "waiting", _("短信待发")
    SENT = "sent", _("短信已发")
    FAILED = "failed", _("短信发送失败")
    WITHHELD = "withheld", _("短信未发")
    # What was not sent or did not arrive was said by a call.
    PHONED = "phoned", _("已电话告知")
    # Overtaken: the result was handed over, the papers came.
    NEEDLESS = "needless", _("不必再发")


class WhyWithheld(TextChoices):
    NO_MOBILE = "no_mobile", _("没有登记手机号")
    OPTED_OUT = "opted_out", _("本人不收短信")


class CallOutcome(TextChoices):
    """How a call ended."""

    REACHED = "reached", _("已告知")
    MISSED = "missed", _("没打通，再打")


# Somebody has to be told by a call.
UNTOLD = (TextState.FAILED, TextState.WITHHELD)
