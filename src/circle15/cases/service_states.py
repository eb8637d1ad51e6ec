"""Kinds of short records, ways of a consultation and what became of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ServiceKind(TextChoices):
    """The keys are those of the short forms in services.yaml."""

    ASSISTED = "assisted", _("帮办")
    PROXY = "proxy", _("代办")
    HOME_VISIT = "home_visit", _("上门服务")
    EXTENDED = "extended", _("延时服务")
    VILLAGE = "village", _("村点帮代办")


class Ending(TextChoices):
    """How a home visit ended."""

    DONE = "done", _("已完成")
    DECLINED = "declined", _("本人不需要")
    NOT_FOUND = "not_found", _("没找到人")


class AskedBy(TextChoices):
    """How a question came in."""

    WINDOW = "window", _("窗口")
    PHONE = "phone", _("电话")
    VISIT = "visit", _("上门")
    VILLAGE = "village", _("村（社区）")
    ONLINE = "online", _("网上")
    APP = "app", _("手机应用")
    EVENT = "event", _("宣传活动")


class Reply(TextChoices):
    """What became of a question."""

    ANSWERED = "answered", _("当场答复")
    TO_CASE = "to_case", _("引导办理")
    CALL_BACK = "call_back", _("查清后回复")
    PASSED_ON = "passed_on", _("转有关单位")
