"""A workbook of one sheet, every cell text or a number: nothing is ever taken for a formula."""

from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

# What a cell of Excel holds, with room for what it adds.
LONGEST = 32_000
_MONEY = "#,##0.00"


def text_workbook(
    title: str, heads: Iterable[str], rows: Iterable[Iterable[str | Decimal]]
) -> bytes:
    """Return an xlsx file with the heads in bold; control characters are left out.

    A Decimal is a sum of money: a number that can be added up.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    _append(sheet, heads, bold=True)
    for row in rows:
        _append(sheet, row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _append(
    sheet: WriteOnlyWorksheet, texts: Iterable[str | Decimal], *, bold: bool = False
) -> None:
    cells = []
    for text in texts:
        if isinstance(text, Decimal):
            cell = WriteOnlyCell(sheet, value=text)  # type: ignore[arg-type]  # it writes them
            cell.number_format = _MONEY
            cells.append(cell)
            continue
        cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST])
        cell.data_type = "s"
        if bold:
            cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
