"""Damage done by Excel to long numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.core.identifiers import excel_damage, to_retype


@pytest.mark.parametrize(
    "value",
    ["3.20621E+17", "3.20621e17", "3E+17", 3.20621e17, 1e15, "320621188607014000", 10**16],
)
def test_damage_is_seen(value):
    assert len(excel_damage(value)) == 1


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "320681001000",
        320681001000.0,
        "320681188607014277",
        "100000000000000",
        "E17",
        "王",
    ],
)
def test_sound_values_pass(value):
    assert excel_damage(value) == ()


@given(st.integers(10**17, 10**18 - 1))
def test_every_id_sized_number_kept_as_a_float_is_seen(number):
    assert len(excel_damage(float(number))) == 1


@pytest.mark.parametrize("value", [3.20621e17, "3.20621E+17"])
def test_what_is_to_be_typed_again_is_no_number_and_names_the_rest(value):
    shown = to_retype(value)

    assert shown.lower() == "请重新录入（原为3.20621e+17）"
    assert excel_damage(shown) == ("还没有重新录入，请填写完整号码",)
