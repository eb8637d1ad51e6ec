"""Unified social credit codes: official vectors, every problem named, one wrong character found."""

import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from circle15.core.identifiers import (
    canonical_social_credit_code,
    check_social_credit_code,
    is_social_credit_code,
    social_credit_check_character,
)
from circle15.core.identifiers.social_credit import ALPHABET

RAW = json.loads((Path(__file__).parents[1] / "vectors/social_credit_code.json").read_text("utf-8"))
VECTORS = [RAW["standard_example"], *RAW["vectors"]]


@st.composite
def codes(draw):
    head = draw(st.text(ALPHABET, min_size=2, max_size=2))
    tail = draw(st.text(ALPHABET, min_size=9, max_size=9))
    body = f"{head}{draw(st.integers(100000, 899999))}{tail}"
    return body + social_credit_check_character(body)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["code"])
def test_vectors_are_judged_as_stated(vector):
    assert is_social_credit_code(vector["code"]) is vector["valid"]


@given(codes())
def test_generated_codes_are_valid_in_any_case(code):
    assert check_social_credit_code(code.lower()) == ()
    assert canonical_social_credit_code(f" {code.lower()} ") == code


@given(codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_a_single_wrong_character_is_always_found(code, place, char):
    assume(code[place] != char)
    assert not is_social_credit_code(code[:place] + char + code[place + 1 :])


@given(st.one_of(st.text(), st.none(), st.integers(), st.floats()))
def test_any_cell_is_judged_without_exception(value):
    assert is_social_credit_code(value) is (check_social_credit_code(value) == ())


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        ("", ("统一社会信用代码为空",)),
        (
            "9132O68I",
            (
                "统一社会信用代码应为18位，现为8位",
                "统一社会信用代码不能含有：I、O（不使用I、O、S、V、Z）",
            ),
        ),
        (
            "91A50100M000100Y43",
            (
                "统一社会信用代码第3至8位应为6位行政区划数字",
                "统一社会信用代码校验位不正确，请核对是否录错",
            ),
        ),
        (
            "123206810479666000",
            (
                "统一社会信用代码校验位不正确，请核对是否录错",
                "号码第15位以后都是0，可能被表格软件截断，请把该列设为文本格式后重新录入完整号码",
            ),
        ),
        (
            "1.23207E+17",
            (
                (
                    "号码被表格软件改成了科学计数法（1.23207E+17），原号码已丢失，"
                    "请把该列设为文本格式后重新录入完整号码"
                ),
            ),
        ),
        ("９1350100M000100Y43", ("统一社会信用代码含全角字符，应改为半角",)),
    ],
)
def test_every_problem_is_named_at_once(value, problems):
    assert check_social_credit_code(value) == problems
