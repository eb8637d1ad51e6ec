"""A letter as a Word document, in the fonts of official papers."""

from io import BytesIO

import segno
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Mm, Pt

from circle15.core.papers import word
from circle15.core.papers.letter import (
    Block,
    Code,
    Grid,
    Heading,
    Letter,
    Pairs,
    Paragraph,
    Signed,
)
from circle15.core.papers.text import printable

_BODY_PT, _SMALL_PT = 12, 9
_CODE_MM, _SIGNED_MM = 28, 42


def letter_docx(letter: Letter) -> bytes:
    """Return the letter as the bytes of a .docx file."""
    paper = word.new_paper(letter.mark, letter.foot)
    word.title(paper, letter.title)
    number = paper.add_paragraph()
    number.alignment = word.RIGHT
    number.add_run(printable(letter.number))
    for block in letter.blocks:
        _block(paper, block)
    return word.finished(paper)


def _block(paper: Paper, block: Block) -> None:
    match block:
        case Paragraph(words, bold):
            _paragraph(paper, words, bold=bold)
        case Heading(words):
            word.heading(paper, words)
        case Pairs(rows):
            _pairs(paper, rows)
        case Grid(heads, rows, shares):
            word.tabled(paper, heads, rows, shares)
        case Code(payload, lines):
            _code(paper, payload, lines)
        case _:
            _paragraph(paper, "　　　　　　　　".join(block.places))
            if block.signed:
                _signed(paper, block.signed)
            for words in (block.issuer, block.day):
                line = paper.add_paragraph()
                line.alignment = word.RIGHT
                line.add_run(printable(words))


def _paragraph(paper: Paper, words: str, *, bold: bool = False) -> None:
    line = paper.add_paragraph()
    line.paragraph_format.first_line_indent = Pt(2 * _BODY_PT)
    line.add_run(printable(words)).bold = bold


def _pairs(paper: Paper, rows: tuple[tuple[str, str], ...]) -> None:
    grid = paper.add_table(rows=0, cols=2, style="Table Grid")
    widths = Mm(40), Mm(word.WIDTH_MM - 40)
    word.set_widths(grid, widths)
    for name, value in rows:
        cells = grid.add_row().cells
        for cell, words, width in zip(cells, (name, value), widths, strict=True):
            cell.width = width
            cell.paragraphs[0].add_run(printable(words)).bold = words is name
    paper.add_paragraph()


def _signed(paper: Paper, signed: Signed) -> None:
    line = paper.add_paragraph()
    shape = line.add_run().add_picture(BytesIO(signed.png), width=Mm(_SIGNED_MM))
    shape._inline.docPr.set("descr", printable(signed.words))  # noqa: SLF001 -- python-docx has no description
    paper.add_paragraph().add_run(printable(signed.words)).font.size = Pt(_SMALL_PT)


def _code(paper: Paper, payload: str, lines: tuple[str, ...]) -> None:
    grid = paper.add_table(rows=1, cols=2)
    grid.alignment = WD_TABLE_ALIGNMENT.LEFT
    picture, beside = grid.rows[0].cells
    picture.width, beside.width = Mm(_CODE_MM + 6), Mm(word.WIDTH_MM - _CODE_MM - 6)
    word.set_widths(grid, [picture.width, beside.width])
    drawn = BytesIO()
    segno.make(payload, error="m", micro=False).save(drawn, kind="png", scale=8, border=2)
    shape = picture.paragraphs[0].add_run().add_picture(drawn, width=Mm(_CODE_MM))
    shape._inline.docPr.set("descr", payload)  # noqa: SLF001 -- python-docx has no description
    beside.paragraphs[0].add_run(printable("\n".join(lines)))
