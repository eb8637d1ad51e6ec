"""Staff of a site with what they can handle; tries of its items; both reports of an area."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.queries import people_under
from circle15.accounts.states import Permission
from circle15.assessments import registers
from circle15.sites.queries import site_by_code
from circle15.sites.readiness import (
    UnusableTry,
    never_ready,
    readiness_in,
    readiness_of,
    record_tries,
)
from circle15.sites.skills import UnknownSkills, skill_matrix
from circle15.sites.states import StaffSource
from circle15.sites.turnover import added_up, export_turnover, source_names, turnover_by_site
from circle15.web.bureau.services.views import workbook
from circle15.web.bureau.sites.staffing_forms import SpanForm, TriesForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.core.shares import Share
    from circle15.sites.readiness import SiteReadiness
    from circle15.sites.turnover import Turnover

_A_PAGE = 50


@reads
@requires(Permission.VIEW_SITES)
def skills(request: StaffRequest, code: str) -> HttpResponse:
    """Show how the staff of a site came and what each can handle."""
    return _skills(request, code)


@writes
@requires(Permission.EDIT_SITES)
@once
def skills_set(request: StaffRequest, code: str) -> HttpResponse:
    """Say how somebody came and what the person can handle."""
    member = request.POST.get("member", "")
    try:
        registers.set_skills(
            code=code,
            member_id=int(member) if member.isascii() and member.isdigit() else 0,
            source=request.POST.get("source", ""),
            items=request.POST.getlist("items"),
            by=request.actor,
            at=timezone.now(),
        )
    except UnknownSkills as refusal:
        return _skills(request, code, str(refusal))
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("site_skills", args=[code]))


def _skills(request: StaffRequest, code: str, refused: str = "") -> HttpResponse:
    site = site_by_code(request.actor, code)
    matrix = skill_matrix(site, on=timezone.localdate())
    people = {}
    if request.actor.can(Permission.VIEW_STAFF):
        cards = people_under(area_path=site.area_path, actor=request.actor)
        people = {card.uid: card for card in cards}
    context = {
        "site": site,
        "tab": "skills",
        "matrix": matrix,
        "multi": _share(matrix.multi),
        "staff": [
            {
                "number": number,
                "one": one,
                "card": people.get(one.member.person.uid),
                "items": [
                    (item.key, said(item.name), item.key in one.items) for item in matrix.items
                ],
            }
            for number, one in enumerate(matrix.staff, 1)
        ],
        "items": [(said(item.name), matrix.handlers_of(item.key)) for item in matrix.items],
        "uncovered": [said(item.name) for item in matrix.uncovered],
        "sources": StaffSource.choices,
        "may_edit": request.actor.can(Permission.EDIT_SITES),
        "refused": refused,
        "synthetic": site.is_synthetic,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "bureau/sites/skills.html", context, status=status)


@reads
@requires(Permission.VIEW_FACTS)
def readiness(request: StaffRequest, code: str) -> HttpResponse:
    """Show each item of a site with its newest try, and the form for more."""
    return _readiness(request, code)


@writes
@requires(Permission.RECORD_FACTS)
@once
def readiness_record(request: StaffRequest, code: str) -> HttpResponse:
    """Keep what the items came to that were tried."""
    site = site_by_code(request.actor, code)
    standing = readiness_of(site, on=timezone.localdate())
    form = TriesForm(request.POST, items=[one.item for one in standing.items])
    if form.is_valid():
        day, tries = form.cleaned_data["tried_on"], form.tries()
        try:
            kept = record_tries(
                code=code, tried_on=day, tries=tries, by=request.actor, at=timezone.now()
            )
        except UnusableTry as refusal:
            form.blame(refusal)
        else:
            messages.success(request, _("已记下 %(n)s 个事项。") % {"n": len(kept)})
            return HttpResponseRedirect(reverse("site_readiness", args=[code]))
    return _readiness(request, code, form)


def _readiness(request: StaffRequest, code: str, refused: TriesForm | None = None) -> HttpResponse:
    site = site_by_code(request.actor, code)
    standing = readiness_of(site, on=timezone.localdate())
    may_record = request.actor.can(Permission.RECORD_FACTS) and bool(standing.items)
    form = refused or TriesForm(items=[one.item for one in standing.items])
    context = {
        "site": site,
        "tab": "readiness",
        "standing": standing,
        "ready": _share(standing.ready),
        "rows": [(said(one.item.name), one) for one in standing.items],
        "form": form if may_record else None,
        "refused": refused,
        "synthetic": site.is_synthetic,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "bureau/sites/readiness.html", context, status=status)


@reads
@requires(Permission.VIEW_FACTS)
def readiness_area(request: StaffRequest) -> HttpResponse:
    """Show how the sites of the area stand, and the items that were never ready anywhere."""
    standing = readiness_in(request.actor, on=timezone.localdate())
    page = Paginator(sorted(standing, key=_urgency), _A_PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "page": page,
        "rows": [
            {
                "site": one.site,
                "ready": _share(one.ready),
                "untried": one.untried,
                "lacking": [(said(each.item.name), each.last) for each in one.lacking],
            }
            for one in page.object_list
        ],
        "never": [(said(item.name), sites) for item, sites in never_ready(standing)],
        "synthetic": any(one.site.is_synthetic for one in standing),
    }
    return render(request, "bureau/sites/readiness_area.html", context)


@reads
@requires(Permission.VIEW_SITES)
def turnover(request: StaffRequest) -> HttpResponse:
    """Show who joined and left in a quarter or a year, and the structure at its end."""
    form = SpanForm(request.GET, today=timezone.localdate())
    rows = turnover_by_site(request.actor, form.span)
    whole = added_up(one for _site, one in rows)
    names = source_names()
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page", "1"))
    context: dict[str, Any] = {
        "form": form,
        "span": form.span,
        "page": page,
        "rows": [(site, _shown(one)) for site, one in page.object_list],
        "whole": _shown(whole),
        "sources": [(name, whole.sources.get(key, 0)) for key, name in names.items()],
        "query": request.GET.urlencode(),
        "synthetic": any(site.is_synthetic for site, _one in rows),
    }
    return render(request, "bureau/sites/turnover.html", context)


@writes
@requires(Permission.VIEW_SITES)
def turnover_export(request: StaffRequest) -> HttpResponse:
    """Hand the report out as a workbook; it stands on the trail."""
    at = timezone.now()
    span = SpanForm(request.GET, today=timezone.localdate(at)).span
    content = export_turnover(span=span, by=request.actor, at=at)
    return workbook(content, f"circle15-staff-{span.since}-{span.until}.xlsx")


def _urgency(one: "SiteReadiness") -> tuple[int, bool]:
    """Put sites first that lack most; those where nobody has tried anything come last."""
    return -len(one.lacking), one.untried == len(one.items)


def _shown(one: "Turnover") -> dict[str, Any]:
    return {"one": one, "multi": _share(one.multi_share)}


def _share(of: "Share") -> str:
    if of.value is None:
        return "—"
    return f"{of.value * 100:.1f}% ({of.part}/{of.whole})"
