"""A score sheet as its page shows it: sections, indicators, clauses, rules, facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from circle15.assessments.collect import Collected, Collection
from circle15.assessments.wording import value_text
from circle15.ledger.queries import Files
from circle15.scoring import ClauseLine, Remedy, RuleLine, ScoreSheet
from circle15.standards.facts import FactDefinition, FactValue, facts
from circle15.standards.model import Clause, ClauseRule, Edition, Indicator, Reading, Section
from circle15.standards.text import Text
from circle15.standards.wording import criterion


@dataclass(frozen=True, slots=True)
class FactSeen:
    """A fact as a rule used it; `value` is None where nobody has recorded it."""

    fact: FactDefinition
    value: Text | None
    known: Collected | None
    files: Files


@dataclass(frozen=True, slots=True)
class Advised:
    """What would win points back."""

    fact: FactDefinition
    needed: Text
    gain: Decimal


@dataclass(frozen=True, slots=True)
class RuleSeen:
    line: RuleLine
    criterion: Text
    decided: tuple[Reading, ...]
    facts: tuple[FactSeen, ...]
    remedies: tuple[Advised, ...]


@dataclass(frozen=True, slots=True)
class ClauseSeen:
    clause: Clause
    line: ClauseLine
    rules: tuple[RuleSeen, ...]

    @property
    def lost(self) -> Decimal:
        return self.line.max - self.line.points


@dataclass(frozen=True, slots=True)
class IndicatorSeen:
    indicator: Indicator
    clauses: tuple[ClauseSeen, ...]


@dataclass(frozen=True, slots=True)
class SectionSeen:
    section: Section
    points: Decimal
    max: Decimal
    indicators: tuple[IndicatorSeen, ...]


@dataclass(frozen=True, slots=True)
class _Looking:
    """What the page knows besides the sheet."""

    lines: Mapping[str, ClauseLine]
    collected: Collection
    files: Mapping[int, Files]
    only_lost: bool


def outline(
    edition: Edition,
    sheet: ScoreSheet,
    *,
    collected: Collection,
    files: Mapping[int, Files],
    only_lost: bool = False,
) -> tuple[SectionSeen, ...]:
    """Return a sheet along its book; parts the profile does not ask for are left out."""
    book = edition.under(sheet.switches)
    lines = {line.clause_id: line for line in sheet.clauses}
    totals = {line.section_id: line for line in sheet.sections}
    looking = _Looking(lines, collected, files, only_lost)
    found = []
    for section in book.sections:
        indicators = tuple(_indicators(section, looking))
        if indicators:
            line = totals[section.id]
            found.append(SectionSeen(section, line.points, line.max, indicators))
    return tuple(found)


def _indicators(section: Section, looking: _Looking) -> Iterator[IndicatorSeen]:
    for indicator in section.indicators:
        clauses = tuple(_clauses(indicator, looking))
        if clauses:
            yield IndicatorSeen(indicator, clauses)


def _clauses(indicator: Indicator, looking: _Looking) -> Iterator[ClauseSeen]:
    for clause in indicator.clauses:
        line = looking.lines.get(clause.id)
        if line is None or (looking.only_lost and line.points == line.max):
            continue
        pairs = zip(clause.entries, line.rules, strict=True)
        yield ClauseSeen(clause, line, tuple(_rule(entry, each, looking) for entry, each in pairs))


def _rule(entry: ClauseRule, line: RuleLine, looking: _Looking) -> RuleSeen:
    return RuleSeen(
        line=line,
        criterion=criterion(entry.rule),
        decided=entry.decided,
        facts=(
            *(_fact(name, value, looking) for name, value in line.facts.items()),
            *(FactSeen(facts()[name], None, None, ()) for name in line.unknown),
        ),
        remedies=tuple(_advised(remedy) for remedy in line.remedies),
    )


def _fact(name: str, value: FactValue, looking: _Looking) -> FactSeen:
    known = looking.collected.get(name)
    files = looking.files.get(known.fact_id, ()) if known and known.fact_id else ()
    return FactSeen(facts()[name], value_text(name, value), known, files)


def _advised(remedy: Remedy) -> Advised:
    return Advised(facts()[remedy.fact], value_text(remedy.fact, remedy.needed), remedy.gain)
