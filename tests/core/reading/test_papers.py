"""What recognized lines give: by tables, and whatever way the photo was held."""

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle15.core.identifiers import resident_id_check_character
from circle15.core.reading.bank_card import is_card_number
from circle15.core.reading.fields import Field, Paper
from circle15.core.reading.lines import Line, Row
from circle15.core.reading.papers import read_paper, read_rows

BODY = "32068119900101002"
NUMBER = BODY + resident_id_check_character(BODY)
FRONT = (
    "姓名样本甲",
    "性别女民族汉",
    "出生1990年1月1日",
    "住址江苏省启东市汇龙镇",
    "样本路15号",
    f"公民身份号码{NUMBER}",
)
CARD = "6222020000000000000"


def rows(*texts: str) -> tuple[Row, ...]:
    return tuple(Row(text, 0.9) for text in texts)


def lines(*texts: str, angle: float = 0, size: float = 1) -> tuple[Line, ...]:
    """Set texts below one another and turn the whole by degrees, as a photo would."""
    sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))

    def placed(x: float, y: float) -> tuple[float, float]:
        return (x * cosine - y * sine) * size, (x * sine + y * cosine) * size

    return tuple(
        Line(
            text,
            0.9,
            (
                placed(0, 90 * n),
                placed(36 * len(text), 90 * n),
                placed(36 * len(text), 90 * n + 40),
                placed(0, 90 * n + 40),
            ),
        )
        for n, text in enumerate(texts)
    )


def told(*texts: str) -> dict[str, str]:
    return {each.field.value: each.value for each in read_rows(rows(*texts)).found}


def test_front_of_a_card_gives_its_six_fields() -> None:
    paper = read_rows(rows(*FRONT))
    assert paper.paper == Paper.ID_FRONT
    assert {each.field.value: each.value for each in paper.found} == {
        "name": "样本甲",
        "sex": "女",
        "nation": "汉",
        "birth": "1990-01-01",
        "address": "江苏省启东市汇龙镇样本路15号",
        "id-number": NUMBER,
    }
    proved = {each.field for each in paper.found if each.is_proved}
    assert proved == {Field.ID_NUMBER, Field.BIRTH, Field.SEX}


@pytest.mark.parametrize(
    ("texts", "field", "value"),
    [
        (("名样本甲", *FRONT[1:]), "name", "样本甲"),
        (("样本甲", *FRONT[1:]), "name", "样本甲"),
        (("姓名阿依·样本", *FRONT[1:]), "name", "阿依·样本"),
        ((FRONT[0], "性别女民族土家族", *FRONT[2:]), "nation", "土家"),
        ((*FRONT[:3], "址启东市样本路", FRONT[5]), "address", "启东市样本路"),
        ((*FRONT[:5], "公民身份号码" + NUMBER.replace("0", "O")), "id-number", NUMBER),
        ((*FRONT[:5], "公民身份号码l" + NUMBER), "id-number", NUMBER),
    ],
)
def test_front_bears_slips_of_the_engine(texts: tuple[str, ...], field: str, value: str) -> None:
    assert told(*texts)[field] == value


def test_front_marks_what_contradicts_itself() -> None:
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    bad = read_rows(rows(*FRONT[:5], f"公民身份号码{wrong}"))
    assert [each.field for each in bad.found if each.is_doubtful] == [Field.ID_NUMBER]
    other = read_rows(rows(FRONT[0], "性别男民族汉", "出生1990年1月2日", *FRONT[3:]))
    assert [each.field for each in other.found if each.is_doubtful] == [Field.SEX, Field.BIRTH]


