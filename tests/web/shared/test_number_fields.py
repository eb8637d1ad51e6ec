"""Numbers as a Chinese keyboard types them."""

from decimal import Decimal

import pytest
from django.forms import ValidationError

from circle15.web.shared.number_fields import DecimalNumberField, WholeNumberField


@pytest.mark.parametrize(
    ("typed", "number"),
    [("１２８", 128), ("1,280", 1280), ("１，２８０", 1280), (" 7 ", 7), ("3.0", 3), ("0", 0)],
)
def test_whole_numbers(typed, number):
    assert WholeNumberField().clean(typed) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [("１２８。５", "128.5"), ("12,345.60", "12345.60"), ("0.0001", "0.0001")],
)
def test_decimal_numbers(typed, number):
    assert str(DecimalNumberField(max_digits=12, decimal_places=4).clean(typed)) == number


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("128平方米", "数值“128平方米”带有“平方米”，请只填数字，按表头的单位换算"),
        ("12,80", "数值“12,80”的千位分隔符位置不对，请去掉逗号"),
        ("三", "“三”不是有效的数字"),
    ],
)
def test_what_cannot_be_read_is_said(typed, said):
    with pytest.raises(ValidationError) as refusal:
        WholeNumberField().clean(typed)

    assert refusal.value.messages == [said]


def test_bounds_and_emptiness_hold_as_ever():
    assert DecimalNumberField(required=False).clean("") is None
    assert WholeNumberField(min_value=1).clean("１") == 1
    with pytest.raises(ValidationError):
        WholeNumberField(min_value=1).clean("０")
    assert DecimalNumberField().clean("1") == Decimal(1)
