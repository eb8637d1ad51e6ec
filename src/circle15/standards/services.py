"""Topics of consultations, short forms of help, and the parts of a site's public board."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from circle15.standards import strict_yaml
from circle15.standards.text import Text

RULE, PHONE, RESULT = "rule", "phone", "result"
# Named by one of the documents; the other one is what belongs to none of them.
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Topic:
    """What people ask about; `books` are the documents that name it, `fact` the ledger's name."""

    key: str
    name: Text
    fact: str
    books: tuple[str, ...]

    @property
    def is_named(self) -> bool:
        return bool(self.books)


@dataclass(frozen=True, slots=True)
class Way:
    """What was done; `proves` are the facts that a record of it shows to be so."""

    key: str
    name: Text
    proves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceForm:
    """A short form: what it is for, which fields it asks, what may have been done."""

    key: str
    name: Text
    about: Text
    icon: str
    asks: frozenset[str]
    ways: Mapping[str, Way]


@dataclass(frozen=True, slots=True)
class BoardPart:
    """A part of the public board: a rule of the house, a phone number, results of evaluation."""

    key: str
    name: Text
    kind: str
    fact: str
    text: Text


@dataclass(frozen=True, slots=True)
class Proofs:
    """From what age on a visit is one to the elderly, what that and a topic show, for how long."""

    elder_age: int
    of_elders: tuple[str, ...]
    of_topics: tuple[str, ...]
    days: int


@cache
def topics() -> Mapping[str, Topic]:
    """Return the eight topics of the documents by key, and last what belongs to none of them."""
    data = _data()
    each = [_topic(entry) for entry in (*data["topics"], data["other_topic"])]
    return MappingProxyType({one.key: one for one in each})


@cache
def service_forms() -> Mapping[str, ServiceForm]:
    """Return the short forms by key, in the order in which they are offered."""
    return MappingProxyType({entry["key"]: _form(entry) for entry in _data()["kinds"]})


@cache
def endings() -> Mapping[str, Text]:
    """Return how a home visit may have ended."""
    return MappingProxyType({entry["key"]: _text(entry) for entry in _data()["endings"]})


@cache
def board_parts() -> Mapping[str, BoardPart]:
    """Return the parts of the board beside the list of items, in their order."""
    each = [
        BoardPart(
            key=entry["key"],
            name=_text(entry),
            kind=entry["kind"],
            fact=entry["fact"],
            text=Text(entry["text_zh"], entry["text_en"]),
        )
        for entry in _data()["board"]
    ]
    return MappingProxyType({one.key: one for one in each})


@cache
def proofs() -> Proofs:
    """Return what records prove beside their ways."""
    data = _data()
    return Proofs(
        elder_age=int(data["elder_age"]),
        of_elders=tuple(data["elder_proves"]),
        of_topics=tuple(data["topic_proves"]),
        days=int(data["proves_days"]),
    )


def _topic(entry: Mapping[str, Any]) -> Topic:
    return Topic(entry["key"], _text(entry), entry["fact"], tuple(entry["books"]))


def _form(entry: Mapping[str, Any]) -> ServiceForm:
    ways = [Way(each["key"], _text(each), tuple(each["proves"])) for each in entry["ways"]]
    return ServiceForm(
        key=entry["key"],
        name=_text(entry),
        about=Text(entry["about_zh"], entry["about_en"]),
        icon=entry["icon"],
        asks=frozenset(entry["asks"]),
        ways=MappingProxyType({way.key: way for way in ways}),
    )


def _text(entry: Mapping[str, Any]) -> Text:
    return Text(entry["zh"], entry["en"])


@cache
def _data() -> Mapping[str, Any]:
    source = files("circle15.standards") / "data" / "services.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data