@pytest.mark.parametrize(
    ("text", "since", "until", "is_proved"),
    [
        ("有效期限2015.03.01-2035.03.01", "2015-03-01", "2035-03-01", True),
        ("有效期限2015.03.01-长期", "2015-03-01", "长期", True),
        ("有效期限2015.03.01-2036.03.01", "2015-03-01", "2036-03-01", False),
        ("有效期限20150301—20250301", "2015-03-01", "2025-03-01", True),
    ],
)
def test_back_of_a_card(text: str, since: str, until: str, *, is_proved: bool) -> None:
    paper = read_rows(rows("中华人民共和国", "居民身份证", "签发机关启东市公安局", text))
    assert paper.paper == Paper.ID_BACK
    got = [(each.value, each.is_proved) for each in paper.found]
    assert got == [("启东市公安局", False), (since, is_proved), (until, is_proved)]


def test_dates_that_do_not_exist_are_not_read() -> None:
    assert "birth" not in told(FRONT[0], FRONT[1], "出生1990年2月30日", *FRONT[3:])
    assert told("签发机关启东市公安局", "有效期限2015.02.30-2035.02.30") == {}
    assert told("有效期限2015.03.01-2035.02.30", "签发机关启东市公安局") == {
        "authority": "启东市公安局",
        "valid-from": "2015-03-01",
    }


def test_bank_card_gives_bank_and_number() -> None:
    paper = read_rows(rows("样本银行", CARD))
    assert [(each.value, each.is_proved) for each in paper.found] == [
        ("样本银行", False),
        (CARD, True),
    ]
    bad = read_rows(rows("样本银行", CARD[:-1] + "1"))
    assert bad.found[-1].is_doubtful
    assert told("样本银行", "0" * 16 + "1" * 8) == {}


def test_receipt_gives_total_and_day() -> None:
    text = ("医疗收费票据", "西药费1,034.50", "合计（小写）￥1,234.50", "开票日期：2026年3月1日")
    assert told(*text) == {"amount": "1234.50", "date": "2026-03-01"}
    assert told("合计12.00", "2026-02-30") == {"amount": "12.00"}
    assert told("西药费34.50", "2026-03-01") == {}


def test_nothing_is_made_of_other_papers() -> None:
    assert read_paper(()).paper == Paper.OTHER
    assert told("出院记录", "患者 样本甲", "入院日期2026年3月1日") == {}
    assert told(FRONT[0], CARD) == {}


def test_value_of_a_field_not_found_is_empty() -> None:
    assert read_rows(rows(*FRONT)).value(Field.NAME) == "样本甲"
    assert read_rows(rows(*FRONT)).value(Field.BANK) == ""


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 360), st.floats(0.2, 3))
def test_card_is_read_however_it_was_held(angle: float, size: float) -> None:
    paper = read_paper(lines(*FRONT, angle=angle, size=size))
    assert paper == read_rows(rows(*FRONT))


def test_boxes_side_by_side_are_one_row() -> None:
    parts = lines("姓名", *FRONT[1:])
    beside = Line("样 本甲", 0.8, ((90.0, 2.0), (200.0, 2.0), (200.0, 42.0), (90.0, 42.0)))
    found = read_paper((beside, *parts)).found[0]
    assert (found.value, found.confidence) == ("样本甲", 0.8)


@settings(max_examples=30, deadline=None)
@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999), st.integers(0, 17))
def test_one_wrong_digit_is_never_proved(born: date, serial: int, place: int) -> None:
    body = f"320681{born:%Y%m%d}{serial:03}"
    number = body + resident_id_check_character(body)
    assert told(*FRONT[:5], f"公民身份号码{number}")["id-number"] == number
    other = "1" if number[place] == "0" else "0"
    wrong = number[:place] + other + number[place + 1 :]
    found = read_rows(rows(*FRONT[:5], f"公民身份号码{wrong}")).found[-1]
    assert (found.value, found.is_proved, found.is_doubtful) == (wrong, False, True)


@settings(max_examples=30)
@given(st.integers(10**13, 10**18 - 1), st.integers(0, 9))
def test_exactly_one_last_digit_fits_a_card(body: int, digit: int) -> None:
    fitting = [last for last in range(10) if is_card_number(f"{body}{last}")]
    assert len(fitting) == (1 if len(f"{body}") > 14 else 0)
    assert is_card_number(f"{body}{digit}") == (digit in fitting)
