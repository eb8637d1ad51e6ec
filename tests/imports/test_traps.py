"""Each trap of real tables, in a real file: found, named by row and column, or made right."""

from datetime import date
from decimal import Decimal

import pytest
from openpyxl import Workbook
from tests.imports.files import (
    applied,
    counts,
    csv_bytes,
    notices,
    problems,
    report,
    saved,
    workbook,
    xlsx,
)
from tests.imports.places import (
    AT,
    CITY,
    COUNTY,
    OTHER_TOWN,
    SITE,
    SYSTEM,
    TOWN,
    VILLAGE,
    county,
    officer,
)

from circle15.areas.bulk import DivisionRow, upsert_divisions
from circle15.areas.models import Division
from circle15.areas.scope import area_scope
from circle15.core.messages import Message
from circle15.imports import actions
from circle15.imports.queries import report_of
from circle15.imports.refusals import FileRefused
from circle15.imports.report import Problem
from circle15.ledger.models import Fact, Training
from circle15.sites.models import Equipment, Site, StaffMember

pytestmark = pytest.mark.django_db
V = ["村（社区）代码", "村（社区）名称", "所属乡镇代码"]
NEW = "320681100009"
S = ["网点编码", "网点名称", "网点类型", "所在区划代码", "经度", "纬度"]
SITE_2 = ["QD-0002", "北新镇便民服务中心", "便民服务中心", OTHER_TOWN, 121.50881, 31.82509]


@pytest.fixture(autouse=True)
def everywhere(db):
    with area_scope("/"):
        county()
        yield


def village(*more: object, head: tuple[str, ...] = ()) -> bytes:
    return xlsx([[*V, *head], [NEW, "新村", TOWN, *more]])


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("32068110000", "区划代码应为12位，现为11位"),
        ("3206811O0009", "区划代码只能由数字组成"),
        ("020681100009", "区划代码首位应为1至8"),
        ("320681000009", "区划代码缺少乡镇级"),
        (TOWN, "不是村（社区）的代码"),
        ("320681101009", "与村（社区）代码的前9位320681101不一致"),
        ("3.20681E+11", "科学计数法"),
    ],
)
def test_a_bad_code_is_named(code, message):
    found = problems(xlsx([V, [code, "新村", TOWN]]), "villages")
    assert len(found) == 1
    assert message in found[0]
    assert found[0].startswith("村（社区） 第2行 ")


def test_a_duplicate_code_is_named_with_the_earlier_row():
    rows = [V, [NEW, "新村", TOWN], [], [NEW, "又一村", TOWN]]
    seen = report(xlsx(rows), "villages")
    assert [str(one) for one in seen.problems] == [
        "村（社区） 第4行 “村（社区）代码”：“村（社区）代码”与第2行重复"
    ]
    assert counts(seen) == (1, 0, 0, 1)


def test_a_village_without_its_town_is_named():
    found = problems(xlsx([V, ["320681199001", "无镇村", "320681199000"]]), "villages")
    assert found == [
        "村（社区） 第2行 “所属乡镇代码”：上级区划320681199000不在名单中（文件和系统里都没有）"
    ]


def test_a_village_finds_its_town_in_the_same_file():
    content = workbook(
        {
            "村（社区）": [V, ["320681199001", "新村", "320681199000"]],
            "区划": [["区划代码", "名称"], ["320681199000", "新镇"]],
        }
    )
    assert counts(report(content, "workbook")) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    ("lon", "lat", "message"),
    [
        (31.82, 121.5, "经度和纬度可能填反了"),
        (118.79, 32.06, "坐标不在启东市范围内"),
        (121.5, None, "经度和纬度应当都填或都不填"),
        (0, 0, "坐标不在启东市范围内"),
        ("121.5度", 31.82, "带有“度”"),
    ],
)
def test_a_wrong_position_is_named(lon, lat, message):
    found = problems(village(lon, lat, head=("经度", "纬度")), "villages")
    assert len(found) == 1
    assert message in found[0]


def test_an_undeclared_system_is_refused():
    seen = report(xlsx([S, SITE_2]), "sites", coordinates="")
    assert [(one.row, "没有声明坐标系" in one.message) for one in seen.problems] == [(0, True)]
    assert seen.is_usable is False


def test_the_notes_sheet_declares_the_system():
    content = workbook({"网点": [S, SITE_2]}, system="GCJ-02（高德、腾讯）")
    seen = report(content, "workbook", coordinates="")
    assert (seen.coordinate_system, counts(seen)) == ("gcj02", (1, 0, 0, 0))


def test_two_declarations_that_differ_are_refused():
    content = workbook({"网点": [S, SITE_2]}, system="BD-09")
    assert "文件声明的坐标系是bd09，上传时选择的是wgs84" in problems(content, "workbook")[0]


