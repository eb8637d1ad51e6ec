"""The rows of a table as values, each with what is wrong with it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from circle15.core.messages import Message
from circle15.imports.cells import EMPTY, TEXT_AS_NUMBER, Cell, is_empty
from circle15.imports.columns import Column
from circle15.imports.report import Notice
from circle15.imports.tables import Table

Progress = Callable[[Message, int, int], None]
TELL_EVERY = 1000
_MOST_STARS = 8
# Nothing, a date or a short number.
_HARMLESS = re.compile(r"[0-9./:年月日-]{0,10}")


@dataclass(slots=True)
class Row:
    """One row: its values by field, and the faults found so far (field, message)."""

    number: int
    raw: Sequence[object]
    values: dict[str, object]
    faults: list[tuple[str, Message]] = field(default_factory=list)

    def blame(self, name: str, message: Message) -> None:
        if (name, message) not in self.faults:
            self.faults.append((name, message))

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


@dataclass(slots=True)
class Notices:
    """Notices of a sheet, counted instead of repeated."""

    sheet: str
    counted: dict[tuple[str, Message], tuple[int, int]] = field(default_factory=dict)

    def add(self, column: str, message: Message, row: int = 0) -> None:
        count, first = self.counted.get((column, message), (0, row))
        self.counted[column, message] = (count + bool(row), first)

    def listed(self) -> tuple[Notice, ...]:
        return tuple(
            Notice(self.sheet, column, message, count, first)
            for (column, message), (count, first) in self.counted.items()
        )


def read_rows(table: Table, notices: Notices, progress: Progress) -> list[Row]:
    """Read every cell; whatever is wrong is noted in its row, nothing is raised."""
    rows = []
    total = len(table.raw.rows)
    merged = table.merged_rows
    # Where people stand in the rows, a name or number may have slipped into any column.
    is_personal = any(column.is_personal for column in table.sheet.columns)
    for number, raw in table.rows():
        row = Row(number, raw, {})
        for place, column in table.places.items():
            cell = _cell(raw, place, column)
            if cell.error:
                row.blame(column.field, _discreet(cell.error) if is_personal else cell.error)
            elif cell.value is not None:
                row.values[column.field] = cell.value
            elif column.required:
                row.blame(column.field, Message("“%(column)s”不能为空", column=column.title))
            for message in cell.notices:
                # In a CSV file every number is text.
                if not (table.raw.is_text and message == TEXT_AS_NUMBER):
                    notices.add(column.title, message, number)
        if number in merged:
            message = Message("合并单元格%(cells)s，请取消合并并逐行填写", cells=merged[number])
            row.blame(table.sheet.columns[0].field, message)
        rows.append(row)
        if number % TELL_EVERY == 0:
            progress(Message("读取“%(sheet)s”", sheet=table.sheet.title), number, total)
    _mark_repeated(table, rows)
    return rows


def _discreet(message: Message) -> Message:
    """Show no more than the beginning of what was typed: the report is kept, the file is sealed."""
    parts = {
        name: _discreet(part) if isinstance(part, Message) else part
        for name, part in message.params.items()
    }
    typed = parts.get("typed", "")
    if isinstance(typed, str) and not _HARMLESS.fullmatch(typed):
        parts["typed"] = typed[:1] + "*" * min(len(typed) - 1, _MOST_STARS)
    return Message(message.template, **parts)


def _cell(raw: Sequence[object], place: int, column: Column) -> Cell:
    value = raw[place] if place < len(raw) else None
    return EMPTY if is_empty(value) else column.reader(value)


def _mark_repeated(table: Table, rows: list[Row]) -> None:
    names = table.sheet.key
    first: dict[tuple[object, ...], int] = {}
    for row in rows:
        key = tuple(row.values.get(name) for name in names)
        if any(value is not None for value in key):
            earlier = first.setdefault(key, row.number)
            if earlier != row.number:
                column = table.sheet.column(names[-1])  # the telling field stands last
                assert column
                message = Message("“%(column)s”与第%(row)s行重复", column=column.title, row=earlier)
                row.blame(column.field, message)
