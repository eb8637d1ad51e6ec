"""The score sheet as a PDF: landscape A4, fonts embedded, head and labels again on every page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import Align

from circle15.assessments.documents.score_table import Row, ScoreTable, spans
from circle15.core.papers.fonts import SANS, SERIF, cut_to, drawable, give
from circle15.core.papers.text import broken, printable
from circle15.standards.text import number_text

MARGIN_MM, FOOT_MM = 12, 14
LINE_MM, PAD_MM = 4.2, 1.2
BODY_PT, TITLE_PT = 8.5, 17
HEAD_GREY, RULE_GREY = 235, 130
SPACE = "　"
Lines = list[str]


@dataclass(frozen=True, slots=True)
class _Laid:
    """A row broken into lines; sections and indicators are drawn over several rows later."""

    row: Row
    cells: tuple[Lines, ...]
    height: float


class _Paper(FPDF):
    """A landscape A4 page with the running foot of a sheet."""

    def __init__(self, table: ScoreTable, fonts: Mapping[str, Path]) -> None:
        super().__init__(orientation="landscape", unit="mm", format="A4")
        self.score_table = table
        give(self, fonts)
        self.set_fallback_fonts([SERIF])
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(auto=False)
        self.set_draw_color(RULE_GREY)
        self.set_line_width(0.2)
        self.set_title(table.title)
        self.set_lang("zh-CN")
        self.widths: dict[str, float] = {}

    def footer(self) -> None:
        self.set_font(SANS, size=7.5)
        self.set_xy(MARGIN_MM, -FOOT_MM + 3)
        self.cell(self.epw / 2, 4, _text(self.score_table.footer))
        words = f"{self.score_table.mark}{SPACE}{_page_words(self.page_no())}"
        self.cell(self.epw / 2, 4, words, align=Align.R)

    def measured(self, token: str) -> float:
        """Measure a token at body size; the same few characters come again and again."""
        if token not in self.widths:
            self.set_font(SANS, size=BODY_PT)
            self.widths[token] = self.get_string_width(token)
        return self.widths[token]


def sheet_pdf(table: ScoreTable) -> bytes:
    """Return the sheet as a PDF."""
    with TemporaryDirectory() as folder:
        paper = _Paper(table, cut_to(set(_all_words(table)), Path(folder)))
        _draw(paper, table)
        return bytes(paper.output())


def _all_words(table: ScoreTable) -> str:
    cells = [_text(cell) for row in (*table.rows, table.total) for cell in row.cells]
    heads = [column.title for column in table.columns]
    others = (table.title, table.mark, table.footer, _page_words(1), SPACE)
    lines = (*table.facts, *table.notes, *table.signatures)
    return "".join(map(_text, (*cells, *heads, *others, *lines)))


def _page_words(page: int) -> str:
    return _("第 %(page)s 页，共 {nb} 页") % {"page": page}


def _draw(paper: _Paper, table: ScoreTable) -> None:
    paper.add_page()
    _opening(paper, table)
    _head(paper, table)
    pages = _paged(paper, [_laid(paper, table, row) for row in table.rows])
    for number, rows in enumerate(pages):
        if number:
            paper.add_page()
            _head(paper, table)
        _rows(paper, table, rows)
    _closing(paper, table)


def _opening(paper: _Paper, table: ScoreTable) -> None:
    paper.set_font(SERIF, size=TITLE_PT)
    paper.cell(0, 10, _text(table.title), align=Align.C)
    paper.ln(11)
    paper.set_font(SANS, size=BODY_PT)
    for line in _lines(paper, (SPACE * 2).join((*table.facts, table.mark))):
        paper.cell(0, LINE_MM + 0.6, line)
        paper.ln(LINE_MM + 0.6)
    paper.ln(1.5)


def _lines(paper: _Paper, words: str) -> Lines:
    return broken(_text(words), paper.epw, paper.measured)


def _head(paper: _Paper, table: ScoreTable) -> None:
    paper.set_font(SANS, size=BODY_PT)
    paper.set_fill_color(HEAD_GREY)
    for column in table.columns:
        paper.cell(column.width_mm, 7, column.title, border=1, align=Align.C, fill=True)
    paper.ln(7)


def _laid(paper: _Paper, table: ScoreTable, row: Row) -> _Laid:
    cells = tuple(
        broken(_text(value), column.width_mm - 2 * PAD_MM, paper.measured)
        for value, column in zip(row.cells, table.columns, strict=True)
    )
    # The two labels may be taller than one row: they reach over their whole run.
    most = max(len(lines) for lines in cells[2:])
    return _Laid(row, cells, most * LINE_MM + 2 * PAD_MM)


def _text(value: str | Decimal) -> str:
    return drawable(printable(value)) if isinstance(value, str) else number_text(value)


def _paged(paper: _Paper, rows: Iterable[_Laid]) -> list[list[_Laid]]:
    """Cut the rows into pages; a row is never cut, the first page has less room."""
    bottom = paper.h - FOOT_MM
    full = bottom - MARGIN_MM - 7
    pages: list[list[_Laid]] = [[]]
    left = bottom - paper.get_y()
    for row in rows:
        if row.height > left and pages[-1]:
            pages.append([])
            left = full
        pages[-1].append(row)
        left -= row.height
    return pages


def _rows(paper: _Paper, table: ScoreTable, rows: Sequence[_Laid]) -> None:
    top = paper.get_y()
    tops = [top]
    for laid in rows:
        tops.append(tops[-1] + laid.height)
    for index in range(2, len(table.columns)):
        for at, laid in enumerate(rows):
            _box(paper, table, index, laid.cells[index], top=tops[at], bottom=tops[at + 1])
    sections = [laid.row.section for laid in rows]
    indicators = [(laid.row.section, laid.row.indicator) for laid in rows]
    for index, keys in ((0, sections), (1, indicators)):
        for start, length in spans(keys):
            lines = rows[start].cells[index]
            end = tops[start + length]
            _box(paper, table, index, lines, top=tops[start], bottom=end)
    paper.set_y(tops[-1])


def _box(  # noqa: PLR0913 -- a box has four sides
    paper: _Paper, table: ScoreTable, index: int, lines: Lines, *, top: float, bottom: float
) -> None:
    column = table.columns[index]
    left = MARGIN_MM + sum(each.width_mm for each in table.columns[:index])
    paper.rect(left, top, column.width_mm, bottom - top)
    at = top + max(PAD_MM, (bottom - top - len(lines) * LINE_MM) / 2)
    for line in lines:
        paper.set_xy(left + PAD_MM, at)
        align = Align.C if column.is_centred else Align.L
        paper.cell(column.width_mm - 2 * PAD_MM, LINE_MM, line, align=align)
        at += LINE_MM


def _closing(paper: _Paper, table: ScoreTable) -> None:
    total = _laid(paper, table, table.total)
    notes = [line for note in table.notes for line in _lines(paper, note)]
    if paper.get_y() + total.height + (len(notes) + 4) * (LINE_MM + 0.4) > paper.h - FOOT_MM:
        paper.add_page()
    paper.set_font(SANS, size=BODY_PT)
    _rows(paper, table, [total])
    paper.ln(2)
    for line in notes:
        paper.cell(0, LINE_MM + 0.4, line)
        paper.ln(LINE_MM + 0.4)
    paper.ln(6)
    for words in table.signatures:
        paper.cell(paper.epw / len(table.signatures), 6, words)
