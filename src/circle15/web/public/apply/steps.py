"""The pages of a draft: where one stands, a question, a form, how the result comes."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound
from circle15.cases.actions import intake, papers
from circle15.cases.states import MaterialState
from circle15.items.guiding import clean
from circle15.standards.catalogue import Question
from circle15.standards.item_forms import FormField
from circle15.web.public.apply.entering import prove, who_comes
from circle15.web.public.apply.forms import (
    CardForm,
    HandoverForm,
    QuestionForm,
)
from circle15.web.public.apply.reading import Application, application, led_on, page
from circle15.web.public.apply.way import HANDOVER, SETTLED, TaskKind
from circle15.web.shared.access import reads, writes
from circle15.web.shared.insured import InsuredRequest, for_insured
from circle15.web.shared.item_fields import ItemForm, initial_of
from circle15.web.shared.item_words import said


@reads
@for_insured
def overview(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Show what is done and what is left; it can be left at any time and gone on with later."""
    found = application(request, case_uid)
    tasks = [(task, found.page_of(task.kind, task.key)) for task in found.way.tasks]
    left = found.way.left
    onward = found.page_of(left[0].kind, left[0].key) if left else ""
    context: dict[str, Any] = {
        "tasks": tasks,
        "onward": onward,
        "done": len(tasks) - len(left),
    }
    return led_on(found) or page(request, "overview", found, **context)


@reads
@for_insured
def question(request: InsuredRequest, case_uid: UUID, key: str) -> HttpResponse:
    """Ask one question."""
    found = application(request, case_uid)
    asked = _asked(found, key)
    form = QuestionForm(asked, initial={"answer": found.way.answers.get(key, "")})
    return led_on(found) or _question(request, found, asked, form)


@writes
@for_insured
def answer(request: InsuredRequest, case_uid: UUID, key: str) -> HttpResponse:
    """Keep the answer; papers no longer asked for drop out with it."""
    found = application(request, case_uid)
    if (away := led_on(found)) is not None:
        return away
    asked = _asked(found, key)
    form = QuestionForm(asked, request.POST)
    if not form.is_valid():
        return _question(request, found, asked, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    given = {**found.way.answers, **who_comes(request), key: form.cleaned_data["answer"]}
    answers = clean(found.item, given)
    by, at = request.insured.applicant, timezone.now()
    opened = intake.answer(case_uid=case_uid, answers=answers, by=by, at=at)
    prove(request, opened, found.item, answers)
    after = application(request, case_uid)
    if after.way.is_refused:
        return redirect("apply_case", case_uid)
    return redirect(after.next_page(TaskKind.QUESTION, key))


@reads
@for_insured
def form_page(request: InsuredRequest, case_uid: UUID, key: str) -> HttpResponse:
    """Ask the fields of a form."""
    found = application(request, case_uid)
    fields = _fields(found, key)
    form = ItemForm(fields, initial=initial_of(fields, found.form))
    return led_on(found) or _form(request, found, key, form)


@writes
@for_insured
def fill_in(request: InsuredRequest, case_uid: UUID, key: str) -> HttpResponse:
    """Keep what was filled in, sealed; the form counts as handed in."""
    found = application(request, case_uid)
    if (away := led_on(found)) is not None:
        return away
    form = ItemForm(_fields(found, key), request.POST)
    if not form.is_valid():
        return _form(request, found, key, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    by, at = request.insured.applicant, timezone.now()
    intake.fill(case_uid=case_uid, form={**found.form, **form.values}, by=by, at=at)
    give(request, found, key)
    return redirect(application(request, case_uid).next_page(TaskKind.FORM, key))


def give(request: InsuredRequest, found: Application, key: str) -> None:
    """Count a form that has been filled in as handed in."""
    by, at = request.insured.applicant, timezone.now()
    if found.way.paper(key) and found.state_of(key) != MaterialState.GIVEN:
        papers.give_material(case_uid=found.uid, key=key, how="given", note="web", by=by, at=at)


@reads
@for_insured
def handover(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Ask how the result is to come."""
    found = application(request, case_uid)
    form = HandoverForm(found.item, initial=dict(found.form))
    return led_on(found) or _handover(request, found, form)


@writes
@for_insured
def choose_handover(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Keep how the result is to come."""
    found = application(request, case_uid)
    if (away := led_on(found)) is not None:
        return away
    form = HandoverForm(found.item, request.POST)
    if not form.is_valid():
        return _handover(request, found, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    intake.fill(
        case_uid=case_uid,
        form={**found.form, **form.values},
        by=request.insured.applicant,
        at=timezone.now(),
    )
    after = application(request, case_uid)
    return redirect(after.next_page(TaskKind.HANDOVER, HANDOVER))


def _asked(found: Application, key: str) -> Question:
    for each in found.way.tailored.asked:
        if each.key == key and key not in SETTLED:
            return each
    raise NotFound


def _fields(found: Application, key: str) -> tuple[FormField, ...]:
    fields = found.way.fields(key)
    if not found.way.place_of(TaskKind.FORM, key) or not fields:
        raise NotFound
    return fields


def _question(
    request: InsuredRequest,
    found: Application,
    asked: Question,
    form: QuestionForm,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    place = found.way.place_of(TaskKind.QUESTION, asked.key)
    return page(request, "question", found, status, form=form, place=place)


def form_with(
    request: InsuredRequest, found: Application, key: str, card: CardForm
) -> HttpResponse:
    """Show a form again with what is wrong with the photo for it."""
    form = ItemForm(_fields(found, key), initial=initial_of(_fields(found, key), found.form))
    return _form(request, found, key, form, HTTPStatus.UNPROCESSABLE_ENTITY, card=card)


def _form(  # noqa: PLR0913 -- two forms on a page
    request: InsuredRequest,
    found: Application,
    key: str,
    form: ItemForm,
    status: int = HTTPStatus.OK,
    *,
    card: CardForm | None = None,
) -> HttpResponse:
    readable = [said(field.name) for field in _fields(found, key) if field.read is not None]
    context = {
        "form": form,
        "card": card or CardForm(),
        "card_page": reverse("apply_card", args=[found.uid, key]),
        "readable": _("、").join(readable),
        "title": found.way.name_of(TaskKind.FORM, key),
        "place": found.way.place_of(TaskKind.FORM, key),
    }
    return page(request, "form", found, status, **context)


def _handover(
    request: InsuredRequest,
    found: Application,
    form: HandoverForm,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    place = found.way.place_of(TaskKind.HANDOVER, HANDOVER)
    return page(request, "handover", found, status, form=form, place=place)
