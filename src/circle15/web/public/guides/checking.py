"""For this person: one question at a time, then yes or no, the exact papers, and where to go."""

from dataclasses import dataclass
from http import HTTPStatus

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from circle15.items.guiding import Tailored, clean, tailor
from circle15.items.queries import item_on
from circle15.standards.catalogue import CatalogueItem, Choice, Question
from circle15.web.public.guides.shown import guide_item, item_page, kept
from circle15.web.shared.access import Request, open_to_all, reads

# Answers stand in the address as q-emergency=yes, apart from everything else there.
PREFIX = "q-"
SIZES = ("a4", "80mm")


@dataclass(frozen=True, slots=True)
class Answer:
    """A question answered, and the address under which it is asked again."""

    question: Question
    choice: Choice
    again: str


@reads
@open_to_all
def check(request: Request, item: str) -> HttpResponse:
    """Ask the next question; show the answer once nothing is open."""
    found = guide_item(item, on=timezone.localdate())
    answers = _answers(request.GET, found)
    tailored = tailor(found, answers)
    if tailored.open_questions and tailored.verdict != "no":
        return _ask(request, found, tailored, answers)
    return render(request, "public/guides/result.html", _result(request, found, tailored, answers))


@reads
@open_to_all
def paper(request: Request, item: str, size: str) -> HttpResponse:
    """Show the guide as it is printed: for the answers given, or the whole of it."""
    if size not in SIZES:
        raise Http404
    found = guide_item(item, on=timezone.localdate())
    answers = _answers(request.GET, found)
    context = _result(request, found, tailor(found, answers), answers)
    context |= {"size": size, "is_tailored": bool(answers), "site": request.get_host()}
    return render(request, "public/guides/paper.html", context)


def _answers(asked: QueryDict, item: CatalogueItem) -> dict[str, str]:
    given = {
        name.removeprefix(PREFIX): str(asked[name]) for name in asked if name.startswith(PREFIX)
    }
    return clean(item, given)


def _ask(
    request: Request, item: CatalogueItem, tailored: Tailored, answers: dict[str, str]
) -> HttpResponse:
    question = tailored.open_questions[0]
    # The form names what it asks: sent without an answer, it is shown again with an error.
    is_missing = request.GET.get("asked", "") == question.key
    name = PREFIX + question.key
    context = {
        "item": item,
        "question": question,
        "name": name,
        "number": len(answers) + 1,
        "kept": kept(_only(request.GET, answers), without=("asked", name)),
        "back": _back(item, tailored, answers),
        "is_missing": is_missing,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_missing else HTTPStatus.OK
    return render(request, "public/guides/ask.html", context, status=status)


def _only(asked: QueryDict, answers: dict[str, str]) -> QueryDict:
    """Drop answers to questions that are not asked any more."""
    left = asked.copy()
    for name in list(left):
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in answers:
            del left[name]
    return left


def _result(
    request: Request, item: CatalogueItem, tailored: Tailored, answers: dict[str, str]
) -> dict[str, object]:
    context = item_page(request, item)
    return context | {
        "tailored": tailored,
        "answers": _given(item, tailored, answers),
        "instead": [item_on(key, timezone.localdate()) for key in tailored.instead],
        "bring": [each for each in tailored.materials if not each.is_shareable],
        "looked_up": [each for each in tailored.materials if each.is_shareable],
    }


def _given(item: CatalogueItem, tailored: Tailored, answers: dict[str, str]) -> list[Answer]:
    return [
        Answer(question, choice, address(item, answers, without=question.key))
        for question in tailored.asked
        if (choice := question.choice(answers.get(question.key, "")))
    ]


def _back(item: CatalogueItem, tailored: Tailored, answers: dict[str, str]) -> str:
    """Lead to the question before, or to the guide."""
    before = [question.key for question in tailored.asked if question.key in answers]
    if not before:
        return reverse("guide", args=[item.key])
    return address(item, answers, without=before[-1])


def address(item: CatalogueItem, answers: dict[str, str], *, without: str = "") -> str:
    """Return the address of the questions with some answers given."""
    given = {PREFIX + key: value for key, value in answers.items() if key != without}
    start = reverse("guide_check", args=[item.key])
    return f"{start}?{urlencode(given)}" if given else start
