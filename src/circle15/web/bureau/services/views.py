"""The list of records with the short form of a kind above it; entering one leads back here."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.cases.service_states import ServiceKind
from circle15.cases.services.entries import may_strike
from circle15.cases.services.exporting import export_services
from circle15.cases.services.lists import by_kind, page_of, services
from circle15.cases.services.recording import record_service, strike_service
from circle15.items.naming import ItemNames, item_names
from circle15.ledger.people.follow_ups import FollowUpLine, follow_up, open_follow_ups
from circle15.standards.services import ServiceForm, endings, service_forms, topics
from circle15.web.bureau.services.entry_forms import paths_of, sites_of, told
from circle15.web.bureau.services.forms import RecordForm, ServiceFilterForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import listed as joined
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.cases.service_models import ServiceRecord

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_TASKS = 6


@reads
@requires(Permission.VIEW_CASES)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the records, fifty a page, and the form of the kind that is chosen."""
    return _page(request, None)


@writes
@requires(Permission.TAKE_IN)
@once
def record(request: StaffRequest) -> HttpResponse:
    """Write a record; the next one of the same kind can be typed at once."""
    at, kind, task = timezone.now(), _kind(request), _task(request)
    form = RecordForm(
        request.POST, kind=kind, is_task=task is not None, sites=sites_of(request.actor)
    )
    if not form.is_valid():
        return _page(request, form)
    try:
        person = form.person(by=request.actor, at=at, purpose="handling")
        entry = form.entry(person_uid=person, task=task.uid if task else None)
        record_service(entry=entry, by=request.actor, at=at)
    except Refused as refusal:
        told(form, refusal)
        return _page(request, form)
    messages.success(request, _("已记录：%(kind)s。") % {"kind": said(kind.name)})
    again = {"form": kind.key, "site": form.cleaned_data["site"]}
    return HttpResponseRedirect(f"{reverse('services')}?{urlencode(again)}")


@writes
@requires(Permission.VIEW_CASES)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the narrowed list as a workbook; it stands on the trail."""
    at = timezone.now()
    what = ServiceFilterForm(request.GET, sites=paths_of(request.actor)).narrowed()
    content = export_services(what=what, by=request.actor, at=at)
    return workbook(content, f"circle15-services-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx")


@writes
@requires(Permission.TAKE_IN)
@once
def strike(request: StaffRequest, record_uid: UUID) -> HttpResponse:
    """Strike a record out, with a reason."""
    why = request.POST.get("reason", "")
    strike_service(uid=record_uid, why=why, by=request.actor, at=timezone.now())
    messages.success(request, _("已作废，记录仍可查看。"))
    return HttpResponseRedirect(reverse("services"))


def workbook(content: bytes, name: str) -> HttpResponse:
    reply = HttpResponse(content, content_type=XLSX)
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


def _kind(request: StaffRequest) -> ServiceForm:
    wanted = request.POST.get("form") or request.GET.get("form", "")
    return service_forms().get(wanted) or service_forms()[ServiceKind.ASSISTED]


def _task(request: StaffRequest) -> FollowUpLine | None:
    """Return the task a visit is made for, if one was chosen."""
    wanted = request.POST.get("task") or request.GET.get("task", "")
    if not wanted or _kind(request).key != ServiceKind.HOME_VISIT:
        return None
    try:
        return follow_up(UUID(wanted), request.actor, on=timezone.localdate())
    except ValueError:
        raise NotFound from None


def _page(request: StaffRequest, form: RecordForm | None) -> HttpResponse:
    actor, on, kind, task = request.actor, timezone.localdate(), _kind(request), _task(request)
    narrowed = ServiceFilterForm(request.GET, sites=paths_of(actor))
    rows = services(actor, narrowed.narrowed())
    page = page_of(rows, request.GET.get("page", "1"))
    may_enter, sites = actor.can(Permission.TAKE_IN), sites_of(actor)
    if form is None and may_enter:
        initial = {"done_on": on, "site": request.GET.get("site", "")}
        form = RecordForm(kind=kind, is_task=task is not None, sites=sites, initial=initial)
    helped, names = by_kind(rows), item_names(on)
    context = {
        "form": form,
        "kind": kind,
        "kinds": [
            {
                "url": f"{reverse('services')}?form={one.key}",
                "name": said(one.name),
                "on": one is kind,
            }
            for one in service_forms().values()
        ],
        "task": task,
        "tasks": _tasks(request, kind, task),
        "filter": narrowed,
        "narrowed": any(narrowed.chosen(name) for name in narrowed.fields),
        "page": page,
        "rows": [
            {
                "row": row,
                "kind_name": ServiceKind(row.kind).label,
                "way": _way(row.kind, row.way),
                "about": joined(_about(row, names)),
                "may_strike": may_enter and may_strike(row, actor, on=on),
            }
            for row in page.object_list
        ],
        "helped": [(said(one.name), helped.get(key, 0)) for key, one in service_forms().items()],
        "may_enter": may_enter and bool(sites),
        "synthetic": any(row.is_synthetic for row in page.object_list),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    return render(request, "bureau/services/list.html", context, status=status)


def _tasks(
    request: StaffRequest, kind: ServiceForm, task: FollowUpLine | None
) -> list[FollowUpLine]:
    """Return the most pressing visits, to be picked rather than typed."""
    may_see = request.actor.can(Permission.VIEW_PEOPLE) and request.actor.can(Permission.TAKE_IN)
    if kind.key != ServiceKind.HOME_VISIT or task is not None or not may_see:
        return []
    return list(open_follow_ups(request.actor, on=timezone.localdate()))[:MOST_TASKS]


def _about(row: "ServiceRecord", names: ItemNames) -> Iterator[str]:
    """Say what a record was about: the matter, the topic, the end of a visit, the note."""
    if row.item_key:
        yield said(names.name(row.item_key))
    if row.topic in topics():
        yield said(topics()[row.topic].name)
    if row.ending:
        yield said(endings()[row.ending])
    if row.note:
        yield row.note


def _way(kind: str, way: str) -> str:
    known = service_forms()[kind].ways.get(way)
    return said(known.name) if known else way
