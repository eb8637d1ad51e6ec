"""What can be imported, how, and the states of an import."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """In the order of writing: what others stand on comes first."""

    DIVISIONS = "divisions", _("区划")
    VILLAGES = "villages", _("村（社区）")
    SITES = "sites", _("网点")
    EQUIPMENT = "equipment", _("设备")
    STAFF = "staff", _("人员")
    TRAININGS = "trainings", _("培训")
    FACTS = "facts", _("台账事实")
    PERSONS = "persons", _("服务对象（个人）")
    SERVED = "served", _("服务对象（单位）")
    WORKBOOK = "workbook", _("整本工作簿")


class RunState(TextChoices):
    """Large files wait and are worked on: checked, or written once they have a mode."""

    WAITING = "waiting", _("排队中")
    WORKING = "working", _("处理中")
    REFUSED = "refused", _("无法读取")
    CHECKED = "checked", _("已校验")
    APPLIED = "applied", _("已导入")
    DISCARDED = "discarded", _("已放弃")


class Mode(TextChoices):
    ALL_OR_NOTHING = "all_or_nothing", _("全部正确才导入")
    SKIP_BAD = "skip_bad", _("跳过有错的行")
