"""Reading an edition: every fault is found, all at once, and named by its place."""

import pytest

from circle15.standards import InvalidEdition, parse_edition

HEAD = """
id: small
version: 1
title: [小规则, Small]
issuer: [我们, We]
jurisdiction: [本地, Here]
document: {name: 文件, number: null, issued: 2026-01-31, in_force: 2026-02-01}
unit: points
pass_mark: null
expects: {sections: 1, indicators: 1, clauses: 1, rules: 1, vetoes: 0, points: 5}
profiles: [{id: town, title: [镇, Town], site_kinds: [town_centre]}]
sections:
- id: S1
  title: [节, Section]
  points: 5
  indicators:
  - id: I1
    number: "1"
    title: [指标, Indicator]
    points: 5
    clauses:
    - id: C1
      number: "1"
      title: [条, Clause]
      points: 5
      evidence: [ledger]
      rules:
      - {rule}
"""
PENS = "{id: R1, kind: per_missing, points: 5, step: 1, elements: [eq.pen]}"
BASIC = HEAD.replace("{rule}", PENS)


def with_rule(rule):
    return HEAD.replace("{rule}", rule)


def problems(text):
    with pytest.raises(InvalidEdition) as error:
        parse_edition(text)
    assert str(error.value) == "\n".join(error.value.problems)
    return list(error.value.problems)


