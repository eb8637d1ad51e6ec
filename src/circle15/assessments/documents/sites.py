"""The list of sites as a workbook."""

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from circle15.sites.models import Site
from circle15.standards.model import Edition

TEXT = "s"


def sites_workbook(sites: Sequence[Site], editions: Sequence[Edition]) -> bytes:
    """Return a workbook with one row a site and one column a book; scores are text, exact."""
    language = get_language() or ""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("网点列表"))
    heads = [_("编码"), _("网点"), _("类型"), _("状态"), _("所在乡镇、村"), _("数据性质")]
    heads += [edition.title.in_language(language) for edition in editions]
    text_row(sheet, heads, bold=True)
    for site in sites:
        text_row(sheet, _row(site, editions))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _row(site: Site, editions: Sequence[Edition]) -> list[str]:
    scores = {score.book: score for score in site.live_scores.all()}
    found = [scores.get(edition.id) for edition in editions]
    return [
        site.code,
        site.name,
        str(site.get_kind_display()),
        str(site.get_status_display()),
        site.division.name,
        _("合成数据") if site.is_synthetic else "",
        *("" if score is None else f"{score.total.normalize():f}" for score in found),
    ]


def text_row(sheet: WriteOnlyWorksheet, row: Sequence[str], *, bold: bool = False) -> None:
    """Append a row in which every cell is text: a name that begins with = stays a name."""
    sheet.append([_cell(sheet, words, bold=bold) for words in row])


def _cell(sheet: WriteOnlyWorksheet, words: str, *, bold: bool = False) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, value=words)
    cell.data_type = TEXT
    if bold:
        cell.font = Font(bold=True)
    return cell
