"""How hard a target is meant, what it asks, and how it stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Force(TextChoices):
    """The two words of the documents (Q8)."""

    HARD = "hard", _("确保")
    SOFT = "soft", _("力争")


class Op(TextChoices):
    AT_LEAST = "at_least", _("不少于")
    ALL = "all", _("全部")


class Standing(TextChoices):
    """How a target stands on a day; the last five are of one not reached and not yet due."""

    MET = "met", _("已达到")
    MET_LATE = "met_late", _("逾期后达到")
    MISSED = "missed", _("到期未达到")
    ON_TRACK = "on_track", _("预计按期达到")
    AT_RISK = "at_risk", _("有风险")
    WILL_MISS = "will_miss", _("预计不能按期达到")
    TOO_FEW = "too_few", _("样本太少，暂不预测")
    NOTHING = "nothing", _("没有可算的对象")