def test_the_small_edition_is_right():
    book = parse_edition(BASIC)

    assert (book.id, book.version, book.unit) == ("small", 1, "points")
    assert book.document.issued.isoformat() == "2026-01-31"
    assert book.document.in_force.isoformat() == "2026-02-01"
    assert book.rules[0].start == 5
    assert book.vetoes == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("id: small", "id: 3", "id：应为文字"),
        ("id: small", "id: ' '", "id：应为文字"),
        ("version: 1", "", "version：缺少，应为不小于 0 的整数"),
        ("version: 1", "version: true", "version：应为不小于 0 的整数"),
        ("version: 1", "version: -1", "version：应为不小于 0 的整数"),
        ("title: [小规则, Small]", "title: 小规则", "title：应为[中文, 英文]"),
        ("title: [小规则, Small]", "title: [小规则, ' ']", "title：应为[中文, 英文]"),
        ("issued: 2026-01-31", "issued: soon", "document.issued：应为日期（如 2026-11-21）"),
        (
            "issued: 2026-01-31",
            "issued: 2026-01-31 10:00:00",
            "document.issued：应为日期（如 2026-11-21）",
        ),
        ("number: null, issued", "number: 5, issued", "document.number：应为文字"),
        (
            "in_force: 2026-02-01",
            "in_force: 2026",
            "document.in_force：应为日期（如 2026-11-21）",
        ),
        ("unit: points", "unit: stars", "unit：应为points、requirements 之一"),
        ("pass_mark: null", "pass_mark: -1", "pass_mark：应为不小于 0 的数，最多 4 位小数"),
        ("pass_mark: null", "pass_mark: 0.00001", "pass_mark：应为不小于 0 的数，最多 4 位小数"),
        (
            "pass_mark: null",
            "pass_mark: 10000000000",
            "pass_mark：应为不小于 0 的数，最多 4 位小数",
        ),
        ("pass_mark: null", "pass_mark: true", "pass_mark：应为不小于 0 的数，最多 4 位小数"),
        ("pass_mark: null", "passmark: 5", "passmark：不认识的字段"),
        ("[town_centre]", "[castle]", "town.site_kinds：没有这种网点：castle"),
        ("[town_centre]", "[]", "town.site_kinds：应为名称列表"),
        ("[town_centre]", "[1]", "town.site_kinds：应为名称列表"),
        ("[town_centre]", "[pharmacy, pharmacy]", "town.site_kinds：名称重复"),
        ("evidence: [ledger]", "evidence: [rumour]", "C1.evidence：没有这种考核方式：rumour"),
        ("      points: 5\n", "      points: 4\n", "C1.points：写明 4，各部分合计 5"),
        (
            "    points: 5\n    clauses",
            "    points: 6\n    clauses",
            "I1.points：写明 6，各部分合计 5",
        ),
        (
            "  points: 5\n  indicators",
            "  points: 4.5\n  indicators",
            "S1.points：写明 4.5，各部分合计 5",
        ),
        ("rules: 1", "rules: 2", "expects.rules：应为 2，实为 1"),
        ("points: 5}\nprofiles", "points: 100}\nprofiles", "expects.points：应为 100，实为 5"),
        ("rules: 1,", "rules: 1, stars: 3,", "expects.stars：不认识的字段"),
        (
            "evidence: [ledger]",
            "evidence: [ledger]\n      profiles: [moon]",
            "C1.profiles：没有类别 moon",
        ),
        ("document: {", "document: {author: me, ", "document.author：不认识的字段"),
        (
            "document: {name: 文件, number: null, issued: 2026-01-31, in_force: 2026-02-01}",
            "document: 文件",
            "document：应为键值表",
        ),
        ("      rules:\n", "      colour: red\n      rules:\n", "C1.colour：不认识的字段"),
    ],
)
def test_a_fault_is_named_by_its_place(old, new, problem):
    assert old in BASIC

    assert problem in problems(BASIC.replace(old, new, 1))


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("{id: R1, points: 5}", ["R1.kind：缺少，应为"]),
        ("{id: R1, kind: magic, points: 5}", ["R1.kind：应为"]),
        (
            "{id: R1, kind: all_or_nothing, points: 5}",
            ["R1.conditions：缺少条件（facts、conditions 或 norm）"],
        ),
        (
            "{id: R1, kind: all_or_nothing, points: 5, facts: [eq.pencil]}",
            ["R1.facts：没有名为 eq.pencil 的事实"],
        ),
        (
            "{id: R1, kind: all_or_nothing, points: 5, facts: [site.indoor_area_m2]}",
            ["R1.facts：site.indoor_area_m2 的类型是 number，此处应为 bool、element"],
        ),
        (
            "{id: R1, kind: per_missing, points: 5, step: 0, elements: [eq.pen]}",
            ["R1.step：应大于 0"],
        ),
        (
            "{id: R1, kind: per_missing, points: 5, elements: [eq.pen]}",
            ["R1.step：缺少，应为不小于 0 的数，最多 4 位小数"],
        ),
        (
            "{id: R1, kind: per_missing, points: 5, step: 1, start: 4, elements: [eq.pen]}",
            ["R1.start：起始分不能低于规则的分值"],
        ),
        (
            "{id: R1, kind: per_missing, points: 5, step: 1, gate: eq.pen, elements: [eq.pen]}",
            ["R1.gate：否决件不能同时是扣分件"],
        ),
        (
            "{id: R1, kind: per_missing, points: 5, step: 1, gate: 7, elements: [eq.pen]}",
            ["R1.gate：应为文字"],
        ),
        (
            "{id: R1, kind: per_finding, points: 5, step: 1, fact: eq.pen}",
            ["R1.fact：eq.pen 的类型是 element，此处应为 count"],
        ),
        (
            (
                "{id: R1, kind: bands, points: 5, fact: site.indoor_area_m2, bands: "
                "[{at_least: 90, points: 5}, {at_least: 150, points: 3}]}"
            ),
            ["R1.bands：档次应从高到低，界限和分值都递减"],
        ),
        (
            (
                "{id: R1, kind: bands, points: 5, fact: site.indoor_area_m2, bands: "
                "[{at_least: 90, points: 5}, {at_least: 80, points: 5}]}"
            ),
            ["R1.bands：档次应从高到低，界限和分值都递减"],
        ),
        (
            (
                "{id: R1, kind: bands, points: 5, fact: site.indoor_area_m2, bands: "
                "[{at_least: 90, points: 5}, {at_least: 90, points: 3}]}"
            ),
            ["R1.bands：档次应从高到低，界限和分值都递减"],
        ),
        (
            (
                "{id: R1, kind: bands, points: 5, fact: site.indoor_area_m2, bands: "
                "[{at_least: 90, points: 4}]}"
            ),
            ["R1.bands：最高档的分值应等于规则的分值"],
        ),
        (
            "{id: R1, kind: bands, points: 5, fact: site.indoor_area_m2, bands: []}",
            ["R1.bands：应为列表"],
        ),
        (
            "{id: R1, kind: zero_on_any, points: 5, facts: [agency.not_offered], scope: moon}",
            ["R1.scope：应为rule、item 之一"],
        ),
        (
            "{id: R1, kind: all_or_nothing, points: 5, conditions: [{any_of: [eq.pen], moon: 1}]}",
            ["R1.conditions[1].moon：不认识的字段"],
        ),
        (
            "{id: R1, kind: all_or_nothing, points: 5, conditions: [3]}",
            ["R1.conditions[1]：应为键值表", "R1.conditions[1].fact：缺少，应为文字"],
        ),
        (
            (
                "{id: R1, kind: count_norm, points: 5, norm: {headcount: staff.town_headcount, "
                "registered: town.population_registered, resident: town.population_resident, "
                "basis: max, threshold: 5, below: 3, from_threshold: 2, usual_max: 4}}"
            ),
            ["R1.norm：人数应逐级不减：below、from_threshold、usual_max"],
        ),
        (
            PENS.replace(
                "}",
                ", switch: {id: s, title: [甲, A], default: b, options: {a: {title: [甲, A]}}}}",
            ),
            ["R1.switch.default：默认口径不在选项中", "R1.decided：有口径开关，却没有说明默认口径"],
        ),
        (
            PENS.replace(
                "}",
                ", decided: [{id: x, zh: 甲, en: A}], switch: {id: s, title: "
                "[甲, A], default: a, options: {a: {title: [甲, A], set: {stap: 2}}}}}",
            ),
            ["R1.switch.a.set.stap：不认识的字段"],
        ),
        (
            PENS.replace(
                "}",
                ", decided: [{id: x, zh: 甲, en: A}], switch: {id: s, title: "
                "[甲, A], default: a, options: []}}",
            ),
            ["R1.switch.options：应为键值表"],
        ),
        (
            PENS.replace(
                "}",
                ", decided: [{id: x, zh: 甲, en: A}], switch: {id: s, title: "
                "[甲, A], default: a, options: {a: {title: [甲, A], set: {step: 2}}}}}",
            ),
            ["R1.switch：默认口径应与规则本身一致"],
        ),
        (PENS.replace("}", ", decided: [{id: x, zh: 甲}]}"), ["x.en：缺少，应为文字"]),
    ],
)
def test_a_fault_of_a_rule_is_named(rule, found):
    seen = problems(with_rule(rule))

    for problem in found:
        assert [each for each in seen if each.startswith(problem)], (problem, seen)


