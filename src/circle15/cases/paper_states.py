"""States of a template of papers, which papers have templates, and what a person signs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaperKind(TextChoices):
    """A paper about the end of a case."""

    GRANTED = "granted", _("办理结果通知书（同意）")
    REFUSED = "refused", _("不予办理决定书")
    NOT_TAKEN_IN = "not_taken_in", _("不予受理决定书")
    DELIVERY = "delivery", _("送达回证（领取结果）")


class TemplateState(TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已停用")


# Old state -> states that may follow.
TEMPLATE_TRANSITIONS: dict[str, frozenset[str]] = {
    TemplateState.DRAFT: frozenset({TemplateState.PUBLISHED, TemplateState.WITHDRAWN}),
    TemplateState.PUBLISHED: frozenset({TemplateState.WITHDRAWN}),
    TemplateState.WITHDRAWN: frozenset(),
}


class Signed(TextChoices):
    """What a person signs: that a matter was taken in, that the result is in hand."""

    INTAKE = "intake", _("受理通知书")
    RESULT = "result", _("领取结果")
