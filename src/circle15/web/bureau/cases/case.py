"""The page of a case, its questions as pages, and its steps."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.cases.actions.papers import give_material, reject_material
from circle15.cases.choices import office_name
from circle15.cases.lines import CaseView
from circle15.cases.queries import case as case_of
from circle15.cases.queries import file_content, timeline
from circle15.ledger.files import UnsafeFile
from circle15.ledger.people.looking import organisation_anywhere
from circle15.ledger.people.queries import organisation_in_area
from circle15.standards.core_platform import filing_of
from circle15.web.bureau.cases.forms import FollowForm, RejectForm
from circle15.web.bureau.cases.keys import BY_STEP
from circle15.web.bureau.cases.papers import documents_of
from circle15.web.bureau.cases.shown import CaseShown, OrganisationShown, joined_of
from circle15.web.bureau.cases.steps import (
    DO,
    PRINTED_AFTER,
    Asked,
    form_of,
    possible,
    steps_of,
    told_before,
)
from circle15.web.bureau.cases.texts import texts_shown
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


class NotNow(Refused):
    """A step the case can't take now, or not by this actor."""

    def __init__(self, step: str) -> None:
        words = {"step": BY_STEP[step].label}
        super().__init__(_("现在不能“%(step)s”：可能别人已经办了，或者这一步不归您办。") % words)


@reads
@requires(Permission.VIEW_CASES)
def page(request: StaffRequest, case_uid: UUID) -> HttpResponse:
    """Show a case with all that has happened to it and all that may be done now."""
    return no_store(_page(request, case_uid))


