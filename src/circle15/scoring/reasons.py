"""Why a line has the points it has, in one sentence of Chinese and of English."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import assert_never

from circle15.scoring.points import (
    Facts,
    is_met,
    missing_of,
    population,
    required_headcount,
    shortfall,
)
from circle15.standards.facts import label, measured
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
from circle15.standards.text import Text, number_text
from circle15.standards.wording import condition_text, joined, labels

ALL_THERE = Text("全部具备", "all in place")
NO_FINDING = Text("未发现问题", "no findings")


def reason(rule: Rule, facts: Facts, points: Decimal) -> Text:  # noqa: PLR0911 -- one return for each kind
    """Say what earned or lost the points of a rule."""
    match rule:
        case Bands():
            return _band(rule, facts, points)
        case AllOrNothing() | Requirement():
            return _conditions(rule.conditions, facts)
        case PerMissing():
            return _missing(rule, facts, points)
        case PerFinding():
            return _findings(rule, facts, points)
        case PerShortfall():
            return _shortfall(rule, facts, points)
        case ZeroOnAny():
            return _zero(rule, facts)
        case CountNorm():
            return _norm(rule.norm, facts)
        case _:
            assert_never(rule)


def forfeited(rule_ids: Iterable[str]) -> Text:
    """Say that the line loses its points to another rule of the clause."""
    names = "、".join(rule_ids)
    return Text(f"因 {names} 不得分，本条不得分", f"lost with the whole clause through {names}")


def not_recorded(names: tuple[str, ...]) -> Text:
    """Name the facts that are unknown and count as the worst until they are recorded."""
    missing = labels(names)
    return Text(f"尚无记录：{missing.zh}", f"not recorded yet: {missing.en}")


def _band(rule: Bands, facts: Facts, points: Decimal) -> Text:
    value = measured(rule.fact, facts[rule.fact])
    reached = next((band for band in rule.bands if band.points == points), None)
    if reached is None:
        lowest = measured(rule.fact, rule.bands[-1].at_least)
        return _said(rule.fact, value, Text(f"不足{lowest.zh}", f"less than {lowest.en}"))
    bound = measured(rule.fact, reached.at_least)
    return _said(rule.fact, value, Text(f"达到{bound.zh}", f"reaches {bound.en}"))


def _said(fact: str, value: Text, verdict: Text) -> Text:
    name = label(fact)
    return Text(f"{name.zh}{value.zh}，{verdict.zh}", f"{name.en} {value.en}: {verdict.en}")


def _conditions(conditions: Sequence[Condition], facts: Facts) -> Text:
    failed = [each for each in conditions if not is_met(each, facts)]
    if not failed:
        return ALL_THERE
    needs = joined([_failure(each, facts) for each in failed])
    return Text(f"未满足：{needs.zh}", f"not fulfilled: {needs.en}")


def _failure(condition: Condition, facts: Facts) -> Text:
    if condition.given_as is not None and condition.given_as in facts:
        return label(condition.given_as)
    match condition:
        case HasAll():
            return labels(tuple([name for name in condition.facts if not facts[name]]))
        case AnyOf():
            return condition_text(condition)
        case AtLeast() | AtMost():
            value, need = measured(condition.fact, facts[condition.fact]), condition_text(condition)
            return Text(f"{need.zh}（现为{value.zh}）", f"{need.en} (now {value.en})")
        case Norm():
            return _norm(condition, facts)
        case _:
            assert_never(condition)


def _missing(rule: PerMissing, facts: Facts, points: Decimal) -> Text:
    if rule.gate is not None and not facts[rule.gate]:
        name = label(rule.gate)
        return Text(f"缺{name.zh}，本项不得分", f"without {name.en}: no points")
    absent = missing_of(rule, facts)
    if not absent:
        return ALL_THERE
    names = labels(absent)
    count = len(absent)
    lost = _lost(rule.points - points, Decimal(count) * rule.step - (rule.start - rule.points))
    return Text(f"缺{names.zh}（{count}件），{lost.zh}", f"missing {names.en} ({count}): {lost.en}")


def _findings(rule: PerFinding, facts: Facts, points: Decimal) -> Text:
    if rule.requires is not None and not facts[rule.requires]:
        name = label(rule.requires)
        return Text(f"未满足前提：{name.zh}，不得分", f"without {name.en}: no points")
    found = facts[rule.fact]
    if not found:
        return NO_FINDING
    lost = _lost(rule.points - points, rule.step * found)
    return _said(rule.fact, measured(rule.fact, found), lost)


def _shortfall(rule: PerShortfall, facts: Facts, points: Decimal) -> Text:
    lacking = shortfall(rule, facts)
    need = measured(rule.fact, rule.at_least)
    if not lacking:
        name = label(rule.fact)
        return Text(f"{name.zh}达到{need.zh}", f"{name.en}: {need.en} reached")
    lost = _lost(rule.points - points, rule.step * lacking)
    less = measured(rule.fact, lacking)
    return Text(
        f"{label(rule.fact).zh}比{need.zh}少{less.zh}，{lost.zh}",
        f"{label(rule.fact).en}: {less.en} short of {need.en}: {lost.en}",
    )


def _lost(lost: Decimal, due: Decimal) -> Text:
    """Points lost, and that the rule stopped at zero where more would have been due."""
    if not lost:
        return Text("不扣分", "nothing lost")
    number = number_text(lost)
    if due > lost:
        return Text(f"扣{number}分，扣完为止", f"−{number}, down to 0")
    return Text(f"扣{number}分", f"−{number}")


def _zero(rule: ZeroOnAny, facts: Facts) -> Text:
    happened = tuple([name for name in rule.facts if facts[name]])
    if not happened:
        return Text("未出现不得分情形", "nothing against it")
    names = labels(happened)
    return Text(f"出现：{names.zh}，不得分", f"{names.en}: no points")


def _norm(norm: Norm, facts: Facts) -> Text:
    if norm.given_as is not None and norm.given_as in facts:
        name = label(norm.given_as)
        met = is_met(norm, facts)
        return name if met else Text(f"未达到：{name.zh}", f"not so: {name.en}")
    return _headcount(norm, int(facts[norm.headcount]), population(norm, facts), facts)


def _headcount(norm: Norm, has: int, people: int, facts: Facts) -> Text:
    need = required_headcount(norm, facts)
    surplus = Text("，超过通常人数（仅提示）", ", more than usual (a notice only)")
    extra = surplus if has > norm.usual_max else Text("", "")
    return Text(
        f"在岗{has}名，人口{people}人，应不少于{need}名{extra.zh}",
        f"{has} staff for {people} people, at least {need} due{extra.en}",
    )
