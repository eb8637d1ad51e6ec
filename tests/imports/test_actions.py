"""Checking writes nothing, applying writes what was checked, once, all of it or none."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from openpyxl import load_workbook
from tests.imports.files import applied, checked, counts, csv_bytes, report, workbook, xlsx
from tests.imports.places import (
    AT,
    CITY,
    COUNTY,
    OTHER_TOWN,
    SITE,
    SYSTEM,
    TOWN,
    county,
    officer,
)

from circle15.accounts.actors import actor_of
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.areas.models import Division
from circle15.areas.scope import area_scope
from circle15.audit.models import Event
from circle15.imports import actions, bringing, keeping
from circle15.imports.models import ImportRun
from circle15.imports.queries import report_of, run_by_uid, runs_in_order
from circle15.imports.refusals import CodesTaken, FileRefused, HasBadRows, RunGone
from circle15.imports.workbooks import template
from circle15.sites.models import Equipment, Site

pytestmark = pytest.mark.django_db
V = ["村（社区）代码", "村（社区）名称", "所属乡镇代码"]
GOOD = ["320681100009", "新村", TOWN]
BAD = ["32068110001", "坏村", TOWN]
CAROL = officer(f"/{CITY}/{COUNTY}/")
DAVE = officer(f"/{CITY}/{COUNTY}/{OTHER_TOWN}/")


@pytest.fixture(autouse=True)
def everywhere(db):
    with area_scope("/"):
        county()
        yield


def test_a_check_writes_nothing_but_its_run():
    before = Division.objects.count(), Event.objects.count()
    run = checked(xlsx([V, GOOD]), "villages")

    assert Division.objects.count() == before[0]
    assert list(Event.objects.order_by("-id").values_list("verb", flat=True)[:1]) == [
        "import.check"
    ]
    assert Event.objects.count() == before[1] + 1
    assert (run.state, counts(report_of(run))) == ("checked", (1, 0, 0, 0))


def test_applying_writes_and_is_told_once():
    done = applied(xlsx([V, GOOD]), "villages")
    verbs = Event.objects.order_by("-id").values_list("verb", flat=True)[:2]
    assert list(verbs) == ["import.apply", "divisions.import"]
    assert (done.run.state, done.already) == ("applied", False)


def test_applying_twice_changes_nothing_and_says_so():
    run = applied(xlsx([V, GOOD]), "villages").run
    events = Event.objects.count()
    again = actions.apply(uid=run.uid, mode="all_or_nothing", by=SYSTEM, at=AT)
    assert (again.already, Event.objects.count()) == (True, events)


def test_the_same_file_again_changes_nothing():
    applied(xlsx([V, GOOD]), "villages")
    assert counts(applied(xlsx([V, GOOD]), "villages").report) == (0, 0, 1, 0)


def test_a_changed_row_is_counted_as_changed():
    applied(xlsx([V, GOOD]), "villages")
    assert counts(report(xlsx([V, [GOOD[0], "改名村", TOWN]]), "villages")) == (0, 1, 0, 0)


def test_all_or_nothing_writes_nothing_with_one_bad_row():
    run = checked(xlsx([V, GOOD, BAD]), "villages")
    with pytest.raises(HasBadRows) as refused:
        actions.apply(uid=run.uid, mode="all_or_nothing", by=SYSTEM, at=AT)
    assert refused.value.failed == 1
    assert Division.objects.filter(code=GOOD[0]).exists() is False
    run.refresh_from_db()
    assert run.state == "checked"


def test_skip_bad_writes_the_good_rows():
    done = applied(xlsx([V, GOOD, BAD]), "villages", "skip_bad")
    assert counts(done.report) == (1, 0, 0, 1)
    assert Division.objects.get(code=GOOD[0]).name == "新村"


def test_an_unusable_sheet_is_not_skipped():
    run = checked(xlsx([V[:2], GOOD[:2]]), "villages")
    with pytest.raises(FileRefused, match="缺少必填列：所属乡镇代码"):
        actions.apply(uid=run.uid, mode="skip_bad", by=SYSTEM, at=AT)


def test_applying_checks_again_against_the_present_records():
    run = checked(xlsx([V, ["320681101009", "新村", OTHER_TOWN]]), "villages")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM areas_division WHERE code LIKE %s", ["320681101%"])
    with pytest.raises(HasBadRows):
        actions.apply(uid=run.uid, mode="all_or_nothing", by=SYSTEM, at=AT)


def test_an_exception_on_the_way_leaves_no_row(monkeypatch):
    content = workbook(
        {
            "村（社区）": [V, GOOD],
            "设备": [["网点编码", "资产编号", "设备类别"], [SITE, "ZC-1", "打印机"]],
        }
    )
    run = checked(content, "workbook")
    original = bringing.write_rows

    def broken(kind, rows, writing):
        written = original(kind, rows, writing)
        if kind == "equipment":
            raise RuntimeError("power cut")
        return written

    monkeypatch.setattr(bringing, "write_rows", broken)
    with pytest.raises(RuntimeError, match="power cut"):
        actions.apply(uid=run.uid, mode="all_or_nothing", by=SYSTEM, at=AT)
    assert (Division.objects.filter(code=GOOD[0]).count(), Equipment.objects.count()) == (0, 0)


def test_a_code_used_elsewhere_is_refused_without_showing_where():
    head = ["网点编码", "网点名称", "网点类型", "所在区划代码", "经度", "纬度"]
    content = csv_bytes([head, [SITE, "别处", "便民服务中心", OTHER_TOWN, 121.5, 31.8]])
    with pytest.raises(CodesTaken):
        actions.check(content, name="a.csv", kind="sites", coordinates="wgs84", by=DAVE, at=AT)
    assert Site.objects.get(code=SITE).name == "汇龙镇便民服务中心"


def test_the_failing_rows_come_back_and_go_in_when_mended():
    content = xlsx(
        [["备注", *V[::-1], "常住人口"], ["x", *GOOD[::-1], 5], ["y", *BAD[::-1], "５人"]]
    )
    run = checked(content, "villages")
    book = load_workbook(BytesIO(actions.failing_rows(uid=run.uid, by=SYSTEM, at=AT)))
    sheet = book["村（社区）"]

    header = [cell.value for cell in sheet[1]]
    row = dict(zip(header, sheet[2], strict=True))
    assert (sheet.max_row, header[-1], row["村（社区）名称"].value) == (2, "错误说明", "坏村")
    assert row["村（社区）代码"].fill.fgColor.rgb == "00F4B6B6"
    assert row["村（社区）名称"].fill.fgColor.rgb == "00000000"
    assert "区划代码应为12位，现为11位" in row["错误说明"].value

    row["村（社区）代码"].value, row["常住人口"].value = "320681100010", 5
    stream = BytesIO()
    book.save(stream)
    assert counts(applied(stream.getvalue(), "villages").report) == (1, 0, 0, 0)


STAFF = ["网点编码", "姓名", "身份证号", "岗位", "到岗日期", "所属单位"]


def test_an_id_excel_damaged_comes_back_to_be_typed_again_and_never_slips_through():
    row = [SITE, "甲", 3.20621199003077e17, "综合柜员", "2024-01-05", "启东市医疗保障局"]
    first = checked(xlsx([STAFF, row]), "staff")
    back = actions.failing_rows(uid=first.uid, by=SYSTEM, at=AT)

    sheet = load_workbook(BytesIO(back))["人员"]
    shown = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    again = checked(back, "staff")

    assert shown["身份证号"].value == "请重新录入（原为3.20621199003077e+17）"
    assert shown["网点编码"].value == SITE
    assert len(report_of(again).problems) == 1


PAYLOADS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "=cmd|' /C calc'!A0", '=HYPERLINK("x")']


def test_no_cell_of_the_error_workbook_is_a_formula_and_text_comes_back():
    rows = [["1", payload, payload] for payload in PAYLOADS]
    run = checked(csv_bytes([V, *rows]), "villages")
    book = load_workbook(BytesIO(actions.failing_rows(uid=run.uid, by=SYSTEM, at=AT)))
    sheet = book["村（社区）"]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    names = [sheet.cell(row, 2).value for row in range(2, sheet.max_row + 1)]
    assert kinds <= {"s", "n"}
    assert names == PAYLOADS


def test_the_template_has_notes_lists_and_text_columns_and_no_data():
    book = load_workbook(BytesIO(template()))
    assert book.sheetnames == [
        "填写说明",
        "区划",
        "村（社区）",
        "网点",
        "设备",
        "人员",
        "培训",
        "台账事实",
        "服务对象（个人）",
        "服务对象（单位）",
        "选项",
    ]
    sites = book["网点"]
    assert sites.column_dimensions["A"].number_format == "@"
    assert sites["A1"].comment.text.startswith("必填；示例：QD-0001")
    assert len(sites.data_validations.dataValidation) == 2
    assert [book[name].max_row for name in book.sheetnames[1:8]] == [1] * 7
    assert book["选项"].sheet_state == "hidden"


def test_an_empty_template_imports_nothing_with_a_kind_word():
    seen = report(template(), "workbook", coordinates="")
    assert (counts(seen), seen.problems) == ((0, 0, 0, 0), ())
    assert seen.message == "表格里还没有数据，没有导入任何内容。请在表头下方填写后再上传。"


def test_who_may_not_import_is_refused():
    clerk = actor_of(user_id=1, name="alice", role="clerk", area_path="/", area_name="")
    with pytest.raises(NotAllowed):
        actions.check(b"a", name="a", kind="sites", by=clerk, at=AT)
    with pytest.raises(NotAllowed):
        actions.apply(uid=uuid4(), mode="skip_bad", by=clerk, at=AT)
    with pytest.raises(NotAllowed):
        runs_in_order(clerk)
    with pytest.raises(NotAllowed):
        run_by_uid(clerk, uuid4())


def test_a_run_is_seen_in_its_area_only():
    run = actions.check(xlsx([V, GOOD]), name="a", kind="villages", by=CAROL, at=AT)
    assert [one.uid for one in runs_in_order(CAROL)] == [run.uid]
    assert list(runs_in_order(DAVE)) == []
    assert run_by_uid(CAROL, run.uid) == run
    with pytest.raises(NotFound):
        run_by_uid(DAVE, run.uid)
    with pytest.raises(NotFound):
        actions.apply(uid=run.uid, mode="skip_bad", by=DAVE, at=AT)


def test_row_security_hides_a_foreign_run():
    actions.check(xlsx([V, GOOD]), name="a", kind="villages", by=CAROL, at=AT)
    seen = []
    for path in (DAVE.area_path, CAROL.area_path, "/"):
        with area_scope(path):
            seen.append(ImportRun.objects.count())
    assert seen == [0, 1, 1]


def test_a_discarded_run_cannot_be_applied(django_capture_on_commit_callbacks):
    run = checked(xlsx([V, GOOD]), "villages")
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.discard(uid=run.uid, by=SYSTEM, at=AT).state == "discarded"
    with pytest.raises(RunGone):
        actions.apply(uid=run.uid, mode="skip_bad", by=SYSTEM, at=AT)


def test_an_applied_run_cannot_be_discarded():
    run = applied(xlsx([V, GOOD]), "villages").run
    with pytest.raises(Refused, match="已经导入"):
        actions.discard(uid=run.uid, by=SYSTEM, at=AT)


def test_files_are_sealed_and_forgotten_after_seven_days():
    run = checked(csv_bytes([V, GOOD]), "villages")
    path = keeping._path(run.uid)
    assert "新村".encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert keeping.kept(run.uid) == csv_bytes([V, GOOD])

    ImportRun.objects.filter(pk=run.pk).update(checked_at=AT - timedelta(days=8))
    actions.forget_old_files(at=AT + timedelta(days=3650))
    run.refresh_from_db()
    assert (run.state, path.exists()) == ("discarded", False)


def test_progress_is_told():
    stages = []
    rows = [[f"320681100{n:03}", f"第{n}村", TOWN] for n in range(1, 900)]
    rows += [[f"320681101{n:03}", f"第{n}村", OTHER_TOWN] for n in range(2, 200)]
    actions.check(
        csv_bytes([V, *rows]),
        name="a",
        kind="villages",
        by=SYSTEM,
        at=AT,
        progress=lambda *said: stages.append(said),
    )
    assert stages == [
        ("读取“村（社区）”", 1000, 1098),
        ("校验“村（社区）”", 1000, 1097),
        ("比对“村（社区）”", 0, 1097),
        ("比对“村（社区）”", 1097, 1097),
    ]
