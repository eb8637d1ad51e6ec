"""States of an edition of the catalogue."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EditionState(TextChoices):
    DRAFT = "draft", _("草稿")
    REVIEW = "review", _("待审核")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已停用")


# Old state -> states that may follow.
EDITION_TRANSITIONS: dict[str, frozenset[str]] = {
    EditionState.DRAFT: frozenset({EditionState.REVIEW, EditionState.WITHDRAWN}),
    EditionState.REVIEW: frozenset({EditionState.DRAFT, EditionState.PUBLISHED}),
    EditionState.PUBLISHED: frozenset({EditionState.WITHDRAWN}),
    EditionState.WITHDRAWN: frozenset(),
}

OPEN = (EditionState.DRAFT, EditionState.REVIEW)


class Standing(TextChoices):
    """Where a published edition stands in time."""

    COMING = "coming", _("未到施行日期")
    CURRENT = "current", _("现行")
    FORMER = "former", _("已由新版接替")


class ChangeKind(TextChoices):
    ADDED = "added", _("新增")
    DROPPED = "dropped", _("取消")
    CHANGED = "changed", _("修改")
