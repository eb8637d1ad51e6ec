"""What those who act for a person or an organisation are to it, and how it was agreed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Relation(TextChoices):
    """What the one who acts is to whose business it is."""

    CHILD = "child", _("子女代父母")
    PARENT = "parent", _("父母代子女")
    SPOUSE = "spouse", _("配偶")
    GUARDIAN = "guardian", _("监护人")
    OTHER = "other", _("其他亲属")
    # For an organisation: the keys are those of the choices in organisation_cases.yaml.
    STAFF = "staff", _("单位经办人")
    LEGAL = "legal", _("法定代表人（负责人）")


RELATIVES = (Relation.CHILD, Relation.PARENT, Relation.SPOUSE, Relation.GUARDIAN, Relation.OTHER)
HANDLERS = (Relation.STAFF, Relation.LEGAL)


class AgreedBy(TextChoices):
    CODE = "code", _("短信验证码同意")
    SIGNED = "signed", _("窗口书面签字")
