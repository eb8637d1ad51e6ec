"""Bring a whole file in: read, check, write, sheet by sheet, inside the caller's transaction.

A dry run is the same run taken back, so a check can't promise what the import won't do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.areas.upserts import Counts, RowsRefused
from circle15.core.coordinates import CoordinateSystem
from circle15.core.messages import NOTHING, Message
from circle15.imports.checking import Circumstances, check_row
from circle15.imports.columns import Sheet
from circle15.imports.declared import (
    NOTES_SHEET,
    UNDECLARED,
    declared_in,
    system_named,
    unknown_system,
)
from circle15.imports.reading import RawSheet, read
from circle15.imports.references import check_references
from circle15.imports.refusals import CodesTaken, FileRefused
from circle15.imports.report import Problem, Report, SheetCounts
from circle15.imports.rows import TELL_EVERY, Notices, Progress, Row, read_rows
from circle15.imports.sheets import sheets
from circle15.imports.states import Kind
from circle15.imports.tables import Table, find_table
from circle15.imports.writing import Writing, write_rows

OPTIONS_SHEET = "选项"
EMPTY_MESSAGE = Message("表格里还没有数据，没有导入任何内容。请在表头下方填写后再上传。")
_LOCK = 1_532_015  # any number: imports go one after another


@dataclass(frozen=True, slots=True)
class Taken:
    """One sheet after the run: its rows, those with faults among them."""

    sheet: Sheet
    table: Table | None
    rows: Sequence[Row]
    counts: Counts
    problems: tuple[Message, ...]
    notices: Notices

    @property
    def failed(self) -> list[Row]:
        return [row for row in self.rows if row.faults]


@dataclass(frozen=True, slots=True)
class Outcome:
    report: Report
    taken: tuple[Taken, ...]
    system: CoordinateSystem | None


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be brought in, by whom, and how its coordinates are declared."""

    kind: Kind
    coordinates: str
    by: Actor
    at: datetime
    progress: Progress


def bring_in(content: bytes, order: Order) -> Outcome:
    """Read, check and write a file; raises FileRefused, CodesTaken. The caller commits or not."""
    raw_sheets = read(content)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    system, objections = _system(raw_sheets, order.coordinates)
    around = Circumstances(timezone.localdate(order.at), system)
    matched, ignored = _matched(raw_sheets, order.kind)
    taken = tuple(_take(sheet, raw, around, order) for sheet, raw in matched)
    return Outcome(_report(taken, system, objections, ignored), taken, system)


def _system(
    raw_sheets: Sequence[RawSheet], declared: str
) -> tuple[CoordinateSystem | None, list[Message]]:
    """Agree the declaration in the file with the one given beside it."""
    inside, objection = declared_in(raw_sheets)
    beside = system_named(declared) if declared else None
    objections = [objection] if objection else []
    if declared and beside is None:
        objections.append(unknown_system(declared))
    if inside and beside and inside != beside:
        objections.append(
            Message(
                "文件声明的坐标系是%(inside)s，上传时选择的是%(beside)s，请统一",
                inside=inside,
                beside=beside,
            )
        )
    return beside or inside, objections


def _matched(
    raw_sheets: Sequence[RawSheet], kind: Kind
) -> tuple[list[tuple[Sheet, RawSheet]], list[str]]:
    """Find the sheet or sheets wanted, by title; a lone sheet may be called anything."""
    data = [raw for raw in raw_sheets if raw.title.strip() not in {NOTES_SHEET, OPTIONS_SHEET}]
    if kind != Kind.WORKBOOK:
        return [(sheets()[kind], _one(data, sheets()[kind]))], []
    if any(raw.is_text for raw in data):
        raise FileRefused(Message("CSV文件只有一张表，请选择它的种类（如“网点”）后上传"))
    matched = [
        (sheet, raw) for sheet in sheets().values() for raw in data if _is_titled(raw, sheet)
    ]
    if not matched:
        titles = [sheet.title for sheet in sheets().values()]
        raise FileRefused(Message("没有找到可以导入的表，表名应为：%(titles)s", titles=titles))
    used = {raw.title for _, raw in matched}
    return matched, [raw.title for raw in data if raw.rows and raw.title not in used]


