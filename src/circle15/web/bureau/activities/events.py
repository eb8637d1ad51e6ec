"""Incidents: the list with its clock, reporting one, follow-ups, closing."""

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.programme.activities.incidents import (
    UnusableIncident,
    close,
    follow_up,
    incident_by_uid,
    incidents,
    is_reporter,
    report,
    see,
    standing,
    veto_candidates,
)
from circle15.programme.activities_states import IncidentState, NoteKind
from circle15.standards.activities import activity_rules
from circle15.web.bureau.activities.forms import IncidentForm, NoteForm
from circle15.web.bureau.services.entry_forms import sites_of
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.programme.activities_models import Incident

_A_PAGE = 30
_LEVEL_TONES: Final = {"grave": "bad", "serious": "warn", "normal": "info"}
_HOUR_S = 3600
_LABELS: Final = {
    "see": gettext_lazy("已阅"),
    "follow_up": gettext_lazy("续报"),
    "close": gettext_lazy("办结"),
}


@reads
@requires(Permission.VIEW_ACTIVITIES)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the incidents of the area, open ones first with their clock."""
    by, at = request.actor, timezone.now()
    page = Paginator(incidents(by), _A_PAGE).get_page(request.GET.get("page", "1"))
    rows = [_row(row, at) for row in page.object_list]
    context = {
        "page": page,
        "rows": rows,
        "open": incidents(by, is_open=True).count(),
        "may_record": by.can(Permission.RECORD_ACTIVITIES),
        "synthetic": any(row.is_synthetic for row in page.object_list),
    }
    return render(request, "bureau/activities/incidents.html", context)


def _row(row: "Incident", at: datetime) -> dict[str, Any]:
    rules = activity_rules()
    stands = standing(row, getattr(row, "last_at", None), at=at)
    is_open = row.state == IncidentState.OPEN
    hours, rest = divmod(int(stands.since_event.total_seconds()), _HOUR_S)
    return {
        "row": row,
        "kind": said(rules.incident_kinds[row.kind].name),
        "level": said(rules.levels[row.level].name),
        "tone": _LEVEL_TONES[row.level],
        "is_open": is_open,
        "hours": hours,
        "minutes": rest // 60,
        "next_by": stands.next_by if is_open else None,
        "is_follow_up_late": is_open and stands.is_follow_up_late,
    }


@reads
@requires(Permission.RECORD_ACTIVITIES)
def ask(request: StaffRequest) -> HttpResponse:
    """Show the short form of a report."""
    first = {"level": "serious", "happened_at": timezone.localtime()}
    return _form(request, IncidentForm(sites=sites_of(request.actor), initial=first))


@writes
@requires(Permission.RECORD_ACTIVITIES)
@once
def report_event(request: StaffRequest) -> HttpResponse:
    """Report what happened."""
    form = IncidentForm(request.POST, sites=sites_of(request.actor))
    if form.is_valid():
        given = dict(form.cleaned_data)
        code = given.pop("site")
        try:
            row = report(site_code=code, **given, by=request.actor, at=timezone.now())
        except (NotAllowed, NotFound):
            raise
        except UnusableIncident as refusal:
            form.add_error(refusal.part, str(refusal))
        else:
            messages.success(request, _("已上报，县、市医保局已能看到。有变化请随时续报。"))
            return HttpResponseRedirect(reverse("incident", args=[row.uid]))
    return _form(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _form(request: StaffRequest, form: IncidentForm, status: int = HTTPStatus.OK) -> HttpResponse:
    limits = [
        (said(one.name), int(one.report_within.total_seconds()) // 60)
        for one in activity_rules().levels.values()
    ]
    context = {"form": form, "limits": limits}
    return render(request, "bureau/activities/incident_new.html", context, status=status)


@reads
@requires(Permission.VIEW_ACTIVITIES)
def page(request: StaffRequest, incident_uid: UUID) -> HttpResponse:
    """Show an incident with everything said of it."""
    return _page(request, incident_uid)


@writes
@requires(Permission.RECORD_ACTIVITIES)
@once
def act(request: StaffRequest, incident_uid: UUID, act: str) -> HttpResponse:
    """Follow up, say it was seen, or close it."""
    if act not in {"follow_up", "see", "close"}:
        raise Http404
    form = NoteForm(request.POST)
    common: dict[str, Any] = {"uid": incident_uid, "by": request.actor, "at": timezone.now()}
    if act == "see" or form.is_valid():
        try:
            if act == "see":
                see(**common)
            elif act == "close":
                close(words=form.cleaned_data["note"], **common)
            else:
                follow_up(words=form.cleaned_data["note"], **common)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            form.is_valid()
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已办。"))
            return HttpResponseRedirect(reverse("incident", args=[incident_uid]))
    return _page(request, incident_uid, (act, form))


def _page(
    request: StaffRequest, uid: UUID, refused: tuple[str, NoteForm] | None = None
) -> HttpResponse:
    by, at = request.actor, timezone.now()
    row = incident_by_uid(by, uid)
    acts = _acts(row, request)
    notes = [
        {"note": one, "kind": NoteKind(one.kind).label} for one in row.notes.order_by("at", "id")
    ]
    candidates = veto_candidates([row.site_id], since=row.happened_at)
    forms = {name: NoteForm(auto_id=f"{name}-%s") for name in acts}
    if refused and refused[0] in forms:
        forms[refused[0]] = refused[1]
    context = {
        **_row(row, at),
        "notes": notes,
        "forms": [(name, _LABELS[name], forms[name]) for name in acts],
        "refused": refused[1] if refused else None,
        "veto": next((one.veto for one in candidates if one.incident.pk == row.pk), ""),
        "sees_assessments": by.can(Permission.RUN_ASSESSMENTS),
        "synthetic": row.is_synthetic,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "bureau/activities/incident.html", context, status=status)


def _acts(row: "Incident", request: StaffRequest) -> list[str]:
    by = request.actor
    if row.state != IncidentState.OPEN or not by.can(Permission.RECORD_ACTIVITIES):
        return []
    above = ["see"] if by.area_path != row.area_path else []
    return [*above, "follow_up", *([] if is_reporter(row, by) else ["close"])]
