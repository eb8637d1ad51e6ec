"""Long numbers that Excel has damaged: 3.20621E+17, or digits beyond the 15th turned into zeros."""

import re

from circle15.core.messages import Message
from circle15.core.text import tidy

EXACT_DIGITS = 15  # Excel stores no more digits than these in a numeric cell
# What a returned table shows in place of a damaged number: no reader takes it for one.
RETYPE = "请重新录入"
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,3}")
_LONG_NUMBER = re.compile(r"[0-9]{16,}(\.0+)?")


def excel_damage(value: object) -> tuple[Message, ...]:
    """Say how Excel damaged a long number; empty when nothing points to it.

    Sixteen and more digits with nothing but zeros beyond the 15th are damage too. A true
    number may end so, therefore the checks of identifiers ask only when the check digit fails.
    """
    text = tidy(value).text
    if text.startswith(RETYPE):
        return (Message("还没有重新录入，请填写完整号码"),)
    if _SCIENTIFIC.fullmatch(text):
        return (
            Message(
                "号码被表格软件改成了科学计数法（%(typed)s），原号码已丢失，"
                "请把该列设为文本格式后重新录入完整号码",
                typed=text,
            ),
        )
    digits = text.split(".", maxsplit=1)[0]
    if _LONG_NUMBER.fullmatch(text) and not digits[EXACT_DIGITS:].strip("0"):
        return (
            Message(
                "号码第%(exact)s位以后都是0，可能被表格软件截断，"
                "请把该列设为文本格式后重新录入完整号码",
                exact=EXACT_DIGITS,
            ),
        )
    return ()


def to_retype(value: object) -> str:
    """Say that a damaged number is to be typed again, with what the spreadsheet left of it."""
    return f"{RETYPE}（原为{tidy(value).text}）"
