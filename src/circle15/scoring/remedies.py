"""What would win lost points back, step by step."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import assert_never

from circle15.scoring.points import (
    ZERO,
    Facts,
    forfeiting,
    is_met,
    required_headcount,
    rule_points,
)
from circle15.scoring.sheet import Remedy
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
    conditions_of,
)

Step = tuple[str, FactValue]


def remedies(rules: tuple[Rule, ...], index: int, facts: Facts) -> tuple[Remedy, ...]:
    """List the steps that bring one rule of a clause to full points and what each adds.

    A gate or precondition comes first, for nothing else pays before it; where a rule has run
    below zero the first steps add 0, and the gains always sum to the points lost.
    """
    found = tuple(dict.fromkeys(steps(rules, index, facts)))
    brings = gains(rules, index, facts, found)
    return tuple(
        Remedy(fact, needed, gain) for (fact, needed), gain in zip(found, brings, strict=True)
    )


def gains(
    rules: tuple[Rule, ...], index: int, facts: Facts, found: Iterable[Step]
) -> Iterator[Decimal]:
    """Yield what each step adds to the points of one rule of a clause, one after the other."""
    trial = dict(facts)
    before = _points(rules, index, trial)
    for fact, needed in found:
        trial[fact] = needed
        after = _points(rules, index, trial)
        yield after - before
        before = after


def _points(rules: tuple[Rule, ...], index: int, facts: Facts) -> Decimal:
    return ZERO if forfeiting(rules, facts) else rule_points(rules[index], facts)


def steps(rules: tuple[Rule, ...], index: int, facts: Facts) -> Iterator[Step]:
    """Yield the facts to put right and the values they need, in the order to do it."""
    for other in forfeiting(rules, facts):
        yield from shortcomings(other, facts)
    yield from shortcomings(rules[index], facts)


def shortcomings(rule: Rule, facts: Facts) -> Iterator[Step]:
    """Yield what keeps a rule from full points: gates and preconditions first."""
    match rule:
        case Bands():
            number = facts[rule.fact]
            higher = (band for band in reversed(rule.bands) if band.at_least > number)
            yield from ((rule.fact, band.at_least) for band in higher)
        case AllOrNothing() | Requirement() | CountNorm():
            for condition in conditions_of(rule):
                if not is_met(condition, facts):
                    yield from _needed(condition, facts)
        case PerMissing():
            yield from ((name, True) for name in rule.facts if not facts[name])
        case PerFinding():
            yield from _findings(rule, facts)
        case PerShortfall():
            yield from _shortfall(rule, facts)
        case ZeroOnAny():
            yield from ((name, False) for name in rule.facts if facts[name])
        case _:
            assert_never(rule)


def _findings(rule: PerFinding, facts: Facts) -> Iterator[Step]:
    if rule.requires is not None and not facts[rule.requires]:
        yield rule.requires, True
    if facts[rule.fact]:
        yield rule.fact, 0


def _shortfall(rule: PerShortfall, facts: Facts) -> Iterator[Step]:
    if rule.given_as is not None and rule.given_as in facts:
        if facts[rule.given_as]:
            yield rule.given_as, 0
    elif facts[rule.fact] < rule.at_least:
        yield rule.fact, rule.at_least


def _needed(condition: Condition, facts: Facts) -> Iterator[Step]:
    """Yield what an unmet condition needs; where a verdict was recorded, that verdict."""
    stand_in = condition.given_as
    if stand_in is not None and stand_in in facts:
        yield stand_in, _conclusion(condition, facts[stand_in])
        return
    match condition:
        case HasAll():
            yield from ((name, True) for name in condition.facts if not facts[name])
        case AnyOf():
            yield condition.facts[0], True
        case AtLeast() | AtMost():
            yield condition.fact, condition.number
        case Norm():
            yield condition.headcount, required_headcount(condition, facts)
        case _:
            assert_never(condition)


def _conclusion(condition: Condition, recorded: FactValue) -> FactValue:
    if isinstance(condition, AtLeast | AtMost) and not isinstance(recorded, bool):
        return condition.number
    return True
