"""An official paper as a Word document: margins, grid and fonts as GB/T 9704-2012 has them."""

from collections.abc import Sequence
from io import BytesIO
from math import floor

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import _Footer
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run

from circle15.core.papers.official import (
    BODY_PT,
    CHARS,
    HEIGHT_MM,
    LEFT_MM,
    LINES,
    MARK_PT,
    MM_PER_PT,
    NUMBER_PT,
    PAGE_MM,
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
from circle15.core.papers.text import printable
from circle15.core.papers.word import set_widths

BODY_FONT, LATIN_FONT = "仿宋_GB2312", "Times New Roman"
TITLE_FONT, FIRST_FONT, SECOND_FONT, NUMBER_FONT = "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
_LEVEL_FONTS = (FIRST_FONT, SECOND_FONT, BODY_FONT, BODY_FONT)
# What to use where a font is not there, the free ones last.
_SUBSTITUTES = (
    (BODY_FONT, "仿宋;FangSong;FandolFang;Noto Serif CJK SC"),
    (TITLE_FONT, "宋体;SimSun;Noto Serif CJK SC"),
    (SECOND_FONT, "楷体;KaiTi;FandolKai;Noto Serif CJK SC"),
    (FIRST_FONT, "SimHei;Noto Sans CJK SC"),
)
_TWIPS_PER_MM = 1440 / 25.4
LINE_TWIPS = int(HEIGHT_MM * _TWIPS_PER_MM / LINES)
# How much closer characters stand than they are wide, in twentieths of a point. Said of the words
# and not of the page's grid: there some programs give a wider character two places.
CHAR_TWIPS = floor((WIDTH_MM / MM_PER_PT / CHARS - BODY_PT) * 20)
_RED = RGBColor(200, 0, 0)
_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_SMALL_PT, _TABLE_LINE_PT = 10.5, 18.0


def official_docx(official: Official) -> bytes:
    """Return the paper as the bytes of a .docx file."""
    paper = _page(official.mark)
    _opening(paper, official)
    _blocks(paper, official.blocks)
    _ending(paper, official)
    for at, attached in enumerate(official.attachments, start=1):
        head = _line(paper, attachment_head(official, at), font=FIRST_FONT)
        head.paragraph_format.page_break_before = True
        _title(paper, attached.title)
        _blocks(paper, attached.blocks)
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def _page(mark: str) -> Paper:
    paper = Document()
    style = paper.styles["Normal"]
    style.font.size, style.font.name = Pt(BODY_PT), LATIN_FONT
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = Pt(LINE_TWIPS / 20)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)
    section = paper.sections[0]
    section.page_width, section.page_height = map(Mm, PAGE_MM)
    section.top_margin, section.left_margin = Mm(TOP_MM), Mm(LEFT_MM)
    section.bottom_margin = Mm(PAGE_MM[1] - TOP_MM - HEIGHT_MM)
    section.right_margin = Mm(PAGE_MM[0] - LEFT_MM - WIDTH_MM)
    # The number stands 7 mm below the type area.
    section.footer_distance = Mm(PAGE_MM[1] - TOP_MM - HEIGHT_MM - 7 - 5)
    _grid(paper)
    _name_substitutes(paper)
    paper.settings.odd_and_even_pages_header_footer = True
    _numbers(section.footer, is_right=True)
    _numbers(section.even_page_footer, is_right=False)
    for head in (section.header, section.even_page_header) if mark else ():
        line = head.paragraphs[0]
        line.alignment = _RIGHT
        _run(line, mark, size=_SMALL_PT, font=FIRST_FONT)
    return paper


def _grid(paper: Paper) -> None:
    """Say how many lines a page has."""
    settings = paper.sections[0]._sectPr  # noqa: SLF001 -- python-docx has no name for the grid
    grid = settings.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        settings.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(LINE_TWIPS))


def _name_substitutes(paper: Paper) -> None:
    part = next(
        each.target_part for each in paper.part.rels.values() if each.reltype.endswith("/fontTable")
    )
    added = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/></w:font>'
        for name, others in _SUBSTITUTES
    )
    part._blob = part.blob.replace(b"</w:fonts>", f"{added}</w:fonts>".encode())  # noqa: SLF001 -- python-docx keeps this part as bytes


def _numbers(foot: _Footer, *, is_right: bool) -> None:
    line = foot.paragraphs[0]
    line.alignment = _RIGHT if is_right else WD_ALIGN_PARAGRAPH.LEFT
    inset = Pt(NUMBER_PT)
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = inset
    _run(line, "— ", size=NUMBER_PT, font=NUMBER_FONT)
    number = _run(line, "", size=NUMBER_PT, font=NUMBER_FONT)
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        piece = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            piece.set(qn("w:fldCharType"), kind)
        else:
            piece.text = code
        number._r.append(piece)  # noqa: SLF001 -- python-docx has no fields
    _run(line, " —", size=NUMBER_PT, font=NUMBER_FONT)


def _opening(paper: Paper, official: Official) -> None:
    if official.issuer_mark:
        _red_head(paper, official)
    elif official.number:
        _line(paper, official.number).alignment = _RIGHT
    _title(paper, official.title)
    if official.addressee:
        _line(paper, f"{official.addressee}：")


