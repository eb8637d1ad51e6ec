"""Text as people type it: full-width forms, invisible characters, stray spaces."""

import re
import unicodedata
from dataclasses import dataclass

from circle15.core.messages import Message

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_EXACT_BELOW = 1e15  # Excel keeps 15 digits
_EDGES = re.compile(r"^[\s']+|\s+$")  # a leading quote is how Excel marks text
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Tidied:
    """A text made plain, with a note in Chinese for each thing that had to be changed."""

    text: str
    notes: tuple[Message, ...] = ()


def to_half_width(text: str) -> str:
    """Turn full-width ASCII forms (３２０Ｘ，) and the ideographic space into their plain forms."""
    return text.translate(_FULL_WIDTH)


def without_invisible(text: str) -> str:
    """Drop control, format (zero-width, direction) and unassigned characters."""
    if text.isprintable():  # the usual case, and many times faster
        return text
    return "".join(char for char in text if unicodedata.category(char) not in _INVISIBLE)


def cell_text(value: object) -> str:
    """Give the text of one cell: "" for None, no `.0` after a whole number."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_BELOW:
        return str(int(value))
    return "" if value is None else str(value)


def tidy(value: object) -> Tidied:
    """Make one cell plain text and say what was changed."""
    raw = cell_text(value)
    notes = []
    seen = without_invisible(raw.replace("\t", " ").replace("\r", " ").replace("\n", " "))
    if len(seen) != len(raw):
        notes.append(Message("含不可见字符，已去除"))
    half = to_half_width(seen)
    if half != seen:
        notes.append(Message("含全角字符，已转为半角"))
    bare = _EDGES.sub("", half)
    if bare != half:
        notes.append(Message("首尾有空格或单引号，已去除"))
    return Tidied(bare, tuple(notes))
