"""What a rule pays for given facts: numbers only, no words."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import assert_never

from circle15.standards.facts import FactValue
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

ZERO = Decimal(0)
Facts = Mapping[str, FactValue]


def clause_points(rules: tuple[Rule, ...], facts: Facts) -> tuple[Decimal, ...]:
    """Points of each rule of a clause, where one rule may take those of all the others."""
    if forfeiting(rules, facts):
        return (ZERO,) * len(rules)
    return tuple([rule_points(rule, facts) for rule in rules])


def forfeiting(rules: Iterable[Rule], facts: Facts) -> tuple[ZeroOnAny, ...]:
    """List the rules of a clause that take the points of the whole clause."""
    takers = [rule for rule in rules if isinstance(rule, ZeroOnAny) and rule.scope == "item"]
    return tuple([rule for rule in takers if any(facts[name] for name in rule.facts)])


# Clauses: D-14, D-15, D-20, D-21, D-22, D-23, D-24, D-25, D-26, D-28, D-29, D-30, D-31, D-34, D-35
# Clauses: D-36, D-37, D-38, D-39, D-41, D-42, D-43, D-44, D-45, D-46, D-47, D-48, D-49, D-50, D-80
# Clauses: W-44, W-79, W-80, W-81, W-83, W-84, W-85, W-86, W-87, W-88, W-116, N-17, N-18, N-19
# Clauses: N-20, N-21, N-22, N-23, J-07, J-08, J-10, J-11, J-12, J-13, J-14, J-15, J-17, J-18, J-19
# Clauses: J-20, J-22, J-23, J-25, J-27, J-33, J-34, J-35, J-38, J-49, J-50, J-51, J-52, J-55
# Clauses: J-56, J-61, J-68, J-71, J-72, J-77, J-79, J-85, J-90, J-91, J-94, J-97, J-98, J-99
# Clauses: J-100, J-101, J-106, J-107, J-108, J-109, J-110, J-111, J-112, J-113, J-118, J-119
def rule_points(rule: Rule, facts: Facts) -> Decimal:  # noqa: PLR0911 -- one return for each kind
    """Return the points a rule pays on its own; raises KeyError for a fact not there."""
    match rule:
        case Bands():
            number = facts[rule.fact]
            return next((band.points for band in rule.bands if number >= band.at_least), ZERO)
        case AllOrNothing() | Requirement():
            met = all(is_met(condition, facts) for condition in rule.conditions)
            return rule.points if met else ZERO
        case PerMissing():
            return _per_missing(rule, facts)
        case PerFinding():
            fits = rule.requires is None or facts[rule.requires]
            return max(ZERO, rule.points - rule.step * facts[rule.fact]) if fits else ZERO
        case PerShortfall():
            return max(ZERO, rule.points - rule.step * shortfall(rule, facts))
        case ZeroOnAny():
            return ZERO if any(facts[name] for name in rule.facts) else rule.points
        case CountNorm():
            return rule.points if is_met(rule.norm, facts) else ZERO
        case _:
            assert_never(rule)


def _per_missing(rule: PerMissing, facts: Facts) -> Decimal:
    absent = missing_of(rule, facts)
    if rule.gate is not None and not facts[rule.gate]:
        return ZERO
    return min(rule.points, max(ZERO, rule.start - rule.step * len(absent)))


def missing_of(rule: PerMissing, facts: Facts) -> tuple[str, ...]:
    """Return the elements that are not there, the gate aside."""
    return tuple([name for name in rule.elements if not facts[name]])


def shortfall(rule: PerShortfall, facts: Facts) -> int:
    """How many are lacking; recorded as such or counted from what was held."""
    if rule.given_as is not None and rule.given_as in facts:
        return int(facts[rule.given_as])
    return max(0, rule.at_least - int(facts[rule.fact]))


def is_met(condition: Condition, facts: Facts) -> bool:
    """Whether a condition is fulfilled; a recorded conclusion decides before the figures do."""
    if condition.given_as is not None and condition.given_as in facts:
        return _conclusion(condition, facts[condition.given_as])
    match condition:
        case HasAll():
            return all(map(facts.__getitem__, condition.facts))
        case AnyOf():
            return any(facts.get(name) for name in condition.facts)
        case AtLeast() | AtMost():
            return _holds(condition, facts[condition.fact])
        case Norm():
            return facts[condition.headcount] >= required_headcount(condition, facts)
        case _:
            assert_never(condition)


def _conclusion(condition: Condition, value: FactValue) -> bool:
    """Take a stand-in as the verdict itself (yes or no) or as another figure to be judged."""
    if isinstance(condition, AtLeast | AtMost) and not isinstance(value, bool):
        return _holds(condition, value)
    return bool(value)


def _holds(condition: AtLeast | AtMost, number: FactValue) -> bool:
    if isinstance(condition, AtLeast):
        return number >= condition.number
    return number <= condition.number


def population(norm: Norm, facts: Facts) -> int:
    """Return the population that counts under the norm's basis."""
    return max(int(facts[name]) for name in norm.populations)


# Clauses: W-90, W-91, N-26, J-28, J-30
def required_headcount(norm: Norm, facts: Facts) -> int:
    """How many people the norm asks for."""
    return norm.below if population(norm, facts) < norm.threshold else norm.from_threshold
