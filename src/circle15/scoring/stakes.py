"""Which points hang on a few facts: lost by them today, and held only as long as they stay good."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from circle15.scoring.needs import Range, merged_ranges, worst_case
from circle15.scoring.points import ZERO, Facts, clause_points
from circle15.standards.facts import FactValue
from circle15.standards.model import Clause, Edition
from circle15.standards.rules import Rule


@dataclass(frozen=True, slots=True)
class Stake:
    """Points of a clause that some facts decide: `lost` today, `held` and still to be lost."""

    clause_id: str
    lost: Decimal
    held: Decimal

    @property
    def points(self) -> Decimal:
        return self.lost + self.held


def stakes(
    edition: Edition, facts: Facts, names: Iterable[str], *, profile: str | None = None
) -> tuple[Stake, ...]:
    """Return what some facts are worth to a site, clause by clause, in the order of the book.

    The points are those of the rules: with the facts as they are, all of them at their best, and
    all at their worst. What is not recorded counts as the worst, as on the sheet.
    """
    asked = frozenset(names)
    found = (_stake(clause, facts, asked) for clause in edition.clauses_for(profile))
    return tuple(stake for stake in found if stake is not None and stake.points)


def clause_stake(
    edition: Edition, facts: Facts, clause_id: str, *, profile: str | None = None
) -> Stake | None:
    """Return what a site holds in a clause, all of it at stake; None where it holds nothing."""
    for clause in edition.clauses_for(profile):
        if clause.id == clause_id:
            held = _paid(clause.rules, worst_case(clause.rules, facts))
            return Stake(clause_id, ZERO, held) if held else None
    return None


def _stake(clause: Clause, facts: Facts, asked: frozenset[str]) -> Stake | None:
    if not any(asked.intersection(rule.facts) for rule in clause.rules):
        return None
    known = worst_case(clause.rules, facts)
    ranges = {n: each for n, each in merged_ranges(clause.rules).items() if n in asked}
    now = _paid(clause.rules, known)
    best = _paid(clause.rules, known | _ends(known, ranges, is_best=True))
    worst = _paid(clause.rules, known | _ends(known, ranges, is_best=False))
    return Stake(clause.id, lost=max(ZERO, best - now), held=max(ZERO, now - worst))


def _ends(
    known: Mapping[str, FactValue], ranges: Mapping[str, Range], *, is_best: bool
) -> dict[str, FactValue]:
    """Return facts at one end of what their rules ask, unless they are beyond it already."""
    found: dict[str, FactValue] = {}
    for name, each in ranges.items():
        end, other = (each.best, each.worst) if is_best else (each.worst, each.best)
        pick = max if end > other else min
        found[name] = pick(end, known[name]) if name in known else end
    return found


def _paid(rules: tuple[Rule, ...], known: Facts) -> Decimal:
    return sum(clause_points(rules, known), start=ZERO)
