"""The facts rules may ask for: what each is, where it comes from and how it is put right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from circle15.core.messages import NOTHING, Message
from circle15.standards import strict_yaml
from circle15.standards.reading import MAX_DECIMALS, Node
from circle15.standards.text import Text, number_text

FactValue = bool | int | Decimal

KINDS = ("bool", "element", "count", "number")
SOURCES = ("operation", "document", "on_site", "import")
SCOPES = ("site", "town")

MAX_NUMBER = 10**10
MAX_COST = 3


class InvalidFacts(ValueError):
    """Facts that cannot be used; `problems` names all of them."""

    def __init__(self, problems: tuple[Message, ...]) -> None:
        super().__init__("；".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Range:
    """The most a recorded number can be; beyond it somebody mistyped."""

    most: int
    why: Text


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """A fact; `cost` is the rough order of putting it right, 0 no purchase to 3 people."""

    name: str
    label: Text
    kind: str
    group: str
    unit: Text
    one: str
    source: str
    scope: str
    fix: Text
    cost: int
    stands_for: tuple[str, ...]
    example: int | None
    range: Range | None

    @property
    def is_number(self) -> bool:
        return self.kind in {"count", "number"}


@cache
def facts() -> Mapping[str, FactDefinition]:
    """Every fact by name, in the order of facts.yaml."""
    problems: list[str] = []
    book = _book(problems)
    shared = dict(book.named_nodes("groups"))
    ranges = _ranges(book)
    definitions = {
        name: _definition(name, shared[name.partition(".")[0]].merged(node), ranges)
        for name, node in book.named_nodes("facts")
    }
    assert not problems, problems
    return MappingProxyType(definitions)


@cache
def groups() -> Mapping[str, Text]:
    """Return the title of every group of facts; a group is what stands before the dot."""
    book = _book([])
    return MappingProxyType({key: node.pair("title") for key, node in book.named_nodes("groups")})


@cache
def first_day() -> date:
    """Return the first day a record may speak of."""
    problems: list[str] = []
    day = _book(problems).node("first_day").optional_date("day")
    assert day is not None, problems
    return day


def label(name: str) -> Text:
    """Call a fact as in a sentence; a name nobody has defined stands for itself."""
    definition = facts().get(name)
    return definition.label if definition else Text(name, name)


def measured(name: str, number: Decimal | int) -> Text:
    """Write a number with the unit of its fact: 3处, 3 spots, 1 spot."""
    definition, plain = facts()[name], number_text(Decimal(number))
    unit = definition.one if number == 1 and definition.one else definition.unit.en
    return Text(f"{plain}{definition.unit.zh}", f"{plain} {unit}")


def clean_facts(raw: Mapping[str, object]) -> dict[str, FactValue]:
    """Check names and values as they come from a file or form; raises InvalidFacts."""
    clean: dict[str, FactValue] = {}
    problems: list[Message] = []
    for name, value in raw.items():
        definition = facts().get(name)
        fault = _unknown(name) if definition is None else _fault(definition, value)
        if fault:
            problems.append(fault)
        else:
            assert isinstance(value, bool | int | Decimal)
            clean[name] = value
    if problems:
        raise InvalidFacts(tuple(problems))
    return clean


def implausible(name: str, value: FactValue) -> Message:
    """Say why a value in the right form can't be true; empty if it may be."""
    most = facts()[name].range
    if most is None or isinstance(value, bool) or value <= most.most:
        return NOTHING
    return Message(
        "数值%(number)s不合常理，一般不超过%(most)s，请核对", number=value, most=most.most
    )


def _unknown(name: str) -> Message:
    near = get_close_matches(str(name), facts(), n=1, cutoff=0.6)
    if near:
        return Message("没有名为 %(name)s 的事实，是不是 %(near)s？", name=name, near=near[0])
    return Message("没有名为 %(name)s 的事实", name=name)


def _fault(definition: FactDefinition, value: object) -> Message:
    wanted = _wanted(definition, value)
    given = str(value).lower() if isinstance(value, bool) else value
    if not wanted:
        return NOTHING
    return Message(
        "%(name)s（%(label)s）：%(wanted)s，得到 %(given)s",
        name=definition.name,
        label=definition.label.zh,
        wanted=wanted,
        given=given,
    )


def _wanted(definition: FactDefinition, value: object) -> Message:  # noqa: PLR0911 -- a list of refusals
    """Say what should stand there instead; empty if the value will do."""
    if isinstance(value, bool):
        return Message("应为数") if definition.is_number else NOTHING
    if definition.kind == "bool":
        return Message("应为 true 或 false")
    if isinstance(value, Decimal) and definition.kind != "number":
        return Message("应为整数")
    if not isinstance(value, int | Decimal):
        if definition.is_number:
            return Message("应为数")
        return Message("应为 true、false 或件数")
    if value < 0:
        return Message("不能为负")
    if value > MAX_NUMBER:
        return Message("数值过大")
    too_fine = isinstance(value, Decimal) and value != round(value, MAX_DECIMALS)
    if too_fine:
        return Message("最多 %(most)s 位小数", most=MAX_DECIMALS)
    return NOTHING


def _book(problems: list[str]) -> Node:
    source = files("circle15.standards") / "data" / "facts.yaml"
    return Node(strict_yaml.load(source.read_text(encoding="utf-8")), "", problems)


def _ranges(book: Node) -> dict[str, Range]:
    """Read the ranges by name, and by the kind of fact they are usual for."""
    named = {
        key: Range(node.whole("most"), node.pair("why")) for key, node in book.named_nodes("ranges")
    }
    usual = book.node("range_of_kind")
    return named | {kind: named[usual.text(kind)] for kind in usual.given()}


def _definition(name: str, node: Node, ranges: Mapping[str, Range]) -> FactDefinition:
    label = node.pair("label")
    kind = node.choice("kind", KINDS)
    counted = kind in {"count", "number"}
    fix = node.pair("fix")
    node.pair("title")
    definition = FactDefinition(
        name=name,
        label=label,
        kind=kind,
        group=name.partition(".")[0],
        unit=node.pair("unit") if counted else Text("", ""),
        one=node.optional_text("one") or "",
        source=node.choice("source", SOURCES),
        scope=node.choice("scope", SCOPES),
        fix=Text(_filled(fix.zh, label.zh), _filled(fix.en, label.en)),
        cost=min(node.whole("cost"), MAX_COST),
        stands_for=node.optional_names("stands_for"),
        example=node.optional_whole("example"),
        # A number with no usual range must name its own.
        range=None if kind == "bool" else ranges[node.optional_text("range") or kind],
    )
    node.refuse_rest()
    return definition


def _filled(template: str, value: str) -> str:
    return template.replace("{zh}", value).replace("{en}", value)
