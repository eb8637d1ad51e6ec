"""The trail as a file: every cell is text, none is ever taken for a formula."""

import csv
from collections.abc import Iterable
from io import StringIO

from django.utils.translation import gettext as _

from circle15.web.bureau.audit.lines import Line, heads

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
    from circle15.core.papers.sheet import text_workbook  # noqa: PLC0415 -- slow import

    return text_workbook(_("审计记录"), heads(), (line.cells() for line in lines))
