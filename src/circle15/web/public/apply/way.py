"""The way through an application: what to answer, fill in and photograph, and what is left.

Pure: an item, the answers and papers so far, and the form give the list of tasks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from circle15.items.guiding import Tailored, tailor
from circle15.standards.catalogue import CatalogueItem, Handover, Material
from circle15.standards.core_platform import DETAILS, fields_for, filing_of
from circle15.standards.item_forms import Door, FieldKind, FormField, asked_at
from circle15.standards.organisation_cases import organisation_cases
from circle15.standards.text import Text

# The question who comes, for a person or an organisation, is settled by who has signed in.
WHO_COMES, SELF, PROXY = "who-comes", "self", "proxy"
WHO_HANDLES = organisation_cases().question.key
SETTLED = frozenset({WHO_COMES, WHO_HANDLES})
# Settled by having signed in, too, and by the mandate of an organisation.
PROVED = frozenset({"id-document", "agent-id", organisation_cases().letter.key})
HANDOVER, POST_TO = "handover", "post_to"
IN_ORDER = frozenset({"given", "shared", "committed", "deferred"})


class TaskKind(StrEnum):
    QUESTION = "question"
    FORM = "form"
    PAPER = "paper"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Task:
    """One page of the way; `key` is the question, the form or the paper."""

    kind: TaskKind
    key: str
    name: Text
    is_done: bool
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """What an application asks of this person, in order."""

    item: CatalogueItem
    tailored: Tailored
    answers: Mapping[str, str]
    tasks: tuple[Task, ...]

    @property
    def left(self) -> tuple[Task, ...]:
        """Return what must be done before it can be handed in."""
        return tuple(task for task in self.tasks if not (task.is_done or task.is_optional))

    @property
    def is_refused(self) -> bool:
        return self.tailored.verdict == "no"

    def next_after(self, kind: TaskKind, key: str) -> Task | None:
        """Return the next task not done, from a task on; None where all that follow are."""
        place = next(
            (n for n, task in enumerate(self.tasks) if (task.kind, task.key) == (kind, key)), -1
        )
        rest = (*self.tasks[place + 1 :], *self.tasks[: max(place, 0)])
        return next((task for task in rest if not (task.is_done or task.is_optional)), None)

    def place_of(self, kind: TaskKind, key: str) -> int:
        """Return the number of a task on the way, from 1; 0 for one that is not on it."""
        keys = [(task.kind, task.key) for task in self.tasks]
        return keys.index((kind, key)) + 1 if (kind, key) in keys else 0

    def name_of(self, kind: TaskKind, key: str) -> Text:
        """Return the name of a task of the way. Raises StopIteration for none."""
        return next(task.name for task in self.tasks if (task.kind, task.key) == (kind, key))

    def fields(self, key: str) -> tuple[FormField, ...]:
        """Return the fields asked at home for a form of the item."""
        return _at_home(self.item, key)

    def paper(self, key: str) -> Material | None:
        return next((each for each in self.tailored.materials if each.key == key), None)


def way_of(
    item: CatalogueItem,
    answers: Mapping[str, str],
    papers: Mapping[str, str],
    form: Mapping[str, str],
) -> Way:
    """Lay out the way; `papers` are states by key, `form` what was filled in."""
    tailored = tailor(item, answers)
    tasks = tuple(_tasks(item, tailored, answers, papers, form))
    return Way(item, tailored, dict(answers), tasks)


def _tasks(
    item: CatalogueItem,
    tailored: Tailored,
    answers: Mapping[str, str],
    papers: Mapping[str, str],
    form: Mapping[str, str],
) -> Iterator[Task]:
    for question in tailored.asked:
        if question.key not in SETTLED:
            yield Task(TaskKind.QUESTION, question.key, question.text, question.key in answers)
    if tailored.verdict != "yes":
        return
    filled = [each for each in tailored.materials if fields_for(item.key, each.key)]
    for paper in filled:
        is_done = is_filled(_at_home(item, paper.key), form)
        yield Task(TaskKind.FORM, paper.key, paper.name, is_done, not paper.is_required)
    if needs_details(item, tailored):
        yield Task(TaskKind.FORM, DETAILS, DETAILS_NAME, is_filled(_at_home(item, DETAILS), form))
    for paper in tailored.materials:
        if paper.key in PROVED or paper in filled:
            continue
        is_done = papers.get(paper.key) in IN_ORDER
        yield Task(TaskKind.PAPER, paper.key, paper.name, is_done, not paper.is_required)
    if len(handovers(item)) > 1:
        yield Task(TaskKind.HANDOVER, HANDOVER, HANDOVER_NAME, HANDOVER in form)


DETAILS_NAME = Text("备案内容", "What is filed")


def needs_details(item: CatalogueItem, tailored: Tailored) -> bool:
    """Tell whether a filing asks for what no paper of this person stands for."""
    filing = filing_of(item.key)
    return filing is not None and all(each.key != filing.form for each in tailored.materials)


def _at_home(item: CatalogueItem, form: str) -> tuple[FormField, ...]:
    return asked_at(fields_for(item.key, form), Door.HOME)


HANDOVER_NAME = Text("结果怎么给您", "How you get the result")


def handovers(item: CatalogueItem) -> tuple[Handover, ...]:
    return item.delivery


def is_filled(fields: tuple[FormField, ...], form: Mapping[str, str]) -> bool:
    """Tell whether every field that must be filled in is."""
    return all(
        form.get(field.key) == "yes" if field.kind is FieldKind.AGREE else form.get(field.key)
        for field in fields
        if field.is_required
    )
