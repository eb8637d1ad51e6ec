"""Readers of single cells: what becomes a value, what is refused, what is made plain."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.imports import cells
from circle15.imports.cells import Cell, is_empty
from circle15.imports.sheets import sheets

READERS = [column.reader for sheet in sheets().values() for column in sheet.columns]
ANY_CELL = st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.times())


@given(raw=ANY_CELL, reader=st.sampled_from(READERS))
def test_no_cell_makes_a_reader_raise(raw, reader):
    cell = reader(raw)
    assert cell.value is None or cell.error == ""


@pytest.mark.parametrize(
    ("reader", "raw", "error"),
    [
        (cells.text(5), "一二三四五六", "最多5个字，现有6个字"),
        (cells.text(99), "3.20621E+17", "科学计数法"),
        (cells.site_code, "QD/1", "编码“QD/1”只能用字母、数字和连字符，最多24位"),
        (cells.site_code, "A" * 25, "最多24位"),
        (cells.site_code, 3.2e17, "科学计数法"),
        (cells.asset_no, 3.2e17, "科学计数法"),
        (cells.asset_no, "长" * 41, "最多40个字，现有41个字"),
        (cells.phone, "不详", "电话号码只能用数字"),
        (cells.yes_no, "也许", "请填“是”或“否”"),
        (cells.choice({"甲": "a", "乙": "b"}), "丙丁", "没有“丙丁”这一项，可填：甲、乙"),
        (cells.whole(0, 9), "1O", "带有“O”"),
        (cells.whole(0, 9), 10, "数值10不应大于9"),
    ],
)
def test_what_cannot_be_meant_is_refused(reader, raw, error):
    assert error in reader(raw).error


@pytest.mark.parametrize(
    ("reader", "raw", "value"),
    [
        (cells.text(5), "一二三四五", "一二三四五"),
        (cells.text(99), " 北\u3000新\n镇 ", "北 新 镇"),
        (cells.text(99), "汇龙镇（街道）", "汇龙镇（街道）"),
        (cells.text(99), "\ue000\U000323af", "\ue000\U000323af"),
        (cells.site_code, "ｑｄ-1", "QD-1"),
        (cells.asset_no, "ZC 2024 1", "ZC20241"),
        (cells.asset_no, 12.0, "12"),
        (cells.phone, "0513-83300000", "0513-83300000"),
        (cells.yes_no, "√", True),
        (cells.yes_no, "无", False),
        (cells.choice({"甲（一）": "a"}), "甲(一)", "a"),
        (cells.choice({"甲（一）": "a"}), "A", "a"),
        (cells.whole(0, 9), "９", 9),
        (cells.degrees, "121.655", Decimal("121.655")),
        (cells.division_code, "320681", "320681000000"),
    ],
)
def test_what_is_meant_is_read(reader, raw, value):
    assert reader(raw).value == value


def test_invisible_characters_are_dropped_with_a_notice():
    assert cells.text(9)("北\u200b新") == Cell("北新", notices=("含不可见字符，已去除",))


@pytest.mark.parametrize(
    ("raw", "empty"), [(None, True), ("", True), ("\u3000'", True), (0, False), (False, False)]
)
def test_zero_and_no_are_not_empty(raw, empty):
    assert is_empty(raw) is empty
