"""Where an incident stands, and how what is due stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IncidentState(TextChoices):
    OPEN = "open", _("处置中")
    CLOSED = "closed", _("已办结")


class NoteKind(TextChoices):
    FOLLOW_UP = "follow_up", _("续报")
    SEEN = "seen", _("上级已阅")
    CLOSE = "close", _("办结")


class DueStanding(TextChoices):
    """How the next record of a register stands; the order is that of a list."""

    OVERDUE = "overdue", _("已逾期")
    TODAY = "today", _("今天到期")
    THIS_WEEK = "this_week", _("本周到期")
    NEVER = "never", _("还没有记过")
    LATER = "later", _("已按时")
