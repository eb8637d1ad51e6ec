"""How those who act for somebody are related, and how it was agreed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Relation(TextChoices):
    """What the one who acts is to whose business it is."""

    CHILD = "child", _("子女代父母")
    PARENT = "parent", _("父母代子女")
    SPOUSE = "spouse", _("配偶")
    GUARDIAN = "guardian", _("监护人")
    OTHER = "other", _("其他亲属")


class AgreedBy(TextChoices):
    CODE = "code", _("短信验证码同意")
    SIGNED = "signed", _("窗口书面签字")
