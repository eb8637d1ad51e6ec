"""Find the table in a raw sheet: its header row by the names in it, then its rows."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from circle15.core.messages import Message
from circle15.core.text import cell_text, to_half_width
from circle15.imports.cells import is_empty
from circle15.imports.columns import Column, Sheet
from circle15.imports.reading import RawSheet

ERROR_COLUMN = "错误说明"
_HEADER_WITHIN = 20
_NAMED_ROWS = 10  # enough to find them
_NOISE = re.compile(r"[\s*＊:：（）()]|必填|选填")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below the header, and where each known column stands."""

    sheet: Sheet
    raw: RawSheet
    header_row: int
    places: Mapping[int, Column]
    problems: tuple[Message, ...]
    notices: tuple[Message, ...]

    def rows(self) -> Iterator[tuple[int, Sequence[object]]]:
        """Give every row that is not empty with its number as the spreadsheet shows it."""
        for number, row in enumerate(self.raw.rows[self.header_row :], self.header_row + 1):
            if not all(is_empty(cell) for cell in row):
                yield number, row

    @property
    def merged_rows(self) -> dict[int, str]:
        """The rows touched by merged cells, with the range as the spreadsheet names it."""
        return {
            row + 1: f"{_letters(left)}{top + 1}:{_letters(right)}{bottom + 1}"
            for (top, left), (bottom, right) in self.raw.merged
            for row in range(max(top, self.header_row), min(bottom + 1, len(self.raw.rows)))
        }


def find_table(raw: RawSheet, sheet: Sheet) -> Table | None:
    """Find the header row, the one among the first that names most columns; None without any."""
    names = _names(sheet)
    best = max(
        range(min(_HEADER_WITHIN, len(raw.rows))),
        key=lambda index: sum(_plain(cell) in names for cell in raw.rows[index]),
        default=None,
    )
    if best is None or not any(_plain(cell) in names for cell in raw.rows[best]):
        return None
    header = raw.rows[best]
    places = {
        place: names[_plain(cell)] for place, cell in enumerate(header) if _plain(cell) in names
    }
    return Table(
        sheet=sheet,
        raw=raw,
        header_row=best + 1,
        places=places,
        problems=(
            *_missing(sheet, places),
            *_doubled(places),
            *_merged_header(raw, best),
        ),
        notices=(*_unknown(sheet, header, names), *_hidden(raw, best + 1)),
    )


def _names(sheet: Sheet) -> dict[str, Column]:
    """Give the columns by every name they go by; a title wins over another column's alias."""
    aliases = {_plain(alias): one for one in sheet.columns for alias in (one.field, *one.aliases)}
    return aliases | {_plain(one.title): one for one in sheet.columns}


def _plain(cell: object) -> str:
    return _NOISE.sub("", to_half_width(cell_text(cell))).lower()


def _missing(sheet: Sheet, places: Mapping[int, Column]) -> Iterator[Message]:
    present = {column.field for column in places.values()}
    missing = [one.title for one in sheet.columns if one.required and one.field not in present]
    if missing:
        yield Message("缺少必填列：%(columns)s", columns=missing)


def _doubled(places: Mapping[int, Column]) -> Iterator[Message]:
    counts = Counter(column.title for column in places.values())
    doubled = [title for title, count in counts.items() if count > 1]
    if doubled:
        yield Message("列重复：%(columns)s，请只保留一列", columns=doubled)


def _merged_header(raw: RawSheet, header: int) -> Iterator[Message]:
    for (top, left), (bottom, right) in raw.merged:
        if top <= header <= bottom:
            cells = f"{_letters(left)}{top + 1}:{_letters(right)}{bottom + 1}"
            yield Message("表头有合并单元格%(cells)s，请取消合并", cells=cells)


def _unknown(
    sheet: Sheet, header: Sequence[object], names: Mapping[str, Column]
) -> Iterator[Message]:
    titles = [one.title for one in sheet.columns]
    unknown = [
        _with_suggestion(cell_text(cell).strip(), titles)
        for cell in header
        if not is_empty(cell) and _plain(cell) not in names and _plain(cell) != ERROR_COLUMN
    ]
    if unknown:
        yield Message("未识别的列已忽略：%(columns)s", columns=unknown)


def _with_suggestion(name: str, titles: Sequence[str]) -> str | Message:
    near = get_close_matches(name, titles, n=1, cutoff=0.6)
    if near:
        return Message("%(name)s（是否为“%(near)s”？）", name=name[:30], near=near[0])
    return name[:30]


def _hidden(raw: RawSheet, header_row: int) -> Iterator[Message]:
    hidden = sorted(row for row in raw.hidden_rows if row > header_row)
    if hidden:
        yield _some_hidden(hidden) if len(hidden) > _NAMED_ROWS else _all_hidden(hidden)


def _all_hidden(rows: Sequence[int]) -> Message:
    return Message(
        "有%(count)s行被隐藏（第%(rows)s行），同样会导入，请确认", count=len(rows), rows=rows
    )


def _some_hidden(rows: Sequence[int]) -> Message:
    return Message(
        "有%(count)s行被隐藏（第%(rows)s行等），同样会导入，请确认",
        count=len(rows),
        rows=rows[:_NAMED_ROWS],
    )


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