def _red_head(paper: Paper, official: Official) -> None:
    for _at in range(3):
        paper.add_paragraph()
    mark = paper.add_paragraph()
    mark.alignment = _CENTRE
    mark.paragraph_format.line_spacing = Pt(2 * LINE_TWIPS / 20)
    width_pt = WIDTH_MM / MM_PER_PT
    size = min(MARK_PT, width_pt / max(len(official.issuer_mark), 1))
    run = _run(mark, official.issuer_mark, size=int(size), font=TITLE_FONT)
    run.font.color.rgb = _RED
    paper.add_paragraph()
    number = _line(paper, official.number)
    number.alignment = _CENTRE
    _red_line(number)
    paper.add_paragraph()


def _red_line(line: Line) -> None:
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "16"), ("space", "11"), ("color", "C80000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    line._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 -- python-docx has no borders
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _title(paper: Paper, words: str) -> None:
    paper.add_paragraph()
    line = paper.add_paragraph()
    line.alignment = _CENTRE
    _run(line, words, size=TITLE_PT, font=TITLE_FONT)
    paper.add_paragraph()


def _blocks(paper: Paper, blocks: Sequence[Block]) -> None:
    for block in numbered(blocks):
        match block:
            case Heading(words, level):
                line = _line(paper, words, font=_LEVEL_FONTS[level - 1], indent=2)
                line.paragraph_format.keep_with_next = True
                _outline(line, level)
            case Paragraph(words):
                _line(paper, words, indent=2)
            case Table():
                _table(paper, block)


def _outline(line: Line, level: int) -> None:
    """Let Word's navigation find a heading without the look of its built-in style."""
    depth = OxmlElement("w:outlineLvl")
    depth.set(qn("w:val"), str(level - 1))
    line._p.get_or_add_pPr().append(depth)  # noqa: SLF001 -- python-docx has no outline


def _line(paper: Paper, words: str, *, font: str = BODY_FONT, indent: int = 0) -> Line:
    line = paper.add_paragraph()
    line.paragraph_format.first_line_indent = Pt(indent * BODY_PT) if indent else None
    _run(line, words, size=BODY_PT, font=font)
    return line


def _run(line: Line, words: str, *, size: float, font: str) -> Run:
    run = line.add_run(printable(words))
    run.font.size, run.font.name = Pt(size), LATIN_FONT
    look = run._r.get_or_add_rPr()  # noqa: SLF001 -- python-docx sets Latin fonts only
    look.get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if size == BODY_PT:
        space = OxmlElement("w:spacing")
        space.set(qn("w:val"), str(CHAR_TWIPS))
        look.insert_element_before(space, "w:w", "w:kern", "w:position", "w:sz")
    return run


def _ending(paper: Paper, official: Official) -> None:
    if official.attachments:
        paper.add_paragraph()
        for words in attachment_lines(official):
            _line(paper, words, indent=2)
    if paper.paragraphs:  # a signature never stands on a page without words
        last = paper.paragraphs[-1].paragraph_format
        last.keep_with_next = last.keep_together = True
    for _at in range(2):
        paper.add_paragraph().paragraph_format.keep_with_next = True
    longest = max(len(official.issuer), len(official.day))
    for words in (official.issuer, official.day):
        line = _line(paper, words)
        line.alignment = _RIGHT
        # The shorter of the two stands over the middle of the longer one.
        room = 4 + (longest - len(words)) / 2
        line.paragraph_format.right_indent = Pt(room * BODY_PT)
        line.paragraph_format.keep_with_next = words is official.issuer


def _table(paper: Paper, table: Table) -> None:
    if table.title:
        title = paper.add_paragraph()
        title.alignment = _CENTRE
        title.paragraph_format.keep_with_next = True
        _run(title, table.title, size=NUMBER_PT, font=FIRST_FONT)
    grid = paper.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    widths = [WIDTH_MM * share / sum(table.shares) for share in table.shares]
    set_widths(grid, [Mm(width) for width in widths])
    _fill(grid.rows[0], table.heads, widths, (), is_head=True)
    again = OxmlElement("w:tblHeader")
    again.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(again)  # noqa: SLF001 -- python-docx has no repeated head
    for row in table.rows:
        _fill(grid.add_row(), row, widths, table.numbers)
    after = paper.add_paragraph()
    after.paragraph_format.line_spacing = Pt(LINE_TWIPS / 40)


def _fill(
    row: _Row,
    values: Sequence[str],
    widths: Sequence[float],
    numbers: Sequence[int],
    *,
    is_head: bool = False,
) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 -- python-docx has no unbroken row
    cells = zip(row.cells, values, widths, strict=True)
    for index, (cell, words, width) in enumerate(cells):
        cell.width = Mm(width)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _cell(cell, words, font=FIRST_FONT if is_head else BODY_FONT)
        if is_head or index in numbers:
            cell.paragraphs[0].alignment = _CENTRE if is_head else _RIGHT


def _cell(cell: _Cell, words: str, *, font: str) -> None:
    line = cell.paragraphs[0]
    line.paragraph_format.line_spacing = Pt(_TABLE_LINE_PT)
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    line._p.get_or_add_pPr().insert_element_before(snap, "w:spacing", "w:ind", "w:jc", "w:rPr")  # noqa: SLF001 -- python-docx has no grid
    run = _run(line, "", size=TABLE_PT, font=font)
    for at, part in enumerate(printable(words).split("\n")):
        if at:
            run.add_break(WD_BREAK.LINE)
        run.add_text(part)