def test_declared_coordinates_become_wgs84():
    run = actions.check(
        csv_bytes([S, SITE_2]), name="a.csv", kind="sites", coordinates="gcj02", by=SYSTEM, at=AT
    )
    actions.apply(uid=run.uid, mode="all_or_nothing", by=SYSTEM, at=AT)
    site = Site.objects.get(code="QD-0002")
    moved = abs(site.lon - Decimal("121.50881")), abs(site.lat - Decimal("31.82509"))
    assert all(Decimal("0.001") < degrees < Decimal("0.01") for degrees in moved)


def test_without_a_boundary_the_known_points_judge():
    row = DivisionRow(
        code=TOWN, name="汇龙镇", level="town", lon=Decimal("121.65"), lat=Decimal("31.81")
    )
    upsert_divisions([row], by=SYSTEM, at=AT)
    Division.objects.filter(code=COUNTY).update(boundary=None)
    far = village(120.0, 31.8, head=("经度", "纬度"))
    near = village(121.6, 31.8, head=("经度", "纬度"))
    assert (len(problems(far, "villages")), problems(near, "villages")) == (1, [])


@pytest.mark.parametrize(
    ("people", "message"),
    [
        (-1, "数值-1不应小于0"),
        (200_001, "人口200001不合常理"),
        (12.5, "应为整数"),
        ("3939人", "带有“人”"),
        ("约四千", "不是有效的数字"),
    ],
)
def test_an_absurd_population_is_named(people, message):
    found = problems(village(people, head=("常住人口",)), "villages")
    assert len(found) == 1
    assert message in found[0]


def test_more_old_people_than_people_is_named():
    found = problems(village(100, 101, head=("常住人口", "60岁以上人口")), "villages")
    assert found == ["村（社区） 第2行 “60岁以上人口”：60岁以上人口101多于常住人口100"]


@pytest.mark.parametrize("name", [None, "", "  ", "\u3000", "\u200b"])
def test_an_empty_name_is_named(name):
    found = problems(xlsx([V, [NEW, name, TOWN]]), "villages")
    assert found == ["村（社区） 第2行 “村（社区）名称”：“村（社区）名称”不能为空"]


def test_a_number_stored_as_text_is_taken_with_a_notice():
    content = village("3939", head=("常住人口",))
    assert notices(content, "villages") == [
        "村（社区） “常住人口”：数字以文本形式存储，已按数字读取（1行，首见第2行）"
    ]
    applied(content, "villages")
    assert Division.objects.get(code=NEW).population_resident == 3939


def test_a_code_stored_as_a_number_is_taken_with_a_notice():
    content = xlsx([V, [int(NEW), "新村", int(TOWN)]])
    assert notices(content, "villages")[0].startswith(
        "村（社区） “村（社区）代码”：编码以数字形式存储"
    )
    assert problems(content, "villages") == []


STAFF = ["网点编码", "姓名", "身份证号", "岗位", "到岗日期", "所属单位"]


@pytest.mark.parametrize("number", [3.20621e17, "3.20621E+17", 320621189912310000.0])
def test_an_id_kept_as_a_number_is_refused_with_advice(number):
    row = [SITE, "甲", number, "综合柜员", "2024-01-05", "启东市医疗保障局"]
    found = problems(xlsx([STAFF, row]), "staff")
    assert len(found) == 1
    assert "科学计数法" in found[0]
    assert "文本格式" in found[0]


def test_full_width_digits_are_made_plain_with_a_notice():
    content = xlsx([[*V, "常住人口"], ["３２０６８１１００００９", "幸福２村", TOWN, "３９"]])
    assert "村（社区） “村（社区）代码”：含全角字符，已转为半角（1行，首见第2行）" in notices(
        content, "villages"
    )
    applied(content, "villages")
    stored = Division.objects.get(code=NEW)
    assert (stored.name, stored.population_resident) == ("幸福2村", 39)


@pytest.mark.parametrize(
    "typed",
    ["2024-01-05", "2024.1.5", "2024/1/5", "2024年1月5日", "20240105", 45296, date(2024, 1, 5)],
)
def test_dates_in_all_habits_are_one_day(typed):
    applied(xlsx([[*S, "启用日期"], [*SITE_2, typed]]), "sites")
    assert Site.objects.get(code="QD-0002").opened_on == date(2024, 1, 5)


