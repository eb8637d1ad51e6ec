"""The tables of the board as a workbook."""

from collections.abc import Iterable, Iterator
from io import BytesIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from circle15.assessments.documents.sites import text_row
from circle15.assessments.queries import Board
from circle15.standards.model import Edition


def board_workbook(board: Board, edition: Edition | None) -> bytes:
    """Return one sheet for the towns and one for the clauses; all numbers as exact text."""
    book = Workbook(write_only=True)
    language = get_language() or ""
    heading = list(_heading(board, edition, language))
    towns = book.create_sheet(_("乡镇"))
    _head(towns, heading)
    text_row(towns, [_("区域"), _("网点数"), _("已评"), _("平均"), _("最低")], bold=True)
    for row in board.towns:
        mean, lowest = (("" if each is None else f"{each:f}") for each in (row.mean, row.lowest))
        text_row(towns, [row.name, str(row.sites), str(row.scored), mean, lowest])
    clauses = book.create_sheet(_("失分条款"))
    _head(clauses, heading)
    text_row(clauses, [_("条款"), _("名称"), _("失分网点"), _("合计失分")], bold=True)
    known = {clause.id: clause for clause in edition.clauses} if edition else {}
    for weak in board.weakest:
        title = known[weak.clause_id].title.in_language(language) if weak.clause_id in known else ""
        text_row(clauses, [weak.clause_id, title, str(weak.sites), f"{weak.points:f}"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _heading(board: Board, edition: Edition | None, language: str) -> Iterator[str]:
    """Say under which book and of how many sites the tables are, and whether they are made up."""
    if board.synthetic:
        yield _("合成数据")
    if edition:
        yield _("规则：%(title)s，第 %(version)s 版") % {
            "title": edition.title.in_language(language),
            "version": edition.version,
        }
    yield _("网点 %(sites)s 个，已评 %(scored)s 个") % {
        "sites": board.sites,
        "scored": board.scored,
    }


def _head(sheet: WriteOnlyWorksheet, heading: Iterable[str]) -> None:
    for words in heading:
        text_row(sheet, [words], bold=True)
    text_row(sheet, [])
