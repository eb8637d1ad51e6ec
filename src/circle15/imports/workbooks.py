"""Write the workbook: empty as a template, or with the failing rows of an import to be mended."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from circle15.areas.wording import worded
from circle15.core.coordinates import CoordinateSystem
from circle15.core.identifiers import excel_damage, to_retype
from circle15.core.messages import Message, joined
from circle15.imports.bringing import OPTIONS_SHEET, Outcome, Taken
from circle15.imports.columns import Column, Sheet
from circle15.imports.declared import LABEL, NOTES_SHEET, SYSTEMS
from circle15.imports.rows import Row
from circle15.imports.sheets import sheets
from circle15.imports.states import Kind
from circle15.imports.tables import ERROR_COLUMN

_FILLED_TO = 20_000  # rows with drop-downs and text format
_TEXT = "@"
_HEADER = PatternFill("solid", fgColor="DCE9F5")
_REQUIRED = PatternFill("solid", fgColor="FDE9C8")
_BAD = PatternFill("solid", fgColor="F4B6B6")
_BOLD = Font(bold=True)
_WRAP = Alignment(wrap_text=True, vertical="top")
_LONGEST = 32_000  # a cell holds 32,767 characters
_RULES = (
    Message("一、每张表第一行是表头，请勿合并单元格；列的顺序可以调整，不用的列可以删除。"),
    Message("二、橙色表头为必填列。鼠标停在表头上可以看到示例。"),
    Message(
        "三、编码、身份证号、电话等列已设为文本格式；从别处粘贴时请用“只粘贴值”，以免号码变成3.20621E+17。"
    ),
    Message("四、日期请写成2024-01-05的形式；人口、数量只填数字，不带单位。"),
    Message(
        "五、表中有经纬度时，必须在上面选择坐标系：高德、腾讯地图为GCJ-02，百度地图为BD-09，天地图为CGCS2000。"
    ),
    Message("六、空着的单元格不会清除系统中已有的内容。"),
    Message("七、上传后先校验，不会写入；确认后才导入。同一份表格重复导入不会产生重复数据。"),
)


def template() -> bytes:
    """Give the empty workbook: notes, one sheet for each kind with drop-downs, no data."""
    return _workbook(dict.fromkeys(sheets(), ()), None)


def errors_workbook(outcome: Outcome) -> bytes:
    """Give the failing rows in the layout of the workbook, bad cells red, reasons at the end."""
    failing = {one.sheet.kind: _failing(one) for one in outcome.taken if one.failed}
    return _workbook(failing, outcome.system)


_Filled = tuple[Mapping[str, object], Row]


def _failing(taken: Taken) -> list[_Filled]:
    """Pair each failing row with its cells as they were typed."""
    table = taken.table
    assert table is not None
    return [
        ({column.field: _at(row.raw, place) for place, column in table.places.items()}, row)
        for row in taken.failed
    ]


def _at(raw: Sequence[object], place: int) -> object:
    return raw[place] if place < len(raw) else None


def _workbook(filled: Mapping[Kind, Sequence[_Filled]], system: CoordinateSystem | None) -> bytes:
    book = Workbook(write_only=True)
    _write_notes(book, system)
    options = [column for kind in filled for column in sheets()[kind].columns if column.choices]
    for kind, rows in filled.items():
        _write_sheet(book, sheets()[kind], rows, options)
    _write_options(book, options)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet_of(book: Workbook, title: str) -> Worksheet:
    """Add a sheet; written row by row, it has all a common sheet has but its cells."""
    sheet: Worksheet = book.create_sheet(title)
    return sheet


def _write_notes(book: Workbook, system: CoordinateSystem | None) -> None:
    sheet = _sheet_of(book, NOTES_SHEET)
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 90
    label = next((name for name, one in SYSTEMS.items() if one == system), "")
    listed = DataValidation(type="list", formula1=f'"{",".join(SYSTEMS)}"', allow_blank=True)
    listed.add("B2")
    sheet.data_validations.append(listed)
    sheet.append([_cell(sheet, NOTES_SHEET, bold=True)])
    sheet.append([_cell(sheet, LABEL, bold=True), _cell(sheet, label)])
    for rule in _RULES:
        sheet.append([None, _cell(sheet, worded(rule))])
    for one in sheets().values():
        sheet.append([])
        sheet.append([_cell(sheet, worded(Message("表“%(sheet)s”", sheet=one.title)), bold=True)])
        for column in one.columns:
            sheet.append([_cell(sheet, column.title), _cell(sheet, _explained(column))])


def _explained(column: Column) -> str:
    parts = [
        Message("必填") if column.required else Message("选填"),
        column.note,
        Message("示例：%(example)s", example=column.example),
    ]
    return worded(joined([part for part in parts if part]))


def _write_sheet(
    book: Workbook, described: Sheet, rows: Sequence[_Filled], options: Sequence[Column]
) -> None:
    sheet = _sheet_of(book, described.title)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(described.columns, 1):
        _prepare_column(sheet, place, column, options)
    header = [_header(sheet, column) for column in described.columns]
    if rows:
        sheet.column_dimensions[get_column_letter(len(header) + 1)].width = 60
        header.append(_cell(sheet, ERROR_COLUMN, bold=True, fill=_BAD))
    sheet.append(header)
    for typed, row in rows:
        sheet.append([*_row_cells(sheet, described, typed, row)])


def _prepare_column(
    sheet: Worksheet, place: int, column: Column, options: Sequence[Column]
) -> None:
    letter = get_column_letter(place)
    sheet.column_dimensions[letter].width = max(12, len(column.title) * 2 + 4)
    if column.is_code:
        sheet.column_dimensions[letter].number_format = _TEXT
    if column.choices:
        source = get_column_letter(options.index(column) + 1)
        last = len(column.choices) + 1
        listed = DataValidation(
            type="list",
            formula1=f"{OPTIONS_SHEET}!${source}$2:${source}${last}",
            allow_blank=True,
        )
        listed.add(f"{letter}2:{letter}{_FILLED_TO}")
        sheet.data_validations.append(listed)


def _header(sheet: Worksheet, column: Column) -> Cell:
    cell = _cell(sheet, column.title, bold=True, fill=_REQUIRED if column.required else _HEADER)
    cell.comment = Comment(_explained(column), "circle15", height=90, width=260)
    return cell


def _row_cells(
    sheet: Worksheet, described: Sheet, typed: Mapping[str, object], row: Row
) -> Iterable[Cell]:
    bad = {name for name, _ in row.faults}
    for column in described.columns:
        fill = _BAD if column.field in bad else None
        value = typed.get(column.field)
        if fill and column.is_code and excel_damage(value):
            value = to_retype(value)
        yield _cell(sheet, value, fill=fill, is_code=column.is_code)
    reasons = joined([_reason(described, name, message) for name, message in row.faults])
    yield _cell(sheet, worded(reasons), fill=_BAD)


def _reason(described: Sheet, name: str, message: Message) -> Message:
    column = described.column(name)
    if column is None:
        return message
    return Message("%(place)s：%(what)s", place=column.title, what=message)


def _write_options(book: Workbook, options: Sequence[Column]) -> None:
    """List the choices on a hidden sheet: a drop-down's own list ends at 255 characters."""
    sheet = _sheet_of(book, OPTIONS_SHEET)
    sheet.sheet_state = "hidden"
    sheet.append([_cell(sheet, column.title) for column in options])
    for number in range(max((len(column.choices) for column in options), default=0)):
        sheet.append(
            [
                _cell(sheet, column.choices[number] if number < len(column.choices) else None)
                for column in options
            ]
        )


def _cell(
    sheet: Worksheet,
    value: object,
    *,
    bold: bool = False,
    fill: PatternFill | None = None,
    is_code: bool = False,
) -> Cell:
    """Make a cell that can only be a value: text stays text even when it begins with `=`."""
    cell = WriteOnlyCell(sheet)
    if isinstance(value, bool | int | float | date | datetime | time) and not is_code:
        cell.value = value
    elif value not in (None, ""):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(_whole(value)))[:_LONGEST]
        cell.data_type = "s"
        cell.number_format = _TEXT
    if bold:
        cell.font = _BOLD
    if fill is not None:
        cell.fill = fill
    if isinstance(value, str) and len(value) > 40:  # noqa: PLR2004 -- wider than the column
        cell.alignment = _WRAP
    return cell


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value
