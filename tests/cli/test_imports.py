"""`circle15 import`: exit codes, one line per problem, JSON, the workbook of errors."""

import json

import pytest
from tests.imports.files import csv_bytes, report, xlsx
from tests.imports.places import TOWN, county
from typer.testing import CliRunner

from circle15.areas.models import Division
from circle15.areas.scope import area_scope
from circle15.cli.main import app

pytestmark = pytest.mark.django_db
V = ["村（社区）代码", "村（社区）名称", "所属乡镇代码"]
GOOD = ["320681100009", "新村", TOWN]
BAD = ["32068110001", "", TOWN]


@pytest.fixture(autouse=True)
def everywhere(db):
    with area_scope("/"):
        county()
        yield


@pytest.fixture
def run(tmp_path):
    def runs(content: bytes, *options: str, kind: str = "villages"):
        path = tmp_path / "表.xlsx"
        path.write_bytes(content)
        return CliRunner().invoke(app, ["import", kind, str(path), *options])

    return runs


def is_there() -> bool:
    return Division.objects.filter(code=GOOD[0]).exists()


def test_a_good_file_comes_in(run):
    done = run(xlsx([V, GOOD]))
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["村（社区）：新增1，变更0，相同0，有错0", "导入完成。"]
    assert is_there()


def test_a_dry_run_writes_nothing(run):
    done = run(xlsx([V, GOOD]), "--dry-run")
    assert (done.exit_code, is_there()) == (0, False)
    assert done.stdout.splitlines()[-1] == "以上为校验结果，没有写入任何数据。"


def test_bad_rows_are_named_one_line_each_and_nothing_is_written(run):
    done = run(xlsx([V, GOOD, BAD]))
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        "村（社区） 第3行 “村（社区）代码”：区划代码应为12位，现为11位",
        "村（社区） 第3行 “村（社区）名称”：“村（社区）名称”不能为空",
    ]
    assert is_there() is False


def test_skipping_bad_rows_writes_the_others_and_returns_the_bad(run, tmp_path):
    errors = tmp_path / "errors.xlsx"
    done = run(xlsx([V, GOOD, BAD]), "--skip-bad", "--errors", str(errors))
    assert (done.exit_code, is_there()) == (0, True)
    assert report(errors.read_bytes(), "villages").failed == 1


def test_json_tells_everything(run):
    done = run(xlsx([V, GOOD, BAD]), "--json", "--dry-run")
    seen = json.loads(done.stdout)
    assert (done.exit_code, seen["written"], len(seen["problems"])) == (2, False, 2)
    assert seen["sheets"] == [
        {"kind": "villages", "title": "村（社区）", "new": 1, "changed": 0, "same": 0, "failed": 1}
    ]


def test_an_undeclared_system_ends_with_2(run):
    content = csv_bytes([[*V, "经度", "纬度"], [*GOOD, 121.5, 31.8]])
    assert run(content).exit_code == 2
    assert run(content, "--coordinates", "gcj02").exit_code == 0


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"<html>"])
def test_what_is_no_table_ends_with_2_and_one_line(run, content):
    done = run(content)
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)


def test_an_unknown_kind_or_file_ends_with_2(run):
    assert run(b"a", kind="cars").exit_code == 2
    assert CliRunner().invoke(app, ["import", "villages", "no.csv"]).exit_code == 2
