"""The kinds of rules an edition is made of. A kind says how points are earned; numbers are data."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

Basis = Literal["max", "registered", "resident"]
Scope = Literal["rule", "item"]
Modality = Literal["shall", "should", "may"]

ONE = Decimal(1)


# --- conditions: what is simply fulfilled or not


@dataclass(frozen=True, slots=True)
class HasAll:
    """Every fact named is true or present; `given_as`, where recorded, decides instead."""

    facts: tuple[str, ...]
    given_as: str | None = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the facts named is true or present."""

    facts: tuple[str, ...]
    given_as: None = None


@dataclass(frozen=True, slots=True)
class AtLeast:
    fact: str
    number: Decimal
    given_as: str | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)


@dataclass(frozen=True, slots=True)
class AtMost:
    fact: str
    number: Decimal
    given_as: str | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)


@dataclass(frozen=True, slots=True)
class Norm:
    """A headcount that depends on the population of the place."""

    headcount: str
    registered: str
    resident: str
    basis: Basis
    threshold: int
    below: int
    from_threshold: int
    usual_max: int
    given_as: str | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.headcount, *self.populations)

    @property
    def populations(self) -> tuple[str, ...]:
        both = {"registered": self.registered, "resident": self.resident}
        return tuple(both.values()) if self.basis == "max" else (both[self.basis],)


Condition = HasAll | AnyOf | AtLeast | AtMost | Norm


# --- rules: what earns points


@dataclass(frozen=True, slots=True)
class Band:
    at_least: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Bands:
    """The first band the number reaches, read from the top, gives the points; none gives 0."""

    id: str
    points: Decimal
    fact: str
    bands: tuple[Band, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)


@dataclass(frozen=True)  # no slots: what is looked up for every site is worked out once
class AllOrNothing:
    """All points if every condition is fulfilled, else 0."""

    id: str
    points: Decimal
    conditions: tuple[Condition, ...]

    @cached_property
    def facts(self) -> tuple[str, ...]:
        return _facts_of(self.conditions)

    @cached_property
    def stand_ins(self) -> tuple[str, ...]:
        return _given_as(*self.conditions)


@dataclass(frozen=True, slots=True)
class PerMissing:
    """`start` less `step` for each element missing, within 0 and `points`; no gate, no points."""

    id: str
    points: Decimal
    step: Decimal
    start: Decimal
    elements: tuple[str, ...]
    gate: str | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        return self.elements if self.gate is None else (self.gate, *self.elements)


@dataclass(frozen=True, slots=True)
class PerFinding:
    """`points` less `step` for each finding, not below 0; 0 where `requires` is not there."""

    id: str
    points: Decimal
    step: Decimal
    fact: str
    requires: str | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,) if self.requires is None else (self.requires, self.fact)


@dataclass(frozen=True, slots=True)
class PerShortfall:
    """`points` less `step` for each one short of `at_least`, not below 0."""

    id: str
    points: Decimal
    step: Decimal
    fact: str
    at_least: int
    given_as: str | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)


@dataclass(frozen=True, slots=True)
class ZeroOnAny:
    """`points` unless one of the facts is true; `item` takes the points of the whole clause."""

    id: str
    points: Decimal
    facts: tuple[str, ...]
    scope: Scope = "rule"


@dataclass(frozen=True, slots=True)
class CountNorm:
    """All points if the headcount reaches the norm, else 0; more than usual is only a notice."""

    id: str
    points: Decimal
    norm: Norm

    @property
    def facts(self) -> tuple[str, ...]:
        return self.norm.facts


@dataclass(frozen=True)  # no slots, as above
class Requirement:
    """Met or not met; only a `shall` is binding."""

    id: str
    modality: Modality
    conditions: tuple[Condition, ...]
    points: Decimal = ONE

    @cached_property
    def facts(self) -> tuple[str, ...]:
        return _facts_of(self.conditions)

    @cached_property
    def stand_ins(self) -> tuple[str, ...]:
        return _given_as(*self.conditions)

    @property
    def is_binding(self) -> bool:
        return self.modality == "shall"


Rule = (
    Bands
    | AllOrNothing
    | PerMissing
    | PerFinding
    | PerShortfall
    | ZeroOnAny
    | CountNorm
    | Requirement
)


def _facts_of(conditions: tuple[Condition, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact for each in conditions for fact in each.facts))


def conditions_of(rule: Rule) -> tuple[Condition, ...]:
    """Return the conditions a rule puts; empty for kinds that count instead."""
    match rule:
        case AllOrNothing() | Requirement():
            return rule.conditions
        case CountNorm():
            return (rule.norm,)
        case _:
            return ()


def stand_ins(rule: Rule) -> tuple[str, ...]:
    """Name the facts that, where recorded, decide in place of those the rule asks for."""
    match rule:
        case AllOrNothing() | Requirement():
            return rule.stand_ins
        case CountNorm():
            return _given_as(rule.norm)
        case PerShortfall():
            return _given_as(rule)
        case _:
            return ()


def _given_as(*asking: Condition | PerShortfall) -> tuple[str, ...]:
    return tuple(each.given_as for each in asking if each.given_as is not None)