def _one(data: Sequence[RawSheet], sheet: Sheet) -> RawSheet:
    titled = [raw for raw in data if _is_titled(raw, sheet)]
    filled = [raw for raw in data if raw.rows]
    candidates = titled or [raw for raw in filled if _fits(raw, sheet)] or filled[:1]
    if not candidates:
        raise FileRefused(EMPTY_MESSAGE)
    return candidates[0]


def _is_titled(raw: RawSheet, sheet: Sheet) -> bool:
    return raw.title.strip() in {sheet.title, sheet.kind.value, *sheet.aliases}


def _fits(raw: RawSheet, sheet: Sheet) -> bool:
    table = find_table(raw, sheet)
    return table is not None and not table.problems


def _take(sheet: Sheet, raw: RawSheet, around: Circumstances, order: Order) -> Taken:
    notices = Notices(sheet.title)
    table = find_table(raw, sheet)
    if table is None:
        return Taken(sheet, None, (), Counts(), _no_header(sheet) if raw.rows else (), notices)
    for message in (*table.notices, *_oddities(raw)):
        notices.add("", message)
    if table.problems:
        return Taken(sheet, table, (), Counts(), table.problems, notices)
    rows = read_rows(table, notices, order.progress)
    for done, row in enumerate(rows, 1):
        check_row(sheet.kind, row, around, notices)
        if done % TELL_EVERY == 0:
            order.progress(Message("校验“%(sheet)s”", sheet=sheet.title), done, len(rows))
    check_references(sheet.kind, rows, order.by)
    stage = Message("比对“%(sheet)s”", sheet=sheet.title)
    order.progress(stage, 0, len(rows))
    counts = _written(sheet.kind, rows, Writing(order.by, order.at, notices))
    order.progress(stage, len(rows), len(rows))
    undeclared = around.system is None and any("lon" in row.values for row in rows)
    return Taken(sheet, table, rows, counts, (UNDECLARED,) if undeclared else (), notices)


def _no_header(sheet: Sheet) -> tuple[Message, ...]:
    titles = [column.title for column in sheet.columns if column.required]
    return (Message("没有找到表头，至少要有：%(titles)s", titles=titles),)


def _oddities(raw: RawSheet) -> Iterator[Message]:
    if raw.encoding not in {"", "UTF-8"}:
        yield Message("文件编码为%(encoding)s", encoding=raw.encoding)
    if raw.is_hidden:
        yield Message("这张表是隐藏的，同样会导入，请确认")


def _written(kind: Kind, rows: Sequence[Row], writing: Writing) -> Counts:
    """Write the rows without faults; those the bulk actions refuse get theirs and stay out."""
    good = [row for row in rows if not row.faults]
    while good:
        try:
            with transaction.atomic():
                return write_rows(kind, good, writing)
        except RowsRefused as refused:
            for problem in refused.problems:
                good[problem.row].blame(problem.field, problem.message)
            good = [row for row in good if not row.faults]
        except IntegrityError:
            raise CodesTaken from None
    return Counts()


def _report(
    taken: Sequence[Taken],
    system: CoordinateSystem | None,
    objections: Sequence[Message],
    ignored: Sequence[str],
) -> Report:
    problems = [Problem(NOTES_SHEET, 0, "", message) for message in objections]
    for one in taken:
        problems += [Problem(one.sheet.title, 0, "", message) for message in one.problems]
    for one in taken:
        problems += [problem for row in one.failed for problem in _of_row(one.sheet, row)]
    unused = Notices("")
    for title in ignored:
        unused.add("", Message("表“%(title)s”未识别，已忽略", title=title))
    rows = sum(len(one.rows) for one in taken)
    return Report(
        sheets=tuple(
            SheetCounts(
                kind=one.sheet.kind,
                title=one.sheet.title,
                new=one.counts.new,
                changed=one.counts.changed,
                same=one.counts.same,
                failed=len(one.failed),
            )
            for one in taken
        ),
        problems=tuple(problems),
        notices=(*unused.listed(), *(n for one in taken for n in one.notices.listed())),
        problem_count=len(problems),
        coordinate_system=system.value if system else "",
        message=NOTHING if rows or problems else EMPTY_MESSAGE,
    )


def _of_row(sheet: Sheet, row: Row) -> list[Problem]:
    return [
        Problem(sheet.title, row.number, column.title if column else "", message)
        for name, message in row.faults
        for column in [sheet.column(name)]
    ]
