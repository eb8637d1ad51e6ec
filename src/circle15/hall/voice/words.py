"""What a call says, cut into parts, and the pinyin of each part.

Hanzi never reach the speaking program: it reads many of them wrongly. It gets pinyin with tones.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

from circle15.core.messages import Message

MOST_WINDOWS = 99
LABEL_LENGTH = 8
DIGITS = "零一二三四五六七八九"
# The letters as they are said in Chinese. E sounds like 一: a hall does well to leave it out.
LETTERS: Mapping[str, str] = {
    "A": "ei1",
    "B": "bi4",
    "C": "xi1",
    "D": "di4",
    "E": "yi4",
    "F": "ai2 fu5",
    "G": "ji4",
    "H": "ei2 chi5",
    "I": "ai4",
    "J": "zhei4",
    "K": "kei4",
    "L": "ai2 lou5",
    "M": "ai2 mu5",
    "N": "en1",
    "O": "ou1",
    "P": "pi4",
    "Q": "kiu1",
    "R": "a1 er5",
    "S": "ai2 si5",
    "T": "ti4",
    "U": "you1",
    "V": "wei1",
    "W": "da2 bu5 liu5",
    "X": "ai2 ke5 si5",
    "Y": "wai4",
    "Z": "zei4",
}


class Unspeakable(ValueError):
    """A number or window no call can be about."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a call: the name of its recorded clip, its pinyin, the silence after it."""

    name: str
    pinyin: str
    pause_ms: int


def call_parts(label: str, window_number: int) -> tuple[Part, ...]:
    """Return the parts of 请 A012 号，到三号窗口. Raises Unspeakable."""
    if not 1 <= len(label) <= LABEL_LENGTH:
        raise Unspeakable(Message("票号 %(label)s 太长或为空", label=label))
    return (
        Part("qing", _pinyin("请"), 80),
        *(_character(character) for character in label),
        Part("hao", _pinyin("号"), 160),
        Part(f"window-{window_number}", _pinyin(f"到{window_words(window_number)}"), 0),
    )


def help_parts(window_number: int) -> tuple[Part, ...]:
    """Return the part that asks the staff to come to a window. Raises Unspeakable."""
    words = f"请工作人员到{window_words(window_number)}"
    return (Part(f"help-{window_number}", _pinyin(words), 0),)


def window_words(number: int) -> str:
    """Return 三号窗口."""
    return f"{chinese_number(number)}号窗口"


def chinese_number(number: int) -> str:
    """Return a number from 0 to 99 in words. Raises Unspeakable."""
    if not 0 <= number <= MOST_WINDOWS:
        raise Unspeakable(Message("不能念出的数：%(number)s", number=number))
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return (DIGITS[tens] if tens > 1 else "") + "十" + (DIGITS[ones] if ones else "")


def _character(character: str) -> Part:
    """Return a letter or digit by itself.

    One is yi1, not yao1: so it is the same word as in 一号窗口, it is what the ticket shows read
    aloud, and a listener who takes it for 七 has the display. Yao1 belongs to telephone numbers.
    """
    if character in LETTERS:
        return Part(character, LETTERS[character], 70)
    if character.isascii() and character.isdecimal():
        return Part(character, _pinyin(DIGITS[int(character)]), 70)
    raise Unspeakable(Message("票号里的 %(character)s 不能念出", character=character))


def _pinyin(hanzi: str) -> str:
    """Return pinyin with tone numbers; an ordinal 一 keeps its first tone."""
    return " ".join(lazy_pinyin(hanzi, style=Style.TONE3, neutral_tone_with_five=True))
