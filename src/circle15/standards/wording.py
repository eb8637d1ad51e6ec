"""The wording of a criterion, generated from the rule in Chinese and English."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import assert_never

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

MODALITIES = {
    "shall": Text("应", "shall"),
    "should": Text("宜", "should"),
    "may": Text("可", "may"),
}
BASES = {
    "max": Text("户籍或常住人口（取较大）", "the larger of registered and resident population"),
    "registered": Text("户籍人口", "the registered population"),
    "resident": Text("常住人口", "the resident population"),
}


def joined(texts: Sequence[Text]) -> Text:
    """List several wordings in one sentence; where one has a comma itself, with semicolons."""
    if len(texts) == 1:
        return texts[0]
    zh, en = [text.zh for text in texts], [text.en for text in texts]
    return Text(
        ("；" if any("、" in each for each in zh) else "、").join(zh),
        ("; " if any(", " in each for each in en) else ", ").join(en),
    )


@lru_cache(maxsize=4096)
def labels(names: tuple[str, ...]) -> Text:
    """Return the labels of several facts as a list in one sentence."""
    return joined([label(name) for name in names])


def condition_text(condition: Condition) -> Text:
    """Word what a condition asks for, to be listed in a sentence."""
    match condition:
        case HasAll():
            return labels(condition.facts)
        case AnyOf():
            return Text(
                "或".join(label(name).zh for name in condition.facts),
                " or ".join(label(name).en for name in condition.facts),
            )
        case AtLeast():
            return _bounded(condition.fact, "不少于", "at least", condition.number)
        case AtMost() if condition.number == 0:
            name = label(condition.fact)
            return Text(f"未发现{name.zh}", f"no {name.en}")
        case AtMost():
            return _bounded(condition.fact, "不超过", "at most", condition.number)
        case Norm():
            return _norm(condition)
        case _:
            assert_never(condition)


def _bounded(fact: str, zh: str, en: str, number: Decimal) -> Text:
    value, name = measured(fact, number), label(fact)
    return Text(f"{name.zh}{zh}{value.zh}", f"{name.en} {en} {value.en}")


def _norm(norm: Norm) -> Text:
    basis, name = BASES[norm.basis], label(norm.headcount)
    return Text(
        f"{name.zh}：{basis.zh}不足{norm.threshold}人的至少{norm.below}名，"
        f"达到{norm.threshold}人的至少{norm.from_threshold}名（通常不超过{norm.usual_max}名）",
        f"{name.en}: at least {norm.below} where {basis.en} is below {norm.threshold}, "
        f"at least {norm.from_threshold} from there on (usually not over {norm.usual_max})",
    )


@lru_cache(maxsize=4096)
def criterion(rule: Rule) -> Text:  # noqa: PLR0911 -- one return for each kind
    """Word the whole criterion of a rule: points, lists, bounds, gates and steps."""
    points = number_text(rule.points)
    match rule:
        case Bands():
            return _bands(rule)
        case AllOrNothing():
            needs = joined([condition_text(each) for each in rule.conditions])
            return Text(f"{needs.zh}，得{points}分，否则不得分", f"{points} for {needs.en}; else 0")
        case PerMissing():
            return _per_missing(rule)
        case PerFinding():
            return _per_finding(rule, points)
        case PerShortfall():
            return _per_shortfall(rule, points)
        case ZeroOnAny():
            return _zero_on_any(rule, points)
        case CountNorm():
            need = condition_text(rule.norm)
            return Text(f"{need.zh}，得{points}分，否则不得分", f"{points} for {need.en}; else 0")
        case Requirement():
            needs = joined([condition_text(each) for each in rule.conditions])
            word = MODALITIES[rule.modality]
            return Text(f"{word.zh}做到：{needs.zh}", f"{word.en} have: {needs.en}")
        case _:
            assert_never(rule)


def _bands(rule: Bands) -> Text:
    name = label(rule.fact)
    steps = [(measured(rule.fact, band.at_least), number_text(band.points)) for band in rule.bands]
    zh = "，".join(f"达到{bound.zh}得{points}分" for bound, points in steps)
    en = ", ".join(f"{points} from {bound.en}" for bound, points in steps)
    return Text(f"{name.zh}{zh}，不足{steps[-1][0].zh}不得分", f"{name.en}: {en}, below that 0")


def _per_missing(rule: PerMissing) -> Text:
    points, step, start = (number_text(each) for each in (rule.points, rule.step, rule.start))
    names = labels(rule.elements)
    zh = f"{names.zh}齐全得{points}分，"
    en = f"{points} for all of {names.en}; "
    if rule.gate is not None:
        gate = label(rule.gate)
        zh += f"缺{gate.zh}不得分，其余"
        en += f"none without {gate.en}; "
    if rule.start > rule.points:
        zh += f"从{start}分起"
        en += f"starting at {start}, "
    return Text(f"{zh}每缺1件扣{step}分，扣完为止", f"{en}−{step} for each one missing, down to 0")


def _per_finding(rule: PerFinding, points: str) -> Text:
    name, one, step = label(rule.fact), measured(rule.fact, 1), number_text(rule.step)
    zh = f"未发现{name.zh}得{points}分，每发现{one.zh}扣{step}分，扣完为止"
    en = f"{points} without {name.en}; −{step} for each, down to 0"
    if rule.requires is not None:
        need = label(rule.requires)
        return Text(f"以{need.zh}为前提，{zh}", f"given {need.en}: {en}")
    return Text(zh, en)


def _per_shortfall(rule: PerShortfall, points: str) -> Text:
    name, need = label(rule.fact), measured(rule.fact, rule.at_least)
    one, step = measured(rule.fact, 1), number_text(rule.step)
    return Text(
        f"{name.zh}不少于{need.zh}得{points}分，每少{one.zh}扣{step}分，扣完为止",
        f"{points} for {name.en} of at least {need.en}; −{step} for each one short, down to 0",
    )


def _zero_on_any(rule: ZeroOnAny, points: str) -> Text:
    names = labels(rule.facts)
    zh_end = "本条各项均不得分" if rule.scope == "item" else "不得分"
    en_end = "no points in the whole clause" if rule.scope == "item" else "none"
    return Text(
        f"无下列情形得{points}分，有其一{zh_end}：{names.zh}",
        f"{points} unless one of these happens, then {en_end}: {names.en}",
    )
