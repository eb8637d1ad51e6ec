"""From the YAML of an edition to an Edition, with every problem found at once."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from circle15.core.messages import Message
from circle15.standards import strict_yaml
from circle15.standards.model import (
    Clause,
    ClauseRule,
    Document,
    Edition,
    Indicator,
    Option,
    Profile,
    Reading,
    Section,
    Switch,
    Veto,
)
from circle15.standards.reading import ZERO, Node, problem
from circle15.standards.rule_parser import parse_rule
from circle15.standards.text import Text, number_text

SITE_KINDS = (
    "town_centre",
    "village_point",
    "hospital_station",
    "bank_outlet",
    "pharmacy",
    "kiosk_only",
    "county_hall",
)
EVIDENCE = ("ledger", "on_site")


class InvalidEdition(ValueError):
    """An edition that must not be used; `problems` names everything wrong with it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def parse_edition(text: str) -> Edition:
    """Read an edition; raises InvalidEdition naming all problems at once."""
    problems: list[str] = []
    try:
        raw = strict_yaml.load(text)
    except strict_yaml.NotYaml as error:
        raise InvalidEdition(error.problems) from error
    root = Node(raw, "", problems)
    edition = _edition(root, _hash(raw))
    if not problems:
        problems.extend(_inconsistencies(edition, root.node("expects")))
        root.refuse_rest()
    if problems:
        raise InvalidEdition(tuple(problems))
    return edition


