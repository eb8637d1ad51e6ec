"""Division codes of 12 digits: province 2, city 2, county 2, town 3, village 3."""

import re
from enum import StrEnum

from circle15.core.identifiers.excel_damage import excel_damage
from circle15.core.identifiers.typed import read_typed
from circle15.core.messages import Message
from circle15.core.text import tidy

LENGTH = 12


class DivisionLevel(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


_ENDS = {
    DivisionLevel.PROVINCE: 2,
    DivisionLevel.CITY: 4,
    DivisionLevel.COUNTY: 6,
    DivisionLevel.TOWN: 9,
    DivisionLevel.VILLAGE: LENGTH,
}


def full_division_code(value: object) -> str:
    """Fill a shorter code (2, 4, 6 or 9 digits) with zeros to the 12 digits that are stored."""
    text = tidy(value).text.replace(" ", "")
    return text.ljust(LENGTH, "0") if len(text) in _ENDS.values() else text


def check_division_code(value: object) -> tuple[Message, ...]:
    """Name every problem of a 12-digit division code; empty means well formed.

    Cities without counties are right (441900003000 has county part 00), so is a county
    directly under a province (429004000000); a village without a town is not.
    """
    text, problems = read_typed(value, Message("区划代码"))
    return (*problems, *_check_plain(text)) if text else problems


def _check_plain(text: str) -> tuple[Message, ...]:
    if not re.fullmatch(r"[0-9]{12}", text):
        return excel_damage(text) or _shape_problems(text)
    problems = []
    if text[0] in "09":
        problems.append(Message("区划代码首位应为1至8"))
    if text[2:4] == "00" and text[4:].strip("0"):
        problems.append(Message("区划代码缺少市级（第3、4位为00）"))
    if text[6:9] == "000" and text[9:] != "000":
        problems.append(Message("区划代码缺少乡镇级（第7至9位为000）"))
    return tuple(problems)


def _shape_problems(text: str) -> tuple[Message, ...]:
    problems = []
    if not re.fullmatch(r"[0-9]*", text):
        problems.append(Message("区划代码只能由数字组成"))
    if len(text) != LENGTH:
        problems.append(_wrong_length(len(text)))
    return tuple(problems)


def _wrong_length(length: int) -> Message:
    if length in _ENDS.values():
        return Message(
            "区划代码应为%(wanted)s位，现为%(length)s位，请在末尾补0", wanted=LENGTH, length=length
        )
    return Message("区划代码应为%(wanted)s位，现为%(length)s位", wanted=LENGTH, length=length)


def is_division_code(value: object) -> bool:
    return not check_division_code(value)


def division_level(code: str) -> DivisionLevel:
    """Tell the level from the trailing zeros; raises ValueError for a malformed code."""
    text = _valid(code)
    return next(level for level, end in _ENDS.items() if not text[end:].strip("0"))


def parent_division_code(code: str) -> str:
    """Give the code one level up, "" for a province; raises ValueError for a malformed code.

    A town of a city without counties belongs to the city.
    """
    end = _ENDS[division_level(code)]
    shorter = max((e for e in _ENDS.values() if e < end), default=0)
    return code[:shorter].ljust(LENGTH, "0") if shorter else ""


def _valid(code: str) -> str:
    problems = check_division_code(code)
    if problems:
        raise ValueError("；".join(problems))
    return code
