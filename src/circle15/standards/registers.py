"""Registers of those served, rules of follow-ups, and what a finished case tells about people."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from circle15.standards import strict_yaml
from circle15.standards.text import Text

PERSONS = "persons"
ORGANISATIONS = "organisations"


@dataclass(frozen=True, slots=True)
class Named:
    """A key and its words."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Register:
    """A list kept alive; `fact` is the ledger's name for having it, "" where no book asks."""

    key: str
    name: Text
    holds: str
    fact: str
    kinds: tuple[Named, ...]

    @property
    def is_of_persons(self) -> bool:
        return self.holds == PERSONS


@dataclass(frozen=True, slots=True)
class FollowUpRule:
    """Who is seen of our own accord, how often, and by when. Age in full years of birth year."""

    key: str
    name: Text
    reason: Text
    at_least_age: int | None
    register: str
    insurance: tuple[str, ...]
    every_months: int
    within_days: int


@dataclass(frozen=True, slots=True)
class Joining:
    register: str
    kind: str


@dataclass(frozen=True, slots=True)
class CaseEffect:
    """What a case of some item that was granted says; `insurance` is "" where it says nothing."""

    items: frozenset[str]
    insurance: str
    join: tuple[Joining, ...]
    leave: tuple[str, ...]


@cache
def registers() -> Mapping[str, Register]:
    """Return every register by its key, in the order in which they are shown."""
    each = (
        Register(
            key=entry["key"],
            name=_text(entry),
            holds=entry["holds"],
            fact=entry["fact"],
            kinds=tuple(Named(kind["key"], _text(kind)) for kind in entry["kinds"]),
        )
        for entry in _source()["registers"]
    )
    return MappingProxyType({one.key: one for one in each})


@cache
def follow_up_rules() -> Mapping[str, FollowUpRule]:
    """Return every rule of follow-ups by its key."""
    return MappingProxyType({one["key"]: _rule(one) for one in _source()["follow_ups"]})


@cache
def case_effects() -> tuple[CaseEffect, ...]:
    """Return what finished cases tell about those they were for."""
    return tuple(
        CaseEffect(
            items=frozenset(one["items"]),
            insurance=one["insurance"] or "",
            join=tuple(Joining(to["register"], to.get("kind", "")) for to in one["join"]),
            leave=tuple(one["leave"]),
        )
        for one in _source()["case_effects"]
    )


@cache
def need_topics() -> Mapping[str, Named]:
    """Return what people ask for, by its key."""
    named = (Named(one["key"], _text(one)) for one in _source()["need_topics"])
    return MappingProxyType({one.key: one for one in named})


def _rule(entry: dict[str, Any]) -> FollowUpRule:
    who = entry["who"]
    return FollowUpRule(
        key=entry["key"],
        name=_text(entry),
        reason=Text(entry["reason_zh"], entry["reason_en"]),
        at_least_age=who.get("at_least_age"),
        register=who.get("register", ""),
        insurance=tuple(who.get("insurance", ())),
        every_months=entry["every_months"],
        within_days=entry["within_days"],
    )


def _text(entry: dict[str, str]) -> Text:
    return Text(entry["zh"], entry["en"])


@cache
def _source() -> dict[str, list[dict[str, Any]]]:
    source = files("circle15.standards") / "data" / "registers.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data
