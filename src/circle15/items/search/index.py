"""An index of service items: every name of every item, by word, by letter and by sound."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from circle15.items.search.speech import alike, has_latin, syllables_of, tidy, words_of

MOST_TYPED = 40
# Below this a likeness is chance: better to say that nothing was found.
LEAST = 0.42
# Shares of the parts of a likeness, and of the whole item beside its best name.
BY_WORD, BY_LETTER, BY_SOUND = 0.5, 0.2, 0.3
BY_ITEM = 0.12
# A word no item knows, beside the rarest one that an item has; a single character, beside a word.
UNKNOWN, SINGLE = 0.35, 0.4
SLIP = 0.8
# The pinyin typed may leave a syllable after any letter and go on with the next one.
_NEXT_SYLLABLE = r"(?:[a-z0-9]*\|)?"
_LEAST_ENGLISH, _LEAST_LETTERS = 0.72, 0.7

# Characters nobody types begin here; the last one stands for a sound no name has.
_OWN, _OTHER = 0xE000, "\uffff"

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Entry:
    """An item and what it is called: Chinese names, and English ones."""

    key: str
    names: tuple[str, ...]
    english: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """An item found; `likeness` from 0 to 1, `name` is the name that fitted best."""

    key: str
    likeness: float
    name: str


@dataclass(frozen=True, slots=True)
class _Name:
    item: int
    shown: str
    words: frozenset[str]
    text: str  # in our words
    typed: str  # as it is written
    sounds: str
    letters: str
    read: str  # |can|bao|deng|ji


class Index:
    """Names ready to be searched; built once for a catalogue, then only read."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        self._sounds: dict[str, str] = {}
        self._names = tuple(
            self._name(place, name)
            for place, entry in enumerate(self._entries)
            for name in dict.fromkeys(entry.names)
        )
        self._english = tuple(
            (place, name.lower())
            for place, entry in enumerate(self._entries)
            for name in entry.english
        )
        self._owner = np.array([name.item for name in self._names], dtype=np.intp)
        self._rarity = self._weigh()
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(self._names):
            for word in name.words:
                self._by_word[word].append(place)
        self._weight = np.array([self._sum(name.words) for name in self._names])
        self._item_words = self._words_of_items()

    def find(self, typed: str, *, limit: int = 10) -> tuple[Hit, ...]:
        """Return the items most like what was typed, the likeliest first; none if none is like."""
        text = tidy(typed)[:MOST_TYPED]
        if not words_of(text) or not self._names:
            return ()
        by_name, extra = self._by_words(text)
        if has_latin(text):
            by_name = np.maximum(by_name, self._by_pinyin(text))
        by_item = self._best(by_name) + BY_ITEM * extra
        if has_latin(text):
            by_item = np.maximum(by_item, self._by_english(typed))
        # A stable sort: of two alike the one that stands first in the catalogue.
        order = np.argsort(-by_item, kind="stable")[:limit]
        return tuple(
            self._hit(place, float(by_item[place]), by_name)
            for place in order.tolist()
            if by_item[place] >= LEAST
        )

    # Building

    def _name(self, place: int, shown: str) -> _Name:
        text = tidy(shown)
        words = words_of(text)
        syllables = syllables_of(text)
        return _Name(
            item=place,
            shown=shown,
            words=frozenset(words),
            text="".join(words),
            typed=text,
            sounds=self._heard(text, grow=True),
            letters="".join(syllables),
            read="".join(f"|{syllable}" for syllable in syllables),
        )

    def _heard(self, text: str, *, grow: bool = False) -> str:
        """Write sounds as characters of our own, one a syllable, for the comparing in C."""
        heard = (alike(syllable) for syllable in syllables_of(text))
        if grow:
            return "".join(self._sounds.setdefault(s, chr(_OWN + len(self._sounds))) for s in heard)
        return "".join(self._sounds.get(syllable, _OTHER) for syllable in heard)

    def _weigh(self) -> dict[str, float]:
        """Weigh words: one that few items have tells more."""
        of_items: dict[int, set[str]] = defaultdict(set)
        for name in self._names:
            of_items[name.item] |= name.words
        counts = Counter(word for words in of_items.values() for word in words)
        return {
            word: log(1 + len(self._entries) / count) * _length(word)
            for word, count in counts.items()
        }

    def _words_of_items(self) -> dict[str, NDArray[np.intp]]:
        return {word: np.unique(self._owner[places]) for word, places in self._by_word.items()}

    def _sum(self, words: Iterable[str]) -> float:
        unknown = log(1 + len(self._entries)) * UNKNOWN
        return sum(self._rarity.get(word, unknown * _length(word)) for word in words)

    # Asking

    def _by_words(self, text: str) -> tuple[Scores, Scores]:
        cut = words_of(text)
        asked = frozenset(cut)
        whole = self._sum(asked)
        shared, extra = np.zeros(len(self._names)), np.zeros(len(self._entries))
        for word in asked & self._by_word.keys():
            shared[self._by_word[word]] += self._rarity[word]
            extra[self._item_words[word]] += self._rarity[word]
        # Twice what both have, of what each has: 1 for the same words.
        by_word = 2 * shared / (whole + self._weight)
        by_letter = np.maximum(
            _ratio("".join(cut), [name.text for name in self._names]),
            _ratio(text, [name.typed for name in self._names]),
        )
        by_sound = _ratio(self._heard(text), [name.sounds for name in self._names])
        # A slip spoils the words and leaves the sound.
        by_word = np.maximum(by_word, SLIP * by_sound)
        return BY_WORD * by_word + BY_LETTER * by_letter + BY_SOUND * by_sound, extra / whole

    def _by_pinyin(self, text: str) -> Scores:
        letters = "".join(syllables_of(text))
        likeness = _ratio(letters, [name.letters for name in self._names]) * 0.95
        likeness[likeness < _LEAST_LETTERS] = 0
        pattern = re.compile(r"\|" + _NEXT_SYLLABLE.join(map(re.escape, letters)))
        for place, name in enumerate(self._names):
            if found := pattern.search(name.read):
                likeness[place] = max(likeness[place], _fit(found, name.read))
        return likeness

    def _by_english(self, typed: str) -> Scores:
        scores = np.zeros(len(self._entries))
        if self._english:
            names = [name for _item, name in self._english]
            likeness = _ratio(typed.lower().strip(), names, words=True)
            for (place, _english), score in zip(self._english, likeness, strict=True):
                if score >= _LEAST_ENGLISH:
                    scores[place] = max(scores[place], float(score))
        return scores

    def _best(self, by_name: Scores) -> Scores:
        best = np.zeros(len(self._entries))
        np.maximum.at(best, self._owner, by_name)
        return best

    def _hit(self, place: int, likeness: float, by_name: Scores) -> Hit:
        own = np.flatnonzero(self._owner == place)
        best = self._names[int(own[np.argmax(by_name[own])])]
        return Hit(self._entries[place].key, min(1.0, likeness), best.shown)


def _length(word: str) -> float:
    """Weigh by length: a single character is what is left where no word was known."""
    return SINGLE if len(word) == 1 else 1.0


def _ratio(asked: str, names: Sequence[str], *, words: bool = False) -> Scores:
    scorer = fuzz.token_set_ratio if words else fuzz.ratio
    found = process.cdist([asked], names, scorer=scorer)[0]
    return np.asarray(found, dtype=np.float64) / 100


def _fit(found: re.Match[str], read: str) -> float:
    """Say how well pinyin fits: better from the beginning, better the more of the name it names."""
    share = found.group().count("|") / read.count("|")
    return 0.6 + 0.28 * share + (0.12 if found.start() == 0 else 0)
