"""One cell as typed becomes a value, an error, or a value with a notice of what was made of it.

Every reader takes a raw cell and returns a `Cell`; it never raises, whatever the cell holds.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches

from circle15.core import entries
from circle15.core.identifiers import (
    canonical_resident_id,
    canonical_social_credit_code,
    check_division_code,
    check_resident_id,
    check_social_credit_code,
    excel_damage,
    full_division_code,
)
from circle15.core.messages import NOTHING, Message, joined
from circle15.core.text import cell_text, tidy, to_half_width

NUMBER_AS_CODE = Message("编码以数字形式存储，已按文本读取")
TEXT_AS_NUMBER = Message("数字以文本形式存储，已按数字读取")
_KEPT_AS_NUMBER = Message(
    "号码以数字形式存储，第15位以后可能已丢失，请把该列设为文本格式后重新录入完整号码"
)
_OTHER_DATE = Message("日期已统一为2024-01-05的形式，请核对")
_WIDE_DIGITS = re.compile("[０-９Ａ-Ｚａ-ｚ]+")
_UNSEEN = {"Cc", "Cf", "Zl", "Zp"}
_SITE_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,23}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,38}[0-9]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LONGEST_ASSET_NO = 40  # the width of the column


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell came to; an empty cell has neither value nor error."""

    value: object = None
    error: Message = NOTHING
    notices: tuple[Message, ...] = ()


Reader = Callable[[object], Cell]
EMPTY = Cell()


def is_empty(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip(" \t\r\n\u3000\u200b\ufeff'"))


def text(longest: int) -> Reader:
    """Read a name or a remark: rare characters and Chinese punctuation stay as they are."""

    def read(raw: object) -> Cell:
        seen = cell_text(raw)
        plain, notices = _plain_text(seen)
        if damage := excel_damage(seen):
            return Cell(error=damage[0])
        if len(plain) > longest:
            return Cell(error=_too_long(len(plain), longest))
        return Cell(plain or None, notices=notices)

    return read


def _too_long(length: int, most: int) -> Message:
    return Message("最多%(most)s个字，现有%(length)s个字", most=most, length=length)


def _plain_text(seen: str) -> tuple[str, tuple[Message, ...]]:
    """Keep private-use and brand-new characters: rare names are written with them."""
    if seen.isprintable() and not _WIDE_DIGITS.search(seen):
        return " ".join(seen.split()), ()
    notices = []
    visible = "".join(
        " " if char in "\t\r\n" else char
        for char in seen
        if char in "\t\r\n" or unicodedata.category(char) not in _UNSEEN
    )
    if len(visible) != len(seen):
        notices.append(Message("含不可见字符，已去除"))
    half = _WIDE_DIGITS.sub(lambda found: to_half_width(found[0]), visible)
    if half != visible:
        notices.append(Message("含全角字符，已转为半角"))
    return " ".join(half.replace("\u3000", " ").split()), tuple(notices)


def division_code(raw: object) -> Cell:
    """Read a 12-digit code; a shorter one of a whole level is filled with zeros."""
    typed = tidy(raw)
    if damage := excel_damage(typed.text):
        return Cell(error=damage[0])
    code = full_division_code(typed.text)
    notices = [*typed.notes, *_number_as_code(raw)]
    if code != typed.text.replace(" ", ""):
        notices.append(Message("区划代码不足12位，已在末尾补0"))
    problems = check_division_code(code)
    return Cell(error=joined(problems)) if problems else Cell(code, notices=tuple(notices))


def _number_as_code(raw: object) -> tuple[Message, ...]:
    return (NUMBER_AS_CODE,) if isinstance(raw, int | float) else ()


def site_code(raw: object) -> Cell:
    """Read a site's code: letters, digits and hyphens, as it becomes part of a path."""
    typed = tidy(raw)
    code = typed.text.upper()
    if damage := excel_damage(typed.text):
        return Cell(error=damage[0])
    if not _SITE_CODE.fullmatch(code):
        return Cell(
            error=Message(
                "编码“%(typed)s”只能用字母、数字和连字符，最多24位", typed=typed.text[:30]
            )
        )
    return Cell(code, notices=(*typed.notes, *_number_as_code(raw)))


