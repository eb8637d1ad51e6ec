"""The points of a sheet without its words: what is kept of thousands of sites every night.

Equal to `score_known` in every number; the reasons, facts and remedies of a sheet are left out.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from circle15.scoring.needs import merged_ranges, unknown_facts
from circle15.scoring.points import ZERO, Facts, clause_points
from circle15.scoring.sheet import Result
from circle15.standards.model import Edition
from circle15.standards.rules import Requirement, Rule


class Tally(NamedTuple):
    """What a site has under an edition; `lost` by clause, only where something is lost."""

    total: Decimal
    max: Decimal
    result: Result
    unknown: int
    lost: Mapping[str, Decimal]


class _Clause(NamedTuple):
    """A clause ready to be paid: its rules, every fact they name, and these at their worst."""

    id: str
    points: Decimal
    rules: tuple[Rule, ...]
    names: frozenset[str]


def tally(edition: Edition, facts: Facts, *, profile: str | None = None) -> Tally:
    """Add up a site's points; unknown facts count as the worst for now, as on the sheet."""
    book = edition.under(None)
    unknown: set[str] = set()
    lost: dict[str, Decimal] = {}
    optional = total = ZERO
    for clause in _clauses(book, profile):
        points = _paid(clause, facts, unknown)
        paid = sum(points, start=ZERO)
        total += paid
        if paid != clause.points:
            lost[clause.id] = clause.points - paid
            optional += _optional(clause.rules, points)
    result = _result(total, optional, book.pass_mark)
    return Tally(total, _most(book, profile), result, len(unknown), lost)


@lru_cache(maxsize=64)
def _clauses(edition: Edition, profile: str | None) -> tuple[_Clause, ...]:
    return tuple(
        _Clause(
            id=clause.id,
            points=clause.points,
            rules=clause.rules,
            names=frozenset(name for rule in clause.rules for name in rule.facts),
        )
        for clause in edition.clauses_for(profile)
    )


@lru_cache(maxsize=64)
def _most(edition: Edition, profile: str | None) -> Decimal:
    return sum((clause.points for clause in _clauses(edition, profile)), start=ZERO)


def _paid(clause: _Clause, facts: Facts, unknown: set[str]) -> tuple[Decimal, ...]:
    """Return what each rule pays, and add the facts nobody has recorded to `unknown`."""
    if clause.names <= facts.keys():
        return clause_points(clause.rules, facts)
    absent = {name for rule in clause.rules for name in unknown_facts(rule, facts)}
    if not absent:
        return clause_points(clause.rules, facts)
    unknown |= absent
    ranges = merged_ranges(clause.rules)
    return clause_points(clause.rules, {**facts, **{name: ranges[name].worst for name in absent}})


def _optional(rules: tuple[Rule, ...], points: tuple[Decimal, ...]) -> Decimal:
    """Return what was lost where nothing binds: it fails nobody."""
    return sum(
        (
            rule.points - paid
            for rule, paid in zip(rules, points, strict=True)
            if isinstance(rule, Requirement) and not rule.is_binding
        ),
        start=ZERO,
    )


def _result(total: Decimal, optional: Decimal, mark: Decimal | None) -> Result:
    if mark is None:
        return "no_pass_mark"
    return "pass" if total + optional >= mark else "fail"