def _hash(raw: object) -> str:
    """SHA-256 of the content: comments, the order of keys and 2 or 2.0 make no difference."""
    canonical = json.dumps(strict_yaml.plain(raw), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _edition(root: Node, content_hash: str) -> Edition:
    unit = root.choice("unit", ("points", "requirements"))
    return Edition(
        id=root.text("id"),
        version=root.whole("version"),
        title=root.pair("title"),
        issuer=root.pair("issuer"),
        jurisdiction=root.pair("jurisdiction"),
        document=_document(root.node("document")),
        unit="points" if unit == "points" else "requirements",
        pass_mark=root.optional_number("pass_mark"),
        profiles=tuple(_profile(node) for node in root.nodes("profiles")),
        sections=tuple(_section(node) for node in root.nodes("sections")),
        vetoes=tuple(_veto(node) for node in root.optional_nodes("vetoes")),
        decided=_readings(root),
        hash=content_hash,
    )


def _document(node: Node) -> Document:
    document = Document(
        name=node.text("name"),
        number=node.optional_text("number"),
        issued=node.optional_date("issued"),
        in_force=node.optional_date("in_force"),
    )
    node.refuse_rest()
    return document


def _profile(node: Node) -> Profile:
    profile = Profile(node.text("id"), node.pair("title"), node.names("site_kinds"))
    for kind in profile.site_kinds:
        if kind not in SITE_KINDS:
            node.fault(Message("没有这种网点：%(kind)s", kind=kind), "site_kinds")
    node.refuse_rest()
    return profile


def _section(node: Node) -> Section:
    indicators = tuple(_indicator(each) for each in node.nodes("indicators"))
    points = _points(node, [each.points for each in indicators])
    section = Section(node.text("id"), node.pair("title"), points, indicators)
    node.refuse_rest()
    return section


def _indicator(node: Node) -> Indicator:
    clauses = tuple(_clause(each) for each in node.nodes("clauses"))
    indicator = Indicator(
        id=node.text("id"),
        number=node.text("number"),
        title=node.pair("title"),
        points=_points(node, [each.points for each in clauses]),
        clauses=clauses,
    )
    node.refuse_rest()
    return indicator


def _clause(node: Node) -> Clause:
    entries = tuple(_entry(each) for each in node.nodes("rules"))
    clause = Clause(
        id=node.text("id"),
        number=node.text("number"),
        title=node.pair("title"),
        points=_points(node, [entry.rule.points for entry in entries]),
        evidence=node.names("evidence"),
        entries=entries,
        profiles=node.optional_names("profiles"),
        decided=_readings(node),
    )
    for method in clause.evidence:
        if method not in EVIDENCE:
            node.fault(Message("没有这种考核方式：%(method)s", method=method), "evidence")
    node.refuse_rest()
    return clause


def _points(node: Node, parts: list[Decimal]) -> Decimal:
    """Read the points stated, which must be the sum of the parts; if not stated, the sum."""
    total = sum(parts, start=ZERO)
    stated = node.optional_number("points")
    if stated is not None and stated != total:
        what = Message(
            "写明 %(stated)s，各部分合计 %(total)s",
            stated=number_text(stated),
            total=number_text(total),
        )
        node.fault(what, "points")
    return total


def _entry(node: Node) -> ClauseRule:
    decided = _readings(node)
    switch = _switch(node) if node.has("switch") else None
    rule = parse_rule(node)
    if switch is not None and not decided:
        node.fault(Message("有口径开关，却没有说明默认口径"), "decided")
    node.refuse_rest()
    return ClauseRule(rule, switch, decided)


def _switch(node: Node) -> Switch:
    own = node.node("switch")
    options = tuple(_option(name, each, node) for name, each in own.named_nodes("options"))
    switch = Switch(own.text("id"), own.pair("title"), own.text("default"), options)
    if switch.default not in {option.id for option in options}:
        own.fault(Message("默认口径不在选项中"), "default")
    own.refuse_rest()
    return switch


def _option(name: str, node: Node, rule_node: Node) -> Option:
    """Read the rule with some fields set otherwise and check it like any rule."""
    title = node.pair("title")
    changes = node.node("set") if node.has("set") else Node({}, node.path, node.problems)
    changed = rule_node.merged(changes)
    rule = parse_rule(changed)
    changed.ignore("switch", "decided")
    changed.refuse_rest()
    node.refuse_rest()
    return Option(name, title, rule)


def _veto(node: Node) -> Veto:
    veto = Veto(node.text("id"), node.text("number"), node.pair("title"))
    node.refuse_rest()
    return veto


def _readings(node: Node) -> tuple[Reading, ...]:
    return tuple(_reading(each) for each in node.optional_nodes("decided"))


def _reading(node: Node) -> Reading:
    reading = Reading(node.text("id"), Text(node.text("zh"), node.text("en")))
    node.refuse_rest()
    return reading


# --- what can only be seen in the whole


def _inconsistencies(edition: Edition, expects: Node) -> Iterator[str]:
    yield from _duplicates(edition)
    yield from _unknown_profiles(edition)
    yield from _default_differs(edition)
    yield from _wrong_counts(edition, expects)


def _duplicates(edition: Edition) -> Iterator[str]:
    groups: tuple[tuple[Message, Iterable[str]], ...] = (
        (Message("章节"), (each.id for each in edition.sections)),
        (Message("指标"), (each.id for each in edition.indicators)),
        (Message("条款"), (each.id for each in edition.clauses)),
        (Message("规则"), (each.id for each in edition.rules)),
        (Message("否决情形"), (each.id for each in edition.vetoes)),
        (Message("类别"), (each.id for each in edition.profiles)),
        (Message("口径开关"), (each.id for each in edition.switches)),
    )
    for what, ids in groups:
        seen: set[str] = set()
        for each in ids:
            if each in seen:
                yield problem(each, Message("%(what)s编号重复", what=what))
            seen.add(each)


def _unknown_profiles(edition: Edition) -> Iterator[str]:
    known = {profile.id for profile in edition.profiles}
    for clause in edition.clauses:
        for profile in clause.profiles:
            if profile not in known:
                what = Message("没有类别 %(profile)s", profile=profile)
                yield problem(f"{clause.id}.profiles", what)


def _default_differs(edition: Edition) -> Iterator[str]:
    for entry in (entry for clause in edition.clauses for entry in clause.entries):
        if entry.switch is None:
            continue
        standing = {option.id: option.rule for option in entry.switch.options}
        if standing.get(entry.switch.default) != entry.rule:
            yield problem(f"{entry.rule.id}.switch", Message("默认口径应与规则本身一致"))


def _wrong_counts(edition: Edition, expects: Node) -> Iterator[str]:
    counted: dict[str, Callable[[], int | Decimal]] = {
        "sections": lambda: len(edition.sections),
        "indicators": lambda: len(tuple(edition.indicators)),
        "clauses": lambda: len(tuple(edition.clauses)),
        "rules": lambda: len(tuple(edition.rules)),
        "vetoes": lambda: len(edition.vetoes),
        "points": lambda: sum((each.points for each in edition.sections), start=ZERO),
    }
    for key, count in counted.items():
        expected = expects.number(key)
        if expected != count():
            what = Message(
                "应为 %(wanted)s，实为 %(found)s", wanted=number_text(expected), found=count()
            )
            yield problem(f"expects.{key}", what)
    expects.refuse_rest()
