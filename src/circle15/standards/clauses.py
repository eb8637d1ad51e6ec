"""The clauses of the five documents that ask something of a system, and where each is done."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from circle15.standards import strict_yaml
from circle15.standards.text import Text

DATA = files("circle15.standards") / "data"


@dataclass(frozen=True, slots=True)
class Reference:
    """A document another one rests on, and where it says so; some bear no number."""

    number: str
    title: str
    at: str


# Clauses: D-04, W-03, Q-01, Q-66
@dataclass(frozen=True, slots=True)
class Document:
    """One of the five documents; `key` begins the ids of its clauses."""

    key: str
    number: str
    name: Text
    issued: date | None
    is_public: bool
    rests_on: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """What a clause asks of a system, in our words; `at` is its number in the document."""

    id: str
    document: str
    at: str
    asks: Text


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a clause is done and which tests show it: `path::name`, as the tags have them."""

    done: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return bool(self.done and self.shown)


@cache
def documents() -> Mapping[str, Document]:
    """Return the documents by key, in their order."""
    return MappingProxyType({each["key"]: _document(each) for each in _source()["documents"]})


def _document(each: Mapping[str, Any]) -> Document:
    return Document(
        key=each["key"],
        number=each["number"],
        name=Text(each["zh"], each["en"]),
        issued=date.fromisoformat(each["issued"]) if each["issued"] else None,
        is_public=each["is_public"],
        rests_on=tuple(Reference(**one) for one in each["rests_on"]),
    )


@cache
def clauses() -> Mapping[str, Clause]:
    """Return all clauses by id, in the order of the documents."""
    return MappingProxyType(
        {
            each["id"]: Clause(
                id=each["id"],
                document=each["id"].split("-")[0],
                at=each["at"],
                asks=Text(each["zh"], each["en"]),
            )
            for each in _source()["clauses"]
        }
    )


@cache
def traces() -> Mapping[str, Trace]:
    """Return where each clause is done and shown, as of the last `make docs`."""
    kept = json.loads((DATA / "traceability.json").read_text(encoding="utf-8"))
    return MappingProxyType(
        {key: Trace(tuple(each["done"]), tuple(each["shown"])) for key, each in kept.items()}
    )


def trace_of(clause_id: str) -> Trace:
    """Return where a clause is done; empty where no tag names it."""
    return traces().get(clause_id, Trace())


@cache
def _source() -> dict[str, list[dict[str, Any]]]:
    data = strict_yaml.load((DATA / "clauses.yaml").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data
