"""The score sheet and the gap report as Word documents."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from circle15.assessments.documents.gap_table import GapTable
from circle15.assessments.documents.score_table import ScoreTable, spans
from circle15.core.papers.text import printable
from circle15.core.papers.word import set_widths
from circle15.standards.text import number_text

BODY_FONT, TITLE_FONT, LATIN_FONT = "仿宋", "宋体", "Times New Roman"
A4_SHORT, A4_LONG = Mm(210), Mm(297)
# GB/T 9704-2012: 22 lines of size 3 (16 pt) on 156 mm x 225 mm.
BODY_PT, LINES = 16, 22
BLOCK_WIDTH_MM, BLOCK_HEIGHT_MM = 156, 225
TWIPS_PER_MM = 1440 / 25.4
CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def sheet_docx(table: ScoreTable) -> bytes:
    """Return the score sheet on landscape A4, the head of the table on every page."""
    paper = _paper(9)
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = A4_LONG, A4_SHORT
    section.left_margin = section.right_margin = Mm(12)
    section.top_margin = section.bottom_margin = Mm(14)
    _marked(paper, table.mark, table.footer)
    _title(paper, table.title, 18)
    _said(paper.add_paragraph(), "　　".join(table.facts), 10)
    grid = _grid(paper, [each.title for each in table.columns], 9)
    for row in table.rows:
        _fill(_new_row(grid), [_words(value) for value in row.cells], 9)
    _merged(grid, table)
    _fill(_new_row(grid), [_words(value) for value in table.total.cells], 9)
    _widths(grid, [Mm(each.width_mm) for each in table.columns])
    for index, column in enumerate(table.columns):
        if column.is_centred:
            _centred(grid, index)
    for note in table.notes:
        _said(paper.add_paragraph(), note, 10)
    _said(paper.add_paragraph(), "　　　　　　　　　　".join(table.signatures), 11)
    return _bytes(paper)


def gap_docx(table: GapTable) -> bytes:
    """Return the gap report on a page of GB/T 9704-2012."""
    paper = _paper(BODY_PT)
    section = paper.sections[0]
    section.page_width, section.page_height = A4_SHORT, A4_LONG
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.bottom_margin = Mm(297 - 37 - BLOCK_HEIGHT_MM)
    section.right_margin = Mm(210 - 28 - BLOCK_WIDTH_MM)
    _typing_grid(section._sectPr)  # noqa: SLF001 -- python-docx has no name for the grid
    _marked(paper, table.mark, "")
    _title(paper, table.title, 22)
    opening = paper.add_paragraph()
    opening.paragraph_format.first_line_indent = Pt(2 * BODY_PT)
    _said(opening, table.opening, BODY_PT)
    grid = _grid(paper, table.columns, 10.5)
    for row in table.rows:
        _fill(_new_row(grid), row, 10.5)
    _widths(grid, [Mm(each) for each in (11, 50, 49, 14, 16, 16)])
    for index in (0, 3, 4):
        _centred(grid, index)
    _said(paper.add_paragraph(), "　　　　".join(table.closing), 12)
    return _bytes(paper)


def _paper(size: float) -> Paper:
    paper = Document()
    style = paper.styles["Normal"]
    style.font.size = Pt(size)
    style.font.name = LATIN_FONT
    style.paragraph_format.space_after = Pt(0)
    _east_asian(style.element.get_or_add_rPr().get_or_add_rFonts(), BODY_FONT)
    _name_substitutes(paper)
    return paper


def _east_asian(fonts: BaseOxmlElement, name: str) -> None:
    fonts.set(qn("w:eastAsia"), name)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _name_substitutes(paper: Paper) -> None:
    """Say what to use where a font is not there: 仿宋_GB2312 first, then a font with rare ones."""
    part = next(
        each.target_part for each in paper.part.rels.values() if each.reltype.endswith("/fontTable")
    )
    names = (BODY_FONT, "仿宋_GB2312;FangSong;SimSun-ExtB"), (TITLE_FONT, "SimSun;SimSun-ExtB")
    added = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/></w:font>' for name, others in names
    )
    part._blob = part.blob.replace(b"</w:fonts>", f"{added}</w:fonts>".encode())  # noqa: SLF001 -- python-docx keeps this part as bytes


def _typing_grid(settings: BaseOxmlElement) -> None:
    """Set 22 lines a page; the one paragraph of words takes what a line has room for."""
    grid = settings.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        settings.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(int(BLOCK_HEIGHT_MM * TWIPS_PER_MM / LINES)))


def _marked(paper: Paper, mark: str, footer: str) -> None:
    section = paper.sections[0]
    if mark:
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _said(head, mark, 10)
    foot = section.footer.paragraphs[0]
    foot.alignment = CENTRE
    _said(foot, f"{footer}　— " if footer else "— ", 9)
    _page_number(foot)
    _said(foot, " —", 9)


def _page_number(foot: Paragraph) -> None:
    run = foot.add_run()
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        piece = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            piece.set(qn("w:fldCharType"), kind)
        else:
            piece.text = code
        run._r.append(piece)  # noqa: SLF001 -- python-docx has no fields


def _title(paper: Paper, words: str, size: float) -> None:
    title = paper.add_paragraph()
    title.alignment = CENTRE
    title.paragraph_format.space_after = Pt(size / 2)
    run = _said(title, words, size)
    run.bold = True
    _east_asian(run._r.get_or_add_rPr().get_or_add_rFonts(), TITLE_FONT)  # noqa: SLF001 -- python-docx sets Latin fonts only


def _said(paragraph: Paragraph, words: str, size: float) -> Run:
    run = paragraph.add_run(printable(words))
    run.font.size = Pt(size)
    return run


def _grid(paper: Paper, heads: Sequence[str], size: float) -> Table:
    grid: Table = paper.add_table(rows=1, cols=len(heads), style="Table Grid")
    _fill(grid.rows[0], heads, size)
    for cell in grid.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
        cell.paragraphs[0].alignment = CENTRE
    again = OxmlElement("w:tblHeader")
    again.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(again)  # noqa: SLF001 -- python-docx has no repeated head
    return grid


def _new_row(grid: Table) -> _Row:
    row: _Row = grid.add_row()  # type: ignore[no-untyped-call]  # untyped there
    return row


def _fill(row: _Row, values: Sequence[str], size: float) -> None:
    whole = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(whole)  # noqa: SLF001 -- python-docx has no unbroken row
    for cell, words in zip(row.cells, values, strict=True):
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _said(cell.paragraphs[0], words, size)


def _words(value: str | Decimal) -> str:
    return value if isinstance(value, str) else number_text(value)


def _merged(grid: Table, table: ScoreTable) -> None:
    """Draw a section and an indicator as one cell over their rows."""
    sections = [row.section for row in table.rows]
    indicators = [(row.section, row.indicator) for row in table.rows]
    for index, keys in ((0, sections), (1, indicators)):
        cells = grid.columns[index].cells[1:]
        for start, length in spans(keys):
            _join(cells[start : start + length])


def _join(cells: Sequence[_Cell]) -> None:
    for at, cell in enumerate(cells):
        merge = OxmlElement("w:vMerge")
        merge.set(qn("w:val"), "continue" if at else "restart")
        # The order of the elements is fixed: the merge comes before the alignment.
        cell._tc.get_or_add_tcPr().insert_element_before(merge, "w:vAlign")  # noqa: SLF001 -- Table.merge asks all cells each time
        if at:
            for run in cell.paragraphs[0].runs:
                run.text = ""


def _centred(grid: Table, index: int) -> None:
    for row in grid._tbl.tr_lst:  # noqa: SLF001 -- merged rows are asked once only
        cell = _Cell(row.tc_lst[index], grid)
        cell.paragraphs[0].alignment = CENTRE


def _widths(grid: Table, widths: Sequence[Length]) -> None:
    set_widths(grid, widths)
    for row in grid._tbl.tr_lst:  # noqa: SLF001 -- merged rows are asked once only
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = width


def _bytes(paper: Paper) -> bytes:
    out = BytesIO()
    paper.save(out)
    return out.getvalue()
