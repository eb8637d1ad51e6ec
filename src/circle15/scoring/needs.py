"""Which facts a rule needs, and the best and worst values they can have for it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING
from typing import assert_never

from circle15.scoring.points import Facts
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
    stand_ins,
)


@dataclass(frozen=True, slots=True)
class Range:
    """The value of a fact with which nothing is lost by it, and the one that loses the most."""

    best: FactValue
    worst: FactValue


def unknown_facts(rule: Rule, facts: Facts) -> tuple[str, ...]:
    """Name the facts that would have to be recorded before the rule can be judged."""
    absent = tuple([name for name in rule.facts if name not in facts])
    if not absent:
        return ()
    if isinstance(rule, PerShortfall):
        return () if rule.given_as in facts else absent
    conditions = conditions_of(rule)
    if not conditions:
        return absent
    needed = {name for each in conditions for name in _needed_by(each, facts)}
    return tuple(name for name in absent if name in needed)


def _needed_by(condition: Condition, facts: Facts) -> tuple[str, ...]:
    """Name the facts a condition cannot do without: none where something stands in for them."""
    if condition.given_as is not None and condition.given_as in facts:
        return ()
    if isinstance(condition, AnyOf) and any(facts.get(name) for name in condition.facts):
        return ()
    return condition.facts


def used_facts(rule: Rule, facts: Facts) -> tuple[str, ...]:
    """Name the facts that decide a rule: stand-ins where recorded, else what it asks for."""
    if facts.keys().isdisjoint(stand_ins(rule)):
        return rule.facts
    if isinstance(rule, PerShortfall):
        return stand_ins(rule)
    names = [name for each in conditions_of(rule) for name in _used_by(each, facts)]
    return tuple(dict.fromkeys(names))


def _used_by(condition: Condition, facts: Facts) -> tuple[str, ...]:
    if condition.given_as is not None and condition.given_as in facts:
        return (condition.given_as,)
    return condition.facts


def merged_ranges(rules: Iterable[Rule]) -> dict[str, Range]:
    """Return the range of every fact of several rules, wide enough for each of them."""
    merged: dict[str, Range] = {}
    for name, own in (each for rule in rules for each in _ranges(rule)):
        merged[name] = _wider(merged[name], own) if name in merged else own
    return merged


def worst_case(rules: Sequence[Rule], facts: Facts) -> dict[str, FactValue]:
    """Return the facts with every unknown one at its worst."""
    return {**facts, **{name: each.worst for name, each in _unknown_ranges(rules, facts)}}


def best_case(rules: Sequence[Rule], facts: Facts) -> dict[str, FactValue]:
    """Return the facts with every unknown one at its best."""
    return {**facts, **{name: each.best for name, each in _unknown_ranges(rules, facts)}}


def _unknown_ranges(rules: Sequence[Rule], facts: Facts) -> Iterator[tuple[str, Range]]:
    extremes = merged_ranges(rules)
    names = dict.fromkeys(name for rule in rules for name in unknown_facts(rule, facts))
    return ((name, extremes[name]) for name in names)


def _wider(one: Range, other: Range) -> Range:
    """Of two demands on the same fact the harder one is the best, the easier one the worst."""
    if one.best > one.worst:
        return Range(max(one.best, other.best), min(one.worst, other.worst))
    return Range(min(one.best, other.best), max(one.worst, other.worst))


def _ranges(rule: Rule) -> Iterator[tuple[str, Range]]:
    match rule:
        case Bands():
            yield rule.fact, Range(rule.bands[0].at_least, 0)
        case AllOrNothing() | Requirement() | CountNorm():
            for condition in conditions_of(rule):
                yield from _condition_ranges(condition)
        case PerMissing():
            yield from ((name, Range(best=True, worst=False)) for name in rule.facts)
        case PerFinding():
            if rule.requires is not None:
                yield rule.requires, Range(best=True, worst=False)
            enough = (rule.points / rule.step).to_integral_value(ROUND_CEILING)
            yield rule.fact, Range(0, int(enough))
        case PerShortfall():
            yield rule.fact, Range(rule.at_least, 0)
        case ZeroOnAny():
            yield from ((name, Range(best=False, worst=True)) for name in rule.facts)
        case _:
            assert_never(rule)


def _condition_ranges(condition: Condition) -> Iterator[tuple[str, Range]]:
    match condition:
        case HasAll() | AnyOf():
            yield from ((name, Range(best=True, worst=False)) for name in condition.facts)
        case AtLeast():
            yield condition.fact, Range(condition.number, 0)
        case AtMost():
            yield condition.fact, Range(condition.number, condition.number + 1)
        case Norm():
            yield condition.headcount, Range(condition.from_threshold, 0)
            yield from ((name, Range(0, condition.threshold)) for name in condition.populations)
        case _:
            assert_never(condition)
