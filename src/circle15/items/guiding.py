"""An item for one person: may they, with which papers, how long; pure, no database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from circle15.standards.catalogue import (
    CatalogueItem,
    Limit,
    Material,
    Question,
    all_hold,
)
from circle15.standards.text import Text

Verdict = Literal["yes", "no", "unknown"]


class Asking(Protocol):
    """What asks questions: an item, or an event in somebody's life."""

    @property
    def questions(self) -> tuple[Question, ...]: ...


@dataclass(frozen=True, slots=True)
class Tailored:
    """What an item asks of one person.

    `materials` are those their answers call for, required ones first. `asked` are the questions
    that concern them, `open_questions` those without an answer: until there are none the verdict
    is unknown, unless one answer already says no.
    """

    verdict: Verdict
    reasons: tuple[Text, ...]
    instead: tuple[str, ...]
    materials: tuple[Material, ...]
    limit: Limit
    asked: tuple[Question, ...]
    open_questions: tuple[Question, ...]


# Clauses: D-63, N-01, W-43, Q-37
def tailor(item: CatalogueItem, answers: Mapping[str, str]) -> Tailored:
    """Cut an item to a person's answers (question -> choice); what was not asked is ignored."""
    known = clean(item, answers)
    asked = tuple(question for question in item.questions if all_hold(question.when, known))
    left = tuple(question for question in asked if question.key not in known)
    refused = [each for each in item.refusals if all_hold(each.when, known)]
    papers = [each for each in item.materials if all_hold(each.when, known)]
    return Tailored(
        verdict="no" if refused else "unknown" if left else "yes",
        reasons=tuple(each.reason for each in refused),
        instead=tuple(dict.fromkeys(each.instead for each in refused if each.instead)),
        materials=tuple(sorted(papers, key=lambda each: not each.is_required)),
        limit=item.limit,
        asked=asked,
        open_questions=left,
    )


def clean(asking: Asking, answers: Mapping[str, str]) -> dict[str, str]:
    """Keep the answers to questions that are asked, if they are choices of theirs.

    A changed answer takes those with it whose questions hang on it.
    """
    return dict(_valid(asking, answers))


def _valid(asking: Asking, answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    known: dict[str, str] = {}
    for question in asking.questions:  # a question hangs on earlier ones only
        answer = answers.get(question.key, "")
        if all_hold(question.when, known) and question.choice(answer):
            known[question.key] = answer
            yield question.key, answer
