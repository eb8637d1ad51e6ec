"""Issued reports: the list, one as it was issued, its files, and issuing another."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, Refused
from circle15.accounts.states import Permission
from circle15.assessments.campaigns.queries import campaigns
from circle15.assessments.monitoring.lists import supervision_orders
from circle15.assessments.report_states import ReportKind
from circle15.assessments.reports.issuing import (
    WRITERS,
    About,
    is_unchanged,
    issue,
    paper_of,
    report_by_uid,
    reports,
)
from circle15.core.papers.official import Heading, Paragraph, Table, numbered
from circle15.ratings.given import page_of
from circle15.ratings.orders.lists import OrderFilter, OrderList, orders
from circle15.web.bureau.reports.forms import (
    CampaignForm,
    KindFilterForm,
    OrderForm,
    QuarterForm,
    SiteForm,
)
from circle15.web.bureau.scores.exports import TYPES
from circle15.web.bureau.services.entry_forms import sites_of
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

_MOST, _LONGEST = 50, 18
_UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
# Who may issue a kind beside everybody who makes reports at all.
_ASKS: Final[Mapping[ReportKind, Permission]] = {
    ReportKind.RESULTS: Permission.RUN_ASSESSMENTS,
    ReportKind.QUARTERLY: Permission.SUPERVISE_SITES,
    ReportKind.SELF: Permission.VIEW_SCORES,
    ReportKind.RECTIFY: Permission.SUPERVISE_RATINGS,
    ReportKind.RECEIPT: Permission.MAKE_REPORTS,
}


@reads
@requires(Permission.VIEW_REPORTS)
def report_list(request: StaffRequest) -> HttpResponse:
    """Show the reports of the area and what can be issued."""
    return _list(request, {})


@writes
@requires(Permission.MAKE_REPORTS)
@once
def issue_report(request: StaffRequest) -> HttpResponse:
    """Issue a report with the numbers as they stand now."""
    kind = request.POST.get("kind", "")
    form = _form(kind, request)
    if form.is_valid():
        try:
            about = _about(form.cleaned_data, request)
            made = issue(ReportKind(kind), about, by=request.actor, at=timezone.now())
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已出具，编号 %s。") % made.number)
            return HttpResponseRedirect(reverse("report", args=[made.uid]))
    return _list(request, {kind: form}, status=_UNUSABLE)


@reads
@requires(Permission.VIEW_REPORTS)
def report_page(request: StaffRequest, report_uid: UUID) -> HttpResponse:
    """Show a report as it was issued, with who, when and its digest."""
    report = report_by_uid(report_uid, by=request.actor)
    paper = paper_of(report)
    context = {
        "report": report,
        "kind": ReportKind(report.kind).label,
        "paper": paper,
        "parts": [("", _shown(paper.blocks))]
        + [(one.title, _shown(one.blocks)) for one in paper.attachments],
        "unchanged": is_unchanged(report),
        "synthetic": report.is_synthetic,
    }
    return render(request, "bureau/reports/report.html", context)


@reads
@requires(Permission.VIEW_REPORTS)
def report_file(request: StaffRequest, report_uid: UUID, media: str) -> HttpResponse:
    """Hand out a report as a PDF or a Word document, from what was kept."""
    if media not in WRITERS:
        raise Http404
    report = report_by_uid(report_uid, by=request.actor)
    reply = HttpResponse(WRITERS[media](paper_of(report)), content_type=TYPES[media])
    name = f"{report.number} {report.title}.{media}"
    reply["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    reply["Cache-Control"] = "private, no-store"
    return reply


def _list(
    request: StaffRequest, bound: Mapping[str, forms.Form], *, status: int = HTTPStatus.OK
) -> HttpResponse:
    choices = [(kind.value, kind.label) for kind in ReportKind]
    narrowed = KindFilterForm(request.GET, kinds=choices)
    rows = reports(request.actor, kind=narrowed.chosen)
    page = page_of(rows, request.GET.get("page", "1"))
    context = {
        "filter": narrowed,
        "page": page,
        "rows": [(row, ReportKind(row.kind).label) for row in page.object_list],
        "makers": [
            (kind.value, kind.label, bound.get(kind.value) or _form(kind.value, request))
            for kind, asks in _ASKS.items()
            if request.actor.can(asks) and request.actor.can(Permission.MAKE_REPORTS)
        ],
        "refused": next(iter(bound.values()), None),
        "synthetic": any(row.is_synthetic for row in page.object_list),
    }
    return render(request, "bureau/reports/list.html", context, status=status)


def _form(kind: str, request: StaffRequest) -> forms.Form:
    """Return the form of a kind, bound where it was sent."""
    data = request.POST if request.method == "POST" and request.POST.get("kind") == kind else None
    name = f"{kind}_%s"
    match kind:
        case ReportKind.RESULTS:
            return CampaignForm(data, campaigns=_campaigns(request.actor), auto_id=name)
        case ReportKind.QUARTERLY:
            return QuarterForm(data, today=timezone.localdate(), auto_id=name)
        case ReportKind.SELF:
            return SiteForm(data, sites=sites_of(request.actor), auto_id=name)
        case ReportKind.RECTIFY | ReportKind.RECEIPT:
            initial = {"number": request.GET.get("order", "")}
            return OrderForm(data, initial=initial, auto_id=name)
    raise Http404


def _campaigns(by: Actor) -> list[tuple[str, str]]:
    if not by.can(Permission.VIEW_ASSESSMENTS):
        return []
    return [(str(one.uid), one.name) for one in campaigns(by)[:_MOST]]


def _about(given: Mapping[str, Any], request: StaffRequest) -> About:
    day, number = given.get("day"), given.get("number", "").strip()
    campaign = given.get("campaign")
    return About(
        campaign_uid=UUID(campaign) if campaign else None,
        day=date.fromisoformat(day) if day else None,
        site_code=given.get("site", ""),
        order_uid=_order(number, request.actor) if number else None,
        supervision_uid=_supervision(number, request.actor) if number else None,
    )


def _order(number: str, by: Actor) -> UUID | None:
    what = OrderFilter(which=OrderList.ALL, number=number)
    found = orders(by, what, on=timezone.localdate()).filter(number=number).first()
    return found.uid if found else None


def _supervision(number: str, by: Actor) -> UUID | None:
    """Return the supervision order people call so: DB, the day it was issued, its number."""
    key = number.rpartition("-")[2]
    if not (number.startswith("DB") and key.isascii() and key.isdecimal() and len(key) < _LONGEST):
        return None
    for is_over in (False, True):
        found = supervision_orders(by, is_over=is_over).filter(pk=int(key)).first()
        if found is not None and found.number == number:
            return found.uid
    return None


def _shown(blocks: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Return blocks as the template draws them."""
    found: list[dict[str, Any]] = []
    for block in numbered(blocks):
        match block:
            case Heading(words, level):
                found.append({"heading": words, "level": level})
            case Paragraph(words):
                found.append({"words": words})
            case Table():
                rows = [_cells(row, block.numbers) for row in block.rows]
                heads = _cells(block.heads, block.numbers)
                found.append({"title": block.title, "heads": heads, "rows": rows})
    return found


def _cells(row: tuple[str, ...], numbers: tuple[int, ...]) -> list[tuple[str, bool]]:
    return [(words, at in numbers) for at, words in enumerate(row)]
