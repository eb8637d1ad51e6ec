"""One stored report reads in Chinese and in English, and so does the workbook of failing rows."""

import re
from io import BytesIO

import pytest
from django.utils.translation import override
from openpyxl import load_workbook
from tests.imports.files import checked, csv_bytes, workbook, xlsx
from tests.imports.places import AT, COUNTY, OTHER_TOWN, SITE, SYSTEM, TOWN, county

from circle15.areas.scope import area_scope
from circle15.areas.wording import worded
from circle15.core.messages import Message
from circle15.imports import actions
from circle15.imports.queries import report_of
from circle15.imports.reading import read
from circle15.imports.refusals import FileRefused
from circle15.imports.report import Report
from circle15.imports.sheets import sheets
from circle15.imports.workbooks import template

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”]")
S = ["网点编码", "网点名称", "网点类型", "所在区划代码", "经度", "纬度", "电话", "启用日期"]
STAFF = ["网点编码", "姓名", "身份证号", "岗位", "到岗日期", "离岗日期", "所属单位"]
F = ["网点编码", "区划代码", "事实名", "值", "认定日期", "单位"]
FAULTY = {
    "区划": [
        ["区划代码", "名称", "级别", "上级代码", "常住人口"],
        ["320000000000", "江苏省", None, None, None],
        [TOWN, "", "县", None, 2_000_000],
        ["3.20681E+11", "全角２镇", "省", None, "3939人"],
        ["32068110001", "短镇", None, "320681199000", "约四千"],
    ],
    "村（社区）": [
        [
            "村（社区）代码",
            "村（社区）名称",
            "所属乡镇代码",
            "村社区代玛",
            "60岁以上人口",
            "常住人口",
        ],
        ["320681100009", "虚拟社区", TOWN, 1, 5, 3],
        ["320681100009", "新村", OTHER_TOWN, 1, -1, 12.5],
    ],
    "网点": [
        S,
        ["QD/1", "一", "便民中心站", OTHER_TOWN, 31.8, 121.5, "不详", "2024-02-30"],
        ["QD-2", "二", "药店", "320681199000", 118.7, 32.0, None, "5/1/24"],
        ["QD-3", "三", "药店", TOWN, "121.5度", None, None, "2024.1.5"],
    ],
    "设备": [["网点编码", "资产编号", "数量"], [SITE, "ZC-1", 1]],
    "人员": [
        STAFF,
        [SITE, "甲", "110105194912310021", "柜员", "2024-02-05", "2024-01-05", None],
        ["QD-9", "乙", None, "柜员", "2099-02-05", "2099-03-05", "没有局"],
    ],
    "培训": [
        ["网点编码", "培训日期", "培训类型", "培训主题", "参加人数"],
        [SITE, "2099-01-05", "集中", "甲", 0],
    ],
    "台账事实": [
        F,
        [SITE, None, "site.indoor_area_m2", "很大", "2024-01-05", "亩"],
        [SITE, TOWN, "site.indoor_area_m2", -1, "2024-01-05", None],
        [None, COUNTY, "eq.printer", "几台", "2024-01-05", "台"],
    ],
    "图表": [["x"]],
}


@pytest.fixture(autouse=True)
def everywhere(db):
    with area_scope("/"):
        county()
        yield


def everything(report: Report) -> list[Message]:
    notices = [notice.whole for notice in report.notices]
    return [report.message, *notices, *(problem.message for problem in report.problems)]


def words_of(message: Message) -> str:
    """Say a message without the data in it: names of columns, cells and places."""
    return worded(message, data=lambda _: "")


def test_a_report_checked_in_one_language_is_read_in_either():
    with override("en"):
        report = report_of(checked(workbook(FAULTY), "workbook"))
        said = [words_of(message) for message in everything(report)]
    with override("zh-hans"):
        chinese = [worded(problem.message) for problem in report.problems]

    assert len(said) > 40
    assert [text for text in said if CHINESE.search(text)] == []
    assert chinese == [str(problem.message) for problem in report.problems]


def test_what_an_english_report_says():
    rows = [["村（社区）代码", "村（社区）名称", "所属乡镇代码"], ["32068110001", "", COUNTY]]
    report = report_of(checked(csv_bytes(rows, "gb18030"), "villages"))

    with override("en"):
        problems = [worded(problem.message) for problem in report.problems]
        notices = [worded(notice.whole) for notice in report.notices]

    assert problems == [
        "A division code has 12 digits, this one has 11",
        '"村（社区）名称" must not be empty',
    ]
    assert notices == ["村（社区）: The file is encoded in GB18030"]


@pytest.mark.parametrize(
    ("content", "english"),
    [
        (b"", "The file is empty; choose a completed sheet"),
        (b"<table>", "This is a table in web page format; open it with a spreadsheet program"),
        (b"\xff\xfea\0", "The file is encoded neither in UTF-8 nor in GB18030 (perhaps in UTF-16)"),
        (b"a," * 300, "The sheet has more than 200000 rows or 200 columns; split it"),
    ],
)
def test_a_refusal_speaks_the_language_of_whoever_reads_it(content, english):
    with pytest.raises(FileRefused) as refused:
        read(content)

    with override("en"):
        assert str(refused.value).split("; save")[0].startswith(english)
    assert str(refused.value) == refused.value.message


def test_the_failing_rows_explain_themselves_in_the_language_of_whoever_asks():
    rows = [["村（社区）代码", "村（社区）名称", "所属乡镇代码"], ["32068110001", "坏村", TOWN]]
    run = checked(xlsx(rows), "villages")

    reasons = []
    for language in ("en", "zh-hans"):
        with override(language):
            content = actions.failing_rows(uid=run.uid, by=SYSTEM, at=AT)
        sheet = load_workbook(BytesIO(content))["村（社区）"]
        reasons.append(
            (sheet.cell(1, sheet.max_column).value, sheet.cell(2, sheet.max_column).value)
        )
    assert reasons == [
        ("错误说明", "村（社区）代码: A division code has 12 digits, this one has 11"),
        ("错误说明", "村（社区）代码：区划代码应为12位，现为11位"),
    ]


def test_the_english_template_explains_every_column_in_english():
    with override("en"):
        notes = load_workbook(BytesIO(template()))["填写说明"]
    names = {one.title for one in sheets().values()} | {
        column.example for one in sheets().values() for column in one.columns
    }
    data = re.compile(
        "|".join(re.escape(str(name)) for name in sorted(names, key=len, reverse=True))
    )
    explained = [str(row[1]) for row in notes.iter_rows(min_row=3, values_only=True) if row[1]]

    assert len(explained) == 7 + sum(len(one.columns) for one in sheets().values())
    assert [text for text in explained if CHINESE.search(data.sub("", text))] == []
    assert notes["A2"].value == "坐标系"


def test_a_column_s_comment_follows_the_language():
    with override("en"):
        book = load_workbook(BytesIO(template()))
    assert book["网点"]["A1"].value == "网点编码"
    assert book["网点"]["A1"].comment.text.startswith("Required; Example: QD-0001")
