"""The gap report in words: what is missing, what to do, what it brings, cheapest first."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from circle15.assessments.documents.score_table import Heading, said, total_text
from circle15.assessments.wording import Advice, advice
from circle15.core.papers.text import printable
from circle15.scoring.gap import GapReport
from circle15.standards.model import Edition
from circle15.standards.text import number_text


@dataclass(frozen=True, slots=True)
class Climb:
    """A step of the report and the total before and after it."""

    advice: Advice
    before: Decimal
    after: Decimal
    is_binding: bool


@dataclass(frozen=True, slots=True)
class GapTable:
    """Everything the Word report says, in words of the current language."""

    title: str
    mark: str
    opening: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    closing: tuple[str, ...]


def climb(report: GapReport) -> tuple[Climb, ...]:
    """Return the steps with the running total: from today's score to full marks."""
    found, total = [], report.sheet.total
    for step in report.steps:
        after = total + step.gain
        found.append(Climb(advice(step), total, after, step.is_binding))
        total = after
    return tuple(found)


def gap_table(edition: Edition, report: GapReport, heading: Heading) -> GapTable:
    """Lay out a gap report for paper."""
    is_points = report.sheet.unit == "points"
    return GapTable(
        title=_("%(site)s差距清单") % {"site": printable(heading.site)},
        mark=_("合成数据") if heading.is_synthetic else "",
        opening=_opening(edition, report, heading),
        columns=(
            _("序号"),
            _("差什么"),
            _("怎么补"),
            _("可得分") if is_points else _("可补项"),
            _("补后总分") if is_points else _("补后项数"),
            _("投入"),
        ),
        rows=tuple(_row(at, each) for at, each in enumerate(climb(report), start=1)),
        closing=(_("填表人："), _("审核人："), _("日期：")),
    )


def _opening(edition: Edition, report: GapReport, heading: Heading) -> str:
    parts = {
        "site": printable(heading.site),
        "code": heading.code,
        "on": heading.on.isoformat(),
        "book": said(edition.title),
        "total": total_text(report.sheet),
        "count": len(report.steps),
        "lost": number_text(report.lost),
    }
    return _(
        "%(site)s（%(code)s）%(on)s 按“%(book)s”%(total)s。以下 %(count)s 步按投入从小到大排列，"
        "全部做到最多可再得 %(lost)s。没有记录的事项暂按没有计，请先查实；"
        "本年已经发生的次数不能消除。"
    ) % (parts)


def _row(at: int, step: Climb) -> tuple[str, ...]:
    return (
        str(at),
        said(step.advice.why),
        said(step.advice.what),
        f"+{number_text(step.advice.gain)}",
        number_text(step.after),
        said(step.advice.cost),
    )
