"""Paragraphs, tables and pictures of a Word document, in the fonts of official papers."""

from collections.abc import Sequence
from io import BytesIO

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from circle15.core.papers.text import printable

BODY_FONT, TITLE_FONT, LATIN_FONT = "仿宋", "宋体", "Times New Roman"
WIDTH_MM = 170
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def new_paper(mark: str, foot: str) -> Paper:
    """Begin an A4 page, marked at the head of every page where the data are made up."""
    paper = Document()
    style = paper.styles["Normal"]
    style.font.size, style.font.name = Pt(12), LATIN_FONT
    style.paragraph_format.space_after = Pt(4)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), BODY_FONT)
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - WIDTH_MM) / 2)
    section.top_margin = section.bottom_margin = Mm(22)
    if mark:
        head = section.header.paragraphs[0]
        head.alignment = RIGHT
        head.add_run(mark).bold = True
    last = section.footer.paragraphs[0]
    last.alignment = CENTRE
    last.add_run(f"{printable(foot)}　— ")
    _page_number(last)
    last.add_run(" —")
    return paper


def title(paper: Paper, words: str) -> None:
    """Write the title."""
    line = paper.add_paragraph()
    line.alignment = CENTRE
    run = line.add_run(printable(words))
    run.bold, run.font.size = True, Pt(20)
    _east_asian(run._r.get_or_add_rPr().get_or_add_rFonts())  # noqa: SLF001 -- python-docx sets Latin fonts only


def heading(paper: Paper, words: str) -> None:
    """Write the heading of a part; Word's navigation finds it."""
    line = paper.add_paragraph(style="Heading 2")
    run = line.add_run(printable(words))
    run.font.size, run.font.name = Pt(14), LATIN_FONT
    _east_asian(run._r.get_or_add_rPr().get_or_add_rFonts())  # noqa: SLF001 -- as above


def said(paper: Paper, words: str, *, large: bool = False) -> None:
    """Write a paragraph."""
    run = paper.add_paragraph().add_run(printable(words))
    if large:
        run.bold, run.font.size = True, Pt(18)


def listed(paper: Paper, lines: Sequence[str]) -> None:
    """Write a list with bullets."""
    for words in lines:
        paper.add_paragraph(style="List Bullet").add_run(printable(words))


def pictured(paper: Paper, picture: bytes, description: str) -> None:
    """Put a picture over the whole width, with words for those who can't see it."""
    line = paper.add_paragraph()
    line.alignment = CENTRE
    shape = line.add_run().add_picture(BytesIO(picture), width=Mm(WIDTH_MM))
    shape._inline.docPr.set("descr", printable(description))  # noqa: SLF001 -- python-docx has no description


def set_widths(grid: Table, widths: Sequence[Length]) -> None:
    """Fix the columns of a table: some programs go by its grid and not by its cells."""
    grid.autofit = False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width


def tabled(
    paper: Paper, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> None:
    """Write a table whose head stands again on every page; widths are shares of the page."""
    grid = paper.add_table(rows=1, cols=len(heads), style="Table Grid")
    sizes = [Mm(WIDTH_MM * share / sum(widths)) for share in widths]
    set_widths(grid, sizes)
    _row(grid.rows[0].cells, heads, sizes, bold=True)
    again = OxmlElement("w:tblHeader")
    again.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(again)  # noqa: SLF001 -- python-docx has no repeated head
    for values in rows:
        _row(grid.add_row().cells, values, sizes, bold=False)
    paper.add_paragraph()


def finished(paper: Paper) -> bytes:
    """Give the document."""
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def _row(
    cells: Sequence[object], values: Sequence[str], sizes: Sequence[Length], *, bold: bool
) -> None:
    for cell, words, size in zip(cells, values, sizes, strict=True):
        cell.width = size  # type: ignore[attr-defined]  # a cell of python-docx
        run = cell.paragraphs[0].add_run(printable(words))  # type: ignore[attr-defined]
        run.font.size, run.bold = Pt(10.5), bold


def _east_asian(fonts: object) -> None:
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)  # type: ignore[attr-defined]  # an lxml element
    fonts.set(qn("w:eastAsia"), TITLE_FONT)  # type: ignore[attr-defined]


def _page_number(foot: Paragraph) -> None:
    run = foot.add_run()
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        piece = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            piece.set(qn("w:fldCharType"), kind)
        else:
            piece.text = code
        run._r.append(piece)  # noqa: SLF001 -- python-docx has no fields
