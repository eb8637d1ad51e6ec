"""Resident identity numbers: official vectors, every problem named, wrong digits found."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from circle15.core.identifiers import (
    Sex,
    birth_date,
    canonical_resident_id,
    check_resident_id,
    is_resident_id,
    resident_id_check_character,
    sex,
)

RAW = json.loads((Path(__file__).parents[1] / "vectors/resident_id.json").read_text("utf-8"))
VECTORS = RAW["standard_examples"] + RAW["vectors"]
WITH_BIRTH = [vector for vector in VECTORS if "birth" in vector]


@st.composite
def resident_ids(draw):
    region = draw(st.integers(100000, 899999))
    born = draw(st.dates(date(1800, 1, 1), date(2200, 12, 31)))
    body = f"{region}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return body + resident_id_check_character(body)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["id"])
def test_vectors_are_judged_as_stated(vector):
    assert is_resident_id(vector["id"]) is vector["valid"]


@pytest.mark.parametrize("vector", WITH_BIRTH, ids=lambda v: v["id"])
def test_birth_and_sex_of_vectors(vector):
    assert birth_date(vector["id"]).isoformat() == vector["birth"]
    assert sex(vector["id"]) == vector["sex"]


@given(resident_ids())
def test_generated_numbers_are_valid_and_stable(number):
    assert check_resident_id(number) == ()
    assert canonical_resident_id(number.lower()) == number
    assert birth_date(number).strftime("%Y%m%d").rjust(8, "0") == number[6:14]
    assert sex(number) is (Sex.MALE if number[16] in "13579" else Sex.FEMALE)


@given(resident_ids(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_a_single_wrong_character_is_always_found(number, place, char):
    assume(number[place] != char)
    assert not is_resident_id(number[:place] + char + number[place + 1 :])


@given(resident_ids(), st.integers(0, 16))
def test_two_swapped_neighbors_are_always_found(number, place):
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert not is_resident_id(swapped)


@given(st.one_of(st.text(), st.none(), st.integers(), st.floats(), st.booleans()))
def test_any_cell_is_judged_without_exception(value):
    assert is_resident_id(value) is (check_resident_id(value) == ())


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        (None, ("身份证号码为空",)),
        ("　", ("身份证号码为空",)),
        ("320681860701427", ("15位身份证号码已停止使用，请换发二代身份证后录入18位号码",)),
        (
            "3206811886070142",
            ("身份证号码应为18位，现为16位",),
        ),
        (
            "32068a",
            ("身份证号码应为18位，现为6位", "身份证号码只能由数字组成，末位可以是X"),
        ),
        ("X20681188607014277", ("身份证号码只能由数字组成，末位可以是X",)),
        (
            "000000188613324271",
            (
                "身份证号码前6位地区码不能以0开头",
                "身份证号码中的出生日期18861332不存在",
                "身份证号码校验位不正确，请核对是否录错",
            ),
        ),
        (
            "320681179907014270",
            (
                "身份证号码中的出生年份1799不合理",
                "身份证号码校验位不正确，请核对是否录错",
            ),
        ),
        ("３２０６８１１８８６０７０１４２７７", ("身份证号码含全角字符，应改为半角",)),
    ],
)
def test_every_problem_is_named_at_once(value, problems):
    assert check_resident_id(value) == problems


@pytest.mark.parametrize("value", ["3.20681E+17", 3.20681188607014e17, 320681188607014272.0])
def test_numbers_damaged_by_excel_get_advice(value):
    (problem,) = check_resident_id(value)
    assert problem.startswith("号码被表格软件改成了科学计数法")
    assert problem.endswith("请把该列设为文本格式后重新录入完整号码")


@pytest.mark.parametrize("value", ["320681188607014000", 320681188607014000])
def test_zeros_after_the_fifteenth_digit_are_named(value):
    assert check_resident_id(value) == (
        "身份证号码校验位不正确，请核对是否录错",
        "号码第15位以后都是0，可能被表格软件截断，请把该列设为文本格式后重新录入完整号码",
    )


def test_a_true_number_that_ends_in_zeros_is_valid():
    number = next(
        body + "0"
        for n in range(800, 1000)
        if resident_id_check_character(body := f"3206811{n:03}0101100") == "0"
    )
    assert number.endswith("000")
    assert check_resident_id(number) == ()


@pytest.mark.parametrize("read", [birth_date, sex])
def test_reading_a_bad_number_raises(read):
    with pytest.raises(ValueError, match="身份证号码应为18位，现为3位"):
        read("123")