def test_all_faults_come_at_once():
    text = BASIC.replace("id: small", "id: 3").replace("step: 1", "step: 0")

    assert problems(text.replace("eq.pen", "eq.pan")) == [
        "id：应为文字",
        "R1.step：应大于 0",
        "R1.elements：没有名为 eq.pan 的事实",
    ]


def test_numbers_given_twice_are_found():
    twice = BASIC.replace(f"      - {PENS}", f"      - {PENS}\n      - {PENS}")
    twice = twice.replace("points: 5\n", "points: 10\n").replace("rules: 1", "rules: 2")

    assert problems(twice.replace("points: 5}\nprofiles", "points: 10}\nprofiles")) == [
        "R1：规则编号重复"
    ]


def test_vetoes_given_twice_are_found():
    vetoes = (
        "vetoes: [{id: V1, number: '1', title: [否, No]}, {id: V1, number: '2', title: [否, No]}]"
    )

    assert problems(f"{BASIC.replace('vetoes: 0', 'vetoes: 2')}{vetoes}\n") == [
        "V1：否决情形编号重复"
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "第 1 行：不是有效的 YAML：expected the node content, but found '<stream end>'"),
        ("id: a\nid: b", "第 2 行：键重复：id"),
        ("[1]", "应为键值表"),
    ],
)
def test_what_is_no_edition_at_all(text, problem):
    assert problem in [each.lstrip("：") for each in problems(text)]


def test_options_are_read_and_checked_as_rules():
    text = with_rule(
        PENS.replace(
            "}",
            ", decided: [{id: x, zh: 甲, en: A}], switch: {id: s, title: [甲, A], default: a, "
            "options: {a: {title: [甲, A]}, b: {title: [乙, B], set: {step: 0}}}}}",
        )
    )

    assert problems(text) == ["R1.switch.b.set.step：应大于 0"]
