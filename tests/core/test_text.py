"""Full-width forms, invisible characters, stray spaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.core.text import Tidied, cell_text, tidy, to_half_width, without_invisible


def test_full_width_forms_become_plain():
    assert to_half_width("３２０Ｘ，（ａ）　王") == "320X,(a) 王"


@given(st.text())
def test_half_width_is_idempotent_and_keeps_the_length(text):
    once = to_half_width(text)
    assert to_half_width(once) == once
    assert len(once) == len(text)


def test_invisible_characters_are_dropped():
    assert without_invisible("a\u200bb\u202ec\ufeffd\x00e\u2028") == "abcde"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (3, "3"), (3.0, "3"), (3.5, "3.5"), (1e15, "1000000000000000.0"), ("x", "x")],
)
def test_cell_text(value, text):
    assert cell_text(value) == text


@pytest.mark.parametrize(
    ("value", "tidied"),
    [
        ("启东", Tidied("启东")),
        ("启\n东", Tidied("启 东")),
        (" 启东 ", Tidied("启东", ("首尾有空格或单引号，已去除",))),
        ("'00123", Tidied("00123", ("首尾有空格或单引号，已去除",))),
        ("１２", Tidied("12", ("含全角字符，已转为半角",))),
        (
            "\ufeff１２ ",
            Tidied(
                "12",
                ("含不可见字符，已去除", "含全角字符，已转为半角", "首尾有空格或单引号，已去除"),
            ),
        ),
    ],
)
def test_tidy_says_what_it_changed(value, tidied):
    assert tidy(value) == tidied


@given(st.text())
def test_tidy_is_idempotent(text):
    assert tidy(tidy(text).text).notes == ()
