"""One case of one's own: where it stands, what is missing, and what the person may do."""

from collections.abc import Callable
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.refusals import NotFound, Refused
from circle15.cases import queries
from circle15.cases.actions import delivery, handling, intake
from circle15.cases.documents import files
from circle15.cases.documents.of_case import RESULT, papers_of, title_of
from circle15.cases.joint import joint_of
from circle15.cases.lines import CaseView, MaterialLine
from circle15.cases.states import CaseState, MaterialState, Step
from circle15.standards.case_rules import case_rules
from circle15.web.public.apply.papers import pdf, phone_page
from circle15.web.public.apply.way import IN_ORDER
from circle15.web.public.mine.words import events_of, next_of, tone_of
from circle15.web.shared.access import reads, writes
from circle15.web.shared.insured import InsuredRequest, for_insured
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once


class WordsForm(forms.Form):
    """A few words: why, or an answer."""

    words = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": gettext_lazy("请填写说明。"),
            "max_length": gettext_lazy("说明不超过 400 个字。"),
        },
    )


@reads
@for_insured
def case(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Show where the case stands, with its timeline."""
    view = _view(request, case_uid)
    if view.line.state == CaseState.DRAFT:
        return redirect("apply_case", case_uid)
    spans = queries.timeline(case_uid, by=request.insured.applicant)
    context: dict[str, Any] = {
        "events": events_of(spans),
        "next": next_of(view),
        "tone": tone_of(view.line.state, view.line.outcome),
        "missing": missing_of(view),
        "until": until_of(view),
        # Without the account: a masked name is enough to ask for.
        "owner": view.line.owner_name.partition("（")[0],
        "papers": [(which, title_of(which)) for which in papers_of(view)],
        "question": _question(request, view),
        "link": phone_page(request, case_uid) if view.line.number else "",
        "joined": joint_of(case_uid),
    }
    return _page(request, "case", view, **context)


@reads
@for_insured
def supplement(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Show what the notice asks for, each paper with its page."""
    return _supplement(request, _view(request, case_uid))


@writes
@for_insured
def hand_in_again(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Hand the completed papers in; again changes nothing."""
    view = _view(request, case_uid)
    if view.line.state != CaseState.INCOMPLETE:
        return redirect("my_case", case_uid)
    if lacking := missing_of(view):
        names = _("、").join(said(each.name) for each in lacking)
        return _supplement(request, view, _("还没有补：%(names)s。") % {"names": names})
    try:
        intake.submit(case_uid=case_uid, by=request.insured.applicant, at=timezone.now())
    except NotFound:
        raise
    except Refused as refusal:
        return _supplement(request, view, str(refusal))
    messages.success(request, _("已提交。材料齐全后就会受理。"))
    return redirect("my_case", case_uid)


@reads
@for_insured
def ask_withdraw(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    return _words_page(request, case_uid, "withdraw", WordsForm())


@writes
@for_insured
@once
def withdraw(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Take the application back."""
    words = request.POST.get("reason", "") or _("不办了")
    return _do(
        request,
        case_uid,
        "withdraw",
        lambda by, at: delivery.withdraw(case_uid=case_uid, reason=words, by=by, at=at),
        _("已撤回。以后可以重新申请。"),
    )


@reads
@for_insured
def ask_appeal(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    return _words_page(request, case_uid, "appeal", WordsForm())


@writes
@for_insured
def appeal(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Object to a refusal: it is decided once more."""
    form = WordsForm(request.POST)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _words_page(request, case_uid, "appeal", form, status)
    words = form.cleaned_data["words"]
    return _do(
        request,
        case_uid,
        "appeal",
        lambda by, at: delivery.appeal(case_uid=case_uid, reason=words, by=by, at=at),
        _("申诉已提出，会重新办理。"),
        form,
    )


@reads
@for_insured
def ask_answer(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    return _words_page(request, case_uid, "answer", WordsForm())


@writes
@for_insured
def answer(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Answer what the office asked."""
    form = WordsForm(request.POST)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _words_page(request, case_uid, "answer", form, status)
    text = form.cleaned_data["words"]
    return _do(
        request,
        case_uid,
        "answer",
        lambda by, at: handling.answer_question(case_uid=case_uid, text=text, by=by, at=at),
        _("已答复，接着办理。"),
        form,
    )


@writes
@for_insured
@once
def sign(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Confirm that the result has come."""
    return _do(
        request,
        case_uid,
        "",
        lambda by, at: delivery.sign_receipt(case_uid=case_uid, by=by, at=at),
        _("已确认收到结果。"),
    )


@reads
@for_insured
def paper(request: InsuredRequest, case_uid: UUID, which: str) -> HttpResponse:
    """Give a paper of the case as a PDF: notice, receipt, result."""
    view = _view(request, case_uid)
    made = files.made(
        view,
        which,
        link=phone_page(request, case_uid),
        by=request.insured.applicant,
        on=timezone.localdate(),
    )
    return pdf(files.pdf_of(made), f"{view.line.number}-{which}.pdf")


def missing_of(view: CaseView) -> tuple[MaterialLine, ...]:
    """Return the papers that are the person's to hand in now."""
    if view.line.state == CaseState.INCOMPLETE:
        return tuple(
            each for each in view.materials if each.is_required and each.state not in IN_ORDER
        )
    if view.promise is not None:
        return tuple(each for each in view.materials if each.state == MaterialState.DEFERRED)
    return ()


def until_of(view: CaseView) -> date | None:
    """Return by which day the person must have done what is asked; None where nothing is."""
    match view.line.state:
        case CaseState.INCOMPLETE:
            days = case_rules().correction_calendar_days
        case CaseState.ASKED:
            days = case_rules().answer_calendar_days
        case _:
            return view.promise.due_on if view.promise else None
    return timezone.localdate(view.line.since) + timedelta(days=days)


def _view(request: InsuredRequest, case_uid: UUID) -> CaseView:
    return queries.case(case_uid, by=request.insured.applicant, on=timezone.localdate())


def _question(request: InsuredRequest, view: CaseView) -> str:
    if view.line.state != CaseState.ASKED:
        return ""
    spans = queries.timeline(view.line.uid, by=request.insured.applicant)
    return next((span.note for span in reversed(spans) if span.step == Step.ASK), "")


def _do(  # noqa: PLR0913, PLR0917 -- a step and its two answers
    request: InsuredRequest,
    case_uid: UUID,
    name: str,
    do: Callable[..., object],
    done: str,
    form: WordsForm | None = None,
) -> HttpResponse:
    try:
        do(request.insured.applicant, timezone.now())
    except NotFound:
        raise
    except Refused as refusal:
        if form is None:
            messages.warning(request, str(refusal))
            return redirect("my_case", case_uid)
        form.add_error(None, str(refusal))
        return _words_page(request, case_uid, name, form, HTTPStatus.CONFLICT)
    messages.success(request, done)
    return redirect("my_case", case_uid)


def _supplement(request: InsuredRequest, view: CaseView, refusal: str = "") -> HttpResponse:
    told = {line["key"] for notice in view.notices for line in notice.lines}
    papers = [each for each in view.materials if each.key in told or each in missing_of(view)]
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.OK
    context = {
        "papers": papers,
        "notice": view.notices[-1] if view.notices else None,
        "missing": missing_of(view),
        "until": until_of(view),
        "refusal": refusal,
    }
    return _page(request, "supplement", view, status, **context)


def _words_page(
    request: InsuredRequest,
    case_uid: UUID,
    name: str,
    form: WordsForm,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    view = _view(request, case_uid)
    context = {"form": form, "question": _question(request, view)}
    return _page(request, name, view, status, **context)


def _page(
    request: InsuredRequest,
    name: str,
    view: CaseView,
    status: int = HTTPStatus.OK,
    **more: object,
) -> HttpResponse:
    context = {
        "view": view,
        "case": view.line,
        "item": view.item,
        "may": {step.value for step in view.may},
        "result": RESULT,
        "synthetic": view.line.is_synthetic,
    }
    return render(request, f"public/mine/{name}.html", context | more, status=status)
