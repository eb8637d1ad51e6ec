"""Score thousands of sites at once, in exact whole numbers, equal to the explained sheets.

Columns hold one value for each site. Numbers are scaled by 10,000 (facts have at most 4
decimals) and points by the least power of ten that makes every point of the book whole, so
nothing is ever rounded. Sums stay far below the 9·10^18 of a 64-bit integer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from circle15.scoring.engine import MissingFacts
from circle15.scoring.needs import unknown_facts
from circle15.scoring.points import Facts
from circle15.standards.facts import FactValue, facts
from circle15.standards.model import Clause, Edition
from circle15.standards.reading import MAX_DECIMALS
from circle15.standards.rules import (
    AllOrNothing,
    AnyOf,
    AtLeast,
    AtMost,
    Bands,
    Condition,
    CountNorm,
    HasAll,
    Norm,
    PerFinding,
    PerMissing,
    PerShortfall,
    Requirement,
    Rule,
    ZeroOnAny,
)

SCALE = 10**MAX_DECIMALS

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Columns = Mapping[str, Numbers]


@dataclass(frozen=True, slots=True)
class BatchScores:
    """Points of every rule (rows: sites, columns: `rule_ids`), whole numbers of 1/`scale` point."""

    rule_ids: tuple[str, ...]
    points: Numbers
    scale: int

    @property
    def totals(self) -> Numbers:
        totals: Numbers = self.points.sum(axis=1)
        return totals

    def total(self, site: int) -> Decimal:
        """Return the total of one site, exactly."""
        return Decimal(int(self.totals[site])) / self.scale

    def rule_points(self, site: int) -> dict[str, Decimal]:
        """Return the points of one site by rule, exactly."""
        row = (Decimal(int(points)) / self.scale for points in self.points[site])
        return dict(zip(self.rule_ids, row, strict=True))


def columns_of(rows: Sequence[Facts], names: Iterable[str]) -> dict[str, Numbers]:
    """Turn the facts of many sites into columns; a fact missing anywhere raises MissingFacts."""
    wanted = tuple(names)
    if missing := tuple(name for name in wanted if any(name not in row for row in rows)):
        raise MissingFacts(missing)
    return {name: _column([row[name] for row in rows]) for name in wanted}


def _column(values: list[FactValue]) -> Numbers:
    """One fact of all sites, scaled; yes is 1 and no is 0."""
    if any(isinstance(value, Decimal) for value in values):
        return np.array([int(value * SCALE) for value in values], dtype=np.int64)
    column: Numbers = np.array(values, dtype=np.int64) * SCALE
    return column


def needed_columns(edition: Edition, profile: str | None = None) -> tuple[str, ...]:
    """Return the facts an edition asks for, each once, in the order of the book."""
    rules = (rule for clause in edition.clauses_for(profile) for rule in clause.rules)
    return tuple(dict.fromkeys(name for rule in rules for name in rule.facts))


def score_batch(
    edition: Edition,
    columns: Columns,
    *,
    profile: str | None = None,
    switches: Mapping[str, str] | None = None,
) -> BatchScores:
    """Score every site; a stand-in that has a column decides for all sites.

    Raises MissingFacts for columns that are neither there nor stood in for.
    """
    clauses = edition.under(switches).clauses_for(profile)
    rules = [rule for clause in clauses for rule in clause.rules]
    if missing := _missing(rules, columns):
        raise MissingFacts(missing)
    scale = _points_scale(rules)
    points = np.concatenate([_clause(clause, columns, scale) for clause in clauses])
    return BatchScores(tuple(rule.id for rule in rules), points.T, scale)


def _missing(rules: Sequence[Rule], columns: Columns) -> tuple[str, ...]:
    there = dict.fromkeys(columns, False)
    return tuple(dict.fromkeys(name for rule in rules for name in unknown_facts(rule, there)))


def _points_scale(rules: Iterable[Rule]) -> int:
    """Return the least power of ten that makes every number of points in the rules whole."""
    numbers = [number for rule in rules for number in _numbers_of(rule)]
    finest = min((_exponent(number) for number in numbers), default=0)
    return int(10 ** max(0, -finest))


def _numbers_of(rule: Rule) -> tuple[Decimal, ...]:
    match rule:
        case Bands():
            return (rule.points, *(band.points for band in rule.bands))
        case PerMissing():
            return (rule.points, rule.start, rule.step)
        case PerFinding() | PerShortfall():
            return (rule.points, rule.step)
        case _:
            return (rule.points,)


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


# --- rules, each the counterpart of one case in points.py


def _clause(clause: Clause, columns: Columns, scale: int) -> Numbers:
    """Return the points of a clause: one row for each rule, one column for each site."""
    rows = np.stack([_rule(rule, columns, scale) for rule in clause.rules])
    for rule in clause.rules:
        if isinstance(rule, ZeroOnAny) and rule.scope == "item":
            rows = np.where(_any(columns, rule.facts), 0, rows)
    return rows


def _rule(rule: Rule, columns: Columns, scale: int) -> Numbers:  # noqa: PLR0911 -- one return for each kind
    full = int(rule.points * scale)
    match rule:
        case Bands():
            return _bands(rule, columns, scale)
        case AllOrNothing() | Requirement():
            met = [_is_met(condition, columns) for condition in rule.conditions]
            return np.where(_every(met), full, 0)
        case PerMissing():
            return _per_missing(rule, columns, scale)
        case PerFinding():
            found = columns[rule.fact] // SCALE
            paid = np.maximum(0, full - int(rule.step * scale) * found)
            return paid if rule.requires is None else np.where(columns[rule.requires], paid, 0)
        case PerShortfall():
            return np.maximum(0, full - int(rule.step * scale) * _shortfall(rule, columns))
        case ZeroOnAny():
            return np.where(_any(columns, rule.facts), 0, full)
        case CountNorm():
            return np.where(_is_met(rule.norm, columns), full, 0)
        case _:
            assert_never(rule)


def _bands(rule: Bands, columns: Columns, scale: int) -> Numbers:
    number = columns[rule.fact]
    reached = [number >= _scaled(band.at_least) for band in rule.bands]
    return np.select(reached, [int(band.points * scale) for band in rule.bands], 0)


def _per_missing(rule: PerMissing, columns: Columns, scale: int) -> Numbers:
    absent = np.sum([columns[name] == 0 for name in rule.elements], axis=0)
    left = int(rule.start * scale) - int(rule.step * scale) * absent
    paid = np.clip(left, 0, int(rule.points * scale))
    return paid if rule.gate is None else np.where(columns[rule.gate], paid, 0)


def _shortfall(rule: PerShortfall, columns: Columns) -> Numbers:
    if rule.given_as is not None and rule.given_as in columns:
        lacking: Numbers = columns[rule.given_as] // SCALE
        return lacking
    held: Numbers = columns[rule.fact] // SCALE
    return np.maximum(0, rule.at_least - held)


def _is_met(condition: Condition, columns: Columns) -> Flags:
    if condition.given_as is not None and condition.given_as in columns:
        return _conclusion(condition, condition.given_as, columns)
    match condition:
        case HasAll():
            return _every([columns[name] != 0 for name in condition.facts])
        case AnyOf():
            return _any(columns, condition.facts)
        case AtLeast() | AtMost():
            return _holds(condition, columns[condition.fact])
        case Norm():
            return _is_staffed(condition, columns)
        case _:
            assert_never(condition)


def _is_staffed(norm: Norm, columns: Columns) -> Flags:
    people = np.max([columns[name] for name in norm.populations], axis=0)
    is_small = people < norm.threshold * SCALE
    need = np.where(is_small, norm.below, norm.from_threshold) * SCALE
    enough: Flags = columns[norm.headcount] >= need
    return enough


def _conclusion(condition: Condition, given_as: str, columns: Columns) -> Flags:
    if isinstance(condition, AtLeast | AtMost) and facts()[given_as].is_number:
        return _holds(condition, columns[given_as])
    verdict: Flags = columns[given_as] != 0
    return verdict


def _holds(condition: AtLeast | AtMost, numbers: Numbers) -> Flags:
    bound = _scaled(condition.number)
    holds: Flags = numbers >= bound if isinstance(condition, AtLeast) else numbers <= bound
    return holds


def _any(columns: Columns, names: Iterable[str]) -> Flags:
    found: Flags = np.any([columns[name] != 0 for name in names], axis=0)
    return found


def _every(flags: Sequence[Flags]) -> Flags:
    result: Flags = np.all(flags, axis=0)
    return result


def _scaled(number: Decimal) -> int:
    """Put a bound on the scale of the columns; a finer one would not be exact and is refused."""
    scaled = number * SCALE
    assert scaled == scaled.to_integral_value(), number
    return int(scaled)
