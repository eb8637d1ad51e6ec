"""People and organisations by the file: every problem at once, nothing twice, nobody foreign."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.factories import AT
from tests.imports.files import applied, counts, csv_bytes, problems, xlsx
from tests.ledger.people import served
from tests.ledger.people.served import NAME, PHONE, number
from tests.ledger.people.test_organisations import code

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.upserts import Counts, RowsRefused
from circle15.audit.models import Event
from circle15.ledger.people.bulk import PersonRow, upsert_people
from circle15.ledger.people.models import Membership, Person, ServedOrganisation
from circle15.ledger.people.sealing import plain
from circle15.ledger.people.states import Field

pytestmark = pytest.mark.django_db
HEAD = [
    "姓名",
    "身份证号",
    "手机号",
    "所在区划代码",
    "出生年份",
    "参保状态",
    "列入台账",
    "台账类别",
]
ORGANISATION = ["单位名称", "统一社会信用代码", "所在区划代码", "列入台账", "台账类别", "联系电话"]


@pytest.fixture(autouse=True)
def everywhere(db, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with area_scope(EVERYWHERE):
        served.village()
        served.other_village()
        yield


def row(**more: object) -> list[object]:
    values = dict(zip(HEAD, [NAME, number(), PHONE, "320681100001"], strict=False))
    return [(values | more).get(title) for title in HEAD]


def test_a_file_comes_in_once():
    content = xlsx(
        [
            HEAD,
            row(参保状态="居民医保", 列入台账="参保人员"),
            row(列入台账="困难人员", 台账类别="低保对象"),
            row(姓名="小宝", 身份证号=None, 出生年份=2026, 列入台账="新增人员"),
        ]
    )
    first, again = (applied(content, "persons").report for _ in range(2))
    assert (counts(first), counts(again)) == ((2, 1, 0, 0), (0, 0, 3, 0))

    assert Person.objects.count() == 2
    person = Person.objects.get(birth_year=1944)
    assert (plain(person, Field.NAME), person.insurance, person.source) == (
        NAME,
        "resident",
        "import",
    )
    assert list(Membership.objects.order_by("id").values_list("register", "kind")) == [
        ("insured", ""),
        ("hardship", "minimum-living"),
        ("newcomers", ""),
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (320621194403050017, "号码"),
        (3.20621194403050e17, "科学计数法（3****"),
        ("3.20621E+17", "科学计数法"),
        (999999194403050000, "号码"),
        ("320621440305001", "15位身份证号码已停止使用"),
        ("99999919440305001", "应为18位"),
        (number()[:-1] + ("0" if number()[-1] != "0" else "1"), "校验位不正确"),
    ],
)
def test_a_number_a_spreadsheet_has_damaged_is_refused_with_a_hint(typed, words):
    [found] = problems(xlsx([HEAD, row(身份证号=typed)]), "persons")
    assert words in found


def test_a_whole_number_that_is_right_by_chance_is_refused_too():
    lucky = next(
        text for serial in range(200) if (text := number(date(1990, 1, 1), serial))[-1] != "X"
    )
    [found] = problems(xlsx([HEAD, row(身份证号=int(lucky))]), "persons")
    assert "请把该列设为文本格式" in found


def test_every_problem_is_told_at_once():
    content = xlsx(
        [
            HEAD,
            row(姓名=None, 手机号="不详"),
            row(身份证号=None),
            row(身份证号=number(serial=3), 所在区划代码="320699000000"),
            row(身份证号=number(serial=4), 列入台账="参保人员", 台账类别="低保对象"),
            row(身份证号=number(serial=5), 台账类别="低保对象"),
            row(身份证号=number(serial=6), 参保状态="金卡"),
            row(身份证号=number(serial=7), 列入台账="困难人员"),
            row(身份证号=number(serial=7), 列入台账="困难人员"),
        ]
    )
    found = problems(content, "persons")
    parts = (
        *("不能为空", "电话号码只能用", "至少填一项", "没有区划320699000000", "没有这个类别"),
        *("也要填列入哪个台账", "没有“金*”这一项", "重复"),
    )
    assert [part in problem for part, problem in zip(parts, found, strict=True)] == [True] * 8
    assert Person.objects.count() == 0


def test_a_csv_file_works_too():
    content = csv_bytes([HEAD, row(列入台账="流动人员")], "gb18030")
    assert counts(applied(content, "persons").report) == (1, 0, 0, 0)


def test_people_of_another_county_stay_there():
    town = served.foreign_town()
    served.person(division_code=town.code)
    by = served.carol()
    mine = PersonRow(entry=served.entry())
    with pytest.raises(RowsRefused, match="已在其他地区登记"):
        upsert_people([mine], by=by, at=AT)
    there = PersonRow(entry=served.entry(division_code=town.code))
    with pytest.raises(RowsRefused, match="没有区划"):
        upsert_people([there], by=by, at=AT)


def test_a_move_inside_the_own_area_takes_registers_along():
    served.person(registers=("insured",))
    moved = PersonRow(entry=served.entry(division_code=served.other_village().code))
    later = AT + timedelta(days=1)
    assert upsert_people([moved], by=served.carol(), at=later) == Counts(changed=1)
    standing = Membership.objects.get()
    assert (standing.area_path, standing.touched_at) == (served.other_village().path, later)


def test_two_rows_of_one_new_person_make_one_person():
    rows = [
        PersonRow(entry=served.entry(registers=("insured",))),
        PersonRow(entry=served.entry(registers=("frail",), phone="10000000001")),
    ]
    assert upsert_people(rows, by=served.SYSTEM, at=AT) == Counts(new=1, changed=1)
    person = Person.objects.get()
    assert (plain(person, Field.PHONE), person.memberships.count()) == ("10000000001", 2)


def test_the_trail_tells_counts_and_no_names():
    rows = [PersonRow(entry=served.entry(id_number=number(serial=one))) for one in range(3)]
    upsert_people(rows, by=served.SYSTEM, at=AT)
    event = Event.objects.get(verb="served_people.import")
    assert (event.new["new"], len(event.new["digest"])) == (3, 32)
    assert NAME not in str(event.new)


def test_organisations_come_in_once_and_foreign_ones_not_at_all():
    line = ["示例制造有限公司", code(), "320681100001", "用人单位", None, "0513-01234567"]
    content = xlsx([ORGANISATION, line])
    found = [counts(applied(content, "served").report) for _ in range(2)]
    assert found == [(1, 0, 0, 0), (0, 0, 1, 0)]
    assert ServedOrganisation.objects.get().name == "示例制造有限公司"
    bad = [line[0], code()[:-1], "320681100001", "两定机构", "特困人员", "x"]
    assert len(problems(xlsx([ORGANISATION, bad]), "served")) == 3


def test_an_unusable_entry_is_named_by_row_and_field():
    rows = [PersonRow(entry=replace(served.entry(), name="", phone="x"))]
    with pytest.raises(RowsRefused) as refused:
        upsert_people(rows, by=served.SYSTEM, at=AT)
    assert [(one.row, one.field) for one in refused.value.problems] == [(0, "name"), (0, "phone")]
