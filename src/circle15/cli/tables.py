"""Rule books, score sheets and gap reports as tables."""

from collections.abc import Iterable
from decimal import Decimal

import typer

from circle15.cli.shown import show
from circle15.scoring import RESULT_TEXTS, GapReport, GapStep, ScoreSheet
from circle15.standards import Edition, FactValue, facts
from circle15.standards.text import number_text

COSTS = ("0 无需采购", "1 小额购置", "2 大额购置、改造", "3 人员、长期安排")
UNITS = {"points": "分", "requirements": "项"}


def show_editions(books: Iterable[Edition]) -> None:
    """Print one row for each rule book."""
    rows = [
        (
            book.id,
            book.title.zh,
            book.jurisdiction.zh,
            f"{sum(1 for _ in book.clauses)} 条 / {sum(1 for _ in book.rules)} 条规则",
            "、".join(profile.title.zh for profile in book.profiles),
            "未设合格线" if book.pass_mark is None else number_text(book.pass_mark),
        )
        for book in books
    ]
    show("规则版本", ("编号", "名称", "地区", "规模", "类别", "合格线"), rows)


def show_sheet(book: Edition, sheet: ScoreSheet) -> None:
    """Print the sheet line by line, then the total and the result."""
    titles = {clause.id: f"{clause.number} {clause.title.zh}" for clause in book.clauses}
    rows = [
        (line.rule_id, titles[clause.clause_id], _of(line.points, line.max), line.reason.zh)
        for clause in sheet.clauses
        for line in clause.rules
    ]
    show(book.title.zh, ("规则", "条款", "得分", "理由"), rows)
    vetoes = f"（一票否决：{'、'.join(sheet.vetoes)}）" if sheet.vetoes else ""
    result = RESULT_TEXTS[sheet.result].zh
    typer.echo(f"合计 {_of(sheet.total, sheet.max)} {UNITS[sheet.unit]}，{result}{vetoes}")


def show_gap(book: Edition, report: GapReport) -> None:
    """Print what to do, cheapest first, and what each step brings."""
    running = report.sheet.total
    rows = []
    for step in report.steps:
        running += step.gain
        gain = f"+{number_text(step.gain)}"
        rows.append((_doing(step), gain, number_text(running), COSTS[step.cost], _where(step)))
    show(f"{book.title.zh}：差距", ("要做的事", "得分", "累计", "代价", "规则"), rows)
    total, most = report.sheet.total, report.sheet.max
    typer.echo(f"现为 {_of(total, most)} {UNITS[book.unit]}，差 {number_text(report.lost)}")


def _doing(step: GapStep) -> str:
    return "；".join(
        f"{facts()[change.fact].fix.zh}{_until(change.fact, change.needed)}"
        for change in step.changes
    )


def _until(fact: str, needed: FactValue) -> str:
    """How far a count or number has to go; yes and no need no figure."""
    definition = facts()[fact]
    if not definition.is_number:
        return ""
    return f"（至 {number_text(Decimal(needed))}{definition.unit.zh}）"


def _where(step: GapStep) -> str:
    return "、".join(step.rule_ids) + ("" if step.is_binding else "（可选）")


def _of(points: Decimal, most: Decimal) -> str:
    return f"{number_text(points)}/{number_text(most)}"
