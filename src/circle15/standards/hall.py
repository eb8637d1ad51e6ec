"""The green channel's classes with their proof, and what to say at the window."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from circle15.standards import strict_yaml
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a rule book says so."""

    book: str
    number: str


@dataclass(frozen=True, slots=True)
class GreenClass:
    """Who is called before others, and what may be asked as proof."""

    key: str
    name: Text
    proof: Text
    sources: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Civil words for a step; `{label}`, `{window}` and `{papers}` are filled in."""

    step: str
    words: Text


@cache
def green_classes() -> Mapping[str, GreenClass]:
    """Return every class by its key, in the order in which they are shown."""
    classes = (
        GreenClass(
            key=each["key"],
            name=Text(each["zh"], each["en"]),
            proof=Text(each["proof_zh"], each["proof_en"]),
            sources=_clauses(each["sources"]),
        )
        for each in _source()["green_classes"]
    )
    return MappingProxyType({each.key: each for each in classes})


@cache
def elder_peak() -> tuple[str, tuple[Clause, ...]]:
    """Return the class called first in the hours of the old, and the clauses that ask for it."""
    peak = _source()["elder_peak"]
    return peak["class"], _clauses(peak["sources"])


@cache
def phrases() -> Mapping[str, Phrase]:
    """Return what to say, by step, in the order of a visit."""
    spoken = (
        Phrase(each["step"], Text(each["zh"], each["en"])) for each in _source()["phrases"]["steps"]
    )
    return MappingProxyType({phrase.step: phrase for phrase in spoken})


def _clauses(pairs: list[list[str]]) -> tuple[Clause, ...]:
    return tuple(Clause(str(book), str(number)) for book, number in pairs)


@cache
def _source() -> dict[str, Any]:
    source = files("circle15.standards") / "data" / "hall.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data
