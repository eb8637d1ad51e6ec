"""A sort key that puts Chinese names in pinyin order on any database: ORDER BY key COLLATE "C"."""

import re

from circle15.core.text import to_half_width

_LAST = "~"  # the last printable ASCII character
_PIECES = re.compile(r"[0-9]+|[\x21-\x7e]|[^\x00-\x7f]+")
_NUMBER_WIDTH = 12
# Between two typed letters a syllable may end: its tone and character, and the next begins.
_NEXT_SYLLABLE = r"([0-9][.][0-9a-f]+ [|])?"

# Place names and characters whose usual reading is another one.
_READINGS = {
    "六合": ("lu4", "he2"),
    "六安": ("lu4", "an1"),
    "漯河": ("luo4", "he2"),
    "涡阳": ("guo1", "yang2"),
    "浚县": ("xun4", "xian4"),
    "单县": ("shan4", "xian4"),
    "洪洞": ("hong2", "tong2"),
    "会稽": ("kuai4", "ji1"),
    "㐂": ("xi3",),
}
_SURNAMES = {
    "单": "shan4",
    "仇": "qiu2",
    "曾": "zeng1",
    "解": "xie4",
    "区": "ou1",
    "查": "zha1",
    "朴": "piao2",
    "盖": "ge3",
    "翟": "zhai2",
    "任": "ren2",
    "华": "hua4",
    "尉迟": "yu4 chi2",
    "万俟": "mo4 qi2",
}
_KNOWN = re.compile("(" + "|".join(_READINGS) + ")")


def pinyin_key(text: str, *, is_person: bool = False) -> str:
    """Give an ASCII key: syllable by syllable with tone, then the character; numbers by value.

    `is_person` reads the first character as a surname (单 is shan). Digits come before Latin
    letters, these before Chinese, and characters without a known reading come last.
    """
    half = to_half_width(text).lower().strip()
    given = _surname(half) if is_person else ""
    parts = _surname_parts(given) if given else []
    for piece in _PIECES.findall(half[len(given) :]):
        parts += _piece_parts(piece)
    return " ".join(parts)


def pinyin_pattern(typed: str) -> str:
    """Give a regular expression that finds typed pinyin in keys: `huilong` in 汇龙镇's.

    "" where nothing was typed that could be pinyin.
    """
    letters = to_half_width(typed).lower().replace(" ", "")
    is_pinyin = letters.isascii() and letters.isalpha()
    return rf"\|{_NEXT_SYLLABLE.join(letters)}" if is_pinyin else ""


def _surname(text: str) -> str:
    return next((text[:n] for n in (2, 1) if text[:n] in _SURNAMES), "")


def _surname_parts(surname: str) -> list[str]:
    syllables = _SURNAMES[surname].split()
    return [_part(char, syllable) for char, syllable in zip(surname, syllables, strict=True)]


def _piece_parts(piece: str) -> list[str]:
    if piece.isascii():
        # "0" before the digits keeps every number in front of every letter.
        return [piece.rjust(_NUMBER_WIDTH, "0") if piece.isdigit() else piece]
    return [part for run in _KNOWN.split(piece) if run for part in _chinese_parts(run)]


def _chinese_parts(run: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 -- slow import

    syllables = _READINGS.get(run) or lazy_pinyin(
        run,
        style=Style.TONE3,
        neutral_tone_with_five=True,
        errors=_unread,  # type: ignore[arg-type]  # a list, one a character, works too
    )
    return [_part(char, syllable) for char, syllable in zip(run, syllables, strict=True)]


def _unread(chars: str) -> list[str]:
    return [_LAST] * len(chars)


def _part(char: str, syllable: str) -> str:
    """Chinese follows the Latin letters, hence the `|`; the code keeps equal sounds apart."""
    return f"|{syllable}.{ord(char):05x}"
