"""Pinyin order of names, with byte order as a database with COLLATE "C" has it."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.core.sort_keys import pinyin_key, pinyin_pattern


@pytest.mark.parametrize(
    "ordered",
    [
        [
            "安徽",
            "北京",
            "崇川区",
            "重庆",
            "海安市",
            "海门区",
            "启东市",
            "如东县",
            "如皋市",
            "通州区",
        ],
        ["吕四港镇", "南阳镇", "启隆镇", "寅阳镇"],
        ["西安", "先锋"],  # xi before xian
        ["刘桥镇", "六安市", "六合区", "漯河", "旅顺"],  # liu, lu, luo, lü
        ["1号窗口", "2号窗口", "10号窗口", "A窗口", "b窗口", "综合窗口", "\U0002a700窗口"],
        ["李明", "李强", "理明"],  # equal sounds stay apart by character
        ["", "启", "启东"],
    ],
)
def test_order(ordered):
    shuffled = random.Random(7).sample(ordered, len(ordered))
    assert sorted(shuffled, key=pinyin_key) == ordered


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("六安", "|lu4.0516d |an1.05b89"),
        ("重庆", "|chong2.091cd |qing4.05e86"),
        ("㐂", "|xi3.03402"),
        ("镕", "|rong2.09555"),
        ("１号", "000000000001 |hao4.053f7"),
        ("A-b", "a - b"),
        ("\U0002a700", "|~.2a700"),
        ("　", ""),
    ],
)
def test_keys(text, key):
    assert pinyin_key(text) == key


@pytest.mark.parametrize(
    ("name", "start"),
    [("单明", "|shan4"), ("尉迟明", "|yu4.05c09 |chi2"), ("王明", "|wang2"), ("", "")],
)
def test_surnames_have_their_own_reading(name, start):
    assert pinyin_key(name, is_person=True).startswith(start)


@given(st.text())
def test_any_text_gives_printable_ascii(text):
    for key in (pinyin_key(text), pinyin_key(text, is_person=True)):
        assert key.isascii()
        assert key.isprintable()


@given(st.text("启东海门如皋通州崇川安一二三", max_size=6), st.text("启东海门", max_size=3))
def test_a_prefix_sorts_first(text, more):
    assert pinyin_key(text) <= pinyin_key(text + more)


@given(st.integers(0, 10**11), st.integers(0, 10**11))
def test_numbers_sort_by_value(one, other):
    assert (pinyin_key(f"{one}号") < pinyin_key(f"{other}号")) is (one < other)


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("huilong", True),
        (" Hui Long ", True),
        ("ｈｕｉ", True),
        ("longzhen", True),
        ("lon", True),
        ("ong", False),
        ("huizhen", False),
        ("long2", False),
        ("汇龙", False),
        ("", False),
    ],
)
def test_typed_pinyin_finds_a_key_from_the_start_of_a_syllable(typed, is_found):
    pattern = pinyin_pattern(typed)

    assert bool(pattern and re.search(pattern, pinyin_key("启东汇龙镇"))) is is_found
