"""The registers as lists, narrowed, counted, and as a workbook."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import MOST_LINES, note_export
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.core.papers.sheet import text_workbook
from circle15.programme.activities.records import answers
from circle15.programme.activities_models import Activity
from circle15.standards.activities import activity_rules


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Which records a list shows; empty parts narrow nothing."""

    kind: str = ""
    site_path: str = ""
    since: date | None = None
    until: date | None = None


def activities(by: Actor, what: ActivityFilter = ActivityFilter()) -> QuerySet[Activity]:
    """Return the records of the actor's area, the newest first. Raises NotAllowed."""
    demand(by, Permission.VIEW_ACTIVITIES)
    rows = scope.within(Activity.objects.select_related("site"), by.area_path)
    if what.kind:
        rows = rows.filter(kind=what.kind)
    if what.site_path:
        rows = rows.filter(area_path__startswith=what.site_path)
    if what.since:
        rows = rows.filter(done_on__gte=what.since)
    if what.until:
        rows = rows.filter(done_on__lte=what.until)
    return rows.order_by("-done_on", "-id")


def activity_by_uid(by: Actor, uid: UUID) -> Activity:
    """Return one record of the actor's area. Raises NotFound, NotAllowed."""
    row = activities(by).filter(uid=uid).first()
    if row is None:
        raise NotFound
    return row


@transaction.atomic
def export_activities(*, what: ActivityFilter, by: Actor, at: datetime) -> bytes:
    """Return the narrowed registers as a workbook. Raises NotAllowed, TooManyLines."""
    rows = list(activities(by, what)[: MOST_LINES + 1])
    note_export(len(rows), "activity", by=by, at=at)
    language = get_language() or ""
    heads = [
        _("日期"),
        _("登记簿"),
        _("网点"),
        _("内容"),
        _("记录人"),
        _("作废理由"),
        _("数据性质"),
    ]
    cells = [
        (
            row.done_on.isoformat(),
            activity_rules().kinds[row.kind].name.in_language(language),
            row.site.name,
            "\n".join(f"{name}: {words}" for name, words, _is_typed in answers(row, language)),
            row.recorded_by,
            row.struck_why,
            _("合成数据") if row.is_synthetic else "",
        )
        for row in rows
    ]
    return text_workbook(_("宣传与值守"), heads, cells)
