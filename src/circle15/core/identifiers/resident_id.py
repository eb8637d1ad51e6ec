"""Resident identity numbers, GB 11643: 17 digits and a check character.

Only the check character and a real date are asked for. The place is information: the county code
tells where the number was issued, and it may be older or younger than the birth.
"""

import re
from datetime import date
from enum import StrEnum

from circle15.core.identifiers.excel_damage import excel_damage
from circle15.core.identifiers.typed import read_typed
from circle15.core.messages import Message
from circle15.core.text import tidy

LENGTH = 18
OLD_LENGTH = 15
EARLIEST_YEAR = 1800
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")


class Sex(StrEnum):
    MALE = "男"
    FEMALE = "女"


def resident_id_check_character(body: str) -> str:
    """Give the check character of the first 17 digits (ISO 7064, MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def canonical_resident_id(value: object) -> str:
    """Give the form in which a number is stored: half-width, no spaces, upper-case X."""
    return tidy(value).text.replace(" ", "").upper()


def check_resident_id(value: object) -> tuple[Message, ...]:
    """Name every problem of a resident ID; empty means valid."""
    text, problems = read_typed(value, Message("身份证号码"))
    return (*problems, *_check_plain(text)) if text else problems


def _check_plain(text: str) -> tuple[Message, ...]:
    if not _SHAPE.fullmatch(text):
        return excel_damage(text) or _shape_problems(text)
    problems = []
    if text.startswith("0"):
        problems.append(Message("身份证号码前6位地区码不能以0开头"))
    problems += _date_problems(text[6:14])
    if resident_id_check_character(text[:17]) != text[17]:
        problems.append(Message("身份证号码校验位不正确，请核对是否录错"))
        problems += excel_damage(text)
    return tuple(problems)


def _shape_problems(text: str) -> tuple[Message, ...]:
    if len(text) == OLD_LENGTH and text.isascii() and text.isdigit():
        return (Message("15位身份证号码已停止使用，请换发二代身份证后录入18位号码"),)
    problems = []
    if len(text) != LENGTH:
        problems.append(
            Message("身份证号码应为%(wanted)s位，现为%(length)s位", wanted=LENGTH, length=len(text))
        )
    if not re.fullmatch(r"[0-9]*X?", text):
        problems.append(Message("身份证号码只能由数字组成，末位可以是X"))
    return tuple(problems or [Message("身份证号码只有末位可以是X")])


def _date_problems(digits: str) -> tuple[Message, ...]:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if year < EARLIEST_YEAR:
        return (Message("身份证号码中的出生年份%(year)s不合理", year=digits[:4]),)
    try:
        date(year, month, day)
    except ValueError:
        return (Message("身份证号码中的出生日期%(day)s不存在", day=digits),)
    return ()


def is_resident_id(value: object) -> bool:
    return not check_resident_id(value)


def birth_date(resident_id: str) -> date:
    """Read the birth date of a valid number; raises ValueError for any other text."""
    text = _valid(resident_id)
    return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))


def sex(resident_id: str) -> Sex:
    """Read the sex of a valid number (17th digit odd: male); raises ValueError otherwise."""
    return Sex.MALE if int(_valid(resident_id)[16]) % 2 else Sex.FEMALE


def _valid(resident_id: str) -> str:
    problems = check_resident_id(resident_id)
    if problems:
        raise ValueError("；".join(problems))
    return canonical_resident_id(resident_id)
