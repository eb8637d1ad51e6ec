"""What facts are, and which values are refused."""

from datetime import date
from decimal import Decimal

import pytest

from circle15.standards import InvalidFacts, Text, clean_facts, facts
from circle15.standards.facts import first_day, groups, implausible, label, measured


def faults(raw):
    with pytest.raises(InvalidFacts) as error:
        clean_facts(raw)
    assert str(error.value) == "；".join(error.value.problems)
    return error.value.problems


def test_a_group_supplies_what_a_fact_leaves_out():
    glasses = facts()["eq.reading_glasses"]

    assert (glasses.kind, glasses.source, glasses.scope, glasses.cost) == (
        "element",
        "on_site",
        "site",
        1,
    )
    assert glasses.fix == Text("配备老花眼镜", "Provide the reading glasses")
    assert glasses.unit == Text("", "")
    assert glasses.group == "eq"
    assert not glasses.is_number


def test_a_fact_may_say_otherwise():
    scanner = facts()["eq.scanner_ocr"]

    assert scanner.fix == Text("配备一台带 OCR 的扫描仪", "Buy a scanner with OCR")
    assert facts()["eq.kiosk"].cost == 2
    assert facts()["town.population_resident"].example == 60000
    assert facts()["site.area_m2"].stands_for == ("site.indoor_area_m2",)
    assert facts()["site.area_m2"].is_number


def test_every_fact_has_a_group_with_a_title():
    assert {fact.group for fact in facts().values()} == set(groups())
    assert groups()["zone"] == Text("功能区", "Zones")


def test_counts_have_units_and_the_rest_have_none():
    without = {fact.kind for fact in facts().values() if not fact.unit.zh}

    assert without == {"bool", "element"}
    assert {fact.kind for fact in facts().values() if fact.unit.zh} == {"count", "number"}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, Text("0处", "0 spots")),
        (1, Text("1处", "1 spot")),
        (Decimal("2.50"), Text("2.5处", "2.5 spots")),
    ],
)
def test_measured(number, text):
    assert measured("sign.chs_nonconforming_spots", number) == text


def test_a_unit_without_a_singular_stays():
    assert measured("site.indoor_area_m2", 1) == Text("1平方米", "1 m²")


def test_a_name_nobody_has_defined_stands_for_itself():
    assert label("moon.phase") == Text("moon.phase", "moon.phase")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("site.indoor_area_m2", Decimal("128.1234")),
        ("site.indoor_area_m2", 0),
        ("site.indoor_area_m2", 10**10),
        ("eq.pen", True),
        ("eq.pen", 0),
        ("eq.pen", 12),
        ("conduct.reception_ok", False),
        ("staff.town_headcount", 3),
    ],
)
def test_good_values_come_back_as_they_are(name, value):
    assert clean_facts({name: value}) == {name: value}


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("site.indoor_area_m2", True, "site.indoor_area_m2（室内服务场所面积）：应为数，得到 true"),
        ("site.indoor_area_m2", "128", "应为数，得到 128"),
        ("site.indoor_area_m2", None, "应为数，得到 None"),
        ("site.indoor_area_m2", Decimal("-0.1"), "不能为负，得到 -0.1"),
        ("site.indoor_area_m2", Decimal("0.00001"), "最多 4 位小数，得到 0.00001"),
        ("site.indoor_area_m2", 10**10 + 1, "数值过大，得到 10000000001"),
        ("eq.pen", Decimal("0.5"), "eq.pen（笔）：应为整数，得到 0.5"),
        ("eq.pen", "yes", "eq.pen（笔）：应为 true、false 或件数，得到 yes"),
        ("eq.pen", -1, "eq.pen（笔）：不能为负，得到 -1"),
        ("staff.town_headcount", Decimal(3), "应为整数，得到 3"),
        ("staff.town_headcount", False, "应为数，得到 false"),
        ("conduct.reception_ok", 1, "应为 true 或 false，得到 1"),
        ("eq.pens", 1, "没有名为 eq.pens 的事实，是不是 eq.pen？"),
        ("quite.another.thing", 1, "没有名为 quite.another.thing 的事实"),
    ],
)
def test_bad_values_are_refused(name, value, fault):
    (problem,) = faults({name: value})

    assert problem.endswith(fault)


def test_all_faults_come_at_once():
    assert len(faults({"eq.pens": 1, "eq.pen": -1, "eq.copier": True, "moon": 2})) == 3


def test_every_number_has_a_range_with_a_reason_and_no_yes_or_no_has_one():
    ranged = {name for name, fact in facts().items() if fact.range}

    assert ranged == {name for name, fact in facts().items() if fact.kind != "bool"}
    assert all(facts()[name].range.why.en for name in ranged)
    assert first_day() == date(1998, 12, 14)


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("site.indoor_area_m2", 20000),
        ("town.population_resident", 1000000),
        ("staff.town_headcount", 500),
        ("train.sessions_this_year", 366),
        ("ops.instant_avg_minutes", 1440),
        ("conduct.taboo_language", 1000),
        ("eq.bench", 999),
    ],
)
def test_a_number_beyond_its_range_is_implausible(name, most):
    assert implausible(name, most) == ""
    assert implausible(name, most + 1) == f"数值{most + 1}不合常理，一般不超过{most}，请核对"


def test_yes_is_never_implausible():
    assert implausible("eq.bench", value=True) == ""
