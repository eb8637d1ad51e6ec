"""The score sheet as an Excel workbook. Text is text and never a formula; points are numbers."""

from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from math import ceil

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from circle15.assessments.documents.score_table import Column, Row, ScoreTable, spans
from circle15.core.papers.text import printable

TEXT = "s"
FORMULA_SIGNS = ("=", "+", "-", "@")
# A Chinese character at 10 points is about 3.6 mm wide; Excel counts half of it as one.
CHARS_PER_MM = 0.55
LINE_PT = 14
THIN = Side(style="thin", color="808080")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD_FILL = PatternFill("solid", fgColor="E8EEF2")
LEFT = Alignment(wrap_text=True, vertical="center")
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
BODY, BOLD, TITLE = (
    Font(name="宋体", size=10),
    Font(name="宋体", size=10, bold=True),
    Font(name="黑体", size=16, bold=True),
)


def sheet_xlsx(table: ScoreTable) -> bytes:
    """Return a workbook with one sheet that prints on landscape A4, its head on every page."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = _("评分表")
    last = len(table.columns)
    _line(sheet, 1, table.title, last, font=TITLE, alignment=CENTRED, height=30)
    at = 2
    for words in (table.mark, "　　".join(table.facts)):
        if words:
            _line(sheet, at, words, last, height=LINE_PT * 3 if words != table.mark else LINE_PT)
            at += 1
    head = at
    _head(sheet, head, table.columns)
    _body(sheet, head + 1, table)
    at = head + 1 + len(table.rows)
    _row(sheet, at, table.total, table.columns, font=BOLD)
    sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=3)
    for words in (*table.notes, "　　　　　　　　".join(table.signatures)):
        at += 1
        _line(sheet, at, words, last, height=LINE_PT * 1.5)
    _page(sheet, table, head)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _put(cell: Cell | MergedCell, value: str | Decimal) -> None:
    """Write a value; a text that looks like a formula stays a text, also when edited."""
    assert isinstance(cell, Cell)
    if isinstance(value, Decimal):
        cell.value = value
    elif value:
        _put_text(cell, printable(value))


def _put_text(cell: Cell, value: str) -> None:
    cell.value = value
    cell.data_type = TEXT
    if value.startswith(FORMULA_SIGNS):
        cell.quotePrefix = True


def _line(  # noqa: PLR0913 -- one line across the whole table
    sheet: Worksheet,
    at: int,
    words: str,
    last: int,
    *,
    height: float,
    font: Font = BODY,
    alignment: Alignment = LEFT,
) -> None:
    cell = sheet.cell(at, 1)
    _put(cell, words)
    cell.font, cell.alignment = font, alignment
    sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=last)
    sheet.row_dimensions[at].height = height


def _head(sheet: Worksheet, at: int, columns: Iterable[Column]) -> None:
    for index, column in enumerate(columns, start=1):
        cell = sheet.cell(at, index)
        _put(cell, column.title)
        cell.font, cell.alignment, cell.border, cell.fill = BOLD, CENTRED, GRID, HEAD_FILL
        sheet.column_dimensions[get_column_letter(index)].width = column.width_mm * CHARS_PER_MM
    sheet.row_dimensions[at].height = LINE_PT * 1.5


def _body(sheet: Worksheet, first: int, table: ScoreTable) -> None:
    for offset, row in enumerate(table.rows):
        _row(sheet, first + offset, row, table.columns)
    sections = [row.section for row in table.rows]
    indicators = [(row.section, row.indicator) for row in table.rows]
    for column, keys in ((1, sections), (2, indicators)):
        for start, length in spans(keys):
            top = first + start
            sheet.merge_cells(
                start_row=top, end_row=top + length - 1, start_column=column, end_column=column
            )


def _row(
    sheet: Worksheet, at: int, row: Row, columns: tuple[Column, ...], *, font: Font = BODY
) -> None:
    for index, (value, column) in enumerate(zip(row.cells, columns, strict=True), start=1):
        cell = sheet.cell(at, index)
        _put(cell, value)
        cell.font, cell.border = font, GRID
        cell.alignment = CENTRED if column.is_centred else LEFT
    sheet.row_dimensions[at].height = LINE_PT * _lines(row, columns) + 4


def _lines(row: Row, columns: tuple[Column, ...]) -> int:
    """Estimate the lines of a row: Excel does not measure rows with merged cells."""
    own = zip(row.cells[2:], columns[2:], strict=True)
    return max(_lines_of(str(value), column) for value, column in own)


def _lines_of(words: str, column: Column) -> int:
    room = column.width_mm * CHARS_PER_MM
    return sum(max(1, ceil(_width(part) / room)) for part in words.split("\n"))


def _width(words: str) -> float:
    return sum(1 if char.isascii() else 2.1 for char in words)


def _page(sheet: Worksheet, table: ScoreTable, head: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{head}:{head}"
    sheet.freeze_panes = f"A{head + 1}"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    # The left, centre and right part, in Excel's own codes.
    sheet.oddFooter = _band(left=table.footer, right=_("第 &P 页，共 &N 页"))
    sheet.oddHeader = _band(right=table.mark)


def _band(*, left: str = "", right: str = "") -> HeaderFooterItem:
    return HeaderFooterItem(
        left=_HeaderFooterPart(text=left or None), right=_HeaderFooterPart(text=right or None)
    )
