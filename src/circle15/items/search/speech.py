"""How people talk: what they type, cut into our own words, and how it sounds."""

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from circle15.core.text import to_half_width
from circle15.standards import strict_yaml

_LATIN = re.compile(r"[a-z]")
_CHINESE = re.compile(r"[㐀-鿿]+")
_NOISE = re.compile(r"[^0-9a-z㐀-鿿]+")
# All words weigh the same: the cut with the fewest words wins.
_FREQUENCY = 1000
# Sounds that many speakers of the region, and many typists, do not tell apart.
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"))


@dataclass(frozen=True, slots=True)
class Speech:
    """Our words for theirs: `same` leads from what is said to what we say."""

    same: Mapping[str, str]
    fillers: frozenset[str]
    terms: tuple[str, ...]
    everyday: Mapping[str, tuple[str, ...]]


@cache
def speech() -> Speech:
    """Return the words of the data file."""
    source = files("circle15.items.search") / "data" / "everyday.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return Speech(
        same={said: ours for ours, many in data["same"].items() for said in many},
        fillers=frozenset(data["fillers"]),
        terms=(*data["terms"], *data["same"]),
        everyday={key: tuple(said) for key, said in data["everyday"].items()},
    )


def tidy(typed: str) -> str:
    """Return what was typed in half width and lower case, without marks and spaces."""
    return _NOISE.sub("", to_half_width(typed).lower())


def has_latin(text: str) -> bool:
    """Tell whether there are Latin letters: pinyin, initials or English."""
    return bool(_LATIN.search(text))


def words_of(text: str) -> tuple[str, ...]:
    """Cut a tidy sentence into our words; words that mean nothing fall away."""
    known = speech()
    cut = [known.same.get(word, word) for word in _cutter().lcut(text, HMM=False)]
    return tuple(word for word in cut if word not in known.fillers)


def syllables_of(text: str) -> tuple[str, ...]:
    """Read a tidy text syllable by syllable; what is not Chinese stays as it is."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 -- slow import

    return tuple(
        syllable
        for piece in _pieces(text)
        for syllable in (lazy_pinyin(piece) if _CHINESE.match(piece) else (piece,))
    )


def alike(syllable: str) -> str:
    """Return a syllable as those write it who do not hear the difference: zh and z, ing and in."""
    for sharp, flat in _ALIKE:
        syllable = syllable.replace(sharp, flat)
    return syllable


def _pieces(text: str) -> Iterator[str]:
    end = 0
    for found in _CHINESE.finditer(text):
        if found.start() > end:
            yield text[end : found.start()]
        yield found.group()
        end = found.end()
    if end < len(text):
        yield text[end:]


@cache
def _cutter() -> Any:
    """Return jieba with our words only.

    Its own dictionary takes a second and 100 MB in every process, and it keeps a copy in the
    directory for temporary files that others may write to; neither is needed for 45 items.
    """
    with warnings.catch_warnings():
        # Its sources carry escapes that newer Pythons frown upon.
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415 -- slow import
    known = speech()
    cutter = jieba.Tokenizer()
    cutter.FREQ = _frequencies({*known.terms, *known.same, *known.fillers})
    cutter.total = sum(cutter.FREQ.values())
    cutter.initialized = True
    return cutter


def _frequencies(words: set[str]) -> dict[str, int]:
    """Give every word its weight, and 0 to every beginning of one: so jieba walks along them."""
    beginnings = {word[:end]: 0 for word in words for end in range(1, len(word))}
    return beginnings | dict.fromkeys(words, _FREQUENCY)
