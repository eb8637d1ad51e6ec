"""Chance without a generator: a roll depends on its own words only, so rows never shift rows."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

_BYTES = 6


def roll(*words: object) -> float:
    """Give a number in [0, 1), always the same for the same words."""
    digest = blake2b("\0".join(map(str, words)).encode(), digest_size=_BYTES).digest()
    return int.from_bytes(digest) / float(256**_BYTES)


def between(low: int, high: int, *words: object) -> int:
    """Give a whole number from low to high, both possible."""
    return low + int(roll(*words) * (high - low + 1))


def pick(choices: Sequence[T], *words: object) -> T:
    return choices[between(0, len(choices) - 1, *words)]


def some(choices: Iterable[T], count: int, *words: object) -> tuple[T, ...]:
    """Give `count` of the choices (all when there are fewer)."""
    return tuple(sorted(choices, key=lambda choice: (roll(choice, *words), str(choice)))[:count])
