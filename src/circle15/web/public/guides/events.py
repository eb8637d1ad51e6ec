"""What to do when something happens: a few questions, all items that follow, each paper once."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from circle15.accounts.refusals import NotFound
from circle15.hall.appointments.halls import booking_halls
from circle15.items.guiding import clean
from circle15.items.joint import Following, JointPaper, following, longest, papers_once, together
from circle15.items.queries import catalogue_on
from circle15.plans.documents.wording import MODES
from circle15.standards.catalogue import CatalogueItem, Material
from circle15.standards.life_events import LifeEvent, life_events_on
from circle15.web.public.guides.checking import PREFIX, SIZES, Answer
from circle15.web.public.guides.shown import apply_address, kept, near_of
from circle15.web.shared.access import Request, open_to_all, reads
from circle15.web.shared.item_words import listed, said, when_words

_NOT_KEPT = ("near", "place", "open", "mode", "asked")


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A paper of the union, which items need it, and for whom where not for everybody."""

    paper: JointPaper
    material: Material

    @property
    def items(self) -> str:
        return listed(said(item.short_name) for item, _material in self.paper.needed)

    @property
    def when(self) -> str:
        """Say for whom it is; "" where one of the items wants it of everybody."""
        if not all(material.when for _item, material in self.paper.needed):
            return ""
        words = (when_words(item, material.when) for item, material in self.paper.needed)
        return listed(dict.fromkeys(words))


@dataclass(frozen=True, slots=True)
class ItemShown:
    """An item that follows, and where it is applied for from home."""

    item: CatalogueItem
    apply: str


@reads
@open_to_all
def event(request: Request, event: str) -> HttpResponse:
    """Ask the few questions of an event; show what follows once all are answered."""
    found = _event(event)
    answers = _answers(request.GET, found)
    left = [each.key for each in found.questions if each.key not in answers]
    if left:
        return _ask(request, found, answers, left)
    return render(request, "public/guides/event.html", _result(request, found, answers))


@reads
@open_to_all
def event_paper(request: Request, event: str, size: str) -> HttpResponse:
    """Show what follows from an event as it is printed."""
    found = _event(event)
    answers = _answers(request.GET, found)
    if size not in SIZES:
        raise Http404
    if len(answers) < len(found.questions):
        return HttpResponseRedirect(_address(found, answers))
    context = _result(request, found, answers) | {"size": size}
    return render(request, "public/guides/event_paper.html", context)


def _event(key: str) -> LifeEvent:
    found = life_events_on(timezone.localdate()).events.get(key)
    if found is None:
        raise NotFound
    return found


def _answers(asked: QueryDict, found: LifeEvent) -> dict[str, str]:
    given = {name.removeprefix(PREFIX): str(asked[name]) for name in asked}
    return clean(found, given)


def _ask(
    request: Request, found: LifeEvent, answers: dict[str, str], left: list[str]
) -> HttpResponse:
    """Show all questions with what was answered; those left open are named as problems."""
    is_asked = "asked" in request.GET
    context = {
        "event": found,
        "questions": [(each, PREFIX + each.key, answers.get(each.key)) for each in found.questions],
        "missing": [each for each in found.questions if each.key in left] if is_asked else [],
        "kept": kept(request.GET, without=("asked", *(PREFIX + q.key for q in found.questions))),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_asked else HTTPStatus.OK
    return render(request, "public/guides/event_ask.html", context, status=status)


def _result(request: Request, found: LifeEvent, answers: dict[str, str]) -> dict[str, object]:
    """Return what follows; of answers from which nothing does, only the answers."""
    at = timezone.now()
    catalogue = catalogue_on(timezone.localdate(at))
    items = following(found, catalogue, answers)
    context = {
        "event": found,
        "answers": _given(found, answers),
        "items": [ItemShown(each.item, apply_address(each.item)) for each in items],
        "catalogue": catalogue,
        "at": timezone.localtime(at),
        "query": urlencode(kept(request.GET, without=("asked",))),
    }
    return context | (_places(request, items, at=at) if items else {})


def _places(request: Request, items: tuple[Following, ...], *, at: datetime) -> dict[str, object]:
    """Return the papers, how long it takes, and where all of it can be done at once."""
    near = near_of(request.GET, together(items), at=at)
    union = papers_once((each.item, each.possible) for each in items)
    return {
        "papers": [PaperShown(paper, paper.material) for paper in union],
        "longest": longest(items),
        "near": near,
        "modes": MODES,
        "halls": {hall.code for hall in booking_halls()},
        "kept": kept(request.GET, without=_NOT_KEPT),
        "synthetic": any(each.site.is_synthetic for each in near.sites),
    }


def _given(found: LifeEvent, answers: dict[str, str]) -> list[Answer]:
    return [
        Answer(question, choice, _address(found, answers, without=question.key))
        for question in found.questions
        if (choice := question.choice(answers[question.key]))
    ]


def _address(found: LifeEvent, answers: dict[str, str], *, without: str = "") -> str:
    """Return the address of the questions with all answers, or all but one."""
    given = {PREFIX + key: value for key, value in answers.items() if key != without}
    start = reverse("guide_event", args=[found.key])
    return f"{start}?{urlencode(given)}" if given else start
