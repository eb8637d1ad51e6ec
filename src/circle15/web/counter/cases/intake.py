"""A matter being taken in: its questions, its papers, and what comes of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.cases.actions import intake, notices
from circle15.cases.actions.papers import give_material, take_back_material
from circle15.cases.documents.of_case import COLLECTED, limit_words
from circle15.cases.lines import CaseView
from circle15.cases.refusals import NotConditional, PapersMissing
from circle15.cases.states import BEFORE_INTAKE, Step
from circle15.items.guiding import Tailored, tailor
from circle15.items.naming import item_names
from circle15.ledger.files import UnsafeFile
from circle15.web.bureau.cases.case import after, shown_of, view_of
from circle15.web.bureau.cases.keys import BY_STEP
from circle15.web.bureau.cases.shown import joined_of
from circle15.web.bureau.cases.words import said
from circle15.web.counter.cases.details import details_form, filled
from circle15.web.counter.cases.forms import (
    DEFERRED,
    MISSING,
    WHO_COMES,
    PapersForm,
    QuestionsForm,
)
from circle15.web.counter.cases.place import place_of
from circle15.web.counter.desk import no_store
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_fields import ItemForm

UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@dataclass(frozen=True, slots=True)
class Then:
    """What may follow once the papers are noted."""

    then: Step
    key: str
    label: str | Promise
    icon: str
    css: str


@reads
@requires(Permission.TAKE_IN)
def show(request: StaffRequest, case_uid: UUID) -> HttpResponse:
    """Show the questions and papers; what is taken in already has its own page."""
    view = view_of(request, case_uid)
    if view.line.state not in BEFORE_INTAKE:
        return HttpResponseRedirect(reverse("case", args=[case_uid]))
    return _page(request, view)


def _page(  # noqa: PLR0913 -- what may have gone wrong
    request: StaffRequest,
    view: CaseView,
    *,
    questions: QuestionsForm | None = None,
    papers: PapersForm | None = None,
    details: ItemForm | None = None,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    at = timezone.now()
    tailored = tailor(view.item, view.answers)
    place = place_of(request, request.actor, at=at)
    papers = papers or PapersForm(view)
    is_refused = tailored.verdict == "no"
    context = {
        "case": shown_of(request, view),
        "joined": joined_of(view.line.uid, request.actor, on=timezone.localdate(at)),
        "questions": questions or QuestionsForm(item=view.item, answers=view.answers),
        "open_questions": len(tailored.open_questions),
        "answered": _answered(view),
        "papers": papers,
        "details": details or details_form(view, request.actor),
        "thens": [] if tailored.open_questions else thens_of(view, papers, request),
        "may_change": view.line.state in BEFORE_INTAKE,
        "limit_words": limit_words(tailored.limit),
        "item_result": said(view.item.result),
        "verdict_no": [said(each) for each in tailored.reasons] if is_refused else [],
        "instead": _instead(tailored),
        "refusal": refusal,
        "is_at_desk": place.is_at_desk,
        "synthetic": view.line.is_synthetic,
    }
    return no_store(render(request, "counter/cases/case.html", context, status=status))


def _answered(view: CaseView) -> str:
    """Sum up what was answered, in the order of the questions."""
    chosen = [each.choice(view.answers.get(each.key, "")) for each in view.item.questions]
    return _("；").join(said(choice.text) for choice in chosen if choice)


def _instead(tailored: Tailored) -> str:
    names = item_names(timezone.localdate())
    return _("、").join(said(names.name(key)) for key in tailored.instead)


def thens_of(view: CaseView, papers: PapersForm, request: StaffRequest) -> list[Then]:
    """Return what may follow, the usual one strong: take in, or tell what is missing."""
    takes = Step.SUBMIT if view.is_assisted else Step.ACCEPT
    usual = Step.NOTIFY if papers.missing else takes
    return [
        Then(
            step,
            BY_STEP[step].key,
            _lazy("收下，等上报") if step == Step.SUBMIT else BY_STEP[step].label,
            BY_STEP[step].icon,
            "btn-primary" if step == usual else BY_STEP[step].tone,
        )
        for step in _after_papers(view, request)
    ]


def _after_papers(view: CaseView, request: StaffRequest) -> Iterator[Step]:
    """Yield what may be pressed, whatever is ticked: what does not fit is refused with words."""
    yield Step.SUBMIT if view.is_assisted else Step.ACCEPT
    if not view.notices:
        yield Step.NOTIFY
    else:
        yield Step.RETURN
        if request.actor.can(Permission.SUPERVISE_CASES):
            yield Step.NOTIFY_AGAIN
    if not view.is_assisted:
        if view.item.is_conditional_intake_allowed:
            yield Step.ACCEPT_CONDITIONALLY
        yield Step.NOT_ACCEPT
    yield Step.WITHDRAW


@writes
@requires(Permission.TAKE_IN)
def answer(request: StaffRequest, case_uid: UUID) -> HttpResponse:
    """Note the answers; the papers follow from them."""
    view = view_of(request, case_uid)
    form = QuestionsForm(request.POST, item=view.item, answers=view.answers)
    if not form.is_valid():
        return _page(request, view, questions=form, status=UNUSABLE)
    try:
        comes = {WHO_COMES: "proxy" if view.agent_uid else "self"}
        intake.answer(
            case_uid=case_uid, answers=comes | form.answers, by=request.actor, at=timezone.now()
        )
    except NotFound:
        raise
    except Refused as refusal:
        return _refused(request, case_uid, refusal)
    return HttpResponseRedirect(reverse("intake_case", args=[case_uid]))


def _refused(request: StaffRequest, case_uid: UUID, refusal: Refused) -> HttpResponse:
    view = view_of(request, case_uid)
    return _page(request, view, refusal=str(refusal), status=HTTPStatus.CONFLICT)


@writes
@requires(Permission.TAKE_IN)
def save(request: StaffRequest, case_uid: UUID) -> HttpResponse:
    """Note what is filed and how each paper came, and do what was pressed."""
    view = view_of(request, case_uid)
    form = PapersForm(view, request.POST, request.FILES)
    details = details_form(view, request.actor, request.POST)
    # Both are looked at, so that all problems are named at once.
    if not all([form.is_valid(), details is None or details.is_valid()]):
        return _page(request, view, papers=form, details=details, status=UNUSABLE)
    try:
        _fill(request, view, details)
        _note(request, form, case_uid)
        if form.errors:
            fresh = PapersForm(view_of(request, case_uid), request.POST, request.FILES)
            fresh.full_clean()
            for name, errors in form.errors.items():
                fresh.add_error(name, errors)
            return _page(request, fresh.view, papers=fresh, status=UNUSABLE)
        # Refused together: a case that can't be taken in stays what it was.
        with transaction.atomic():
            return HttpResponseRedirect(_then(request, form, case_uid))
    except NotFound:
        raise
    except Refused as refusal:
        return _refused(request, case_uid, refusal)


def _fill(request: StaffRequest, view: CaseView, details: ItemForm | None) -> None:
    whole = filled(view, request.actor, details) if details else None
    if whole is not None:
        intake.fill(case_uid=view.line.uid, form=whole, by=request.actor, at=timezone.now())


def _note(request: StaffRequest, form: PapersForm, case_uid: UUID) -> None:
    here: dict[str, Any] = {"case_uid": case_uid, "by": request.actor, "at": timezone.now()}
    for change in form.changes():
        key = change.key
        if change.how == MISSING:
            take_back_material(key=key, **here)
            continue
        try:
            for picture in change.pictures:
                give_material(key=key, content=picture.read(), **here)
        except UnsafeFile as refusal:
            form.add_error(f"photo-{key}", str(refusal))
            continue
        if not change.pictures:
            give_material(key=key, how=change.how, looked_up=change.looked_up, **here)


def _then(request: StaffRequest, form: PapersForm, case_uid: UUID) -> str:
    """Do what was pressed, and say where it leads."""
    wanted = request.POST.get("then", "")
    if wanted not in set(_after_papers(view_of(request, case_uid), request)):
        return reverse("intake_case", args=[case_uid])
    step = Step(wanted)
    here: dict[str, Any] = {"case_uid": case_uid, "by": request.actor, "at": timezone.now()}
    view = view_of(request, case_uid)
    if step == Step.WITHDRAW:
        return reverse("case_ask", args=[case_uid, step])
    if step == Step.SUBMIT and view.missing:
        raise PapersMissing([said(line.name) for line in view.missing])
    if Step.SUBMIT in view.may:
        intake.submit(**here)
    if step == Step.SUBMIT:
        return reverse("case_paper", args=[case_uid, COLLECTED])
    at_once: dict[Step, Any] = {
        Step.ACCEPT: intake.accept,
        Step.NOTIFY: notices.issue_notice,
        Step.RETURN: notices.send_back,
    }
    if step in at_once:
        at_once[step](**here)
        return after(step, case_uid)
    if step == Step.ACCEPT_CONDITIONALLY:
        _demand_deferrable(view_of(request, case_uid))
    query = urlencode({"deferred": form.chosen(DEFERRED)}, doseq=True)
    return f"{reverse('case_ask', args=[case_uid, step])}?{query}"


def _demand_deferrable(view: CaseView) -> None:
    """Raise with words where papers are missing that can't follow later, or none is missing."""
    now = [said(line.name) for line in view.missing if not line.is_deferrable]
    if now:
        raise PapersMissing(now)
    if not view.missing:
        raise NotConditional.nothing()
