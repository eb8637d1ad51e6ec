"""一件事: what happens in somebody's life, and the items that follow from it, by dated editions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from circle15.core.messages import Message
from circle15.standards import strict_yaml
from circle15.standards.catalogue import CatalogueItem, Condition, Question
from circle15.standards.catalogue_library import built_in
from circle15.standards.catalogue_parser import conditions_of, question_of
from circle15.standards.reading import Node, problem
from circle15.standards.text import Text


class InvalidLifeEvents(ValueError):
    """An edition that can't be used; `problems` names everything wrong with it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class EventItem:
    """An item that follows while all of `when` hold; `answers` are those the event gives it."""

    item: str
    when: tuple[Condition, ...]
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Something that happens to people, and all there is to be done about their insurance."""

    key: str
    name: Text
    about: Text
    icon: str
    aliases: tuple[str, ...]
    questions: tuple[Question, ...]
    items: tuple[EventItem, ...]


@dataclass(frozen=True, slots=True)
class LifeEvents:
    """An edition: the events by their key, in the order in which they are shown."""

    version: str
    since: date
    events: Mapping[str, LifeEvent]


# Clauses: J-86
def life_events_on(on: date) -> LifeEvents:
    """Return the edition in force on a day; on a day before the first one, that."""
    begun = [each for each in editions() if each.since <= on]
    return begun[-1] if begun else editions()[0]


@cache
def editions() -> tuple[LifeEvents, ...]:
    """Return the editions that come with the house, the oldest first."""
    folder = files("circle15.standards") / "data" / "life_events"
    texts = [each.read_text(encoding="utf-8") for each in folder.iterdir()]
    found = [parse_life_events(text, items=built_in().items) for text in texts]
    return tuple(sorted(found, key=lambda each: each.since))


def event_name(key: str, version: str) -> Text:
    """Name an event as an edition does; one it does not know is shown as it is stored."""
    for edition in editions():
        if edition.version == version and key in edition.events:
            return edition.events[key].name
    return Text(key, key)


def parse_life_events(text: str, *, items: Mapping[str, CatalogueItem]) -> LifeEvents:
    """Read an edition against the items there are.

    Raises InvalidLifeEvents naming all problems at once.
    """
    problems: list[str] = []
    try:
        root = Node(strict_yaml.load(text), "", problems)
    except strict_yaml.NotYaml as error:
        raise InvalidLifeEvents(error.problems) from error
    version, since = root.text("version"), root.optional_date("since")
    if since is None:
        root.fault(Message("缺少施行日期"), "since")
    events = [_event(node) for node in root.nodes("events", label="key")]
    root.refuse_rest()
    problems += [fault for event in events for fault in _faults(event, items)]
    keys = [event.key for event in events]
    problems += [problem(key, Message("重复")) for key in {*keys} if keys.count(key) > 1]
    if problems or since is None:
        raise InvalidLifeEvents(tuple(problems))
    return LifeEvents(version, since, MappingProxyType({event.key: event for event in events}))


def _event(node: Node) -> LifeEvent:
    event = LifeEvent(
        key=node.text("key"),
        name=node.pair("name"),
        about=node.pair("about"),
        icon=node.text("icon"),
        aliases=node.names("aliases"),
        questions=tuple(question_of(each) for each in node.optional_nodes("questions")),
        items=tuple(_entry(each) for each in node.nodes("items", label="item")),
    )
    node.refuse_rest()
    return event


def _entry(node: Node) -> EventItem:
    given = node.node("answers") if node.has("answers") else None
    answers = {key: given.text(key) for key in given.given()} if given else {}
    entry = EventItem(node.text("item"), conditions_of(node), MappingProxyType(answers))
    node.ignore("answers")
    node.refuse_rest()
    return entry


def _faults(event: LifeEvent, items: Mapping[str, CatalogueItem]) -> Iterator[str]:
    choices = {one.key: {each.key for each in one.choices} for one in event.questions}
    for question in event.questions:
        if question.when:
            yield problem(f"{event.key}.{question.key}", Message("人人都要问，不能有适用情形"))
    for entry in event.items:
        place = f"{event.key}.{entry.item}"
        for condition in entry.when:
            if unknown := {*condition.choices} - choices.get(condition.question, set()):
                yield problem(place, _no_choice(condition.question, unknown))
        item = items.get(entry.item)
        if item is None:
            yield problem(place, Message("目录里没有这个事项"))
        elif not (item.is_case and item.is_for_people):
            yield problem(place, Message("不是个人可以申请的办件"))
        else:
            yield from _answer_faults(place, entry, item)


def _answer_faults(place: str, entry: EventItem, item: CatalogueItem) -> Iterator[str]:
    for key, answer in entry.answers.items():
        question = item.question(key)
        if question is None or question.choice(answer) is None:
            yield problem(place, _no_choice(key, {answer}))


def _no_choice(question: str, choices: set[str]) -> Message:
    return Message(
        "问题 %(question)s 没有选项 %(choices)s", question=question, choices=sorted(choices)
    )
