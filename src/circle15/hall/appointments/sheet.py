"""The days' figures of appointments as a workbook; text is text and never a formula."""

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from circle15.hall.appointments.day_figures import DayFigures, summed


def heads() -> tuple[str, ...]:
    """Name the columns."""
    return (
        _("日期"),
        _("放出"),
        _("占用"),
        _("占用率"),
        _("待到"),
        _("已到"),
        _("未到"),
        _("取消"),
        _("到厅率"),
    )


def workbook(title: str, rows: Sequence[DayFigures], *, synthetic: bool) -> bytes:
    """Return the days and their sum; shares are numbers shown in percent."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("预约统计"))
    assert isinstance(sheet, WriteOnlyWorksheet)
    lines: list[list[str]] = [[_("合成数据")]] if synthetic else []
    lines += [[title], list(heads())]
    for line in lines:
        sheet.append([_cell(sheet, value, bold=True) for value in line])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in (f"{row.on:%Y-%m-%d}", *_values(row))])
    if rows:
        total = (_("合计"), *_values(summed(rows)))
        sheet.append([_cell(sheet, value, bold=True) for value in total])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _values(row: DayFigures) -> tuple[float | None, ...]:
    counts = (row.booked, row.arrived, row.no_show, row.cancelled)
    return (row.offered, row.taken, row.booked_share, *counts, row.used_share)


def _cell(sheet: WriteOnlyWorksheet, value: str | float | None, *, bold: bool = False) -> Cell:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if isinstance(value, float):
        cell.number_format = "0.0%"
    if bold:
        cell.font = Font(bold=True)
    return cell
