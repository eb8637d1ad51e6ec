"""Rows as a whole, and the choice of sheets: each mistake is named where it stands."""

import pytest
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
from tests.imports.places import COUNTY, SITE, TOWN, county

from circle15.areas.models import Division
from circle15.areas.scope import area_scope
from circle15.imports.refusals import FileRefused
from circle15.ledger.models import Fact

pytestmark = pytest.mark.django_db
D = ["区划代码", "名称", "级别", "上级代码"]
F = ["网点编码", "区划代码", "事实名", "值", "认定日期", "单位"]
STAFF = ["网点编码", "姓名", "岗位", "到岗日期", "离岗日期", "所属单位"]
T = ["网点编码", "培训日期", "培训类型", "培训主题", "参加人数"]


@pytest.fixture(autouse=True)
def everywhere(db):
    with area_scope("/"):
        county()
        yield


@pytest.mark.parametrize(
    ("kind", "rows", "message"),
    [
        ("divisions", [D, ["320000000000", "江苏省", None, None]], "只能导入市及以下的区划"),
        ("divisions", [D, ["320681103000", "新镇", "村", None]], "级别与代码不符：按代码应为"),
        ("divisions", [D, ["32068", "新镇", None, None]], "区划代码应为12位，现为5位"),
        ("divisions", [D, ["320681103000", "新镇", "乡镇", TOWN]], "级别与上级区划“汇龙镇”不相符"),
        ("facts", [F, [SITE, TOWN, "eq.printer", 1, "2024-01-05", None]], "应当且只能填一项"),
        ("facts", [F, [None, COUNTY, "eq.printer", 1, "2024-01-05", None]], "按乡镇（街道）记录"),
        ("facts", [F, [SITE, None, "eq.printer", 1, "2099-01-05", None]], "日期2099-01-05还没有到"),
        ("facts", [F, [SITE, None, "eq.printer", 1, "2024-01-05", "台"]], "该事实没有单位"),
        (
            "facts",
            [F, [SITE, None, "site.indoor_area_m2", 1, "2024-01-05", "亩"]],
            "单位“亩”不对，应为“平方米”",
        ),
        ("facts", [F, [SITE, None, "eq.printer", "几台", "2024-01-05", None]], "应填是、否或件数"),
        ("trainings", [T, ["QD-9", "2024-01-05", "集中培训", "甲", 3]], "没有网点QD-9"),
        ("trainings", [T, [SITE, "2024-01-05", "集中培训", "甲", 0]], "数值0不应小于1"),
        (
            "staff",
            [STAFF, [SITE, "甲", "柜员", "2024-02-05", "2024-01-05", "启东市医疗保障局"]],
            "离岗日期早于到岗日期",
        ),
    ],
)
def test_a_row_that_does_not_fit_is_named(kind, rows, message):
    found = problems(xlsx(rows), kind)
    assert len(found) == 1
    assert message in found[0]


def test_a_town_s_fact_given_for_a_site_goes_to_the_town():
    content = xlsx([F, [SITE, None, "staff.town_headcount", 4, "2024-01-05", None]])
    assert "已记到网点所在的乡镇" in notices(content, "facts")[0]
    applied(content, "facts")
    fact = Fact.objects.get()
    assert (fact.site_id, fact.division.code) == (None, TOWN)


def test_a_city_without_boundary_still_knows_the_country():
    Division.objects.update(boundary=None, lon=None, lat=None)
    head = ["区划代码", "名称", "经度", "纬度"]
    inside = xlsx([head, [TOWN, "汇龙镇", 121.6, 31.8]])
    outside = xlsx([head, [TOWN, "汇龙镇", 10.0, 50.0]])
    assert problems(inside, "divisions") == []
    assert "坐标不在启东市范围内" in problems(outside, "divisions")[0]


def test_an_unknown_system_is_named_in_the_file_and_beside_it():
    rows = [D[:2], [TOWN, "汇龙镇"]]
    inside = workbook({"区划": rows}, system="北京54")
    assert "不认识坐标系“北京54”" in problems(inside, "workbook", coordinates="")[0]
    assert (
        "不认识坐标系“beijing54”" in problems(xlsx(rows), "divisions", coordinates="beijing54")[0]
    )


def test_sheets_nobody_knows_are_noticed():
    content = workbook({"区划": [D[:2], [TOWN, "汇龙镇"]], "图表": [["x"]]})
    assert notices(content, "workbook") == ["表“图表”未识别，已忽略"]


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (csv_bytes([D, [TOWN]]), "workbook", "CSV文件只有一张表"),
        (workbook({"图表": [["x"]]}), "workbook", "没有找到可以导入的表"),
        (workbook({"填写说明": [["x"]]}), "sites", "还没有数据"),
        (csv_bytes([["a"]]), "cars", "不能导入这种数据"),
        (csv_bytes([["a"] * 201]), "sites", "超过200000行或200列"),
    ],
)
def test_a_file_without_the_sheet_is_refused(content, kind, message):
    with pytest.raises(FileRefused, match=message):
        report(content, kind)


def test_a_sheet_without_a_header_is_named():
    seen = report(xlsx([["甲", "乙"], [1, 2]]), "sites")
    assert [one.message for one in seen.problems] == [
        "没有找到表头，至少要有：网点编码、网点名称、网点类型、所在区划代码、经度、纬度"
    ]


def test_the_sheet_that_fits_is_found_by_its_header():
    content = workbook({"封面": [["启东"]], "数据": [D[:2], [TOWN, "汇龙镇"]]})
    assert counts(report(content, "divisions")) == (0, 0, 1, 0)


def test_a_hidden_sheet_is_noticed():
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(workbook({"区划": [D[:2], [TOWN, "汇龙镇"]], "图表": [["x"]]})))
    book["区划"].sheet_state = "hidden"
    assert "区划：这张表是隐藏的，同样会导入，请确认" in notices(saved(book), "workbook")
