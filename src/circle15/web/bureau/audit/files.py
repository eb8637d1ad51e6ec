"""The trail as a file: every cell is text, none is ever taken for a formula."""

import csv
from collections.abc import Iterable
from io import BytesIO, StringIO

from django.utils.translation import gettext as _

from circle15.web.bureau.audit.lines import Line, heads

_LONGEST = 32_000
_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(lines: Iterable[Line]) -> bytes:
    """Return a CSV file that spreadsheets open in Chinese."""
    out = StringIO()
    rows = csv.writer(out, quoting=csv.QUOTE_ALL)
    rows.writerow(heads())
    rows.writerows([_harmless(cell) for cell in line.cells()] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def _harmless(words: str) -> str:
    return f"'{words}" if words.startswith(_SIGNS) else words


def as_xlsx(lines: Iterable[Line]) -> bytes:
    """Return a workbook with one sheet."""
    from openpyxl import Workbook  # noqa: PLC0415 -- slow import
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 -- slow import
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415 -- slow import

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("审计记录"))
    for row in (heads(), *(line.cells() for line in lines)):
        cells = []
        for words in row:
            cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", words)[:_LONGEST])
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
