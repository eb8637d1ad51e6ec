"""Numbers, dates and yes/no as people type them into a table; what is unclear becomes a Problem.

Every `parse_*` gives the value or a Problem, and never raises, whatever the cell holds.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from circle15.core.messages import Message
from circle15.core.text import tidy

EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 12, 31)
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(10_000, 73_051)  # 1927-05-18 to 2100-01-01; less is more likely a year
_LONGEST_NUMBER = 30

_YMD = re.compile(
    r"([0-9]{4})(?:年([0-9]{1,2})月([0-9]{1,2})[日号]|([-/.])([0-9]{1,2})\4([0-9]{1,2}))"
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"[0-9]{5}(\.[0-9]+)?")
_TIME = re.compile(
    r"(?:T| +)[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
_PLAIN_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_GROUPED_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_SCIENTIFIC = re.compile(r"[+-]?[0-9.]+[eE][+-]?[0-9]+")
_ENDS_IN_UNIT = re.compile(r"[+-]?[0-9][0-9,.]*([^0-9,.]+)")
_YES = frozenset({"是", "有", "对", "真", "√", "✓", "✔", "☑", "y", "yes", "t", "true", "1"})
_NO = frozenset(
    {"否", "无", "没有", "错", "假", "×", "✕", "✗", "✘", "x", "n", "no", "f", "false", "0"}
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell could not be read, with what to do."""

    message: Message


def parse_date(
    value: object, *, earliest: date = EARLIEST, latest: date = LATEST
) -> date | Problem:
    """Read a date: ISO, 2024年1月5日, 2024.1.5, 2024/1/5, 20240105, Excel serial; time is dropped.

    Two-digit years and day-month orders are refused as ambiguous.
    """
    read = _read_date(value)
    if isinstance(read, Problem) or earliest <= read <= latest:
        return read
    return Problem(
        Message(
            "日期%(day)s不在%(first)s至%(last)s之间，请核对", day=read, first=earliest, last=latest
        )
    )


def _read_date(value: object) -> date | Problem:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _TIME.sub("", _typed(value)).replace(" ", "")
    if not text:
        return Problem(Message("日期为空"))
    if match := _YMD.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = (int(part) for part in match.groups() if part and part.isdigit())
        return _existing(year, month, day, text)
    if _SERIAL.fullmatch(text) and int(float(text)) in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=int(float(text)))
    return Problem(
        Message(
            "无法识别日期“%(typed)s”，请写成2024-01-05的形式（年月日齐全、年份四位）",
            typed=_short(text),
        )
    )


def _existing(year: int, month: int, day: int, text: str) -> date | Problem:
    try:
        return date(year, month, day)
    except ValueError:
        return Problem(Message("日期“%(typed)s”不存在，请核对", typed=text))


def parse_decimal(
    value: object, *, at_least: Decimal | None = None, at_most: Decimal | None = None
) -> Decimal | Problem:
    """Read a number without loss: full-width digits, thousands marks and spaces are understood."""
    number = _read_number(value)
    if isinstance(number, Problem):
        return number
    if at_least is not None and number < at_least:
        return Problem(Message("数值%(number)s不应小于%(least)s", number=number, least=at_least))
    if at_most is not None and number > at_most:
        return Problem(Message("数值%(number)s不应大于%(most)s", number=number, most=at_most))
    return number


def _read_number(value: object) -> Decimal | Problem:
    text = _typed(value).replace(" ", "").replace("−", "-")  # typeset minus
    if not text:
        return Problem(Message("数值为空"))
    if isinstance(value, bool) or len(text) > _LONGEST_NUMBER:
        return Problem(Message("“%(typed)s”不是有效的数字", typed=_short(text)))
    if _GROUPED_NUMBER.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _PLAIN_NUMBER.fullmatch(text):
        return Decimal(text)
    return Problem(_why_no_number(text))


def _why_no_number(text: str) -> Message:
    if _SCIENTIFIC.fullmatch(text):
        return Message("数值“%(typed)s”为科学计数法，请写成完整数字", typed=text)
    if match := _ENDS_IN_UNIT.fullmatch(text):
        return Message(
            "数值“%(typed)s”带有“%(unit)s”，请只填数字，按表头的单位换算",
            typed=text,
            unit=match[1],
        )
    if "," in text:
        return Message("数值“%(typed)s”的千位分隔符位置不对，请去掉逗号", typed=text)
    return Message("“%(typed)s”不是有效的数字", typed=text)


def parse_int(
    value: object, *, at_least: int | None = None, at_most: int | None = None
) -> int | Problem:
    """Read a whole number; 3.0 is one, 3.5 is not."""
    number = parse_decimal(
        value,
        at_least=None if at_least is None else Decimal(at_least),
        at_most=None if at_most is None else Decimal(at_most),
    )
    if isinstance(number, Problem):
        return number
    if number != number.to_integral_value():
        return Problem(Message("数值%(number)s应为整数", number=number))
    return int(number)


def parse_bool(value: object) -> bool | Problem:
    """Read yes or no: 是/否, 有/无, √/×, Y/N, 1/0."""
    text = _typed(value).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    if not text:
        return Problem(Message("是否为空，请填“是”或“否”"))
    return Problem(Message("无法识别“%(typed)s”，请填“是”或“否”", typed=_short(text)))


def _typed(value: object) -> str:
    # The ideographic full stop is what a Chinese keyboard gives for a decimal point.
    return tidy(value).text.replace("。", ".")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_NUMBER else text[:_LONGEST_NUMBER] + "…"
