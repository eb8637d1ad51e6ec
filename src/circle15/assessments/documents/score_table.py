"""A score sheet as the table of the original document, ready for Excel, PDF and Word.

Columns as in the Jiangsu table: 项目, 考核指标, 考核内容, 分值, 考核标准, 考核方式, 得分, and
the reasons beside them. Titles and criteria come from the edition; the three writers only draw.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.core.papers.text import printable
from circle15.scoring.sheet import RESULT_TEXTS, ClauseLine, RuleLine, ScoreSheet
from circle15.standards.model import Clause, Edition, Indicator, Section
from circle15.standards.text import Text, number_text
from circle15.standards.wording import criterion

HASH_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Heading:
    """Who was scored, when and what for; `kept_by` is empty on a live sheet."""

    site: str
    code: str
    kind: str
    place: str
    on: date
    is_synthetic: bool
    purpose: str = ""
    kept_by: str = ""

    @property
    def is_kept(self) -> bool:
        return bool(self.kept_by)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its share of the width in millimetres of a landscape A4 page."""

    title: str
    width_mm: int
    is_centred: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One clause; rows of one section, and of one indicator, stand together."""

    section: str
    indicator: str
    content: str
    full: Decimal
    criterion: str
    method: str
    points: Decimal
    reason: str

    @property
    def cells(self) -> tuple[str | Decimal, ...]:
        return (
            self.section,
            self.indicator,
            self.content,
            self.full,
            self.criterion,
            self.method,
            self.points,
            self.reason,
        )


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Everything a writer puts on paper, in words of the current language."""

    title: str
    mark: str
    facts: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row
    notes: tuple[str, ...]
    signatures: tuple[str, ...]
    footer: str


def said(text: Text) -> str:
    """Return a text of the rule books in the current language."""
    return text.in_language(get_language() or "")


# Clauses: J-02
def score_table(edition: Edition, sheet: ScoreSheet, heading: Heading) -> ScoreTable:
    """Lay out a sheet; `edition` must be the one it was scored under."""
    book = edition.under(sheet.switches)
    is_points = sheet.unit == "points"
    return ScoreTable(
        title=said(book.title) + (_("评分表") if is_points else _("对照表")),
        mark=_("合成数据") if heading.is_synthetic else "",
        facts=tuple(_facts(book, sheet, heading)),
        columns=_columns(is_points=is_points),
        rows=tuple(_rows(book, sheet)),
        total=_total(sheet),
        notes=tuple(_notes(book, sheet, is_kept=heading.is_kept)),
        signatures=(_("考核人员："), _("被考核单位："), _("日期：")),
        footer=_("规则 %(book)s 第 %(version)s 版 · 校验码 %(hash)s")
        % {"book": book.id, "version": book.version, "hash": sheet.edition_hash[:HASH_SHOWN]},
    )


def spans(keys: Sequence[object]) -> Iterator[tuple[int, int]]:
    """Give start and length of each run of equal neighbours: the cells to merge."""
    start = 0
    for _key, run in groupby(keys):
        length = len(list(run))
        yield start, length
        start += length


def _columns(*, is_points: bool) -> tuple[Column, ...]:
    full, points = (_("分值"), _("得分")) if is_points else (_("要求"), _("达到"))
    return (
        Column(_("项目"), 17, is_centred=True),
        Column(_("考核指标"), 22, is_centred=True),
        Column(_("考核内容"), 32),
        Column(full, 13, is_centred=True),
        Column(_("考核标准"), 92),
        Column(_("考核方式"), 23),
        Column(points, 13, is_centred=True),
        Column(_("扣分原因") if is_points else _("未达到的原因"), 61),
    )


