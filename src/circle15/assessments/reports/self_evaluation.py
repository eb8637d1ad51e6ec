"""A site's self-evaluation (自评报告): its live sheet by clause, the gaps, and what to do next."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.assessments.documents.gap_table import climb
from circle15.assessments.documents.score_table import score_table, total_text
from circle15.assessments.reading import Judged, SiteScores, scores_of
from circle15.assessments.report_states import ReportKind
from circle15.assessments.reports.drafts import MARK, Draft, NothingToReport, day_words
from circle15.core.papers.official import Attachment, Block, Heading, Official, Paragraph, Table
from circle15.scoring.sheet import RESULT_TEXTS
from circle15.standards.information import period_of
from circle15.standards.text import number_text

_STEPS = 12
_LONGEST_CELL = 90


def self_evaluation(*, by: Actor, code: str, today: date) -> Draft:
    """Draft the self-evaluation of a site as its records stand today.

    Raises NotFound, NotAllowed, NothingToReport where no rule book judges the site.
    """
    demand(by, Permission.VIEW_SCORES)
    scores = scores_of(by, code, today=today)
    if not scores.judged:
        raise NothingToReport(_("现行评分规则都不评这类网点，没有可以自评的内容。"))
    site = scores.site
    paper = Official(
        title=f"{site.name}15分钟医保服务圈自评报告",
        blocks=tuple(_blocks(scores)),
        issuer=site.name,
        day=day_words(today),
        attachments=tuple(_sheet(scores, judged) for judged in scores.judged),
        mark=MARK if site.is_synthetic else "",
    )
    quarter = period_of("quarter", today)
    return Draft(
        kind=ReportKind.SELF,
        paper=paper,
        area_path=site.area_path,
        subject=f"{site.code} {quarter.name}",
        since=quarter.first,
        until=today,
        site=site,
        is_synthetic=site.is_synthetic,
    )


def _blocks(scores: SiteScores) -> Iterator[Block]:
    heading = scores.heading
    yield Paragraph(
        f"{heading.site}（{heading.code}，{heading.kind}，位于{heading.place}）按现行评分规则对"
        f"{day_words(scores.on)}的情况自评。得分由台账记录逐条算出，明细附后；没有记录的事项"
        "暂按没有计。"
    )
    yield Heading("自评得分")
    for judged, sheet in scores.judged:
        unknown = len(sheet.unknown_facts)
        more = (
            f"还有{unknown}项没有记录，补齐后最高{number_text(sheet.attainable)}。"
            if unknown
            else ""
        )
        yield Paragraph(
            f"按“{judged.edition.title.zh}”（第{judged.edition.version}版），{total_text(sheet)}，"
            f"结果：{RESULT_TEXTS[sheet.result].zh}。{more}"
        )
    yield Heading("主要差距和改进措施")
    for judged, _sheet_of in scores.judged:
        yield from _gap(scores, judged.edition.id, judged.edition.title.zh)
    yield Heading("下一步打算")
    yield Paragraph(
        "先做不用采购、当天能办的，再做小额添置；已经发生的次数不能消除，此后不再发生。"
    )
    yield Paragraph("每完成一项，当天在台账记录并附佐证，分数随即更新。")


def _gap(scores: SiteScores, book: str, title: str) -> Iterator[Block]:
    steps = climb(scores.gap_under(book))
    if not steps:
        yield Paragraph(f"按“{title}”没有差距。")
        return
    shown = steps[:_STEPS]
    rest = f"，另有{len(steps) - len(shown)}项见系统差距清单" if len(steps) > len(shown) else ""
    yield Paragraph(f"按“{title}”还有{len(steps)}项差距，按投入从小到大列前{len(shown)}项{rest}。")
    rows = tuple(
        (
            str(at),
            _short(one.advice.why.zh),
            _short(one.advice.what.zh),
            f"+{number_text(one.advice.gain)}",
            one.advice.cost.zh,
        )
        for at, one in enumerate(shown, start=1)
    )
    heads = ("序号", "差什么", "怎么补", "可得", "投入")
    yield Table("", heads, rows, (2, 8, 8, 2, 3), (0, 3))


def _sheet(scores: SiteScores, judged: Judged) -> Attachment:
    applied, sheet = judged
    table = score_table(applied.edition, sheet, scores.heading)
    rows = tuple(
        (row.content, number_text(row.full), number_text(row.points), row.reason)
        for row in (*table.rows, table.total)
    )
    closing = rows[-1]
    rows = (*rows[:-1], ("合计", *closing[1:]))
    heads = tuple(table.columns[at].title for at in (2, 3, 6, 7))
    return Attachment(table.title, (Table("", heads, rows, (5, 2, 2, 8), (1, 2)),))


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST_CELL else f"{words[: _LONGEST_CELL - 1]}…"
