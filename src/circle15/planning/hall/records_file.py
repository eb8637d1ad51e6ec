"""A hall's records as CSV: `arrived_at` and, where known, `started_at`, `ended_at`, `left_at`."""

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import numpy as np

from circle15.planning.hall.records import NOT_SEEN, Visits
from circle15.planning.problems import PlanningRefused
from circle15.standards.text import Text

MOMENTS = ("arrived_at", "started_at", "ended_at", "left_at")
NAMES = ("item", "window")
MOST_PROBLEMS = 20
Row = tuple[int, float, float, float, float, str, str]


def read_visits(path: Path) -> Visits:
    """Read records of local times such as 2026-03-02T09:14:30; raises PlanningRefused.

    `left_at` is when someone left without service. Other columns are left unread.
    """
    problems: list[Text] = []
    rows = sorted(_rows(path, problems))
    if not rows and not problems:
        problems.append(Text(f"{path.name}：没有记录", f"{path.name}: no records"))
    if problems:
        raise PlanningRefused(problems[:MOST_PROBLEMS])
    day, arrival, start, end, left, item, window = zip(*rows, strict=True)
    came, begun, done, gone = (
        np.array(column, dtype=np.float64) for column in (arrival, start, end, left)
    )
    return Visits(np.array(day, dtype=np.int64), came, begun, done, gone, item, window)


def _rows(path: Path, problems: list[Text]) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            if "arrived_at" not in (reader.fieldnames or ()):
                problems.append(
                    Text(f"{path.name}：缺少列 arrived_at", f"{path.name}: no column arrived_at")
                )
                return
            for row in reader:
                yield from _row(row, reader.line_num, problems)
    except FileNotFoundError:
        problems.append(Text(f"没有这个文件：{path.name}", f"no such file: {path.name}"))
    except (OSError, UnicodeDecodeError, csv.Error):
        problems.append(Text(f"无法读取：{path.name}", f"can't be read: {path.name}"))


def _row(row: Mapping[str, str | None], line: int, problems: list[Text]) -> Iterator[Row]:
    try:
        moments = [_moment(row.get(name)) for name in MOMENTS]
    except ValueError as error:
        problems.append(Text(f"第 {line} 行：不是时间：{error}", f"line {line}: no time: {error}"))
        return
    arrived, *later = moments
    if arrived is None:
        problems.append(Text(f"第 {line} 行：缺少 arrived_at", f"line {line}: no arrived_at"))
        return
    midnight = datetime(arrived.year, arrived.month, arrived.day)  # noqa: DTZ001 -- local times
    seconds = [
        NOT_SEEN if moment is None else (moment - midnight).total_seconds() for moment in later
    ]
    came = (arrived - midnight).total_seconds()
    known = [came, *(each for each in seconds[:2] if each != NOT_SEEN)]
    if known != sorted(known) or (seconds[2] != NOT_SEEN and seconds[2] < came):
        problems.append(Text(f"第 {line} 行：时间先后颠倒", f"line {line}: times out of order"))
        return
    item, window = (row.get(name) or "" for name in NAMES)
    yield (arrived.toordinal(), came, seconds[0], seconds[1], seconds[2], item, window)


def _moment(text: str | None) -> datetime | None:
    """Read a local time; a zone is dropped, since the records of one hall share one."""
    if not (text or "").strip():
        return None
    written = (text or "").strip()
    try:
        return datetime.fromisoformat(written).replace(tzinfo=None)
    except ValueError:
        raise ValueError(written) from None
