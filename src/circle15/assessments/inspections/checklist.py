"""The rule book as a checklist: what each line asks, and what the ledger says of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from circle15.assessments.collect import Collected, collect
from circle15.assessments.wording import value_text
from circle15.ledger.values import stored, value_of
from circle15.sites.models import Site
from circle15.standards.facts import FactDefinition, facts
from circle15.standards.model import Clause, Edition
from circle15.standards.rules import Rule
from circle15.standards.text import Text, number_text
from circle15.standards.wording import criterion

ON_SITE = "on_site"
# Populations and the like come from a bureau's tables: nobody counts them at a site.
_NOT_SEEN = frozenset({"import"})

Ledger = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Said:
    """What the ledger said of a fact when the check was downloaded."""

    value: bool | int | str
    observed_on: str | None
    origin: str
    shown: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A fact a line asks for: `bool` is there or not, `number` is counted or measured."""

    fact: str
    label: str
    kind: str
    unit: str
    whole: bool
    ledger: Said | None


@dataclass(frozen=True, slots=True)
class Line:
    """A rule as a line of the checklist."""

    rule_id: str
    section: str
    clause: str
    title: str
    text: str
    max: str
    unit: str
    methods: tuple[str, ...]
    asks: tuple[Ask, ...]
    ledger: dict[str, Any] | None
    evidence: tuple[str, ...]


# Clauses: D-64, D-65, D-66, D-67, W-73, W-74, W-75, W-78, W-110, N-15, N-16, J-04, J-114, J-115
def lines(edition: Edition, profile: str, ledger: Ledger) -> tuple[Line, ...]:
    """Return the checklist of a profile in the order of the book."""
    sections = {
        clause.id: _said(indicator.title)
        for indicator in edition.indicators
        for clause in indicator.clauses
    }
    return tuple(
        _line(clause, rule, edition.unit, sections[clause.id], ledger)
        for clause in edition.clauses_for(profile)
        for rule in clause.rules
    )


def asked_facts(clause: Clause, rule: Rule) -> tuple[FactDefinition, ...]:
    """Return the facts a line asks for on site: none of a clause the ledger alone proves."""
    if ON_SITE not in clause.evidence:
        return ()
    found = (facts()[name] for name in dict.fromkeys(rule.facts))
    return tuple(each for each in found if each.source not in _NOT_SEEN)


def asked(edition: Edition, profile: str) -> dict[str, tuple[FactDefinition, ...]]:
    """Return the facts each line asks for, by rule."""
    return {
        rule.id: asked_facts(clause, rule)
        for clause in edition.clauses_for(profile)
        for rule in clause.rules
    }


def clause_of(edition: Edition) -> dict[str, Clause]:
    """Return the clause of each rule."""
    return {rule.id: clause for clause in edition.clauses for rule in clause.rules}


def frozen_ledger(site: Site, *, on: date) -> dict[str, dict[str, Any]]:
    """Return what ledger and registers say of a site today, as it is kept with a seat."""
    return {name: _kept(found) for name, found in collect(site, on=on).items()}


def _kept(found: Collected) -> dict[str, Any]:
    day = found.observed_on.isoformat() if found.observed_on else None
    return {"value": stored(found.value), "observed_on": day, "origin": found.origin}


def _line(clause: Clause, rule: Rule, unit: str, section: str, ledger: Ledger) -> Line:
    asking = asked_facts(clause, rule)
    return Line(
        rule_id=rule.id,
        section=section,
        clause=clause.number,
        title=_said(clause.title),
        text=_said(criterion(rule)),
        max=number_text(rule.points),
        unit=unit,
        methods=clause.evidence,
        asks=tuple(_ask(each, ledger) for each in asking),
        ledger=_of_line(rule, ledger),
        evidence=tuple(_said(each.label) for each in asking if each.source == ON_SITE),
    )


def _ask(definition: FactDefinition, ledger: Ledger) -> Ask:
    return Ask(
        fact=definition.name,
        label=_said(definition.label),
        kind="number" if definition.is_number else "bool",
        unit=_said(definition.unit),
        whole=definition.kind == "count",
        ledger=_ledger_of(definition.name, ledger),
    )


def _ledger_of(name: str, ledger: Ledger) -> Said | None:
    row = ledger.get(name)
    if row is None:
        return None
    shown = _said(value_text(name, value_of(row["value"])))
    return Said(row["value"], row["observed_on"], row["origin"], shown)


def _of_line(rule: Rule, ledger: Ledger) -> dict[str, Any] | None:
    """Return what the ledger says of a line: values by fact, the newest day, words."""
    known = {name: _ledger_of(name, ledger) for name in dict.fromkeys(rule.facts)}
    found = {name: each for name, each in known.items() if each is not None}
    if not found:
        return None
    days = [each.observed_on for each in found.values() if each.observed_on]
    words = (f"{_said(facts()[name].label)}：{each.shown}" for name, each in found.items())
    return {
        "value": {name: each.value for name, each in found.items()},
        "observed_on": max(days, default=None),
        "shown": "；".join(words),
    }


def as_json(line: Line) -> dict[str, Any]:
    """Return a line as the tablet gets it."""
    return asdict(line)


def _said(text: Text) -> str:
    return text.in_language(get_language() or "")
