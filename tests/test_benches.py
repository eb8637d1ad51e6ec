"""The long campaigns write rows by SQL of their own: a column added to a table reaches them too."""

import re
import runpy
from pathlib import Path

import pytest
from django.db import connection

BENCH = Path(__file__).resolve().parents[1] / "bench"
INSERT = re.compile(r"INSERT INTO (\w+) \(([\w\s,]+)\)")
PEOPLE = runpy.run_path(str(BENCH / "people.py"))["COLUMNS"]
WRITTEN = sorted(
    {("people.py", "ledger_person", ", ".join(PEOPLE))}
    | {
        (path.relative_to(BENCH).as_posix(), table, " ".join(columns.split()))
        for path in BENCH.rglob("*.py")
        for table, columns in INSERT.findall(path.read_text("utf-8"))
    }
)


def test_they_are_found():
    assert len(WRITTEN) > 20


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "table", "columns"), WRITTEN, ids=lambda each: str(each)[:40])
def test_rows_of_a_bench_have_all_their_columns(path, table, columns):
    given = set(columns.split(", "))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, is_nullable = 'NO' AND column_default IS NULL"
            " AND is_identity = 'NO' FROM information_schema.columns WHERE table_name = %s",
            [table],
        )
        known = dict(cursor.fetchall())

    assert given <= set(known)
    assert {name for name, is_needed in known.items() if is_needed} <= given
