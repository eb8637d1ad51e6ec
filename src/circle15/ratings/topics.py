"""What a text is about: words of the topics, cut by jieba with nothing but these words."""

import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any

from circle15.core.text import without_invisible
from circle15.standards.ratings import labels, rating_rules

_FREQUENCY = 10_000


# Clauses: W-08
def topics_of(text: str, codes: Iterable[str] = ()) -> list[str]:
    """Return the topics of labels and words, in their order. Nothing leaves the house."""
    known = labels()
    found = {known[code].of for code in codes if code in known}
    by_word = _by_word()
    found |= {
        by_word[word]
        for word in _cutter().lcut(without_invisible(text), HMM=False)
        if word in by_word
    }
    return [key for key in rating_rules().topics if key in found]


@cache
def _by_word() -> dict[str, str]:
    return {word: key for key, topic in rating_rules().topics.items() for word in topic.words}


@cache
def _cutter() -> Any:
    """Return jieba with the words of the topics only: its own dictionary takes a second."""
    with warnings.catch_warnings():
        # Its sources carry escapes that newer Pythons frown upon.
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415 -- slow import
    cutter = jieba.Tokenizer()
    words = _by_word()
    beginnings = {word[:end]: 0 for word in words for end in range(1, len(word))}
    cutter.FREQ = beginnings | dict.fromkeys(words, _FREQUENCY)
    cutter.total = sum(cutter.FREQ.values())
    cutter.initialized = True
    return cutter
