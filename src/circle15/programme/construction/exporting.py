"""The milestones of an area's projects as a workbook: every cell text, and a line on the trail."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import MOST_LINES, note_export
from circle15.core.papers.sheet import text_workbook
from circle15.programme.construction.queries import (
    Found,
    MilestoneRow,
    ProjectView,
    projects,
    view_of,
)
from circle15.programme.construction_states import ProjectState


@transaction.atomic
def export_projects(*, found: Found, by: Actor, at: datetime) -> bytes:
    """Return the projects a list shows with all their milestones. Raises TooManyLines."""
    today = timezone.localdate(at)
    views = [view_of(one, on=today) for one in projects(by, found, on=today)[: MOST_LINES + 1]]
    lines = [tuple(_cells(view, row)) for view in views for row in view.rows]
    note_export(len(lines), "construction", by=by, at=at)
    heads = (
        *(
            _("网点编码"),
            _("网点"),
            _("项目状态"),
            _("建设节点"),
            _("责任单位"),
            _("开始"),
            _("计划完成"),
        ),
        *(_("最迟"), _("完成"), _("状态"), _("逾期天数"), _("保障到位"), _("迟报"), _("数据性质")),
    )
    return text_workbook(_("建设进度"), heads, lines)


def _cells(view: ProjectView, row: MilestoneRow) -> Iterator[str]:
    project, one = view.project, row.milestone
    yield project.site.code
    yield project.site.name
    yield str(ProjectState(project.state).label)
    yield row.name
    yield row.owner
    yield from (_day(one.from_on), _day(one.to_on), _day(one.hard_on), _day(one.done_on))
    yield str(row.standing.label)
    yield str(row.days_late)
    yield f"{view.in_place}/{len(view.guarantees)}"
    yield str(view.reports_late)
    yield _("合成数据") if project.is_synthetic else ""


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