def asset_no(raw: object) -> Cell:
    """Read an asset number: any short text without inner spaces."""
    typed = tidy(raw)
    if damage := excel_damage(typed.text):
        return Cell(error=damage[0])
    if len(typed.text) > _LONGEST_ASSET_NO:
        return Cell(error=_too_long(len(typed.text), _LONGEST_ASSET_NO))
    return Cell(typed.text.replace(" ", ""), notices=(*typed.notes, *_number_as_code(raw)))


def resident_id(raw: object) -> Cell:
    """Read a resident ID; one kept as a number has lost its last digits and is refused."""
    number = canonical_resident_id(raw)
    if problems := check_resident_id(number):
        return Cell(error=joined(problems))
    if isinstance(raw, int | float):
        # The lost digits can make a number that is right by chance.
        return Cell(error=_KEPT_AS_NUMBER)
    return Cell(number, notices=tidy(raw).notes)


def credit_code(raw: object) -> Cell:
    """Read a unified social credit code."""
    code = canonical_social_credit_code(raw)
    problems = check_social_credit_code(code)
    return Cell(error=joined(problems)) if problems else Cell(code, notices=tidy(raw).notes)


def phone(raw: object) -> Cell:
    """Read a telephone number, mobile or fixed."""
    typed = tidy(raw)
    if not (_MOBILE.fullmatch(typed.text) or _PHONE.fullmatch(typed.text)):
        return Cell(error=Message("电话号码只能用数字、空格、括号和连字符"))
    return Cell(typed.text, notices=typed.notes)


def whole(at_least: int, at_most: int) -> Reader:
    """Read a whole number within bounds."""

    def read(raw: object) -> Cell:
        return _number(raw, entries.parse_int(raw, at_least=at_least, at_most=at_most))

    return read


def degrees(raw: object) -> Cell:
    """Read a longitude or latitude; whether it fits is seen when both are known."""
    return _number(raw, entries.parse_decimal(raw, at_least=Decimal(-180), at_most=Decimal(180)))


def _number(raw: object, found: int | Decimal | entries.Problem) -> Cell:
    if isinstance(found, entries.Problem):
        return Cell(error=found.message)
    notices = (*tidy(raw).notes, TEXT_AS_NUMBER) if isinstance(raw, str) else ()
    return Cell(found, notices=notices)


def day(raw: object) -> Cell:
    """Read a date in any of the usual habits."""
    found = entries.parse_date(raw)
    if isinstance(found, entries.Problem):
        return Cell(error=found.message)
    usual = isinstance(raw, date | datetime) or cell_text(raw).strip() == found.isoformat()
    return Cell(found, notices=() if usual else (_OTHER_DATE,))


def yes_no(raw: object) -> Cell:
    """Read yes or no."""
    found = entries.parse_bool(raw)
    return Cell(error=found.message) if isinstance(found, entries.Problem) else Cell(found)


def choice(labels: Mapping[str, str]) -> Reader:
    """Read one of some names (label -> value) or the value itself; suggest the nearest."""
    by_name = {_loose(label): value for label, value in labels.items()}
    by_name |= {_loose(value): value for value in labels.values()}

    def read(raw: object) -> Cell:
        typed = tidy(raw)
        value = by_name.get(_loose(typed.text))
        if value is not None:
            return Cell(value)
        return Cell(error=_no_such(typed.text, labels))

    return read


def _loose(name: str) -> str:
    return re.sub(r"[\s（）()、，]", "", to_half_width(name)).lower()


def _no_such(typed: str, labels: Mapping[str, str]) -> Message:
    near = get_close_matches(typed, [*labels, *labels.values()], n=1, cutoff=0.4)
    if near:
        return Message(
            "没有“%(typed)s”这一项，您是不是要填“%(near)s”？", typed=typed[:30], near=near[0]
        )
    few = list(labels)[:12]
    return Message("没有“%(typed)s”这一项，可填：%(choices)s", typed=typed[:30], choices=few)


def anything(raw: object) -> Cell:
    """Leave a cell as it is: its meaning depends on another one."""
    return Cell(raw)
