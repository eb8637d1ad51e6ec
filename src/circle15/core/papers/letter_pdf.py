"""A letter as a PDF: A4 upright, fonts embedded, nothing of the person beside what it says."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import segno
from fpdf import FPDF
from fpdf.enums import Align

from circle15.core.papers.fonts import SANS, SERIF, cut_to, drawable, give
from circle15.core.papers.letter import (
    Block,
    Code,
    Grid,
    Heading,
    Letter,
    Pairs,
    Paragraph,
    Signatures,
    Signed,
)
from circle15.core.papers.text import broken, printable

_SIDE_MM, _TOP_MM, _FOOT_MM = 22.0, 22.0, 18.0
_TITLE_PT, _HEADING_PT, _BODY_PT, _TABLE_PT, _FOOT_PT = 20.0, 13.0, 11.5, 10.5, 9.0
_LINE_MM, _ROW_MM, _PAD_MM, _PAGE_MM = 6.4, 5.2, 1.8, 32.0
_NAME_MM, _CODE_MM, _SIGNED_MM = 38.0, 28.0, 42.0
_HEAD_GREY, _RULE_GREY = 238, 140
_INDENT = "　　"


class _Paper(FPDF):
    """An upright A4 page with its running head and foot."""

    def __init__(self, letter: Letter, fonts: Mapping[str, Path]) -> None:
        super().__init__(unit="mm", format="A4")
        self.letter = letter
        give(self, fonts)
        self.set_fallback_fonts([SERIF])
        self.set_margins(_SIDE_MM, _TOP_MM)
        self.set_auto_page_break(auto=False)
        self.set_draw_color(_RULE_GREY)
        self.set_line_width(0.2)
        self.set_title(letter.title)
        self.set_lang("zh-CN")

    def header(self) -> None:
        if self.letter.mark:
            self.set_font(SANS, size=_FOOT_PT)
            self.set_xy(_SIDE_MM, 11)
            self.cell(self.epw, 5, _text(self.letter.mark), align=Align.R)
        self.set_xy(_SIDE_MM, _TOP_MM)

    def footer(self) -> None:
        self.set_font(SANS, size=_FOOT_PT)
        self.set_xy(_SIDE_MM, -_FOOT_MM + 5)
        words = self.letter.page_words % {"page": self.page_no()}
        self.cell(self.epw, 5, _text(words), align=Align.R)
        foot, room = _text(self.letter.foot), self.epw - _PAGE_MM
        width = self.get_string_width(foot)
        # An address may be long: it is set smaller rather than over the number of the page.
        self.set_font(SANS, size=_FOOT_PT * min(1, room / max(width, 1)))
        self.set_x(_SIDE_MM)
        self.cell(room, 5, foot)

    def broken(self, words: str, room: float, size: float) -> list[str]:
        """Break words set in the plain font at a size."""
        self.set_font(SANS, size=size)
        return broken(_text(words), room, self.get_string_width)

    def need(self, height: float) -> None:
        """Begin a new page where what comes would not fit."""
        if self.get_y() + height > self.h - _FOOT_MM:
            self.add_page()


def letter_pdf(letter: Letter) -> bytes:
    """Return the letter as the bytes of a .pdf file."""
    words = set(_text("".join(letter.words())) + _INDENT)
    with TemporaryDirectory() as folder:
        paper = _Paper(letter, cut_to(words, Path(folder)))
        paper.add_page()
        _title(paper, letter)
        for block in letter.blocks:
            _block(paper, block)
        return bytes(paper.output())


def _text(words: str) -> str:
    return drawable(printable(words))


def _title(paper: _Paper, letter: Letter) -> None:
    paper.set_font(SERIF, size=_TITLE_PT)
    for line in broken(_text(letter.title), paper.epw, paper.get_string_width):
        paper.cell(0, 11, line, align=Align.C)
        paper.ln(11)
    paper.set_font(SANS, size=_BODY_PT)
    paper.cell(0, _LINE_MM, _text(letter.number), align=Align.R)
    paper.ln(_LINE_MM + 2)


def _block(paper: _Paper, block: Block) -> None:
    match block:
        case Paragraph(words, bold):
            _paragraph(paper, words, bold=bold)
        case Heading(words):
            _heading(paper, words)
        case Pairs(rows):
            room = paper.epw - _NAME_MM
            for row in rows:
                _row(paper, row, (_NAME_MM, room), grey=1)
            paper.ln(3)
        case Grid():
            _grid(paper, block)
        case Code(payload, lines):
            _code(paper, payload, lines)
        case Signatures():
            _signatures(paper, block)


def _paragraph(paper: _Paper, words: str, *, bold: bool) -> None:
    for line in paper.broken(_INDENT + words, paper.epw, _BODY_PT):
        paper.need(_LINE_MM)
        paper.set_font(SANS, size=_BODY_PT)
        with _boldly(paper) if bold else nullcontext():
            paper.cell(0, _LINE_MM, line)
        paper.ln(_LINE_MM)
    paper.ln(1.5)


def _boldly(paper: _Paper) -> AbstractContextManager[object]:
    """Thicken the letters, as the font comes in one weight; what comes after is plain again."""
    return paper.local_context(text_mode="FILL_STROKE", draw_color=paper.text_color)


def _heading(paper: _Paper, words: str) -> None:
    paper.need(3 * _LINE_MM)
    paper.ln(1)
    paper.set_font(SERIF, size=_HEADING_PT)
    paper.cell(0, _LINE_MM + 1, _text(words))
    paper.ln(_LINE_MM + 2)


def _grid(paper: _Paper, grid: Grid) -> None:
    widths = [paper.epw * share / sum(grid.shares) for share in grid.shares]
    paper.need(5 * _ROW_MM)
    _row(paper, grid.heads, widths, grey=len(widths))
    for row in grid.rows:
        if _height(paper, row, widths) + paper.get_y() > paper.h - _FOOT_MM:
            paper.add_page()
            _row(paper, grid.heads, widths, grey=len(widths))
        _row(paper, row, widths)
    paper.ln(3)


def _height(paper: _Paper, row: Sequence[str], widths: Sequence[float]) -> float:
    return max(len(lines) for lines in _cells(paper, row, widths)) * _ROW_MM + 2 * _PAD_MM


def _cells(paper: _Paper, row: Sequence[str], widths: Sequence[float]) -> list[list[str]]:
    rooms = zip(row, widths, strict=True)
    return [paper.broken(words, width - 2 * _PAD_MM, _TABLE_PT) for words, width in rooms]


def _row(paper: _Paper, row: Sequence[str], widths: Sequence[float], *, grey: int = 0) -> None:
    """Draw a row; the first `grey` cells are names."""
    height = _height(paper, row, widths)
    paper.need(height)
    left, top = _SIDE_MM, paper.get_y()
    paper.set_fill_color(_HEAD_GREY)
    for index, (lines, width) in enumerate(zip(_cells(paper, row, widths), widths, strict=True)):
        paper.rect(left, top, width, height, style="DF" if index < grey else "D")
        for at, line in enumerate(lines):
            paper.set_xy(left + _PAD_MM, top + _PAD_MM + at * _ROW_MM)
            paper.cell(width - 2 * _PAD_MM, _ROW_MM, line)
        left += width
    paper.set_xy(_SIDE_MM, top + height)


def _code(paper: _Paper, payload: str, lines: tuple[str, ...]) -> None:
    paper.need(_CODE_MM + 4)
    left, top = _SIDE_MM, paper.get_y() + 1
    matrix = segno.make(payload, error="m", micro=False).matrix
    step = _CODE_MM / len(matrix)
    paper.set_fill_color(0)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                paper.rect(left + x * step, top + y * step, step, step, style="F")
    room = paper.epw - _CODE_MM - 6
    beside = [line for words in lines for line in paper.broken(words, room, _TABLE_PT)]
    for at, line in enumerate(beside):
        paper.set_xy(left + _CODE_MM + 6, top + at * (_ROW_MM + 0.6))
        paper.cell(room, _ROW_MM, line)
    paper.set_xy(_SIDE_MM, top + max(_CODE_MM, len(beside) * (_ROW_MM + 0.6)) + 3)


def _signed(paper: _Paper, signed: Signed, room: float) -> None:
    """Put a signature below its place, and beside it the words that prove it."""
    top = paper.get_y() + _LINE_MM
    width = min(_SIGNED_MM, room)
    paper.image(BytesIO(signed.png), _SIDE_MM, top, width, _SIGNED_MM / 3, keep_aspect_ratio=True)
    paper.set_y(top + _SIGNED_MM / 3)
    for line in paper.broken(signed.words, paper.epw, _FOOT_PT):
        paper.cell(0, _ROW_MM, line)
        paper.ln(_ROW_MM)
    paper.set_font(SANS, size=_BODY_PT)


def _signatures(paper: _Paper, block: Signatures) -> None:
    paper.need((9 if block.signed else 5) * _LINE_MM)
    paper.ln(5)
    paper.set_font(SANS, size=_BODY_PT)
    for words in block.places:
        paper.cell(paper.epw / len(block.places), _LINE_MM, _text(words))
    if block.signed:
        _signed(paper, block.signed, paper.epw / len(block.places))
    paper.ln(2 * _LINE_MM)
    for words in (block.issuer, block.day):
        paper.cell(0, _LINE_MM, _text(words), align=Align.R)
        paper.ln(_LINE_MM)
