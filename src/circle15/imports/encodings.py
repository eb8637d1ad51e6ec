"""Decode a CSV file strictly: UTF-8 (with or without BOM) or GB18030, nothing on a guess."""

import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from charset_normalizer import from_bytes

from circle15.core.messages import Message

_LOOKED_AT = 65_536
_FREQUENT = "的一是在村镇区县代码名称编码人口日期网点类型乡街道社居委会启东南通号时间数值"


class UnknownEncoding(ValueError):
    """The bytes are neither UTF-8 nor GB18030; the message names the likely encoding."""

    def __init__(self, guess: str) -> None:
        self.message = _advice(guess)
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: Message


def decode(content: bytes) -> Decoded:
    """Give the text and the name of its encoding; raises UnknownEncoding."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise UnknownEncoding("UTF-16")
    if content.startswith(BOM_UTF8):
        return _strictly(content, "utf-8-sig", Message("UTF-8（带BOM）"))
    try:
        return _strictly(content, "utf-8", Message("UTF-8"))
    except UnknownEncoding:
        return _strictly(content, "gb18030", Message("GB18030"))


def _strictly(content: bytes, codec: str, name: Message) -> Decoded:
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        raise UnknownEncoding(_guess(content)) from None
    if codec == "gb18030" and not _is_plausible(text):
        raise UnknownEncoding(_guess(content))
    return Decoded(text, name)


def _is_plausible(text: str) -> bool:
    """Big5 and Shift-JIS decode as GB18030 too, but into characters nobody uses."""
    chinese = [char for char in text[:_LOOKED_AT] if not char.isascii()]
    odd = sum(unicodedata.category(char) in {"Co", "Cn", "Cc"} for char in chinese)
    return odd * 10 <= len(chinese) and any(char in _FREQUENT for char in chinese)


def _guess(content: bytes) -> str:
    best = from_bytes(content[:_LOOKED_AT]).best()
    return best.encoding if best and best.encoding not in {"gb18030", "utf_8"} else ""


def _advice(guess: str) -> Message:
    if guess:
        return Message(
            "文件编码既不是UTF-8也不是GB18030（可能是%(guess)s），"
            "请用表格软件另存为“CSV UTF-8”后重新上传",
            guess=guess,
        )
    return Message("文件编码既不是UTF-8也不是GB18030，请用表格软件另存为“CSV UTF-8”后重新上传")
