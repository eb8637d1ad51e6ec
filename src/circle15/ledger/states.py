"""Where a fact comes from and what kinds of trainings are held."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Source(TextChoices):
    OPERATION = "operation", _("业务运行")
    DOCUMENT = "document", _("台账材料")
    ON_SITE = "on_site", _("现场查验")
    IMPORT = "import", _("批量导入")


class TrainingKind(TextChoices):
    CENTRAL = "central", _("集中培训")
    SPECIAL = "special", _("专题培训")
    PRE_POST = "pre_post", _("岗前培训")
