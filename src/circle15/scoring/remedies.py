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


def remedies(
    rule: Rule, takers: tuple[ZeroOnAny, ...], facts: Facts, points: Decimal
) -> tuple[Remedy, ...]:
    """List the steps that bring a rule from its `points` to full ones and what each adds.

    `takers` are the rules of its clause that take its points. A gate or precondition comes first,
    for nothing else pays before it; where a rule has run below zero the first steps add 0, and the
    gains sum to the points lost, unless the rule contradicts itself.
    """
    found = steps(rule, takers, facts)
    result = []
    for (fact, needed), after in zip(found, reached(rule, takers, facts, found), strict=True):
        result.append(Remedy(fact, needed, after - points))
        points = after
    return tuple(result)


def reached(
    rule: Rule, takers: tuple[ZeroOnAny, ...], facts: Facts, found: Iterable[Step]
) -> Iterator[Decimal]:
    """Yield the points of a rule after each of its steps, taken one after the other."""
    trial = dict(facts)
    for fact, needed in found:
        trial[fact] = needed
        is_lost = takers and forfeiting(takers, trial)
        yield ZERO if is_lost else rule_points(rule, trial)


def steps(rule: Rule, takers: tuple[ZeroOnAny, ...], facts: Facts) -> list[Step]:
    """List the facts to put right and the values they need, in the order to do it."""
    first = [step for taker in takers for step in shortcomings(taker, facts)]
    return list(dict.fromkeys(first + shortcomings(rule, facts)))


def shortcomings(rule: Rule, facts: Facts) -> list[Step]:
    """List what keeps a rule from full points: gates and preconditions first."""
    match rule:
        case Bands():
            bounds = [band.at_least for band in reversed(rule.bands)]
            return [(rule.fact, bound) for bound in bounds if bound > facts[rule.fact]]
        case AllOrNothing() | Requirement() | CountNorm():
            asked = conditions_of(rule)
            return [s for each in asked if not is_met(each, facts) for s in _needed(each, facts)]
        case PerMissing():
            return [(name, True) for name in rule.facts if not facts[name]]
        case PerFinding():
            return _findings(rule, facts)
        case PerShortfall():
            return _shortfall(rule, facts)
        case ZeroOnAny():
            return [(name, False) for name in rule.facts if facts[name]]
        case _:
            assert_never(rule)


def _findings(rule: PerFinding, facts: Facts) -> list[Step]:
    needed: list[Step] = []
    if rule.requires is not None and not facts[rule.requires]:
        needed.append((rule.requires, True))
    if facts[rule.fact]:
        needed.append((rule.fact, 0))
    return needed


def _shortfall(rule: PerShortfall, facts: Facts) -> list[Step]:
    if rule.given_as is not None and rule.given_as in facts:
        return [(rule.given_as, 0)] if facts[rule.given_as] else []
    return [(rule.fact, rule.at_least)] if facts[rule.fact] < rule.at_least else []


def _needed(condition: Condition, facts: Facts) -> list[Step]:
    """List what an unmet condition needs; where a verdict was recorded, that verdict."""
    stand_in = condition.given_as
    if stand_in is not None and stand_in in facts:
        return [(stand_in, _conclusion(condition, facts[stand_in]))]
    match condition:
        case HasAll():
            return [(name, True) for name in condition.facts if not facts[name]]
        case AnyOf():
            return [(condition.facts[0], True)]
        case AtLeast() | AtMost():
            return [(condition.fact, condition.number)]
        case Norm():
            return [(condition.headcount, required_headcount(condition, facts))]
        case _:
            assert_never(condition)


def _conclusion(condition: Condition, recorded: FactValue) -> FactValue:
    if isinstance(condition, AtLeast | AtMost) and not isinstance(recorded, bool):
        return condition.number
    return True
