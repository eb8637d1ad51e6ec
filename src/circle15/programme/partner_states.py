"""Agreements with banks and hospitals: in force until they are ended."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AgreementState(TextChoices):
    COMING = "coming", _("未生效")
    IN_FORCE = "in_force", _("有效")
    EXPIRING = "expiring", _("即将到期")
    EXPIRED = "expired", _("已到期")
    ENDED = "ended", _("已终止")
