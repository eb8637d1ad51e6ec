"""The projects of an area: how far each is, what is late, beginning another, the workbook."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, Refused
from circle15.accounts.states import Permission
from circle15.programme.construction.actions import start
from circle15.programme.construction.chart import tone_of
from circle15.programme.construction.exporting import export_projects
from circle15.programme.construction.queries import ProjectView, counts, projects, view_of
from circle15.programme.construction_states import ProjectState
from circle15.sites.queries import visible_to
from circle15.web.bureau.construction.forms import ListForm, StartForm
from circle15.web.bureau.scores.exports import TYPES
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

_A_PAGE = 20
_UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
PROJECT_TONES = {
    ProjectState.RUNNING: "info",
    ProjectState.FINISHED: "good",
    ProjectState.STOPPED: "warn",
}


@reads
@requires(Permission.VIEW_PROGRAMME)
def project_list(request: StaffRequest) -> HttpResponse:
    """Show the projects of the area."""
    return _list(request)


@writes
@requires(Permission.RUN_PROGRAMME)
@once
def start_project(request: StaffRequest) -> HttpResponse:
    """Begin to build a site."""
    form = StartForm(request.POST, sites=_sites(request.actor))
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = start(
                site_code=given["site"],
                template=given["template"],
                start_on=given["start_on"],
                report=given["report"],
                by=request.actor,
                at=timezone.now(),
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已开始建设。"))
            return HttpResponseRedirect(reverse("construction_project", args=[made.uid]))
    return _list(request, form=form, status=_UNUSABLE)


@writes
@requires(Permission.VIEW_PROGRAMME)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the projects of the list with their milestones as a workbook."""
    found = ListForm(request.GET).found()
    content = export_projects(found=found, by=request.actor, at=timezone.now())
    reply = HttpResponse(content, content_type=TYPES["xlsx"])
    reply["Content-Disposition"] = 'attachment; filename="circle15-construction.xlsx"'
    reply["Cache-Control"] = "private, no-store"
    return reply


def _list(
    request: StaffRequest, *, form: StartForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    by, today = request.actor, timezone.localdate()
    narrowed = ListForm(request.GET)
    rows = projects(by, narrowed.found(), on=today)
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page", "1"))
    views = [view_of(one, on=today) for one in page.object_list]
    may_start = by.can(Permission.RUN_PROGRAMME)
    if form is None and may_start:
        form = StartForm(sites=_sites(by), initial={"start_on": today})
    context = {
        "filter": narrowed,
        "query": request.GET.urlencode(),
        "page": page,
        "rows": [_row(view) for view in views],
        "counts": counts(by, on=today),
        "start": form if may_start else None,
        "synthetic": any(view.project.is_synthetic for view in views),
    }
    return render(request, "bureau/construction/list.html", context, status=status)


def _row(view: ProjectView) -> dict[str, object]:
    state, coming = ProjectState(view.project.state), view.next
    return {
        "view": view,
        "state": state.label,
        "state_tone": PROJECT_TONES[state],
        "share": round(100 * view.done / len(view.rows), 1) if view.rows else 0,
        "next": coming,
        "next_tone": tone_of(coming.standing) if coming else "",
    }


def _sites(by: Actor) -> list[tuple[str, str]]:
    rows = visible_to(by).order_by("sort_key", "id")
    return list(rows.values_list("code", "name"))
