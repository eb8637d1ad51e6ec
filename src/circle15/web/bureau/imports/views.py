"""The pages of an import: upload, what it would change, confirmation, what it changed."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.imports import actions
from circle15.imports.queries import progress, report_of, run_by_uid, runs_in_order
from circle15.imports.states import RunState
from circle15.imports.waiting import apply_soon, check_soon
from circle15.web.bureau.imports.forms import ApplyForm, UploadForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes

if TYPE_CHECKING:
    from circle15.imports.models import ImportRun

_PAGE = 20
_SHOWN_NOTICES = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BUSY = (RunState.WAITING, RunState.WORKING)
TONES = {
    RunState.WAITING: "info",
    RunState.WORKING: "info",
    RunState.REFUSED: "bad",
    RunState.CHECKED: "warn",
    RunState.APPLIED: "good",
    RunState.DISCARDED: "idle",
}


@reads
@requires(Permission.RUN_IMPORTS)
def overview(request: StaffRequest) -> HttpResponse:
    """Show the upload form and the former imports of the actor's area."""
    return _overview(request, UploadForm())


def _overview(request: StaffRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    page = Paginator(runs_in_order(request.actor), _PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "tones": TONES}
    return render(request, "bureau/imports/imports.html", context, status=status)


@reads
@requires(Permission.RUN_IMPORTS)
def template_file(request: StaffRequest) -> HttpResponse:  # noqa: ARG001 -- the same for everybody
    """Hand out the empty workbook."""
    from circle15.imports.workbooks import template  # noqa: PLC0415 -- slow import

    return _workbook(template(), "circle15-template.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    reply = HttpResponse(content, content_type=_XLSX)
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


@writes
@requires(Permission.RUN_IMPORTS)
def upload(request: StaffRequest) -> HttpResponse:
    """Check a table, or queue a large one; nothing of it is written yet."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _overview(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    try:
        run = check_soon(
            given["file"].read(),
            name=given["file"].name,
            kind=given["kind"],
            coordinates=given["coordinates"],
            by=request.actor,
            at=timezone.now(),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return _overview(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("import_run", uid=run.uid)


@reads
@requires(Permission.RUN_IMPORTS)
def run_page(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Show what a check found, or what an import wrote."""
    return _run(request, run_by_uid(request.actor, uid), ApplyForm())


def _run(
    request: StaffRequest, run: "ImportRun", form: ApplyForm, status: int = 200
) -> HttpResponse:
    report = report_of(run)
    context = {
        "run": run,
        "report": report,
        "form": form,
        "tones": TONES,
        "is_busy": run.state in _BUSY,
        "progress": progress(run) if run.state in _BUSY else None,
        "notices": report.notices[:_SHOWN_NOTICES],
        "more_problems": report.problem_count - len(report.first_problems),
        "can_apply": run.state == RunState.CHECKED
        and report.is_usable
        and bool(report.new or report.changed),
    }
    return render(request, "bureau/imports/run.html", context, status=status)


@reads
@requires(Permission.RUN_IMPORTS)
def progress_part(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Show how far a large file is; once it is through, tell the page to load itself again."""
    run = run_by_uid(request.actor, uid)
    if run.state in _BUSY:
        context = {"run": run, "progress": progress(run)}
        return render(request, "bureau/imports/_progress.html", context)
    reply = HttpResponse(status=HTTPStatus.NO_CONTENT)
    reply["HX-Refresh"] = "true"
    return reply


@writes
@requires(Permission.RUN_IMPORTS)
def apply(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Write what was checked, all of it or without the bad rows."""
    run = run_by_uid(request.actor, uid)
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return _run(request, run, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        done = apply_soon(
            uid=uid, mode=form.cleaned_data["mode"], by=request.actor, at=timezone.now()
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _run(request, run, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if done.already:
        messages.info(request, _("这批数据已经导入过，没有重复写入。"))
    elif done.run.state == RunState.APPLIED:
        messages.success(request, _("导入完成。"))
    return redirect("import_run", uid=uid)


@writes
@requires(Permission.RUN_IMPORTS)
def discard(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Give a checked file up."""
    actions.discard(uid=uid, by=request.actor, at=timezone.now())
    messages.success(request, _("已放弃，没有写入任何数据。"))
    return redirect("imports")


@writes
@requires(Permission.RUN_IMPORTS)
def errors(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Hand out the failing rows, marked; a POST, for the check may run once more."""
    content = actions.failing_rows(uid=uid, by=request.actor, at=timezone.now())
    return _workbook(content, "circle15-errors.xlsx")
