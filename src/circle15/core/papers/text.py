"""Words made fit for paper: no control characters, lines broken as Chinese is set."""

import re
import unicodedata
from collections.abc import Callable, Iterator

# Words and numbers stay whole; a Chinese character stands for itself.
_TOKENS = re.compile(r"[A-Za-z0-9.%²+\-]+|.", re.DOTALL)
# These may not begin a line, so they stay with the character before them.
TRAILING = frozenset("，。、；：？！）》”’〕】")


def printable(words: str) -> str:
    """Return words without control characters, which no document format may hold."""
    return "".join(char for char in words if char == "\n" or unicodedata.category(char) != "Cc")


def broken(words: str, room: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text into lines that fit, by the rules of Chinese typesetting.

    `measure` tells how wide a token is, in the unit of `room`.
    """
    lines = []
    for part in words.split("\n"):
        line, width = "", 0.0
        for token in tokens(part):
            step = measure(token)
            if line and width + step > room:
                lines.append(line)
                line, width = "", 0.0
            line, width = line + token, width + step
        lines.append(line)
    return lines


def tokens(words: str) -> Iterator[str]:
    """Yield what may not be torn apart: words, numbers, a character with the stops after it."""
    held = ""
    for token in _TOKENS.findall(words):
        if held and token not in TRAILING:
            yield held
            held = ""
        held += token
    if held:
        yield held