@pytest.mark.parametrize("typed", ["5/1/24", "2024-02-30", "去年", "2024"])
def test_an_unclear_date_is_named(typed):
    found = problems(xlsx([[*S, "启用日期"], [*SITE_2, typed]]), "sites")
    assert [one.split("：")[0] for one in found] == ["网点 第2行 “启用日期”"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_usual_encodings_keeps_rare_characters(encoding):
    applied(csv_bytes([V, [NEW, "镕喆㐂村", TOWN]], encoding), "villages")
    assert Division.objects.get(code=NEW).name == "镕喆㐂村"


def test_gbk_is_noticed_by_name():
    content = csv_bytes([V, [NEW, "镕喆村", TOWN]], "gbk")
    assert notices(content, "villages") == ["村（社区）：文件编码为GB18030"]


@pytest.mark.parametrize("encoding", ["utf-16", "big5"])
def test_other_encodings_are_refused(encoding):
    rows = [["代碼", "名稱"], ["1", "電腦號碼國際機場開發區"]] * 30
    with pytest.raises(FileRefused, match="文件编码既不是UTF-8也不是GB18030（可能是"):
        report(csv_bytes(rows, encoding), "villages")


def test_rare_characters_survive_a_workbook():
    applied(xlsx([V, [NEW, "镕喆㐂𠮷村（北）", TOWN]]), "villages")
    assert Division.objects.get(code=NEW).name == "镕喆㐂𠮷村（北）"


def _with_merged(cells: str) -> bytes:
    book = Workbook()
    sheet = book.active
    for row in ([*V], [NEW, "甲村", TOWN], ["320681100010", "乙村", None]):
        sheet.append(row)
    sheet.merge_cells(cells)
    return saved(book)


def test_merged_cells_are_named_by_their_range():
    found = problems(_with_merged("C2:C3"), "villages")
    assert [one for one in found if "合并单元格" in one] == [
        "村（社区） 第2行 “村（社区）代码”：合并单元格C2:C3，请取消合并并逐行填写",
        "村（社区） 第3行 “村（社区）代码”：合并单元格C2:C3，请取消合并并逐行填写",
    ]


def test_a_merged_header_stops_the_sheet():
    seen = report(_with_merged("A1:B1"), "villages")
    assert "表头有合并单元格A1:B1，请取消合并" in [one.message for one in seen.problems]
    assert seen.is_usable is False


def test_a_merged_title_above_the_header_does_no_harm():
    book = Workbook()
    for row in (["启东市村级名单"], V, [NEW, "甲村", TOWN]):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    assert counts(report(saved(book), "villages")) == (1, 0, 0, 0)


def test_hidden_rows_are_noticed():
    book = Workbook()
    for row in (V, [NEW, "甲村", TOWN], ["320681100010", "乙村", TOWN]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    assert notices(saved(book), "villages") == [
        "村（社区）：有1行被隐藏（第3行），同样会导入，请确认"
    ]


def test_a_placeholder_village_is_taken_and_flagged():
    content = xlsx([V, [NEW, "虚拟社区", TOWN]])
    assert "不计入覆盖率" in notices(content, "villages")[0]
    applied(content, "villages")
    assert Division.objects.get(code=NEW).is_placeholder is True
    assert Division.objects.get(code=VILLAGE).is_placeholder is False


def test_an_unknown_kind_of_site_is_named_with_a_suggestion():
    row = [*SITE_2[:2], "乡镇便民服务中心站", *SITE_2[3:]]
    assert problems(xlsx([S, row]), "sites") == [
        "网点 第2行 “网点类型”：没有“乡镇便民服务中心站”这一项，您是不是要填“便民服务中心”？"
    ]


F = ["网点编码", "区划代码", "事实名", "值", "认定日期"]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("site.indoor_area", 128, "您是不是要填“site.indoor_area_m2”"),
        ("site.indoor_area_m2", "很大", "“室内服务场所面积”应填数字"),
        ("site.indoor_area_m2", -1, "不能为负"),
        ("site.layout_reasonable", 3, "应填是或否"),
        ("site.indoor_area_m2", 99999999, "“值”：数值99999999不合常理，一般不超过20000，请核对"),
        ("staff.town_headcount", "2.5", "应填整数"),
    ],
)
def test_a_wrong_fact_is_named(name, value, message):
    found = problems(xlsx([F, [SITE, None, name, value, "2024-01-05"]]), "facts")
    assert len(found) == 1
    assert message in found[0]


@pytest.mark.parametrize("typed", ["2999-01-01", "1926-03-02", "2019-12-31"])
def test_a_day_no_fact_can_be_of_is_named(typed):
    Site.objects.filter(code=SITE).update(opened_on=date(2020, 1, 1))
    found = problems(xlsx([F, [SITE, None, "site.indoor_area_m2", 128, typed]]), "facts")
    assert [each.partition("：")[0] for each in found] == ["台账事实 第2行 “认定日期”"]


