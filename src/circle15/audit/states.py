"""Who acts, as the trail writes it down, and what a check of the trail can find."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Who:
    """The acting person as plain values: the trail outlives every account."""

    id: int | None
    name: str
    role: str


SYSTEM = Who(id=None, name="system", role="system")


class FindingKind(TextChoices):
    EVENT_CHANGED = "event_changed", _("事件被改动")
    EVENT_DELETED = "event_deleted", _("事件被删除")
    EVENTS_SWAPPED = "events_swapped", _("事件被对调")
    LINK_CHANGED = "link_changed", _("链环被改动")
    LINK_INSERTED = "link_inserted", _("链环系伪造")
    LINK_MISSING = "link_missing", _("链环缺失")
    HEAD_CHANGED = "head_changed", _("封存记录被改动")
    HEAD_MISSING = "head_missing", _("封存记录缺失")
    TAIL_CUT = "tail_cut", _("链尾被截断")
    CHAIN_REPLACED = "chain_replaced", _("链被整体替换")
    FILE_LINE_CHANGED = "file_line_changed", _("链外记录被改动")
    FILE_LINE_MISSING = "file_line_missing", _("链外记录缺失")
