"""Division codes: level from the zeros, parents, and every problem named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.core.identifiers import (
    DivisionLevel,
    check_division_code,
    division_level,
    full_division_code,
    is_division_code,
    parent_division_code,
)

CHAIN = ["320681001001", "320681001000", "320681000000", "320600000000", "320000000000"]
LEVELS = ["village", "town", "county", "city", "province"]


@st.composite
def village_codes(draw):
    parts = [st.integers(10, 89), st.integers(1, 99), st.integers(1, 99)]
    province, city, county = (draw(part) for part in parts)
    town, village = draw(st.integers(1, 999)), draw(st.integers(1, 999))
    return f"{province}{city:02}{county:02}{town:03}{village:03}"


@pytest.mark.parametrize(("code", "level"), list(zip(CHAIN, LEVELS, strict=True)))
def test_level_follows_from_the_zeros(code, level):
    assert division_level(code) is DivisionLevel(level)


@pytest.mark.parametrize(("code", "parent"), list(zip(CHAIN, [*CHAIN[1:], ""], strict=True)))
def test_parent_is_one_level_up(code, parent):
    assert parent_division_code(code) == parent


def test_a_town_of_a_city_without_counties_belongs_to_the_city():
    assert division_level("441900003000") is DivisionLevel.TOWN
    assert parent_division_code("441900003000") == "441900000000"


@given(village_codes())
def test_four_steps_up_lead_to_the_province(code):
    seen = [code]
    while parent := parent_division_code(seen[-1]):
        seen.append(parent)
    assert [division_level(c) for c in seen] == [DivisionLevel(level) for level in LEVELS]
    assert seen[-1] == code[:2] + "0" * 10


@given(st.one_of(st.text(), st.none(), st.integers(), st.floats()))
def test_any_cell_is_judged_without_exception(value):
    assert is_division_code(value) is (check_division_code(value) == ())


@pytest.mark.parametrize("value", [320681001000, 320681001000.0, " 320681001000 "])
def test_a_code_kept_as_a_number_is_understood(value):
    assert check_division_code(value) == ()


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("32", "320000000000"),
        ("3206", "320600000000"),
        (320681, "320681000000"),
        ("３２０６８１００１", "320681001000"),
        ("320681001001", "320681001001"),
        ("32068", "32068"),
    ],
)
def test_short_codes_are_filled(short, full):
    assert full_division_code(short) == full


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        (None, ("区划代码为空",)),
        ("320681", ("区划代码应为12位，现为6位，请在末尾补0",)),
        ("32068", ("区划代码应为12位，现为5位",)),
        ("32068x", ("区划代码只能由数字组成", "区划代码应为12位，现为6位，请在末尾补0")),
        ("32068100100x", ("区划代码只能由数字组成",)),
        (
            "020081000001",
            (
                "区划代码首位应为1至8",
                "区划代码缺少市级（第3、4位为00）",
                "区划代码缺少乡镇级（第7至9位为000）",
            ),
        ),
        ("３２０６８１００１０００", ("区划代码含全角字符，应改为半角",)),
        (
            "3.20681E+11",
            (
                (
                    "号码被表格软件改成了科学计数法（3.20681E+11），原号码已丢失，"
                    "请把该列设为文本格式后重新录入完整号码"
                ),
            ),
        ),
    ],
)
def test_every_problem_is_named_at_once(value, problems):
    assert check_division_code(value) == problems


@pytest.mark.parametrize("read", [division_level, parent_division_code])
def test_reading_a_bad_code_raises(read):
    with pytest.raises(ValueError, match="区划代码应为12位，现为3位"):
        read("123")
