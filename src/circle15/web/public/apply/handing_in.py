"""Check everything once more, hand it in once, and see that it has come in."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.cases import queries
from circle15.cases.actions import intake, papers
from circle15.cases.looked_up import by_rule
from circle15.cases.states import CaseState, MaterialState
from circle15.standards.catalogue import Handover
from circle15.standards.organisation_cases import organisation_cases
from circle15.web.public.apply.entering import proof_of
from circle15.web.public.apply.forms import HANDOVER_WORDS, CheckForm
from circle15.web.public.apply.reading import Application, application, led_on, page
from circle15.web.public.apply.way import HANDOVER, IN_ORDER, POST_TO, PROVED, TaskKind
from circle15.web.shared.access import reads, writes
from circle15.web.shared.insured import InsuredRequest, for_insured
from circle15.web.shared.item_fields import shown_value
from circle15.web.shared.item_words import said


@dataclass(frozen=True, slots=True)
class Line:
    """A line of what is checked: what, the answer, and where it is changed."""

    name: str
    value: str
    address: str
    is_open: bool = False


@reads
@for_insured
def check(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Show all answers, forms and papers, each with a way to change it."""
    found = application(request, case_uid)
    return led_on(found) or _check(request, found, CheckForm())


@writes
@for_insured
def submit(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Hand it in; again, by double click or going back, leads to the same confirmation."""
    found = application(request, case_uid)
    if not found.is_draft:
        return redirect("apply_done", case_uid)
    form = CheckForm(request.POST)
    if not form.is_valid() or found.way.left or found.way.is_refused:
        return _check(request, found, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    by, at = request.insured.applicant, timezone.now()
    _look_up(request, found)
    try:
        intake.submit(case_uid=case_uid, by=by, at=at)
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _check(request, found, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("apply_done", case_uid)


@reads
@for_insured
def done(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Say that it has come in: the number, what follows, by when."""
    found = application(request, case_uid)
    if found.is_draft:
        return redirect("apply_case", case_uid)
    receipt = queries.receipt(case_uid, by=request.insured.applicant)
    link = request.build_absolute_uri(reverse("case_phone", args=[receipt.number, receipt.secret]))
    return page(request, "done", found, receipt=receipt, link=link)


def lines_of(found: Application) -> Iterator[Line]:
    """Yield what was answered and filled in, in the order of the way."""
    way = found.way
    for task in way.tasks:
        address = found.page_of(task.kind, task.key)
        match task.kind:
            case TaskKind.QUESTION:
                yield Line(said(task.name), _answer(found, task.key), address, not task.is_done)
            case TaskKind.FORM:
                for field in found.way.fields(task.key):
                    value = shown_value(field, found.form.get(field.key, ""))
                    is_open = field.is_required and not value
                    yield Line(said(field.name), value, address, is_open)
            case TaskKind.PAPER:
                is_open = not (task.is_done or task.is_optional)
                yield Line(said(task.name), _paper(found, task.key), address, is_open)
            case TaskKind.HANDOVER:
                yield Line(said(task.name), _handover(found), address, not task.is_done)


def _answer(found: Application, key: str) -> str:
    question = found.item.question(key)
    choice = question.choice(found.way.answers.get(key, "")) if question else None
    return said(choice.text) if choice else ""


def _paper(found: Application, key: str) -> str:
    files = len(found.files_of(key))
    match found.state_of(key):
        case MaterialState.SHARED:
            return _("由系统核验，不用交")
        case MaterialState.COMMITTED:
            return _("已书面承诺")
        case MaterialState.GIVEN:
            return _("已上传 %(n)s 页") % {"n": files}
        case _:
            return ""


def _handover(found: Application) -> str:
    chosen = found.form.get(HANDOVER, "")
    if chosen not in set(Handover):
        return ""
    words = str(HANDOVER_WORDS[Handover(chosen)])
    address = found.form.get(POST_TO, "")
    return f"{words}：{address}" if chosen == Handover.POST and address else words


def _look_up(request: InsuredRequest, found: Application) -> None:
    """Note the papers that data and having signed in stand for."""
    provider, at = request.insured.signed_in.provider, timezone.now()
    for material in found.way.tailored.materials:
        is_there = found.state_of(material.key) in IN_ORDER
        if material.key in PROVED and not is_there:
            papers.give_material(
                case_uid=found.uid,
                key=material.key,
                how="shared" if material.is_shareable else "given",
                note=proof_of(request, material.key),
                looked_up=by_rule(material, on=timezone.localdate(at), signed_in=provider),
                by=request.insured.applicant,
                at=at,
            )


def _check(
    request: InsuredRequest, found: Application, form: CheckForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    left = found.way.left if form.is_bound or status != HTTPStatus.OK else ()
    context = {
        "form": form,
        "lines": list(lines_of(found)),
        "left": [(task, found.page_of(task.kind, task.key)) for task in left],
        "looked_up": [each for each in found.way.tailored.materials if each.key in PROVED],
        "letter": organisation_cases().letter.key,
        "is_ready": not found.way.left,
        "is_new": found.line.state == CaseState.DRAFT,
    }
    return page(request, "check", found, status, **context)
