"""A work list as a workbook: masked names only, every cell text, and a line on the trail."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import Refused
from circle15.accounts.states import Permission
from circle15.audit.actions import record
from circle15.cases.lines import CaseLine
from circle15.cases.work import LARGEST_PAGE, WorkFilter, work_list
from circle15.core.papers.sheet import text_workbook

MOST_CASES = 5_000


class TooManyCases(Refused):
    """More cases than a workbook is made of at once."""

    def __init__(self) -> None:
        super().__init__(
            _("符合条件的超过 %(most)s 件，请缩小范围再导出。") % {"most": f"{MOST_CASES:,}"}
        )


@transaction.atomic
def export_cases(*, what: WorkFilter, by: Actor, at: datetime) -> bytes:
    """Return the cases of a list as a workbook. Raises NotAllowed, TooManyCases."""
    demand(by, Permission.VIEW_CASES)
    lines = tuple(_lines(by, what, timezone.localdate(at)))
    record(
        who=by.who,
        verb="case.export",
        target_kind="case",
        target_id="",
        area_path=by.area_path,
        at=at,
        new={"cases": len(lines), "list": str(what.kind)},
    )
    return text_workbook(_("办件"), _heads(), map(_cells, lines))


def _lines(by: Actor, what: WorkFilter, on: date) -> Iterator[CaseLine]:
    after, count = "", 0
    while True:
        page = work_list(by=by, what=what, after=after, size=LARGEST_PAGE, on=on)
        count += len(page.lines)
        if count > MOST_CASES:
            raise TooManyCases
        yield from page.lines
        if not page.after:
            return
        after = page.after


def _heads() -> tuple[str, ...]:
    return (
        *(_("办件编号"), _("事项"), _("申请人"), _("代办人或单位经办人")),
        *(_("状态"), _("结论"), _("来源")),
        *(_("受理网点"), _("首问负责人"), _("经办人"), _("受理时间"), _("最迟办结"), _("数据性质")),
    )


def _cells(line: CaseLine) -> tuple[str, ...]:
    accepted = timezone.localtime(line.accepted_at) if line.accepted_at else None
    return (
        line.number,
        line.item_name.in_language(get_language() or ""),
        line.applicant_name,
        line.agent_name,
        line.state_name,
        line.outcome_name,
        line.channel_name,
        line.site_name,
        line.first_owner_name,
        line.owner_name,
        f"{accepted:%Y-%m-%d %H:%M}" if accepted else "",
        line.due_on.isoformat() if line.due_on else "",
        _("合成数据") if line.is_synthetic else "",
    )
