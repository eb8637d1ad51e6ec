"""The tables of the board as a workbook."""

from io import BytesIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook

from circle15.assessments.documents.sites import text_row
from circle15.assessments.queries import Board
from circle15.standards.model import Edition


def board_workbook(board: Board, edition: Edition | None) -> bytes:
    """Return one sheet for the towns and one for the clauses; all numbers as exact text."""
    book = Workbook(write_only=True)
    towns = book.create_sheet(_("乡镇"))
    text_row(towns, [_("区域"), _("网点数"), _("已评"), _("平均"), _("最低")], bold=True)
    for row in board.towns:
        mean, lowest = (("" if each is None else f"{each:f}") for each in (row.mean, row.lowest))
        text_row(towns, [row.name, str(row.sites), str(row.scored), mean, lowest])
    clauses = book.create_sheet(_("失分条款"))
    text_row(clauses, [_("条款"), _("名称"), _("失分网点"), _("合计失分")], bold=True)
    language = get_language() or ""
    known = {clause.id: clause for clause in edition.clauses} if edition else {}
    for weak in board.weakest:
        title = known[weak.clause_id].title.in_language(language) if weak.clause_id in known else ""
        text_row(clauses, [weak.clause_id, title, str(weak.sites), f"{weak.points:f}"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()
