"""Unified social credit codes of organisations, GB 32100: 17 characters and a check character."""

import re

from circle15.core.identifiers.excel_damage import excel_damage
from circle15.core.identifiers.typed import read_typed
from circle15.core.messages import Message
from circle15.core.text import tidy

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_FORBIDDEN = re.compile(f"[^{ALPHABET}]")


def social_credit_check_character(body: str) -> str:
    """Give the check character of the first 17 characters (MOD 31)."""
    total = sum(w * ALPHABET.index(char) for w, char in zip(_WEIGHTS, body, strict=True))
    return ALPHABET[-total % 31]


def canonical_social_credit_code(value: object) -> str:
    """Give the form in which a code is stored: half-width, no spaces, upper-case."""
    return tidy(value).text.replace(" ", "").upper()


def check_social_credit_code(value: object) -> tuple[Message, ...]:
    """Name every problem of a unified social credit code; empty means valid."""
    text, problems = read_typed(value, Message("统一社会信用代码"))
    return (*problems, *_check_plain(text)) if text else problems


def _check_plain(text: str) -> tuple[Message, ...]:
    problems = []
    if len(text) != LENGTH:
        problems.append(
            Message(
                "统一社会信用代码应为%(wanted)s位，现为%(length)s位",
                wanted=LENGTH,
                length=len(text),
            )
        )
    forbidden = sorted(set(_FORBIDDEN.findall(text)))
    if forbidden:
        problems.append(
            Message(
                "统一社会信用代码不能含有：%(characters)s（不使用I、O、S、V、Z）",
                characters=forbidden,
            )
        )
    if problems:
        return excel_damage(text) or tuple(problems)
    if not re.fullmatch(r"[0-9]{6}", text[2:8]):
        problems.append(Message("统一社会信用代码第3至8位应为6位行政区划数字"))
    if social_credit_check_character(text[:17]) != text[17]:
        problems.append(Message("统一社会信用代码校验位不正确，请核对是否录错"))
        problems += excel_damage(text)
    return tuple(problems)


def is_social_credit_code(value: object) -> bool:
    return not check_social_credit_code(value)
