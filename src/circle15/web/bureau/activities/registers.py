"""The registers: what is due this week, the records, one more record, one struck out."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.ledger.files import UnsafeFile, check_evidence
from circle15.programme.activities.due import Due, due_list
from circle15.programme.activities.incidents import incidents
from circle15.programme.activities.lists import activities, activity_by_uid, export_activities
from circle15.programme.activities.records import (
    NewRecord,
    UnusableRecord,
    answers,
    may_strike,
    record_activity,
    strike,
)
from circle15.programme.activities_states import DueStanding
from circle15.standards.activities import ActivityKind, activity_rules
from circle15.web.bureau.activities.forms import ActivityFilterForm, NoteForm, RecordForm
from circle15.web.bureau.services.entry_forms import paths_of, sites_of
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.programme.activities_models import Activity

_A_PAGE, _MOST_DUE = 30, 40
_TONES: Final = {
    DueStanding.OVERDUE: "bad",
    DueStanding.NEVER: "warn",
    DueStanding.TODAY: "warn",
    DueStanding.THIS_WEEK: "info",
    DueStanding.LATER: "good",
}
# A register nobody ever wrote into is asked for, not overdue.
_SHOWN: Final = (DueStanding.OVERDUE, DueStanding.TODAY, DueStanding.THIS_WEEK, DueStanding.NEVER)


@reads
@requires(Permission.VIEW_ACTIVITIES)
def listed(request: StaffRequest) -> HttpResponse:
    """Show what is due and the records of the area."""
    by, on = request.actor, timezone.localdate()
    narrowed = ActivityFilterForm(request.GET, sites=paths_of(by))
    page = Paginator(activities(by, narrowed.narrowed()), _A_PAGE).get_page(
        request.GET.get("page", "1")
    )
    due = [one for one in due_list(by, on=on) if one.standing in _SHOWN]
    # Of many sites a line each says which registers were never written into.
    is_one_site = len({one.site.pk for one in due}) == 1
    shown = [one for one in due if is_one_site or one.standing != DueStanding.NEVER]
    context = {
        "filter": narrowed,
        "narrowed": any(narrowed.chosen(name) for name in narrowed.fields),
        "page": page,
        "rows": [_row(row) for row in page.object_list],
        "due": [_due_row(one) for one in shown[:_MOST_DUE]],
        "due_left": max(len(shown) - _MOST_DUE, 0),
        "never": [] if is_one_site else _never(due),
        "counts": [(each.label, sum(one.standing == each for one in due)) for each in _SHOWN],
        "kinds": [
            {"kind": one, "name": said(one.name), "about": said(one.about)}
            for one in activity_rules().kinds.values()
        ],
        "alarms": incidents(by, is_open=True).count(),
        "may_record": by.can(Permission.RECORD_ACTIVITIES),
        "synthetic": any(row.is_synthetic for row in page.object_list),
    }
    return render(request, "bureau/activities/list.html", context)


def _due_row(one: Due) -> dict[str, Any]:
    return {
        "one": one,
        "name": said(one.kind.name),
        "tone": _TONES[one.standing],
        "standing": one.standing.label,
        "one_tap": one.kind.one_tap.items(),
    }


def _never(due: list[Due]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for one in due:
        if one.standing == DueStanding.NEVER:
            found.setdefault(one.site.name, []).append(said(one.kind.name))
    return list(found.items())


def _row(row: "Activity") -> dict[str, Any]:
    return {
        "row": row,
        "kind": said(activity_rules().kinds[row.kind].name),
        "answers": answers(row, get_language() or ""),
    }


@reads
@requires(Permission.RECORD_ACTIVITIES)
def ask(request: StaffRequest, kind: str) -> HttpResponse:
    """Show the short form of a register."""
    of = _kind(kind)
    initial = {
        **of.one_tap,
        "done_on": timezone.localdate(),
        "site": request.GET.get("site", ""),
    }
    form = RecordForm(kind=of, sites=sites_of(request.actor), initial=initial)
    return _form(request, of, form)


@writes
@requires(Permission.RECORD_ACTIVITIES)
@once
def record(request: StaffRequest, kind: str) -> HttpResponse:
    """Write a record."""
    of, at = _kind(kind), timezone.now()
    form = RecordForm(request.POST, request.FILES, kind=of, sites=sites_of(request.actor))
    if form.is_valid():
        try:
            record_activity(new=_new(of, form), by=request.actor, at=at)
        except (NotAllowed, NotFound):
            raise
        except UnusableRecord as refusal:
            for name, words in refusal.problems:
                form.add_error(name, words)
        except UnsafeFile as refusal:
            form.add_error("files", str(refusal))
        else:
            messages.success(request, _("已登记：%s。") % said(of.name))
            return HttpResponseRedirect(reverse("activities"))
    return _form(request, of, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _new(of: ActivityKind, form: RecordForm) -> NewRecord:
    given = form.cleaned_data
    files = tuple(check_evidence(one.read(), name=one.name) for one in given["files"])
    fields = {one.key: given[one.key] for one in of.fields}
    return NewRecord(of.key, given["site"], given["done_on"], fields, files)


def _kind(key: str) -> ActivityKind:
    kind = activity_rules().kinds.get(key)
    if kind is None:
        raise Http404
    return kind


def _form(
    request: StaffRequest, of: ActivityKind, form: RecordForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"form": form, "kind": of, "name": said(of.name), "about": said(of.about)}
    return render(request, "bureau/activities/new.html", context, status=status)


@reads
@requires(Permission.VIEW_ACTIVITIES)
def page(request: StaffRequest, activity_uid: UUID) -> HttpResponse:
    """Show one record."""
    return _page(request, activity_uid)


@writes
@requires(Permission.RECORD_ACTIVITIES)
@once
def strike_record(request: StaffRequest, activity_uid: UUID) -> HttpResponse:
    """Strike a record out, with a reason."""
    form = NoteForm(request.POST)
    if form.is_valid():
        note = form.cleaned_data["note"]
        try:
            strike(uid=activity_uid, reason=note, by=request.actor, at=timezone.now())
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已作废，记录仍可查看。"))
            return HttpResponseRedirect(reverse("activity", args=[activity_uid]))
    return _page(request, activity_uid, form)


def _page(request: StaffRequest, uid: UUID, form: NoteForm | None = None) -> HttpResponse:
    row = activity_by_uid(request.actor, uid)
    strikes = row.struck_at is None and may_strike(row, request.actor)
    context = {
        **_row(row),
        "files": row.evidence.order_by("id"),
        "form": (form or NoteForm()) if strikes else None,
        "refused": form,
        "synthetic": row.is_synthetic,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, "bureau/activities/record.html", context, status=status)


@writes
@requires(Permission.VIEW_ACTIVITIES)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the narrowed registers as a workbook; it stands on the trail."""
    at = timezone.now()
    what = ActivityFilterForm(request.GET, sites=paths_of(request.actor)).narrowed()
    content = export_activities(what=what, by=request.actor, at=at)
    return workbook(content, f"circle15-activities-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx")
