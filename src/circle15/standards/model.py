"""An edition of a rule book: sections, indicators, clauses, rules, vetoes, readings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Literal

from circle15.standards.rules import Rule
from circle15.standards.text import Text

Unit = Literal["points", "requirements"]


class UnknownSwitch(ValueError):
    """A switch or a choice the edition does not have; the message names them all."""


class UnknownProfile(ValueError):
    """A profile the edition does not have; the message names those it has."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How we read a place the document leaves open."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a switch and the rule as it stands under that choice."""

    id: str
    title: Text
    rule: Rule


@dataclass(frozen=True, slots=True)
class Switch:
    """A place where two readings are reasonable: the default and the other choices."""

    id: str
    title: Text
    default: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ClauseRule:
    """A rule with its switch, if it has one; `rule` is the default reading."""

    rule: Rule
    switch: Switch | None = None
    decided: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    id: str
    number: str
    title: Text
    points: Decimal
    evidence: tuple[str, ...]
    entries: tuple[ClauseRule, ...]
    profiles: tuple[str, ...] = ()
    decided: tuple[Reading, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(entry.rule for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Indicator:
    id: str
    number: str
    title: Text
    points: Decimal
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Text
    points: Decimal
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Veto:
    """A case in which the result is `fail` whatever the score; the score is kept."""

    id: str
    number: str
    title: Text


@dataclass(frozen=True, slots=True)
class Profile:
    """A class of sites with its own set of clauses, and the kinds of sites that fall under it."""

    id: str
    title: Text
    site_kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Where an inspector reads the official wording; `in_force`: the day it says it counts from."""

    name: str
    number: str | None
    issued: date | None
    in_force: date | None = None


# Clauses: D-01, D-09, D-10, W-28, W-88, Q-11, Q-69, W-115
@dataclass(frozen=True, eq=False, repr=False)
class Edition:
    """One version of a rule book. Editions are compared by identity and told apart by `hash`."""

    id: str
    version: int
    title: Text
    issuer: Text
    jurisdiction: Text
    document: Document
    unit: Unit
    pass_mark: Decimal | None
    profiles: tuple[Profile, ...]
    sections: tuple[Section, ...]
    vetoes: tuple[Veto, ...]
    decided: tuple[Reading, ...]
    hash: str

    def __repr__(self) -> str:
        return f"<Edition {self.id} version {self.version}>"

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(each for section in self.sections for each in section.indicators)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return tuple(each for indicator in self.indicators for each in indicator.clauses)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(rule for clause in self.clauses for rule in clause.rules)

    @cached_property
    def switches(self) -> tuple[Switch, ...]:
        entries = (entry for clause in self.clauses for entry in clause.entries)
        return tuple(entry.switch for entry in entries if entry.switch is not None)

    def profile(self, profile_id: str | None = None) -> Profile:
        """Return the profile of that id, the first one for None; raises UnknownProfile."""
        if profile_id is None:
            return self.profiles[0]
        for profile in self.profiles:
            if profile.id == profile_id:
                return profile
        known = "、".join(profile.id for profile in self.profiles)
        raise UnknownProfile(f"{self.id} 没有类别 {profile_id}，可用：{known}")

    def profile_for(self, site_kind: str) -> Profile | None:
        """Return the profile that judges sites of a kind, or None: not every kind has one."""
        return next((each for each in self.profiles if site_kind in each.site_kinds), None)

    def clauses_for(self, profile_id: str | None = None) -> tuple[Clause, ...]:
        """Return the clauses that apply to a profile, in the order of the book."""
        wanted = self.profile(profile_id).id
        return tuple(each for each in self.clauses if not each.profiles or wanted in each.profiles)

    def under(self, choices: Mapping[str, str] | None = None) -> "Edition":
        """Return the edition under the chosen readings; raises UnknownSwitch."""
        return _under(self, tuple(sorted((choices or {}).items())))


@lru_cache(maxsize=256)
def _under(edition: Edition, choices: tuple[tuple[str, str], ...]) -> Edition:
    known = {(switch.id, option.id) for switch in edition.switches for option in switch.options}
    if unknown := [f"{name}={choice}" for name, choice in choices if (name, choice) not in known]:
        raise UnknownSwitch(f"没有这样的口径：{'、'.join(unknown)}")
    chosen = dict(choices)
    if not chosen:
        return edition
    sections = tuple(_section_under(section, chosen) for section in edition.sections)
    return replace(edition, sections=sections)


def _section_under(section: Section, chosen: Mapping[str, str]) -> Section:
    return replace(
        section,
        indicators=tuple(
            replace(
                indicator,
                clauses=tuple(
                    replace(
                        clause,
                        entries=tuple(_entry_under(entry, chosen) for entry in clause.entries),
                    )
                    for clause in indicator.clauses
                ),
            )
            for indicator in section.indicators
        ),
    )


def _entry_under(entry: ClauseRule, chosen: Mapping[str, str]) -> ClauseRule:
    if entry.switch is None or entry.switch.id not in chosen:
        return entry
    wanted = chosen[entry.switch.id]
    rule = next(option.rule for option in entry.switch.options if option.id == wanted)
    return replace(entry, rule=rule)