def _facts(edition: Edition, sheet: ScoreSheet, heading: Heading) -> Iterator[str]:
    yield _("网点：%(name)s（%(code)s）") % {
        "name": printable(heading.site),
        "code": heading.code,
    }
    yield _("类型：%s") % heading.kind
    yield _("所在地：%s") % printable(heading.place)
    yield _("评分日期：%s") % heading.on.isoformat()
    if heading.purpose:
        yield _("用途：%s") % heading.purpose
    if heading.kept_by:
        yield _("存档人：%s") % printable(heading.kept_by)
    yield _("规则：%(title)s，第 %(version)s 版") % {
        "title": said(edition.title),
        "version": edition.version,
    }
    yield total_text(sheet)
    yield _("结果：%s") % said(RESULT_TEXTS[sheet.result])


def total_text(sheet: ScoreSheet) -> str:
    """Return the total in a sentence, as points or as requirements reached."""
    numbers = {"total": number_text(sheet.total), "max": number_text(sheet.max)}
    if sheet.unit == "points":
        return _("总分：%(total)s 分（满分 %(max)s 分）") % numbers
    return _("达到：%(total)s 项（共 %(max)s 项）") % numbers


def _rows(edition: Edition, sheet: ScoreSheet) -> Iterator[Row]:
    lines = {line.clause_id: line for line in sheet.clauses}
    for section in edition.sections:
        for indicator in section.indicators:
            for clause in indicator.clauses:
                if clause.id in lines:
                    yield _row(section, indicator, clause, lines[clause.id], sheet.unit)


def _row(
    section: Section, indicator: Indicator, clause: Clause, line: ClauseLine, unit: str
) -> Row:
    criteria = [said(criterion(rule)) for rule in clause.rules]
    reasons = [_lost(each, unit) if each.lost else "" for each in line.rules]
    return Row(
        section=said(section.title),
        indicator=f"{indicator.number} {said(indicator.title)}",
        content=f"{clause.number} {said(clause.title)}",
        full=line.max,
        criterion=_numbered(criteria),
        method=method_text(clause.evidence),
        points=line.points,
        reason=_numbered(reasons),
    )


def _numbered(parts: list[str]) -> str:
    """Give each rule of a clause its number, the same in both columns; one alone has none."""
    if len(parts) == 1:
        return parts[0]
    return "\n".join(f"{at}. {part}" for at, part in enumerate(parts, start=1) if part)


def _lost(line: RuleLine, unit: str) -> str:
    """Say why; how much is lost only where the reason does not say it itself."""
    reason, lost = said(line.reason), number_text(line.lost)
    if unit != "points" or f"扣{lost}分" in reason or f"−{lost}" in reason:
        return reason
    return _("扣 %(points)s 分：%(reason)s") % {"points": lost, "reason": reason}


def method_text(evidence: Sequence[str]) -> str:
    """Return how a clause is checked: the ledger, on the spot, or both."""
    words = {"ledger": _("查看电子台账"), "on_site": _("现场查验")}
    return _("、").join(words[each] for each in evidence)


def _total(sheet: ScoreSheet) -> Row:
    return Row(
        section=_("合计"),
        indicator="",
        content="",
        full=sheet.max,
        criterion="",
        method="",
        points=sheet.total,
        reason=said(RESULT_TEXTS[sheet.result]),
    )


def _notes(edition: Edition, sheet: ScoreSheet, *, is_kept: bool) -> Iterator[str]:
    if sheet.unknown_facts:
        yield _("还有 %(count)s 项事实没有记录，暂按最低计；补齐后最高 %(most)s。") % {
            "count": len(sheet.unknown_facts),
            "most": number_text(sheet.attainable),
        }
    for veto in edition.vetoes:
        if veto.id in sheet.vetoes:
            state = _("有，按不合格处理")
        else:  # nobody judges a veto until a sheet is kept
            state = _("无") if is_kept else _("未判定")
        yield _("一票否决 %(number)s %(title)s：%(state)s") % {
            "number": veto.number,
            "title": said(veto.title),
            "state": state,
        }
    if sheet.pass_mark is None and edition.unit == "points":
        yield _("文件没有规定合格线；主管部门设定前只给分数，不判合格与否。")
