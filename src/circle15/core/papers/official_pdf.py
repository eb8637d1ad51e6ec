"""An official paper as a PDF: every line of the body stands on the grid of 22 by 28.

The fonts of the program stand in for 仿宋, 楷体 and 小标宋 (serif) and for 黑体 (sans).
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.enums import Align

from circle15.core.papers.fonts import SANS, SERIF, cut_to, drawable, give
from circle15.core.papers.official import (
    BODY_PT,
    CHARS,
    HEIGHT_MM,
    LEFT_MM,
    LINE_MM,
    MARK_MM,
    MARK_PT,
    MM_PER_PT,
    NUMBER_PT,
    PAGE_WORDS,
    TABLE_PT,
    TITLE_PT,
    TOP_MM,
    WIDTH_MM,
    Block,
    Heading,
    Official,
    Paragraph,
    Table,
    attachment_head,
    attachment_lines,
    numbered,
)
from circle15.core.papers.text import broken, printable

_WIDTH_PT = WIDTH_MM / MM_PER_PT
# A character a little closer to the next than it is wide: 28 of 16 pt on 156 mm.
_PITCH_PT = _WIDTH_PT / CHARS
_TIGHT_PT = _PITCH_PT - BODY_PT
_BOTTOM_MM = TOP_MM + HEIGHT_MM
_RED = (200, 0, 0)
_INDENT = "　　"
_ROW_MM, _PAD_MM, _RULE_MM = 6.4, 1.3, 0.25
_NUMBER_BELOW_MM, _MARK_TOP_MM = 7.0, 20.0
_SMALL_PT = 10.5
# So many lines of a last paragraph are brought along: a signature never stands without words.
_MOST_MOVED = 8
# What may be a little over the edge of a line: the sum of roundings.
_SLACK_PT = 0.05


class _Paper(FPDF):
    """An A4 page with the running mark, and a number on the outer side below the type area."""

    def __init__(self, official: Official, fonts: Mapping[str, Path]) -> None:
        super().__init__(unit="mm", format="A4")
        self.mark = official.mark
        give(self, fonts)
        self.set_fallback_fonts([SANS, SERIF])
        self.set_margins(LEFT_MM, TOP_MM, self.w - LEFT_MM - WIDTH_MM)
        self.c_margin = 0
        self.set_auto_page_break(auto=False)
        self.set_line_width(_RULE_MM)
        self.set_title(official.title)
        self.set_lang("zh-CN")

    def header(self) -> None:
        if self.mark:
            self.set_font(SANS, size=_SMALL_PT)
            self.set_xy(LEFT_MM, _MARK_TOP_MM)
            self.cell(WIDTH_MM, 5, _text(self.mark), align=Align.R)
        self.set_xy(LEFT_MM, TOP_MM)

    def footer(self) -> None:
        self.set_char_spacing(0)
        self.set_font(SERIF, size=NUMBER_PT)
        inset = NUMBER_PT * MM_PER_PT
        self.set_xy(LEFT_MM + inset, _BOTTOM_MM + _NUMBER_BELOW_MM - 3)
        words = PAGE_WORDS.format(page=self.page_no())
        align = Align.R if self.page_no() % 2 else Align.L
        self.cell(WIDTH_MM - 2 * inset, 6, words, align=align)

    def need(self, height: float) -> None:
        """Begin a new page where what comes would not fit."""
        if self.get_y() + height > _BOTTOM_MM + 0.01:
            self.add_page()

    def skip(self, lines: int = 1) -> None:
        """Leave lines empty; at the foot of a page there is nothing to leave."""
        self.set_y(min(self.get_y() + lines * LINE_MM, _BOTTOM_MM))

    def to_grid(self) -> None:
        """Go on at the next line of the grid."""
        lines = (self.get_y() - TOP_MM) / LINE_MM
        self.set_y(TOP_MM + LINE_MM * -int(-(lines - 1e-6) // 1))


def official_pdf(official: Official) -> bytes:
    """Return the paper as the bytes of a .pdf file."""
    words = set(_text("".join(official.words())) + _INDENT + "0123456789")
    with TemporaryDirectory() as folder:
        paper = _Paper(official, cut_to(words, Path(folder)))
        paper.add_page()
        _opening(paper, official)
        _body(paper, official)
        _ending(paper, official)
        for at, attached in enumerate(official.attachments, start=1):
            paper.add_page()
            _plain(paper, attachment_head(official, at), family=SANS)
            _title(paper, attached.title)
            _blocks(paper, attached.blocks)
        return bytes(paper.output())


def _text(words: str) -> str:
    return drawable(printable(words))


def _opening(paper: _Paper, official: Official) -> None:
    if official.issuer_mark:
        _red_head(paper, official)
    elif official.number:
        paper.set_font(SERIF, size=BODY_PT)
        paper.cell(WIDTH_MM, LINE_MM, _text(official.number), align=Align.R)
        paper.set_xy(LEFT_MM, TOP_MM + LINE_MM)
    _title(paper, official.title)
    if official.addressee:
        _paragraph(paper, f"{official.addressee}：", indent="")


def _red_head(paper: _Paper, official: Official) -> None:
    """Set the issuer's name in red, the number below it, and the red line over the whole width."""
    paper.set_text_color(*_RED)
    words, size = _text(official.issuer_mark), MARK_PT
    paper.set_font(SERIF, size=size)
    size = min(size, size * WIDTH_MM / paper.get_string_width(words))
    paper.set_font(SERIF, size=size)
    paper.set_xy(LEFT_MM, TOP_MM + MARK_MM)
    paper.cell(WIDTH_MM, size * MM_PER_PT, words, align=Align.C)
    paper.set_text_color(0)
    paper.set_xy(LEFT_MM, TOP_MM + 6 * LINE_MM)
    paper.set_font(SERIF, size=BODY_PT)
    paper.cell(WIDTH_MM, LINE_MM, _text(official.number), align=Align.C)
    line = TOP_MM + 7 * LINE_MM + 4
    paper.set_draw_color(*_RED)
    paper.set_line_width(0.7)
    paper.line(LEFT_MM, line, LEFT_MM + WIDTH_MM, line)
    paper.set_draw_color(0)
    paper.set_line_width(_RULE_MM)
    paper.set_xy(LEFT_MM, TOP_MM + 8 * LINE_MM)


