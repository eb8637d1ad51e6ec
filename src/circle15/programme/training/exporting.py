"""Who attended what in a year, as a workbook: text only, and a line on the trail."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import MOST_LINES, note_export
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.core.papers.sheet import text_workbook
from circle15.programme.training_models import Attendance


@transaction.atomic
def export_sessions(*, year: int, by: Actor, at: datetime) -> bytes:
    """Return each attendance of a year: the area's for who holds trainings, else the own ones.

    Raises NotAllowed, TooManyLines.
    """
    demand(by, Permission.VIEW_TRAINING)
    rows = Attendance.objects.filter(session__starts_at__year=year)
    rows = scope.within(rows.select_related("session", "site"), by.area_path)
    if not by.can(Permission.MANAGE_TRAINING):
        rows = rows.filter(user_id=by.user_id or 0)
    found = list(rows.order_by("-session__starts_at", "id")[: MOST_LINES + 1])
    note_export(len(found), "training_attendance", by=by, at=at)
    heads = [_("日期"), _("形式"), _("培训主题"), _("网点"), _("人员"), _("签到方式"), _("迟到")]
    cells = [
        (
            f"{timezone.localtime(row.session.starts_at):%Y-%m-%d}",
            row.session.get_kind_display(),
            row.session.topic,
            row.site.name if row.site else "",
            row.name,
            row.get_way_display(),
            _("是") if row.is_late else "",
            row.reason,
            _("合成数据") if row.is_synthetic else "",
        )
        for row in found
    ]
    return text_workbook(f"{_('培训')} {year}", [*heads, _("理由"), _("数据性质")], cells)
