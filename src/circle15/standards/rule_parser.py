"""From one rule of an edition's YAML to a Rule: kinds, numbers and names of facts are checked."""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

from circle15.core.messages import Message
from circle15.standards.facts import facts
from circle15.standards.reading import Node
from circle15.standards.rules import (
    AllOrNothing,
    AnyOf,
    AtLeast,
    AtMost,
    Band,
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

YES_NO = ("bool", "element")
COUNT = ("count",)
NUMBER = ("count", "number")


def parse_rule(node: Node) -> Rule:
    """Read a rule of any kind; problems are noted on the node."""
    return _KINDS[node.choice("kind", tuple(_KINDS))](node)


def _bands(node: Node) -> Bands:
    bands = tuple(
        Band(each.number("at_least"), each.number("points"))
        for each in node.nodes("bands", "at_least")
    )
    rule = Bands(node.text("id"), node.number("points"), _fact(node, "fact", NUMBER), bands)
    for upper, lower in pairwise(bands):
        if upper.at_least <= lower.at_least or upper.points <= lower.points:
            node.fault(Message("档次应从高到低，界限和分值都递减"), "bands")
    if bands and bands[0].points != rule.points:
        node.fault(Message("最高档的分值应等于规则的分值"), "bands")
    return rule


def _all_or_nothing(node: Node) -> AllOrNothing:
    return AllOrNothing(node.text("id"), node.number("points"), _conditions(node))


def _per_missing(node: Node) -> PerMissing:
    points = node.number("points")
    start = node.optional_number("start")
    gate = _fact(node, "gate", YES_NO) if node.has("gate") else None
    rule = PerMissing(
        id=node.text("id"),
        points=points,
        step=_step(node),
        start=points if start is None else start,
        elements=_facts(node, "elements"),
        gate=gate,
    )
    if rule.start < points:
        node.fault(Message("起始分不能低于规则的分值"), "start")
    if gate in rule.elements:
        node.fault(Message("否决件不能同时是扣分件"), "gate")
    return rule


def _per_finding(node: Node) -> PerFinding:
    return PerFinding(
        id=node.text("id"),
        points=node.number("points"),
        step=_step(node),
        fact=_fact(node, "fact", COUNT),
        requires=_fact(node, "requires", YES_NO) if node.has("requires") else None,
    )


def _per_shortfall(node: Node) -> PerShortfall:
    return PerShortfall(
        id=node.text("id"),
        points=node.number("points"),
        step=_step(node),
        fact=_fact(node, "fact", COUNT),
        at_least=node.whole("at_least"),
        given_as=_stand_in(node, COUNT),
    )


def _zero_on_any(node: Node) -> ZeroOnAny:
    scope = node.choice("scope", ("rule", "item"), "rule")
    return ZeroOnAny(
        id=node.text("id"),
        points=node.number("points"),
        facts=_facts(node, "facts"),
        scope="item" if scope == "item" else "rule",
    )


def _count_norm(node: Node) -> CountNorm:
    return CountNorm(node.text("id"), node.number("points"), _norm(node.node("norm")))


def _requirement(node: Node) -> Requirement:
    modality = node.choice("modality", ("shall", "should", "may"), "shall")
    return Requirement(
        id=node.text("id"),
        modality="should" if modality == "should" else "may" if modality == "may" else "shall",
        conditions=_conditions(node),
    )


_KINDS: dict[str, Callable[[Node], Rule]] = {
    "all_or_nothing": _all_or_nothing,
    "bands": _bands,
    "per_missing": _per_missing,
    "per_finding": _per_finding,
    "per_shortfall": _per_shortfall,
    "zero_on_any": _zero_on_any,
    "count_norm": _count_norm,
    "requirement": _requirement,
}


# --- conditions: `facts: [a, b]` is short for `conditions: [{has: [a, b]}]`; `norm` may join them


def _conditions(node: Node) -> tuple[Condition, ...]:
    conditions: list[Condition] = []
    if node.has("facts"):
        conditions.append(HasAll(_facts(node, "facts")))
    conditions += [_condition(each) for each in node.optional_nodes("conditions")]
    if node.has("norm"):
        conditions.append(_norm(node.node("norm")))
    if not conditions:
        node.fault(Message("缺少条件（facts、conditions 或 norm）"), "conditions")
    return tuple(conditions)


def _condition(node: Node) -> Condition:
    condition = _condition_of_kind(node)
    node.refuse_rest()
    return condition


def _condition_of_kind(node: Node) -> Condition:
    if node.has("has"):
        return HasAll(_facts(node, "has"), _stand_in(node, ("bool",)))
    if node.has("any_of"):
        return AnyOf(_facts(node, "any_of"))
    fact = _fact(node, "fact", NUMBER)
    if node.has("at_most"):
        return AtMost(fact, node.number("at_most"), _stand_in(node, ("bool", *NUMBER)))
    return AtLeast(fact, node.number("at_least"), _stand_in(node, ("bool", *NUMBER)))


def _norm(node: Node) -> Norm:
    basis = node.choice("basis", ("max", "registered", "resident"))
    norm = Norm(
        headcount=_fact(node, "headcount", COUNT),
        registered=_fact(node, "registered", COUNT),
        resident=_fact(node, "resident", COUNT),
        basis="max" if basis == "max" else "registered" if basis == "registered" else "resident",
        threshold=node.whole("threshold"),
        below=node.whole("below"),
        from_threshold=node.whole("from_threshold"),
        usual_max=node.whole("usual_max"),
        given_as=_stand_in(node, ("bool",)),
    )
    if not norm.below <= norm.from_threshold <= norm.usual_max:
        node.fault(Message("人数应逐级不减：below、from_threshold、usual_max"))
    node.refuse_rest()
    return norm


# --- single fields


def _step(node: Node) -> Decimal:
    step = node.number("step")
    if node.has("step") and step <= 0:
        node.fault(Message("应大于 0"), "step")
    return step


def _facts(node: Node, key: str) -> tuple[str, ...]:
    names = node.names(key)
    for name in names:
        _check(node, key, name, YES_NO)
    return names


def _fact(node: Node, key: str, kinds: tuple[str, ...]) -> str:
    name = node.text(key)
    if name:
        _check(node, key, name, kinds)
    return name


def _stand_in(node: Node, kinds: tuple[str, ...]) -> str | None:
    return _fact(node, "given_as", kinds) if node.has("given_as") else None


def _check(node: Node, key: str, name: str, kinds: tuple[str, ...]) -> None:
    definition = facts().get(name)
    if definition is None:
        node.fault(Message("没有名为 %(name)s 的事实", name=name), key)
    elif definition.kind not in kinds:
        what = Message(
            "%(name)s 的类型是 %(kind)s，此处应为 %(kinds)s",
            name=name,
            kind=definition.kind,
            kinds=kinds,
        )
        node.fault(what, key)
