"""States of an edition kept in the database and purposes of a stored sheet."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EditionState(TextChoices):
    DRAFT = "draft", _("草稿")
    REVIEW = "review", _("待审核")
    PUBLISHED = "published", _("已发布")
    LEAVING = "leaving", _("待停用")
    WITHDRAWN = "withdrawn", _("已停用")


EDITION_TRANSITIONS: dict[str, frozenset[str]] = {
    EditionState.DRAFT: frozenset({EditionState.REVIEW, EditionState.WITHDRAWN}),
    EditionState.REVIEW: frozenset({EditionState.DRAFT, EditionState.PUBLISHED}),
    EditionState.PUBLISHED: frozenset({EditionState.LEAVING}),
    EditionState.LEAVING: frozenset({EditionState.PUBLISHED, EditionState.WITHDRAWN}),
    EditionState.WITHDRAWN: frozenset(),
}

# One that somebody wants withdrawn counts until another person agrees.
COUNTING = (EditionState.PUBLISHED, EditionState.LEAVING)


class Standing(TextChoices):
    """Where a version that counts stands in time."""

    COMING = "coming", _("未到施行日期")
    CURRENT = "current", _("现行")
    FORMER = "former", _("已由新版本接替")


class VetoStanding(TextChoices):
    """Where the vetoes of a stored sheet stand: what one officer finds another must confirm."""

    NONE = "none", _("无")
    OPEN = "open", _("待第二人确认")
    CONFIRMED = "confirmed", _("已确认")
    DECLINED = "declined", _("未获确认，本份作废")


class Purpose(TextChoices):
    ACCEPTANCE = "acceptance", _("验收考核")
    DYNAMIC = "dynamic", _("动态评估")
    SELF = "self", _("自评")
    THIRD_PARTY = "third_party", _("第三方评估")
    SPECIAL = "special", _("专项评估")
