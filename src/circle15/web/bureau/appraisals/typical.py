"""The library of typical cases: search, write, report, choose, publish, files."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
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
from circle15.assessments.appraisal_states import TYPICAL, TypicalState, TypicalStep
from circle15.assessments.appraisals import staff
from circle15.assessments.appraisals import typical as work
from circle15.ledger.files import UnsafeFile, check_evidence
from circle15.ratings.given import page_of
from circle15.standards.appraisals import appraisal_rules
from circle15.web.bureau.appraisals.forms import FileForm, SearchForm, StepForm, TypicalForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.assessments.appraisal_models import TypicalCase

WRITE, FILE = "write", "file"
_TONES = {
    TypicalState.DRAFT: "idle",
    TypicalState.SUBMITTED: "info",
    TypicalState.CHOSEN: "good",
    TypicalState.PUBLISHED: "good",
}


@reads
@requires(Permission.VIEW_APPRAISALS)
def library(request: StaffRequest) -> HttpResponse:
    """Show the library, fifty a page, and how the year stands against the plan."""
    actor, year = request.actor, timezone.localdate().year
    form = SearchForm(request.GET, states=TypicalState.choices)
    rows = work.typical_cases(actor, words=form.chosen("q"), state=form.chosen("state"))
    page = page_of(rows, request.GET.get("page", "1"))
    context = {
        "filter": form,
        "narrowed": bool(form.chosen("q") or form.chosen("state")),
        "page": page,
        "rows": [_row(case) for case in page.object_list],
        "plan": work.plan_of(actor, year),
        "year": year,
        "clause": appraisal_rules().cases.clause,
        "sees_others": staff.sees_others(actor),
        "may_write": actor.can(Permission.MAKE_APPRAISALS),
        "synthetic": any(case.is_synthetic for case in page.object_list),
    }
    return render(request, "bureau/appraisals/cases.html", context)


@reads
@requires(Permission.MAKE_APPRAISALS)
def ask(request: StaffRequest) -> HttpResponse:
    """Show the empty form."""
    return _new(request, TypicalForm(sites=staff.sites_of(request.actor)))


@writes
@requires(Permission.MAKE_APPRAISALS)
@once
def write(request: StaffRequest) -> HttpResponse:
    """Keep a new draft."""
    form = TypicalForm(request.POST, sites=staff.sites_of(request.actor))
    if not form.is_valid():
        return _new(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    try:
        case = work.write(
            title=given["title"],
            text=given["text"],
            site_code=given["site"],
            by=request.actor,
            at=timezone.now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _new(request, form, HTTPStatus.CONFLICT)
    return HttpResponseRedirect(reverse("typical_case", args=[case.uid]))


@reads
@requires(Permission.VIEW_APPRAISALS)
def page(request: StaffRequest, typical_uid: UUID) -> HttpResponse:
    """Show one case with its files and what may be done now."""
    return _page(request, typical_uid)


@reads
@requires(Permission.VIEW_APPRAISALS)
def file(request: StaffRequest, typical_file_uid: UUID) -> HttpResponse:
    """Hand out a file as it was checked, never run by the browser."""
    kept, content = work.typical_file(typical_file_uid, by=request.actor)
    reply = HttpResponse(content, content_type=kept.media_type)
    is_pdf = kept.media_type == "application/pdf"
    reply["Content-Disposition"] = content_disposition_header(is_pdf, kept.name) or "inline"
    reply["Cache-Control"] = "private, no-store"
    return reply


@writes
@requires(Permission.MAKE_APPRAISALS)
@once
def take_step(request: StaffRequest, typical_uid: UUID, act: str) -> HttpResponse:
    """Change the text, add a file, or bring the case a step further."""
    work.typical_case(typical_uid, by=request.actor)
    status, told = HTTPStatus.CONFLICT, {}
    try:
        _do(request, typical_uid, act)
    except (NotAllowed, NotFound):
        raise
    except (Refused, UnsafeFile) as refusal:
        told = {"refusal": str(refusal)}
    except _Incomplete as incomplete:
        status, told = HTTPStatus.UNPROCESSABLE_ENTITY, {incomplete.name: incomplete.form}
    if told:
        return _page(request, typical_uid, status=status, **told)
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("typical_case", args=[typical_uid]))


class _Incomplete(Exception):
    """A form with errors, to be shown on the page."""

    def __init__(self, name: str, form: Any) -> None:
        super().__init__(name)
        self.name, self.form = name, form


def _do(request: StaffRequest, uid: UUID, act: str) -> None:
    by, at = request.actor, timezone.now()
    if act == WRITE:
        form = TypicalForm(request.POST)
        if not form.is_valid():
            raise _Incomplete("form", form)
        given = form.cleaned_data
        version = given["version"] or 0
        work.write(title=given["title"], text=given["text"], uid=uid, version=version, by=by, at=at)
        return
    if act == FILE:
        upload = FileForm(request.POST, request.FILES)
        if not upload.is_valid():
            raise _Incomplete("upload", upload)
        chosen = upload.cleaned_data["file"]
        checked = check_evidence(chosen.read(), name=chosen.name or _("未命名"))
        work.add_file(uid=uid, checked=checked, by=by, at=at)
        return
    step = next((each for each in TypicalStep if each == act), None)
    if step is None:
        raise Http404
    work.take_step(uid=uid, step=step, note=request.POST.get("note", ""), by=by, at=at)


def _new(request: StaffRequest, form: TypicalForm, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {"form": form, "sees_others": True}
    return render(request, "bureau/appraisals/case_new.html", context, status=status)


def _page(
    request: StaffRequest, uid: UUID, *, status: int = HTTPStatus.OK, **told: Any
) -> HttpResponse:
    actor = request.actor
    case = work.typical_case(uid, by=actor)
    edits = work.may_edit(case, actor)
    initial = {"title": case.title, "text": case.text, "version": case.version}
    context = {
        **_row(case),
        "form": (told.get("form") or TypicalForm(initial=initial)) if edits else None,
        "upload": (told.get("upload") or FileForm()) if edits else None,
        "refused": told.get("form") or told.get("upload"),
        "refusal": told.get("refusal", ""),
        "warns": edits and work.names_somebody(f"{case.title}\n{case.text}"),
        "steps": _steps(case, request),
        "files": case.files.order_by("id"),
        "sees_others": staff.sees_others(actor),
        "synthetic": case.is_synthetic,
    }
    return render(request, "bureau/appraisals/case.html", context, status=status)


def _steps(case: "TypicalCase", request: StaffRequest) -> list[StepForm]:
    actor = request.actor
    if not (actor.can(Permission.MAKE_APPRAISALS) and actor.covers(case.area_path)):
        return []
    is_officer = actor.can(Permission.RUN_ASSESSMENTS)
    own = {TypicalStep.CHOOSE} if actor.user_id == case.written_by_id else set()
    return [
        StepForm(step=step)
        for step in TYPICAL[case.state]
        if (is_officer or step == TypicalStep.SUBMIT) and step not in own
    ]


def _row(case: "TypicalCase") -> dict[str, Any]:
    return {
        "case": case,
        "url": reverse("typical_case", args=[case.uid]),
        "state": TypicalState(case.state).label,
        "tone": _TONES[TypicalState(case.state)],
    }