def test_facts_come_in_by_label_and_by_name():
    rows = [
        [SITE, None, "室内服务场所面积", "128.50", "2024-01-05"],
        [SITE, None, "eq.printer", "是", "2024.1.5"],
        [None, TOWN, "staff.town_headcount", 4, 45296],
    ]
    applied(csv_bytes([F, *rows]), "facts")
    stored = {(one.name, one.value, one.unit) for one in Fact.objects.all()}
    assert stored == {
        ("site.indoor_area_m2", "128.50", "平方米"),
        ("eq.printer", True, ""),
        ("staff.town_headcount", 4, "名"),
    }


def test_a_site_out_of_the_area_is_named():
    carol = officer(f"/{CITY}/{COUNTY}/{TOWN}/")
    run = actions.check(
        csv_bytes([S, SITE_2]), name="a.csv", kind="sites", coordinates="wgs84", by=carol, at=AT
    )
    assert report_of(run).problems == (
        Problem("网点", 2, "所在区划代码", Message(f"没有区划{OTHER_TOWN}，或不在您的管辖范围内")),
    )


def test_missing_and_unknown_columns_are_named_all_at_once():
    seen = report(xlsx([["村（社区）名称", "村社区代玛", "面积"], ["新村", NEW, 3]]), "villages")
    assert seen.problems == (
        Problem("村（社区）", 0, "", Message("缺少必填列：村（社区）代码、所属乡镇代码")),
    )
    assert [one.message for one in seen.notices] == [
        "未识别的列已忽略：村社区代玛（是否为“村（社区）代码”？）、面积"
    ]


def test_a_doubled_column_is_named():
    seen = report(xlsx([[*V, "村名"], [NEW, "新村", TOWN, "旧村"]]), "villages")
    assert [one.message for one in seen.problems] == ["列重复：村（社区）名称，请只保留一列"]


def test_columns_in_any_order_under_other_names_with_marks():
    rows = [["town_code", "村名 *", "代码（必填）"], [TOWN, "新村", NEW]]
    assert counts(report(xlsx(rows), "villages")) == (1, 0, 0, 0)


def test_equipment_staff_and_trainings_come_in():
    employer = "启东市医疗保障局"
    content = workbook(
        {
            "设备": [
                ["网点编码", "资产编号", "设备类别", "数量", "购置日期"],
                [SITE, "ZC-1", "打印机", 2, "2024.1.5"],
            ],
            "人员": [STAFF, [SITE, "朱镕㐂", None, "综合柜员", "2024/1/5", employer]],
            "培训": [
                ["区划代码", "培训日期", "培训类型", "培训主题", "参加人数"],
                [TOWN, "2024-01-05", "集中培训", "异地就医", 12],
            ],
        }
    )
    assert counts(applied(content, "workbook").report) == (3, 0, 0, 0)
    assert Equipment.objects.get().key == "eq.printer"
    assert StaffMember.objects.get().person.organisation.name == employer
    assert Training.objects.get().attendees == 12


# Clauses: W-92
def test_where_staff_came_from_is_read_and_an_empty_cell_leaves_it():
    row = [SITE, "甲", None, "综合柜员", "2024-01-05", "启东市医疗保障局"]
    applied(xlsx([[*STAFF, "用工方式"], [*row, "政府购买岗位"]]), "staff")
    assert StaffMember.objects.get().source == "purchased"
    applied(xlsx([[*STAFF, "人员来源"], [*row, None]]), "staff")
    applied(xlsx([STAFF, row]), "staff")
    assert StaffMember.objects.get().source == "purchased"
    assert "没有“抽" in problems(xlsx([[*STAFF, "来源"], [*row, "抽签"]]), "staff")[0]


def test_a_host_nobody_knows_is_set_up_with_the_site():
    content = xlsx([[*S, "主办单位"], [*SITE_2, "北新镇人民政府"]])
    assert notices(content, "sites") == [
        "网点 “主办单位”：系统中没有的单位将按网点类型新建（1行，首见第2行）"
    ]
    applied(content, "sites")
    host = Site.objects.get(code="QD-0002").organisation
    assert (host.kind, host.area_path) == ("town_government", f"/{CITY}/{COUNTY}/{OTHER_TOWN}/")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([SITE, "甲", None, "综合柜员", "2024-01-05", None], "网点没有主办单位，请填写所属单位"),
        ([SITE, "甲", None, "综合柜员", "2024-01-05", "没有局"], "没有单位“没有局”"),
        (["QD-9", "甲", None, "综合柜员", "2024-01-05", None], "没有网点QD-9"),
        ([SITE, "甲", "110105194912310021", "柜员", "2024-01-05", None], "校验位不正确"),
    ],
)
def test_wrong_staff_rows_are_named(row, message):
    found = problems(xlsx([STAFF, row]), "staff")
    assert message in found[0]
