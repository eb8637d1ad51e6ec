"""The auditor's pages."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.states import Permission
from circle15.audit.exporting import MOST_EVENTS, TooMany
from circle15.audit.exporting import export as export_events
from circle15.audit.queries import Verification, events, standing
from circle15.web.bureau.audit.checking import MOST_LINKS, check_now
from circle15.web.bureau.audit.files import as_csv, as_xlsx
from circle15.web.bureau.audit.forms import TrailForm
from circle15.web.bureau.audit.lines import line_of
from circle15.web.shared.access import StaffRequest, reads, requires, writes

if TYPE_CHECKING:
    from django.core.paginator import Page

    from circle15.audit.models import Event

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN_FINDINGS = 50


@reads
@requires(Permission.VIEW_AUDIT)
def trail(request: StaffRequest) -> HttpResponse:
    """Show the events of the auditor's area that fit the search, fifty a page."""
    form = TrailForm(request.GET)
    status = HTTPStatus.OK if form.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(request, form, status=status)


def _page(
    request: StaffRequest,
    form: TrailForm,
    *,
    status: int = HTTPStatus.OK,
    result: Verification | None = None,
) -> HttpResponse:
    found = _found(request, form)
    now = standing()
    context = {
        "form": form,
        "page": found,
        "lines": [line_of(event) for event in found] if found is not None else [],
        "standing": now,
        "may_check": now.last <= MOST_LINKS,
        "most": MOST_EVENTS,
        "result": result,
        "findings": result.findings[:_SHOWN_FINDINGS] if result else (),
    }
    return render(request, "bureau/audit/trail.html", context, status=status)


def _found(request: StaffRequest, form: TrailForm) -> "Page[Event] | None":
    if not form.is_valid():
        return None
    return events(form.search(request.actor), page=request.GET.get("page", "1"))


@writes
@requires(Permission.VIEW_AUDIT)
def check(request: StaffRequest) -> HttpResponse:
    """Check the chain now and show what was found, and where."""
    result = check_now(by=request.actor, at=timezone.now())
    return _page(request, TrailForm({}), result=result)


@writes
@requires(Permission.VIEW_AUDIT)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the events that fit the search as a CSV file or a workbook."""
    form = TrailForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    kind = "csv" if request.POST.get("form") == "csv" else "xlsx"
    at = timezone.now()
    try:
        taken = export_events(form.search(request.actor), who=request.actor.who, form=kind, at=at)
    except TooMany as refusal:
        form.add_error(
            None,
            _("符合条件的有 %(count)s 条，一次最多导出 %(most)s 条，请缩短时间范围。")
            % {"count": f"{refusal.count:,}", "most": f"{MOST_EVENTS:,}"},
        )
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    lines = [line_of(event) for event in taken]
    content = as_csv(lines) if kind == "csv" else as_xlsx(lines)
    media = "text/csv; charset=utf-8" if kind == "csv" else _XLSX
    reply = HttpResponse(content, content_type=media)
    name = f"circle15-audit-{timezone.localtime(at):%Y%m%d-%H%M}.{kind}"
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply
