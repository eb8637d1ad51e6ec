"""Read a file into raw sheets: xlsx, xls, ods and CSV, whatever its name says."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from circle15.core.messages import NOTHING, Message
from circle15.imports.archives import MOST_COLUMNS, MOST_ROWS, look_into
from circle15.imports.encodings import UnknownEncoding, decode
from circle15.imports.refusals import FileRefused

MOST_BYTES = 32 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Corner = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RawSheet:
    """Rows as they stand; `is_text` where every cell is text by nature (CSV)."""

    title: str
    rows: Sequence[Sequence[object]]
    merged: tuple[tuple[Corner, Corner], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    is_hidden: bool = False
    is_text: bool = False
    encoding: Message = NOTHING


def read(content: bytes) -> tuple[RawSheet, ...]:
    """Give the sheets of a file; raises FileRefused."""
    if not content.strip():
        raise FileRefused(Message("文件是空的，请选择填好的表格"))
    if len(content) > MOST_BYTES:
        raise FileRefused(
            Message("文件超过%(most)sMB，请拆分成几个文件", most=MOST_BYTES // 1024 // 1024)
        )
    if content.startswith(_ZIP):
        return _spreadsheet(content, look_into(content))
    if content.startswith(_OLE):
        return _spreadsheet(content, {})
    return (_comma_separated(content),)


def _spreadsheet(content: bytes, hidden: dict[str, frozenset[int]]) -> tuple[RawSheet, ...]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            visible = {
                one.name: one.visible == SheetVisibleEnum.Visible for one in book.sheets_metadata
            }
            return tuple(
                _sheet(book.get_sheet_by_name(name), hidden.get(name, frozenset()), visible[name])
                for name in book.sheet_names
                if name in visible
            )
    except CalamineError:
        raise FileRefused(
            Message("文件无法打开：可能已损坏或设有密码，请另存为xlsx后重新上传")
        ) from None


def _sheet(sheet: CalamineSheet, hidden: frozenset[int], visible: bool) -> RawSheet:  # noqa: FBT001 -- two callers, both here
    if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
        raise FileRefused(
            Message(
                "表格“%(sheet)s”超过%(rows)s行或%(columns)s列，请拆分",
                sheet=sheet.name,
                rows=MOST_ROWS,
                columns=MOST_COLUMNS,
            )
        )
    return RawSheet(
        title=sheet.name,
        rows=list(sheet.iter_rows()),
        merged=tuple(sheet.merged_cell_ranges or ()),
        hidden_rows=hidden,
        is_hidden=not visible,
    )


def _comma_separated(content: bytes) -> RawSheet:
    if content.lstrip()[:1] == b"<":
        raise FileRefused(Message("这是网页格式的表格，请用表格软件打开后另存为xlsx"))
    try:
        decoded = decode(content)
    except UnknownEncoding as refused:
        raise FileRefused(refused.message) from None
    if "\0" in decoded.text:
        raise FileRefused(Message("不是可以识别的表格文件，请上传xlsx、xls、ods或csv文件"))
    rows = list(_csv_rows(decoded.text))
    return RawSheet(title="CSV", rows=rows, is_text=True, encoding=decoded.encoding)


def _csv_rows(text: str) -> Iterator[list[str]]:
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",\t;，", key=first.count)
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ):
            if number >= MOST_ROWS or len(row) > MOST_COLUMNS:
                raise FileRefused(
                    Message(
                        "表格超过%(rows)s行或%(columns)s列，请拆分",
                        rows=MOST_ROWS,
                        columns=MOST_COLUMNS,
                    )
                )
            yield row
    except csv.Error:
        raise FileRefused(
            Message("CSV格式不正确（可能有未配对的引号），请用表格软件另存一份")
        ) from None
