"""Masks keep what helps to recognize and hide the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.core.masking import mask_name, mask_phone, mask_resident_id


@pytest.mark.parametrize(
    ("text", "masked"),
    [("320681188607011234", "320***********1234"), ("1234567890", "*" * 10), ("", "")],
)
def test_resident_id(text, masked):
    assert mask_resident_id(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [("13800138000", "138****8000"), ("0513-83312345", "051******2345"), ("12345", "*****")],
)
def test_phone(text, masked):
    assert mask_phone(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("王明", "王*"),
        ("王小明", "王**"),
        ("欧阳小明", "欧阳**"),
        ("欧阳", "欧*"),
        ("诸葛亮", "诸葛*"),
        ("㐂", "*"),
        (" ", ""),
        ("Li Lei", "L*****"),
    ],
)
def test_name(text, masked):
    assert mask_name(text) == masked


@given(st.text(max_size=40))
def test_masks_keep_the_length_and_hide_at_least_four_or_all(text):
    masked = mask_resident_id(text)
    assert len(masked) == len(text)
    assert masked == "*" * len(text) or masked[3:-4] == "*" * (len(text) - 7)
