"""The catalogue as an Excel workbook. Text is text and never a formula; days are numbers."""

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from circle15.items.columns import ITEMS, SHEETS, Column, Sheet
from circle15.items.wording import WORDS, field_name
from circle15.standards.catalogue import Catalogue
from circle15.standards.catalogue_data import item_data

TEXT = "s"
FORMULA_SIGNS = ("=", "+", "-", "@")
YES = "是"
SEPARATOR = " · "
_HEAD = PatternFill("solid", fgColor="E8EEF2")
_TOP = Alignment(wrap_text=True, vertical="top")
_BOLD, _BODY = Font(name="宋体", size=10, bold=True), Font(name="宋体", size=10)

Value = str | int | None


def workbook(catalogue: Catalogue) -> bytes:
    """Return a workbook that `import_sheets` reads back to the same items."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    data = [item_data(item) for item in catalogue.items.values()]
    for sheet in SHEETS:
        _write(book.create_sheet(sheet.title), sheet, _rows(sheet, data))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def heading(key: str) -> str:
    """Return a heading: what people call the field, and its key by which it is read."""
    base, _dot, language = key.rpartition(".en")
    if _dot and not language:
        return f"{field_name(base.split('.')[-1])}（{_('英文')}）{SEPARATOR}{key}"
    name = {"item": _("事项键"), "question": _("问题键")}.get(key) or field_name(
        key.rsplit(".", 1)[-1]
    )
    return f"{name}{SEPARATOR}{key}"


def _rows(sheet: Sheet, data: Iterable[Mapping[str, object]]) -> Iterator[list[Value]]:
    for item in data:
        for lead, part in _parts(sheet, item):
            yield [*lead, *(cell for column in sheet.columns for cell in _cells(column, part))]


def _parts(
    sheet: Sheet, item: Mapping[str, object]
) -> Iterator[tuple[tuple[str, ...], Mapping[str, object]]]:
    """Give what a sheet has of an item, each with the keys that say whose it is."""
    key = str(item["key"])
    if sheet is ITEMS:
        yield (), item
    elif sheet.part == "choices":
        for question in _list(item.get("questions")):
            for choice in _list(question.get("choices")):
                yield (key, str(question["key"])), choice
    else:
        for part in _list(item.get(sheet.part)):
            yield (key,), part


def _list(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


def _cells(column: Column, part: Mapping[str, object]) -> tuple[Value, ...]:
    inside = part.get(column.parent, {}) if column.parent else part
    assert isinstance(inside, dict)
    value = inside.get(column.key)
    match column.form, value:
        case _, None:
            return (None,) * len(column.cells)
        case "pair", [str(zh), str(en)]:
            return (zh, en)
        case "pairs", list():
            return tuple("\n".join(lines) for lines in zip(*value, strict=True))
        case _:
            return (_cell(column, value),)


def _cell(column: Column, value: object) -> Value:
    """Write a field that takes one cell."""
    cell: Value
    match column.form, value:
        case "flag", _:
            cell = YES if value else None
        case "word" | "words", str() | list():
            keys = [value] if isinstance(value, str) else value
            cell = "\n".join(str(WORDS[column.sort][key]) for key in keys)
        case "names", list():
            cell = "\n".join(value)
        case "when", dict():
            cell = "\n".join(f"{key}={'|'.join(each)}" for key, each in value.items())
        case _, int():
            cell = value
        case _:
            cell = str(value)
    return cell


def _write(page: Worksheet, sheet: Sheet, rows: Iterable[list[Value]]) -> None:
    widths = [column.width for column in sheet.columns for _cell in column.cells]
    heads = list(sheet.headings())
    widths = [22] * (len(heads) - len(widths)) + widths
    lines: list[list[Value]] = [[heading(key) for key in heads], *rows]
    for at, row in enumerate(lines, start=1):
        for column, value in enumerate(row, start=1):
            _put(page, at, column, value)
    for column, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = "B2"


def _put(page: Worksheet, row: int, column: int, value: Value) -> None:
    """Write a value; a text that looks like a formula stays a text, also when edited."""
    cell = page.cell(row, column)
    cell.alignment, cell.font = _TOP, _BOLD if row == 1 else _BODY
    if row == 1:
        cell.fill = _HEAD
    if value is None:
        return
    cell.value = value
    if isinstance(value, str):
        cell.data_type, cell.number_format = TEXT, "@"
        if value.startswith(FORMULA_SIGNS):
            cell.quotePrefix = True