def _page(
    request: StaffRequest, case_uid: UUID, *, refusal: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    view = view_of(request, case_uid)
    shown = shown_of(request, view, with_steps=True)
    context = {
        "case": shown,
        "joined": joined_of(case_uid, request.actor, on=timezone.localdate()),
        "texts": texts_shown(case_uid, request.actor),
        "refusal": refusal,
        "synthetic": view.line.is_synthetic,
        "is_filed": filing_of(view.item.key) and request.actor.can(Permission.HANDLE_CASES),
    }
    return render(request, "bureau/cases/case.html", context, status=status)


def view_of(request: StaffRequest, case_uid: UUID) -> CaseView:
    """Return a case of the actor's area with all its parts. Raises NotFound."""
    return case_of(case_uid, by=request.actor, on=timezone.localdate())


def shown_of(request: StaffRequest, view: CaseView, *, with_steps: bool = False) -> CaseShown:
    """Return a case as pages show it."""
    return CaseShown(
        view=view,
        spans_read=timeline(view.line.uid, by=request.actor),
        actor=request.actor,
        documents=documents_of(view),
        on=timezone.localdate(),
        office_name=office_name(view.line.handler_path),
        steps=steps_of(view, request.actor) if with_steps else (),
        organisation=_organisation(request, view) if with_steps else None,
    )


def _organisation(request: StaffRequest, view: CaseView) -> OrganisationShown | None:
    uid = view.line.organisation_uid
    if uid is None:
        return None
    one = organisation_anywhere(uid)
    try:
        organisation_in_area(uid, request.actor)
    except (NotAllowed, NotFound):
        url = ""
    else:
        url = reverse("register_organisation", args=[uid])
    name = view.line.organisation_name
    return OrganisationShown(name, one.credit_code, one.provider_code, url)


def _step(act: str) -> str:
    """Return the step an address names, as the table has it."""
    found = next((step for step in BY_STEP if step == act), None)
    if found is None:
        raise Http404
    return found


@reads
@requires(Permission.VIEW_CASES)
def ask(request: StaffRequest, case_uid: UUID, act: str) -> HttpResponse:
    """Show the question of a step as a page."""
    step = _step(act)
    view = view_of(request, case_uid)
    form = form_of(step, view, request.actor, initial=request.GET.getlist("deferred"))
    if step not in possible(view, request.actor) or form is None:
        messages.warning(request, str(NotNow(step)))
        return HttpResponseRedirect(reverse("case", args=[case_uid]))
    return no_store(_question(request, view, step, form))


def _question(
    request: StaffRequest,
    view: CaseView,
    step: str,
    form: object,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "case": shown_of(request, view),
        "key": BY_STEP[step],
        "form": form,
        "told": told_before(step, view),
        "synthetic": view.line.is_synthetic,
    }
    return render(request, "bureau/cases/ask.html", context, status=status)


@writes
@requires(Permission.VIEW_CASES)
@once
def take_step(request: StaffRequest, case_uid: UUID, act: str) -> HttpResponse:
    """Take a step; what is refused is said on the page, which shows the true state."""
    step, at = _step(act), timezone.now()
    view = view_of(request, case_uid)
    if step not in possible(view, request.actor):
        return _page(request, case_uid, refusal=str(NotNow(step)), status=HTTPStatus.CONFLICT)
    form = form_of(step, view, request.actor, request.POST)
    if form is not None and not form.is_valid():
        return _question(request, view, step, form, status=UNUSABLE)
    given = form.cleaned_data if form is not None else {}
    try:
        DO[step](Asked(case_uid, given, request.actor, at))
    except NotFound:
        raise
    except Refused as refusal:
        if form is None or isinstance(refusal, NotAllowed):
            return _page(request, case_uid, refusal=str(refusal), status=HTTPStatus.CONFLICT)
        form.add_error(None, str(refusal))
        return _question(request, view, step, form, status=UNUSABLE)
    messages.success(request, _("已办：%s。") % BY_STEP[step].label)
    return HttpResponseRedirect(after(step, case_uid))


def after(step: str, case_uid: UUID) -> str:
    """Lead on: to the paper a step makes, else to the case."""
    paper = PRINTED_AFTER.get(step)
    if paper:
        return reverse("case_paper", args=[case_uid, paper])
    return reverse("case", args=[case_uid])


@writes
@requires(Permission.VIEW_CASES)
def reject(request: StaffRequest, case_uid: UUID, key: str) -> HttpResponse:
    """Say that a paper is not good enough, and why."""
    form = RejectForm(request.POST)
    if not form.is_valid():
        words = " ".join(str(errors[0]) for errors in form.errors.values())
        return _page(request, case_uid, refusal=words, status=UNUSABLE)
    view_of(request, case_uid)
    try:
        reject_material(
            case_uid=case_uid,
            key=key,
            why=form.cleaned_data["why"],
            by=request.actor,
            at=timezone.now(),
        )
    except NotFound:
        raise
    except Refused as refusal:
        return _page(request, case_uid, refusal=str(refusal), status=HTTPStatus.CONFLICT)
    messages.success(request, _("已记为不合格，会写进告知书。"))
    return HttpResponseRedirect(reverse("case", args=[case_uid]))


@writes
@requires(Permission.VIEW_CASES)
def follow_up(request: StaffRequest, case_uid: UUID, key: str) -> HttpResponse:
    """Note that a paper which was to follow has come."""
    form = FollowForm(request.POST, request.FILES)
    if not form.is_valid():
        words = " ".join(str(errors[0]) for errors in form.errors.values())
        return _page(request, case_uid, refusal=words, status=UNUSABLE)
    view_of(request, case_uid)
    here: dict[str, Any] = {
        "case_uid": case_uid,
        "key": key,
        "by": request.actor,
        "at": timezone.now(),
    }
    try:
        for photo in form.cleaned_data["photo"]:
            give_material(content=photo.read(), **here)
        if not form.cleaned_data["photo"]:
            give_material(**here)
    except NotFound:
        raise
    except (Refused, UnsafeFile) as refusal:
        return _page(request, case_uid, refusal=str(refusal), status=HTTPStatus.CONFLICT)
    messages.success(request, _("已记下补交的材料。"))
    return HttpResponseRedirect(reverse("case", args=[case_uid]))


@reads
@requires(Permission.VIEW_CASES)
def file(request: StaffRequest, case_uid: UUID, file_uid: UUID) -> HttpResponse:
    """Hand out a kept photo or PDF as it was checked, never run by the browser."""
    view_of(request, case_uid)
    kept = file_content(file_uid, by=request.actor)
    is_pdf = kept.media_type == "application/pdf"
    reply = HttpResponse(kept.content, content_type=kept.media_type)
    suffix = kept.media_type.rpartition("/")[2]
    name = f"{file_uid}.{suffix}"
    reply["Content-Disposition"] = content_disposition_header(is_pdf, name) or "inline"
    reply["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return no_store(reply)


def no_store(reply: HttpResponse) -> HttpResponse:
    """Keep what is about people out of the browser's memory."""
    reply["Cache-Control"] = "private, no-store"
    return reply
