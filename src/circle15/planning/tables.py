"""Read a CSV file into columns: UTF-8 or GB18030, comma, semicolon or tab, gzipped or not."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.problems import PlanningRefused, refuse_if_any
from circle15.standards.text import Text

GZIP = b"\x1f\x8b"
MOST_PROBLEMS = 100
"""More problems than these are only counted."""

MOST_BYTES = 1 << 30
"""A gzipped file may unpack to this much: a few kilobytes can stand for any size."""

_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of text by lower-case name, the file's line of each row, and faults found so far.

    `heading`: the names as they are written, in order.
    """

    name: str
    columns: Mapping[str, list[str]]
    lines: list[int]
    problems: list[Text] = field(default_factory=list)
    heading: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.lines)

    def require(self, *names: str) -> bool:
        """Note the columns that are missing; say whether all are there."""
        missing = [name for name in names if name not in self.columns]
        if missing:
            there = ", ".join(self.columns)
            self.fault(
                f"缺少列 {'、'.join(missing)}（现有：{there}）",
                f"no column {', '.join(missing)} (it has {there})",
            )
        return not missing

    def fault(self, zh: str, en: str, row: int | None = None) -> None:
        """Note a problem of the file, or of one row."""
        where_zh = self.name if row is None else f"{self.name} 第 {self.lines[row]} 行"
        where_en = self.name if row is None else f"{self.name} line {self.lines[row]}"
        self.problems.append(Text(f"{where_zh}：{zh}", f"{where_en}: {en}"))

    def numbers(
        self,
        column: str,
        *,
        least: float = -np.inf,
        most: float = np.inf,
        empty: float | None = None,
    ) -> F64:
        """Read finite numbers from `least` to `most`; faults are noted and come out as NaN."""
        cells = self.columns[column]
        values = floats(cells)
        if empty is not None:
            values[[row for row, cell in enumerate(cells) if not cell]] = empty
        bad = ~((values >= least) & (values <= most) & np.isfinite(values))
        for row in np.flatnonzero(bad).tolist():
            self._bad_number(column, cells[row], float(values[row]), least, row)
        values[bad] = np.nan
        return values

    def whole(self, column: str) -> I64:
        """Read whole numbers; faults are noted and come out as -1."""
        cells = self.columns[column]
        try:
            return np.array([int(cell) for cell in cells], np.int64)
        except (ValueError, OverflowError):
            return np.array([self._whole(column, row) for row in range(len(cells))], np.int64)

    def unique(self, column: str) -> tuple[str, ...]:
        """Read ids: none empty, none twice; faults are noted."""
        seen: dict[str, int] = {}
        for row, cell in enumerate(self.columns[column]):
            if not cell:
                self.fault(f"{column} 为空", f"{column} is empty", row)
            elif cell in seen:
                first = self.lines[seen[cell]]
                self.fault(
                    f"{column} 重复：{cell}（第 {first} 行已有）",
                    f"{column} {cell} is already on line {first}",
                    row,
                )
            else:
                seen[cell] = row
        return tuple(self.columns[column])

    def refuse(self) -> None:
        """Raise PlanningRefused if anything was found."""
        refuse_if_any(shortened(self.problems))

    def _whole(self, column: str, row: int) -> int:
        cell = self.columns[column][row]
        try:
            return int(np.int64(int(cell)))
        except (ValueError, OverflowError):
            self.fault(
                f"{column} 应为整数：{cell or '空'}",
                f"{column} must be a whole number, not {cell!r}",
                row,
            )
            return -1

    def _bad_number(self, column: str, cell: str, value: float, least: float, row: int) -> None:
        if not np.isfinite(value):
            zh, en = f"{column} 不是数：{cell or '空'}", f"{column} is no number: {cell!r}"
        elif least == 0 and value < 0:
            zh, en = f"{column} 不能为负：{cell}", f"{column} must not be negative: {cell}"
        else:
            zh, en = f"{column} 超出范围：{cell}", f"{column} is out of range: {cell}"
        self.fault(zh, en, row)


def shortened(problems: Iterable[Text]) -> list[Text]:
    """Keep the first problems and count the rest."""
    found = list(problems)
    rest = len(found) - MOST_PROBLEMS
    if rest <= 0:
        return found
    return [*found[:MOST_PROBLEMS], Text(f"另有 {rest} 处问题", f"{rest} more problems")]


def read_table(path: Path) -> Table:
    """Read a CSV file with a heading; raises PlanningRefused if it isn't one, or has no rows."""
    text = _decoded(read_bytes(path), path.name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        heading = [cell.strip() for cell in next(reader, [])]
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise refused(path.name, f"不是有效的 CSV：{error}", f"is no valid CSV: {error}") from None
    if not any(heading):
        raise refused(path.name, "文件是空的", "is empty")
    return _table(path.name, heading, rows)


def _table(name: str, written: list[str], rows: list[tuple[int, list[str]]]) -> Table:
    heading = [column.lower() for column in written]
    kept = [(line, row) for line, row in rows if len(row) == len(heading)]
    columns = {
        column: [row[place].strip() for _, row in kept]
        for place, column in enumerate(heading)
        if column
    }
    table = Table(name, columns, [line for line, _ in kept], heading=tuple(written))
    twice = sorted({column for column in heading if column and heading.count(column) > 1})
    if twice:
        table.fault(f"列名重复：{'、'.join(twice)}", f"column twice: {', '.join(twice)}")
    for line, row in rows:
        if len(row) != len(heading):
            table.problems.append(
                Text(
                    f"{name} 第 {line} 行：有 {len(row)} 列，应为 {len(heading)} 列",
                    f"{name} line {line}: {len(row)} fields, the heading has {len(heading)}",
                )
            )
    if not rows:
        table.fault("没有数据行", "has a heading and no rows")
    return table


def read_bytes(path: Path) -> bytes:
    """Read a file, unpacked if it is gzipped; raises PlanningRefused if that can't be done."""
    try:
        content = path.read_bytes()
        return _unpacked(content, path.name) if content.startswith(GZIP) else content
    except FileNotFoundError:
        raise refused(path.name, "没有这个文件", "no such file") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise refused(
            path.name, "压缩文件不完整", "the gzip file is cut short or damaged"
        ) from None
    except IsADirectoryError:
        raise refused(str(path), "是目录，应为文件", "is a folder, give a file") from None
    except OSError:
        raise refused(path.name, "无法读取", "can't be read") from None


def _unpacked(content: bytes, name: str) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
        unpacked = packed.read(MOST_BYTES + 1)
    if len(unpacked) > MOST_BYTES:
        raise refused(name, "解压后过大", "is too large when unpacked")
    return unpacked


def refused(name: str, zh: str, en: str) -> PlanningRefused:
    """Make the refusal of a whole file."""
    return PlanningRefused([Text(f"{name}：{zh}", f"{name}: {en}")])


def _decoded(content: bytes, name: str) -> str:
    for codec in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise refused(name, "不是文本文件（应为 UTF-8 或 GBK 的 CSV）", "is no text (UTF-8 or GBK CSV)")


def _delimiter(text: str) -> str:
    """Take the sign that stands in the heading most often."""
    heading = text.split("\n", 1)[0]
    return max(_DELIMITERS, key=heading.count)


def floats(cells: list[str]) -> F64:
    """Read numbers, NaN for anything else."""
    try:
        return np.array([float(cell) for cell in cells], np.float64)
    except ValueError:
        return np.array([_float(cell) for cell in cells], np.float64)


def _float(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return np.nan
