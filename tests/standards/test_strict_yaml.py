"""YAML without surprises."""

from datetime import date
from decimal import Decimal

import pytest

from circle15.standards.strict_yaml import NotYaml, load, plain, read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 0.1", {"a": Decimal("0.1")}),
        ("a: 1_000.5", {"a": Decimal("1000.5")}),
        ("a: 149.9999", {"a": Decimal("149.9999")}),
        ("a: 12", {"a": 12}),
        ("a: .inf", {"a": ".inf"}),
        ("a: 1:30.5", {"a": "1:30.5"}),
        ("on: no", {"on": "no"}),
        ("[否, No]", ["否", "No"]),
        ("a: true", {"a": True}),
        ("a: False", {"a": False}),
        ("a: truest", {"a": "truest"}),
        ("1: 2", {"1": 2}),
        ("on: 2026-11-21", {"on": date(2026, 11, 21)}),
        ("on: 2026-02-30", {"on": "2026-02-30"}),
        ("", None),
        ("a: 1.0e+999999999", {"a": "1.0e+999999999"}),
        ("a: 0x_", {"a": "0x_"}),
    ],
)
def test_load(text, value):
    assert load(text) == value


def test_duplicate_keys_are_all_found_at_any_depth():
    text = "a: 1\na: 2\nb:\n  c: 1\n  c: 2\n"

    assert read(text) == ({"a": 2, "b": {"c": 2}}, ("第 2 行：键重复：a", "第 5 行：键重复：c"))
    with pytest.raises(NotYaml) as error:
        load(text)
    assert str(error.value) == "第 2 行：键重复：a；第 5 行：键重复：c"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "a: 1\nb: [",
            "第 2 行：不是有效的 YAML：expected the node content, but found '<stream end>'",
        ),
        ("a: \x00", "文件：不是有效的 YAML：含有不能读取的字符"),
        ("{[1]: 2}", "第 1 行：不是有效的 YAML：键应为文字"),
        ("!!python/object:os.system x", None),
        ("[" * 5000, "文件：嵌套过深"),
        ("a: &x {b: 1}\nc: *x", "第 2 行：不是有效的 YAML：不支持引用（*）"),
    ],
)
def test_what_is_not_yaml_is_refused_with_its_place(text, problem):
    with pytest.raises(NotYaml) as error:
        read(text)

    assert len(error.value.problems) == 1
    assert problem is None or error.value.problems == (problem,)


def test_plain_values_for_json():
    value = {1: [Decimal("2.50"), 2, True, None, date(2026, 1, 2), "x"]}

    assert plain(value) == {"1": ["2.5", "2", True, None, "2026-01-02", "x"]}
