"""From data to service items and back, with every problem named at once."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from circle15.core.messages import Message
from circle15.standards.catalogue import (
    HIGH_FREQUENCY,
    NATIONAL_MAINS,
    Applicant,
    Authority,
    CatalogueItem,
    Channel,
    Choice,
    Condition,
    Confidence,
    Handover,
    ItemKind,
    Limit,
    Material,
    Medium,
    Origin,
    Place,
    Question,
    Refusal,
)
from circle15.standards.catalogue_data import item_data
from circle15.standards.reading import Node, problem
from circle15.standards.text import Text

KEY_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
LONGEST_KEY = 40
LONGEST_PAIR = 500
MAINS = (*NATIONAL_MAINS, 20, 30)
_MOST_DAYS = 365

Word = TypeVar("Word", bound=StrEnum)


class InvalidCatalogue(ValueError):
    """Data that are no service item; `problems` names everything wrong with them."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def parse_item(data: object) -> CatalogueItem:
    """Read an item in its full form; raises InvalidCatalogue naming all problems at once."""
    problems: list[str] = []
    node = Node(data, "", problems)
    item = _item(node)
    node.refuse_rest()
    if not problems:
        problems.extend(_faults(item))
    if problems:
        raise InvalidCatalogue(tuple(problems))
    return item


