"""Real files for the tests of imports, made on the spot."""

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook
from tests.imports.places import AT, SYSTEM

from circle15.imports import actions
from circle15.imports.models import ImportRun
from circle15.imports.queries import report_of
from circle15.imports.report import Report

Rows = Sequence[Sequence[object]]


def xlsx(rows: Rows, *, title: str = "Sheet1", system: str = "") -> bytes:
    return workbook({title: rows}, system=system)


def workbook(sheets: dict[str, Rows], *, system: str = "") -> bytes:
    book = Workbook()
    book.remove(book.active)
    if system:
        book.create_sheet("填写说明").append(["坐标系", system])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv_bytes(rows: Rows, encoding: str = "utf-8") -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode(encoding)


def checked(content: bytes, kind: str, *, coordinates: str = "wgs84") -> ImportRun:
    return actions.check(
        content, name="表.xlsx", kind=kind, coordinates=coordinates, by=SYSTEM, at=AT
    )


def report(content: bytes, kind: str, *, coordinates: str = "wgs84") -> Report:
    return report_of(checked(content, kind, coordinates=coordinates))


def problems(content: bytes, kind: str, *, coordinates: str = "wgs84") -> list[str]:
    return [str(one) for one in report(content, kind, coordinates=coordinates).problems]


def notices(content: bytes, kind: str, *, coordinates: str = "wgs84") -> list[str]:
    return [str(one) for one in report(content, kind, coordinates=coordinates).notices]


def applied(content: bytes, kind: str, mode: str = "all_or_nothing") -> actions.Applied:
    run = checked(content, kind)
    return actions.apply(uid=run.uid, mode=mode, by=SYSTEM, at=AT)


def counts(seen: Report) -> tuple[int, int, int, int]:
    return (seen.new, seen.changed, seen.same, seen.failed)