def _title(paper: _Paper, words: str) -> None:
    """Set a title below an empty line, in as many lines of the grid as it needs."""
    paper.skip()
    paper.set_font(SERIF, size=TITLE_PT)
    for line in _balanced(paper, _text(words)):
        paper.set_x(LEFT_MM)
        with paper.local_context(text_mode="FILL_STROKE", line_width=0.15):
            paper.cell(WIDTH_MM, LINE_MM, line, align=Align.C)
        paper.ln(LINE_MM)
    paper.skip()


def _balanced(paper: _Paper, words: str) -> list[str]:
    """Break a title into as few lines as it needs, about as long as each other."""
    lines = broken(words, WIDTH_MM, paper.get_string_width)
    room = paper.get_string_width(words) / len(lines)
    while len(found := broken(words, room, paper.get_string_width)) > len(lines):
        room += 2
    return found


def _blocks(paper: _Paper, blocks: Sequence[Block]) -> None:
    for block, following in zip_longest(numbered(blocks), blocks[1:]):
        match block:
            case Heading(words, level):
                # Never alone at the foot of a page; a table brings its title and head along.
                paper.need((6 if isinstance(following, Table) else 2) * LINE_MM)
                _heading(paper, words, level)
            case Paragraph(words):
                _paragraph(paper, words)
            case Table():
                _table(paper, block)


def _body(paper: _Paper, official: Official) -> None:
    """Set the body; a short paragraph at its end goes over to the page of the signature."""
    last = official.blocks[-1] if official.blocks else None
    if not isinstance(last, Paragraph):
        _blocks(paper, official.blocks)
        return
    _blocks(paper, official.blocks[:-1])
    paper.set_font(SERIF, size=BODY_PT)
    lines = len(_lines(paper, _INDENT + _text(last.words)))
    if lines <= _MOST_MOVED:
        paper.need((lines + _ending_lines(official)) * LINE_MM)
    _blocks(paper, [last])


def _ending_lines(official: Official) -> int:
    """Return how many lines the end takes at least: what is attached, a gap, issuer and day."""
    attached = len(official.attachments)
    return 3 + (attached + 1 if attached else 0)


def _heading(paper: _Paper, words: str, level: int) -> None:
    _paragraph(paper, words, family=SANS if level == 1 else SERIF, is_bold=level == 2)  # noqa: PLR2004 -- for 楷体