def digest_of(data: object) -> str:
    """SHA-256 of the content: the order of keys makes no difference."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _item(node: Node) -> CatalogueItem:
    return CatalogueItem(
        key=_key(node),
        code=node.optional_text("code") or "",
        main=_main(node),
        kind=_word(node, "kind", ItemKind),
        name=_pair(node, "name"),
        short_name=_pair(node, "short_name"),
        aliases=node.optional_names("aliases"),
        group=node.text("group"),
        applicants=_words(node, "applicants", Applicant),
        who=_pair(node, "who"),
        conditions=node.pairs("conditions"),
        questions=tuple(question_of(each) for each in _nodes(node, "questions")),
        refusals=tuple(_refusal(each) for each in _nodes(node, "refusals")),
        materials=tuple(_material(each) for each in _nodes(node, "materials")),
        limit=_limit(node.node("limit")) if node.has("limit") else Limit(is_instant=False),
        fee=_pair(node, "fee"),
        steps=node.pairs("steps"),
        result=_pair(node, "result"),
        delivery=_words(node, "delivery", Handover),
        channels=_words(node, "channels", Channel),
        validity=node.optional_pair("validity"),
        levels=_levels(node.node("levels")),
        sets=node.optional_names("sets"),
        is_high_frequency=node.flag("high_frequency"),
        is_four_eyes=node.flag("four_eyes"),
        is_conditional_intake_allowed=node.flag("conditional_intake"),
        basis=node.pairs("basis"),
        notes=node.pairs("notes"),
        source=node.names("source"),
        confidence=_word(node, "confidence", Confidence),
    )


def _key(node: Node) -> str:
    key = node.text("key")
    if key and (not set(key) <= KEY_CHARACTERS or len(key) > LONGEST_KEY):
        node.fault(
            Message("只能用小写字母、数字和连字符，最多 %(most)s 个", most=LONGEST_KEY), "key"
        )
    return key


def _main(node: Node) -> int:
    number = node.whole("main")
    if number not in MAINS:
        node.fault(Message("应为 %(allowed)s 之一", allowed=MAINS), "main")
    return number


def _pair(node: Node, key: str) -> Text:
    text = node.pair(key)
    if max(len(text.zh), len(text.en)) > LONGEST_PAIR:
        node.fault(Message("过长，最多 %(most)s 字", most=LONGEST_PAIR), key)
    return text


def _nodes(node: Node, key: str) -> tuple[Node, ...]:
    return node.nodes(key, label="key") if node.has(key) else ()


def _word(node: Node, key: str, words: type[Word], default: Word | None = None) -> Word:
    return words(node.choice(key, tuple(words), default))


def _words(node: Node, key: str, words: type[Word]) -> tuple[Word, ...]:
    """Read a list of words of a vocabulary; none where nothing is given."""
    given = node.optional_names(key)
    unknown = [each for each in given if each not in tuple(words)]
    if unknown:
        what = Message("不认识：%(unknown)s，可用：%(known)s", unknown=unknown, known=tuple(words))
        node.fault(what, key)
    return tuple(words(each) for each in given if each not in unknown)


def conditions_of(node: Node) -> tuple[Condition, ...]:
    """Read which answers something holds for; none where nothing is given."""
    if not node.has("when"):
        return ()
    asked = node.node("when")
    return tuple(Condition(question, asked.names(question)) for question in asked.given())


def question_of(node: Node) -> Question:
    """Read a question with its choices."""
    question = Question(
        key=_key(node),
        text=_pair(node, "text"),
        choices=tuple(_choice(each) for each in node.nodes("choices", label="key")),
        when=conditions_of(node),
        hint=node.optional_pair("hint"),
    )
    node.refuse_rest()
    return question


def _choice(node: Node) -> Choice:
    choice = Choice(_key(node), _pair(node, "text"))
    node.refuse_rest()
    return choice


def _refusal(node: Node) -> Refusal:
    refusal = Refusal(
        conditions_of(node), _pair(node, "reason"), node.optional_text("instead") or ""
    )
    if not refusal.when:
        node.fault(Message("缺少适用条件，否则任何人都不能办理"), "when")
    node.refuse_rest()
    return refusal


def _material(node: Node) -> Material:
    material = Material(
        key=_key(node),
        name=_pair(node, "name"),
        is_required=not node.flag("optional"),
        when=conditions_of(node),
        copies=1 if (copies := node.optional_whole("copies")) is None else copies,
        medium=_word(node, "medium", Medium, Medium.ORIGINAL),
        origin=_word(node, "origin", Origin, Origin.OWN),
        is_form=node.flag("form"),
        is_shareable=node.flag("shareable"),
        is_deferrable=node.flag("deferrable"),
        by_commitment=node.flag("commitment"),
        note=node.optional_pair("note"),
    )
    if not 1 <= material.copies <= 9:  # noqa: PLR2004 -- nobody is asked for ten
        node.fault(Message("应为 1 到 9"), "copies")
    node.refuse_rest()
    return material


def _limit(node: Node) -> Limit:
    limit = Limit(
        is_instant=node.flag("instant"),
        promised_days=node.optional_whole("promised"),
        statutory_days=node.optional_whole("statutory"),
        online_days=node.optional_whole("online"),
        is_calendar=node.flag("calendar"),
    )
    node.refuse_rest()
    for days in (limit.promised_days, limit.statutory_days, limit.online_days):
        if days is not None and days > _MOST_DAYS:
            node.fault(Message("最多 %(most)s 天", most=_MOST_DAYS))
    return limit


def _levels(node: Node) -> dict[Place, Authority]:
    levels = {place: _word(node, place, Authority, Authority.NONE) for place in Place}
    node.refuse_rest()
    return levels


def _faults(item: CatalogueItem) -> list[str]:
    """Name what contradicts itself in an item that can be read."""
    return [fault for check in _CHECKS for fault in check(item)]


def _limit_faults(item: CatalogueItem) -> Iterable[str]:
    limit = item.limit
    if item.is_case and limit.is_instant != (item.kind is ItemKind.INSTANT):
        yield problem("limit.instant", Message("应与 kind 一致"))
    if limit.is_instant and limit.promised_days != 0:
        yield problem("limit.promised", Message("当场办结的事项应为 0"))
    if item.kind is ItemKind.PROMISED and not limit.promised_days:
        yield problem("limit.promised", Message("承诺件应写明承诺时限（天数）"))
    if (limit.promised_days or 0) > (limit.statutory_days or _MOST_DAYS):
        yield problem("limit.promised", Message("不能长于法定时限"))


def _material_faults(item: CatalogueItem) -> Iterable[str]:
    yield from _twice("materials", [each.key for each in item.materials])
    if item.is_conditional_intake_allowed != any(each.is_deferrable for each in item.materials):
        yield problem("conditional_intake", Message("容缺受理应与可容缺的材料一致"))
    for each in item.materials:
        if "其他材料" in each.name.zh or "其它材料" in each.name.zh:
            yield problem(f"{each.key}.name", Message("应写明是什么材料，不能写“其他材料”"))


def _question_faults(item: CatalogueItem) -> Iterable[str]:
    yield from _twice("questions", [each.key for each in item.questions])
    known: dict[str, tuple[str, ...]] = {}
    for question in item.questions:
        choices = tuple(choice.key for choice in question.choices)
        if len(choices) < 2:  # noqa: PLR2004 -- one answer is no question
            yield problem(f"{question.key}.choices", Message("至少两个选项"))
        yield from _twice(f"{question.key}.choices", choices)
        yield from _unknown(question.key, question.when, known)
        known[question.key] = choices
    for place, when in (
        *((each.key, each.when) for each in item.materials),
        *((f"refusals[{n}]", each.when) for n, each in enumerate(item.refusals, start=1)),
    ):
        yield from _unknown(place, when, known)


def _unknown(
    place: str, when: tuple[Condition, ...], known: Mapping[str, tuple[str, ...]]
) -> Iterable[str]:
    for condition in when:
        if condition.question not in known:
            what = Message("没有在它之前的问题 %(question)s", question=condition.question)
            yield problem(f"{place}.when", what)
        elif rest := set(condition.choices) - set(known[condition.question]):
            what = Message(
                "问题 %(question)s 没有选项 %(choices)s",
                question=condition.question,
                choices=sorted(rest),
            )
            yield problem(f"{place}.when", what)


def _authority_faults(item: CatalogueItem) -> Iterable[str]:
    if Authority.HANDLE not in item.levels.values():
        yield problem("levels", Message("至少要有一处直接办理"))
    if item.is_case and not item.channels:
        yield problem("channels", Message("至少要有一种办理方式"))
    if not item.applicants:
        yield problem("applicants", Message("至少要有一种服务对象"))


def _text_faults(item: CatalogueItem) -> Iterable[str]:
    """Name texts a line of a guide or a cell of a table could not hold as they are."""
    for path, text in _texts(item_data(item), ""):
        if not text.isprintable():
            yield problem(path, Message("不能含换行、制表符等控制字符"))
        elif text != text.strip():
            yield problem(path, Message("首尾不能有空格"))


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, each in enumerate(value, start=1):
            name = str(each.get("key", number)) if isinstance(each, dict) else str(number)
            yield from _texts(each, f"{path}.{name}")


def _twice(place: str, keys: Iterable[str]) -> Iterable[str]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            yield problem(place, Message("%(key)s 重复", key=key))
        seen.add(key)


_CHECKS: tuple[Callable[[CatalogueItem], Iterable[str]], ...] = (
    _limit_faults,
    _material_faults,
    _question_faults,
    _authority_faults,
    _text_faults,
)


def catalogue_faults(items: Mapping[str, CatalogueItem]) -> tuple[str, ...]:
    """Name what keeps items, each sound by itself, from being a catalogue together."""
    every = tuple(items.values())
    flagged = sum(item.is_high_frequency for item in every)
    faults = list(_twice("code", (item.code for item in every if item.code)))
    faults += _twice("name", (item.name.zh for item in every))
    if flagged != HIGH_FREQUENCY:
        what = Message(
            "应恰好 %(wanted)s 项，现有 %(found)s 项", wanted=HIGH_FREQUENCY, found=flagged
        )
        faults.append(problem("high_frequency", what))
    faults += [
        problem(f"{item.key}.refusals", Message("没有事项 %(key)s", key=refusal.instead))
        for item in every
        for refusal in item.refusals
        if refusal.instead and refusal.instead not in items
    ]
    return tuple(faults)
