"""Kinds and states of trainings, ways of signing in, phases and kinds of questions."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SessionKind(TextChoices):
    """The first three are those of the ledger; a contest is none of them."""

    CENTRAL = "central", _("集中培训")
    SPECIAL = "special", _("专题培训")
    PRE_POST = "pre_post", _("岗前培训")
    CONTEST = "contest", _("业务比武")


class SessionState(TextChoices):
    PLANNED = "planned", _("待举办")
    HELD = "held", _("已举办")
    CANCELLED = "cancelled", _("已取消")


# From where one may go where.
SESSION_STEPS = {
    SessionState.PLANNED: frozenset({SessionState.HELD, SessionState.CANCELLED}),
    SessionState.HELD: frozenset[SessionState](),
    SessionState.CANCELLED: frozenset[SessionState](),
}


class SignWay(TextChoices):
    CODE = "code", _("签到码")
    HOLDER = "holder", _("组织者补记")


class Phase(TextChoices):
    BEFORE = "before", _("训前")
    AFTER = "after", _("训后")
    CONTEST = "contest", _("比武")


class QuestionKind(TextChoices):
    SINGLE = "single", _("单选")
    MULTIPLE = "multiple", _("多选")
    TRUE_FALSE = "true_false", _("判断")


class DutyStanding(TextChoices):
    """How a training that is owed stands on a day."""

    DONE = "done", _("已完成")
    DONE_LATE = "done_late", _("逾期完成")
    OPEN = "open", _("未到期")
    OVERDUE = "overdue", _("已逾期")
    UNSET = "unset", _("未设定期限")
