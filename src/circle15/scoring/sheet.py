"""A score sheet: what was scored, line by line, with the reasons and what would win more.

Remedies and rule lines are named tuples, not frozen dataclasses: a sheet of an empty site has
nearly two hundred of them, and they are quicker to make.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from circle15.standards.facts import FactValue
from circle15.standards.text import Text

Result = Literal["pass", "fail", "no_pass_mark"]
Status = Literal["met", "partly", "not_met"]

RESULTS: Mapping[str, Result] = {"pass": "pass", "fail": "fail", "no_pass_mark": "no_pass_mark"}
STATUSES: Mapping[str, Status] = {"met": "met", "partly": "partly", "not_met": "not_met"}
RESULT_TEXTS: Mapping[str, Text] = {
    "pass": Text("达到合格线", "Pass mark reached"),
    "fail": Text("不合格", "Failed"),
    "no_pass_mark": Text("未设合格线", "No pass mark set"),
}


class Remedy(NamedTuple):
    """One step of putting a line right; `gain` counts on top of the steps before it."""

    fact: str
    needed: FactValue
    gain: Decimal


class RuleLine(NamedTuple):
    """One rule: points, the reason in both languages, the facts used and what would win points.

    `attainable` is what the rule could still pay once the `unknown` facts are recorded.
    """

    rule_id: str
    points: Decimal
    max: Decimal
    attainable: Decimal
    status: Status
    is_binding: bool
    reason: Text
    facts: Mapping[str, FactValue]
    unknown: tuple[str, ...]
    remedies: tuple[Remedy, ...]

    @property
    def lost(self) -> Decimal:
        return self.max - self.points

    @property
    def is_unknown(self) -> bool:
        return bool(self.unknown)


@dataclass(frozen=True, slots=True)
class ClauseLine:
    clause_id: str
    points: Decimal
    max: Decimal
    rules: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    indicator_id: str
    points: Decimal
    max: Decimal
    status: Status


@dataclass(frozen=True, slots=True)
class SectionLine:
    section_id: str
    points: Decimal
    max: Decimal


# Clauses: J-01
@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """A whole sheet; `edition_hash` and `switches` say exactly which rules were applied."""

    edition: str
    version: int
    edition_hash: str
    profile: str
    unit: str
    switches: Mapping[str, str]
    total: Decimal
    max: Decimal
    attainable: Decimal
    pass_mark: Decimal | None
    result: Result
    vetoes: tuple[str, ...]
    clauses: tuple[ClauseLine, ...]
    indicators: tuple[IndicatorLine, ...]
    sections: tuple[SectionLine, ...]

    @property
    def lines(self) -> tuple[RuleLine, ...]:
        return tuple(line for clause in self.clauses for line in clause.rules)

    @property
    def unknown_facts(self) -> tuple[str, ...]:
        """The facts that are not recorded yet, each once, in the order of the book."""
        return tuple(dict.fromkeys(name for line in self.lines for name in line.unknown))

    @property
    def lost(self) -> Decimal:
        return self.max - self.total

    def line(self, rule_id: str) -> RuleLine:
        """Return the line of a rule; raises KeyError."""
        return {line.rule_id: line for line in self.lines}[rule_id]

    def clause(self, clause_id: str) -> ClauseLine:
        """Return the line of a clause; raises KeyError."""
        return {line.clause_id: line for line in self.clauses}[clause_id]
