"""Insurance, sources, follow-ups and needs of those served: their states and what may follow."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IdKind(TextChoices):
    RESIDENT = "resident", _("居民身份证")
    OTHER = "other", _("其他证件")


class Insurance(TextChoices):
    """Whether and how a person is covered (参保状态)."""

    UNKNOWN = "unknown", _("未核实")
    NONE = "none", _("未参保")
    EMPLOYEE = "employee", _("职工医保")
    RESIDENT = "resident", _("居民医保")
    ELSEWHERE = "elsewhere", _("异地参保")


class Source(TextChoices):
    """Where an entry of a register comes from."""

    ENTRY = "entry", _("工作人员登记")
    CASE = "case", _("办件")
    IMPORT = "import", _("批量导入")
    ONLINE = "online", _("网上办事大厅")
    DEMO = "demo", _("演示数据")


class Purpose(TextChoices):
    """What a person agrees to; each is asked for and withdrawn by itself."""

    CONTACT = "contact", _("电话回访和上门服务")
    SMS = "sms", _("短信提醒")
    SHARING = "sharing", _("向其他部门核验材料")
    PROXY = "proxy", _("由亲属或村（社区）代办")


class Given(TextChoices):
    """How consent was given."""

    SIGNED = "signed", _("书面签字")
    ONLINE = "online", _("网上勾选")
    PHONE = "phone", _("电话录音")
    GUARDIAN = "guardian", _("监护人签字")


class NeedState(TextChoices):
    OPEN = "open", _("待回应")
    MET = "met", _("已解决")
    DECLINED = "declined", _("不能解决")


class FollowUpState(TextChoices):
    OPEN = "open", _("待安排")
    PLANNED = "planned", _("已安排上门")
    DONE = "done", _("已完成")
    DECLINED = "declined", _("本人谢绝")
    NOT_FOUND = "not_found", _("未能联系上")
    NEEDLESS = "needless", _("情况已变化，不再需要")


# Old state -> states that may follow.
FOLLOW_UP_TRANSITIONS: dict[str, frozenset[str]] = {
    FollowUpState.OPEN: frozenset(
        {
            FollowUpState.PLANNED,
            FollowUpState.DONE,
            FollowUpState.DECLINED,
            FollowUpState.NOT_FOUND,
            FollowUpState.NEEDLESS,
        }
    ),
    FollowUpState.PLANNED: frozenset(
        {
            FollowUpState.OPEN,
            FollowUpState.PLANNED,
            FollowUpState.DONE,
            FollowUpState.DECLINED,
            FollowUpState.NOT_FOUND,
            FollowUpState.NEEDLESS,
        }
    ),
    FollowUpState.DONE: frozenset(),
    FollowUpState.DECLINED: frozenset(),
    FollowUpState.NOT_FOUND: frozenset({FollowUpState.OPEN}),
    FollowUpState.NEEDLESS: frozenset(),
}


class Field(StrEnum):
    """The sealed fields of a person."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"


class AlarmKind(TextChoices):
    HOUR = "hour", _("一小时内查看过多")
    DAY = "day", _("一天内查看过多")
