"""Rounds of demonstration sites as the data have them: kinds, conditions, the lines of the form."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from circle15.standards import strict_yaml
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class RoundKind:
    """What a round is for: who opens it, which sites may apply, the title it awards."""

    key: str
    by: str
    site_kinds: tuple[str, ...]
    title: str
    name: Text
    form: str
    clause: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of selection, and what of the ledger or the registers speaks for it."""

    key: str
    name: Text
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormField:
    """A line of the form: where it is filled in, and where its value comes from."""

    key: str
    task: str
    source: str
    name: Text
    fact: str
    unit: str


@dataclass(frozen=True, slots=True)
class Task:
    """A part of the form that is filled in and saved by itself."""

    key: str
    name: Text
    hint: Text
    is_required: bool


@dataclass(frozen=True, slots=True)
class RoundRules:
    """Everything the documents say of rounds."""

    document: str
    most_chars: int
    kinds: MappingProxyType[str, RoundKind]
    conditions: MappingProxyType[str, Condition]
    # What sites are preferred for: the first fact of each says whether it is met.
    preferences: MappingProxyType[str, Condition]
    fields: MappingProxyType[str, FormField]
    tasks: MappingProxyType[str, Task]

    def fields_of(self, task: str) -> tuple[FormField, ...]:
        """Return the lines a task fills in."""
        return tuple(one for one in self.fields.values() if one.task == task)


@cache
def round_rules() -> RoundRules:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "rounds.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return RoundRules(
        document=data["form"]["document"],
        most_chars=data["form"]["most_chars"],
        kinds=MappingProxyType({one["key"]: _kind(one) for one in data["kinds"]}),
        conditions=MappingProxyType({one["key"]: _condition(one) for one in data["conditions"]}),
        preferences=MappingProxyType({one["key"]: _condition(one) for one in data["preferences"]}),
        fields=MappingProxyType({one["key"]: _field(one) for one in data["fields"]}),
        tasks=MappingProxyType({one["key"]: _task(one) for one in data["tasks"]}),
    )


def _kind(one: dict[str, Any]) -> RoundKind:
    return RoundKind(
        key=one["key"],
        by=one["by"],
        site_kinds=tuple(one["sites"]),
        title=one["title"],
        name=Text(one["zh"], one["en"]),
        form=one["form_zh"],
        clause=one["clause"],
    )


def _condition(one: dict[str, Any]) -> Condition:
    return Condition(one["key"], Text(one["zh"], one["en"]), tuple(one["says"]))


def _field(one: dict[str, Any]) -> FormField:
    return FormField(
        key=one["key"],
        task=one["task"],
        source=one["from"],
        name=Text(one["zh"], one["en"]),
        fact=one.get("fact", ""),
        unit=one.get("unit", ""),
    )


def _task(one: dict[str, Any]) -> Task:
    hint = Text(one.get("hint_zh", ""), one.get("hint_en", ""))
    return Task(one["key"], Text(one["zh"], one["en"]), hint, bool(one["required"]))
