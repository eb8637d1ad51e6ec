"""Dates, numbers and yes/no as people type them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.core.entries import Problem, parse_bool, parse_date, parse_decimal, parse_int

DAY = date(2024, 1, 5)
CELLS = st.one_of(
    st.none(), st.text(), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes()
)
ADVICE = "请写成2024-01-05的形式（年月日齐全、年份四位）"


@pytest.mark.parametrize(
    "value",
    [
        "2024-01-05",
        "2024-1-5",
        "2024年1月5日",
        "2024年01月05号",
        " 2024 年 1 月 5 日 ",
        "2024.1.5",
        "2024。1。5",
        "2024/1/5",
        "20240105",
        20240105,
        20240105.0,
        45296,
        45296.75,
        "45296",
        "２０２４－０１－０５",
        "2024-01-05T10:30:00+08:00",
        "2024/1/5 9:05",
        "2024-01-05 10:30:00.123",
        DAY,
        datetime(2024, 1, 5, 23, 59, tzinfo=UTC),
    ],
)
def test_dates_in_many_habits(value):
    assert parse_date(value) == DAY


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_date_is_read_back_from_each_habit(day):
    y, m, d = day.year, day.month, day.day
    habits = [f"{y}-{m}-{d}", f"{y}年{m}月{d}日", f"{y}.{m}.{d}", f"{y}/{m:02}/{d:02}"]
    habits += [f"{day:%Y%m%d}", day.isoformat()]
    assert {parse_date(habit) for habit in habits} == {day}


@given(st.integers(10_000, 73_050))
def test_serials_count_days(serial):
    assert parse_date(serial) == date(1899, 12, 30) + timedelta(days=serial)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "日期为空"),
        ("  ", "日期为空"),
        ("2024-02-30", "日期“2024-02-30”不存在，请核对"),
        ("20241305", "日期“20241305”不存在，请核对"),
        ("2023年2月29日", "日期“2023年2月29日”不存在，请核对"),
        ("0000-01-01", "日期“0000-01-01”不存在，请核对"),
        ("24.1.5", f"无法识别日期“24.1.5”，{ADVICE}"),
        ("1/5/2024", f"无法识别日期“1/5/2024”，{ADVICE}"),
        ("2024年1月", f"无法识别日期“2024年1月”，{ADVICE}"),
        ("2024-1/5", f"无法识别日期“2024-1/5”，{ADVICE}"),
        (2024, f"无法识别日期“2024”，{ADVICE}"),
        (9999, f"无法识别日期“9999”，{ADVICE}"),
        (73051, f"无法识别日期“73051”，{ADVICE}"),
        ("去年", f"无法识别日期“去年”，{ADVICE}"),
        ("长" * 31, f"无法识别日期“{'长' * 30}…”，{ADVICE}"),
        (True, f"无法识别日期“True”，{ADVICE}"),
        ("1899-12-31", "日期1899-12-31不在1900-01-01至2100-12-31之间，请核对"),
        ("2101-01-01", "日期2101-01-01不在1900-01-01至2100-12-31之间，请核对"),
    ],
)
def test_unclear_dates_are_problems(value, message):
    assert parse_date(value) == Problem(message)


def test_the_caller_may_narrow_the_dates():
    assert parse_date("2024-01-05", earliest=DAY, latest=DAY) == DAY
    assert parse_date("2024-01-06", latest=DAY) == Problem(
        "日期2024-01-06不在1900-01-01至2024-01-05之间，请核对"
    )


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("128", "128"),
        ("１２８．５", "128.5"),
        ("3。5", "3.5"),
        ("1,234,567.80", "1234567.80"),
        ("１，２３４", "1234"),
        ("1 234", "1234"),
        ("\u00a0128 ", "128"),
        ("'0.30", "0.30"),
        ("－5", "-5"),
        ("\u22125", "-5"),
        ("+5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1" * 30, "1" * 30),
        (0.1, "0.1"),
        (128, "128"),
        (128.0, "128"),
        (Decimal("1.10"), "1.10"),
    ],
)
def test_numbers_in_many_habits(value, number):
    assert str(parse_decimal(value)) == number


@given(st.decimals(-(10**12), 10**12, places=3))
def test_numbers_are_read_without_loss(number):
    assert parse_decimal(f"{number:f}") == number
    assert parse_decimal(f"{number:,f}") == number


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "数值为空"),
        ("", "数值为空"),
        ("1,23", "数值“1,23”的千位分隔符位置不对，请去掉逗号"),
        ("3.20621E+17", "数值“3.20621E+17”为科学计数法，请写成完整数字"),
        ("128㎡", "数值“128㎡”带有“㎡”，请只填数字，按表头的单位换算"),
        ("1,200.5万", "数值“1,200.5万”带有“万”，请只填数字，按表头的单位换算"),
        ("85％", "数值“85%”带有“%”，请只填数字，按表头的单位换算"),
        ("1.2.3", "“1.2.3”不是有效的数字"),
        ("三", "“三”不是有效的数字"),
        ("٣", "“٣”不是有效的数字"),
        (float("nan"), "“nan”不是有效的数字"),
        (float("inf"), "“inf”不是有效的数字"),
        (True, "“True”不是有效的数字"),
        ("1" * 31, f"“{'1' * 30}…”不是有效的数字"),
    ],
)
def test_unclear_numbers_are_problems(value, message):
    assert parse_decimal(value) == Problem(message)


def test_bounds_are_inclusive():
    low, high = Decimal(0), Decimal(10)
    assert [parse_decimal(n, at_least=low, at_most=high) for n in (-1, 0, 10, 11)] == [
        Problem("数值-1不应小于0"),
        low,
        high,
        Problem("数值11不应大于10"),
    ]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("１２", 12),
        ("3.0", 3),
        (3.0, 3),
        ("1,000", 1000),
        ("3.5", Problem("数值3.5应为整数")),
        (-1, Problem("数值-1不应小于0")),
        (1001, Problem("数值1001不应大于1000")),
        ("x", Problem("“x”不是有效的数字")),
    ],
)
def test_whole_numbers(value, read):
    assert parse_int(value, at_least=0, at_most=1000) == read


def test_whole_numbers_need_no_bounds():
    assert parse_int("-7") == -7


@pytest.mark.parametrize("value", ["是", "有", "√", "Y", "yes", "1", 1, 1.0, True, " Ｙ "])
def test_yes(value):
    assert parse_bool(value) is True


@pytest.mark.parametrize("value", ["否", "无", "×", "N", "no", "0", 0, 0.0, False, "没有"])
def test_no(value):
    assert parse_bool(value) is False


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "是否为空，请填“是”或“否”"),
        ("大概", "无法识别“大概”，请填“是”或“否”"),
        (2, "无法识别“2”，请填“是”或“否”"),
    ],
)
def test_unclear_answers_are_problems(value, message):
    assert parse_bool(value) == Problem(message)


@given(CELLS)
def test_no_cell_raises(value):
    assert isinstance(parse_date(value), date | Problem)
    assert isinstance(parse_decimal(value), Decimal | Problem)
    assert isinstance(parse_int(value), int | Problem)
    assert isinstance(parse_bool(value), bool | Problem)