def _paragraph(
    paper: _Paper, words: str, *, family: str = SERIF, indent: str = _INDENT, is_bold: bool = False
) -> None:
    """Set running words on the grid: all lines but the last are as wide as the type area."""
    paper.set_font(family, size=BODY_PT)
    lines = _lines(paper, indent + _text(words))
    for at, line in enumerate(lines):
        paper.need(LINE_MM)
        is_last = at == len(lines) - 1
        spare = _WIDTH_PT - _natural(paper, line)
        paper.set_font(family, size=BODY_PT)
        paper.set_char_spacing(_TIGHT_PT if is_last else spare / len(line))
        paper.set_x(LEFT_MM)
        if is_bold:
            with paper.local_context(text_mode="FILL_STROKE", line_width=0.12):
                paper.cell(WIDTH_MM, LINE_MM, line)
        else:
            paper.cell(WIDTH_MM, LINE_MM, line)
        paper.set_char_spacing(0)
        paper.ln(LINE_MM)


def _lines(paper: _Paper, words: str) -> list[str]:
    def wide(token: str) -> float:
        return _natural(paper, token) + len(token) * _TIGHT_PT

    return broken(words, _WIDTH_PT + _SLACK_PT, wide)


def _natural(paper: _Paper, words: str) -> float:
    """Return how wide words are without any spacing, in points."""
    return paper.get_string_width(words) / MM_PER_PT


def _plain(paper: _Paper, words: str, *, family: str = SERIF) -> None:
    _paragraph(paper, words, family=family, indent="")


def _ending(paper: _Paper, official: Official) -> None:
    """Name what is attached, then who issued it above the day, at the right."""
    if official.attachments:
        paper.skip()
        for line in attachment_lines(official):
            _paragraph(paper, line)
    paper.need(3 * LINE_MM)
    # Two lines are left empty above, one where the page ends.
    room = round((_BOTTOM_MM - paper.get_y()) / LINE_MM)
    paper.skip(min(2, room - 2))
    char = _PITCH_PT * MM_PER_PT
    paper.set_font(SERIF, size=BODY_PT)
    issuer, day = _text(official.issuer), _text(official.day)
    width = max(paper.get_string_width(issuer), paper.get_string_width(day))
    # Four characters from the edge, as under a seal; a long name takes what it needs.
    left = max(LEFT_MM, LEFT_MM + WIDTH_MM - 4 * char - width)
    for words in (issuer, day):
        paper.set_x(left)
        paper.cell(width, LINE_MM, words, align=Align.C)
        paper.ln(LINE_MM)


def _table(paper: _Paper, table: Table) -> None:
    widths = [WIDTH_MM * share / sum(table.shares) for share in table.shares]
    paper.need(3 * LINE_MM)
    if table.title:
        paper.set_font(SANS, size=NUMBER_PT)
        paper.set_x(LEFT_MM)
        paper.cell(WIDTH_MM, LINE_MM, _text(table.title), align=Align.C)
        paper.ln(LINE_MM)
    _row(paper, table.heads, widths, table.numbers, is_head=True)
    for row in table.rows:
        if _height(paper, row, widths) + paper.get_y() > _BOTTOM_MM:
            paper.add_page()
            _row(paper, table.heads, widths, table.numbers, is_head=True)
        _row(paper, row, widths, table.numbers)
    paper.to_grid()


def _cells(paper: _Paper, row: Iterable[str], widths: Sequence[float]) -> list[list[str]]:
    paper.set_font(SERIF, size=TABLE_PT)
    return [
        broken(_text(words), width - 2 * _PAD_MM, paper.get_string_width)
        for words, width in zip(row, widths, strict=True)
    ]


def _height(paper: _Paper, row: Sequence[str], widths: Sequence[float]) -> float:
    return max(len(lines) for lines in _cells(paper, row, widths)) * _ROW_MM + 2 * _PAD_MM


def _row(
    paper: _Paper,
    row: Sequence[str],
    widths: Sequence[float],
    numbers: Sequence[int],
    *,
    is_head: bool = False,
) -> None:
    """Draw a row: heads in the middle, numbers at the right, words at the left."""
    cells = _cells(paper, row, widths)
    height = max(map(len, cells)) * _ROW_MM + 2 * _PAD_MM
    top, left = paper.get_y(), LEFT_MM
    paper.set_font(SANS if is_head else SERIF, size=TABLE_PT)
    for index, (lines, width) in enumerate(zip(cells, widths, strict=True)):
        paper.rect(left, top, width, height)
        align = Align.C if is_head else Align.R if index in numbers else Align.L
        start = top + (height - len(lines) * _ROW_MM) / 2
        for at, line in enumerate(lines):
            paper.set_xy(left + _PAD_MM, start + at * _ROW_MM)
            paper.cell(width - 2 * _PAD_MM, _ROW_MM, line, align=align)
        left += width
    paper.set_xy(LEFT_MM, top + height)
