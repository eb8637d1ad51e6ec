"""Samples: what was drawn from which text, how anybody draws it again, and sending inspectors."""

import shlex
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.inspection_states import InspectionState
from circle15.assessments.inspections.drawing import draw, draw_of, draws, export, send
from circle15.assessments.inspections.interest import Candidate, candidates
from circle15.assessments.inspections.sampling import published
from circle15.sites.queries import site_by_code
from circle15.sites.states import SiteKind
from circle15.web.bureau.inspections.forms import DrawForm, SendForm
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.assessments.inspection_models import InspectionDraw

PAGE_SIZE = 100


@reads
@requires(Permission.PLAN_INSPECTIONS)
def draw_list(request: StaffRequest) -> HttpResponse:
    """Show the samples drawn so far, none ever deleted, and the form for another."""
    return _list(request, DrawForm())


@writes
@requires(Permission.PLAN_INSPECTIONS)
@once
def draw_one(request: StaffRequest) -> HttpResponse:
    """Draw a sample; the same text, kinds and list lead to the sample drawn before."""
    form = DrawForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    try:
        kept = draw(
            title=given["title"],
            source=form.source(),
            kinds=given["kinds"],
            per_stratum=given["per_stratum"],
            by=request.actor,
            at=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _list(request, form, status=HTTPStatus.CONFLICT)
    return HttpResponseRedirect(reverse("draw", args=[kept.uid]))


def _list(request: StaffRequest, form: DrawForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    rows = Paginator(draws(request.actor), PAGE_SIZE).get_page(request.GET.get("page", "1"))
    context = {
        "form": form,
        "page": rows,
        "synthetic": any(each.is_synthetic for each in rows.object_list),
    }
    return render(request, "bureau/inspections/draws.html", context, status=status)


@reads
@requires(Permission.PLAN_INSPECTIONS)
def page(request: StaffRequest, draw_uid: UUID) -> HttpResponse:
    """Show a sample: seed, recipe, list in the order of the draw, and the checks it led to."""
    kept = draw_of(draw_uid, by=request.actor)
    return _page(request, kept, SendForm(kinds=kept.asked["kinds"], people=_people(request, kept)))


@writes
@requires(Permission.PLAN_INSPECTIONS)
@once
def send_out(request: StaffRequest, draw_uid: UUID) -> HttpResponse:
    """Send inspectors to every drawn site they may check; the others are told with the reason."""
    kept = draw_of(draw_uid, by=request.actor)
    form = SendForm(request.POST, kinds=kept.asked["kinds"], people=_people(request, kept))
    if not form.is_valid():
        return _page(request, kept, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    try:
        sent = send(
            uid=draw_uid,
            book=given["book"],
            due_on=given["due_on"],
            inspectors=given["inspectors"],
            by=request.actor,
            at=timezone.now(),
        )
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, kept, form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已派发 %s 个网点。") % len(sent.planned))
    for name, reason in sent.refused[:5]:
        messages.warning(request, f"{name}：{reason}")
    return HttpResponseRedirect(reverse("draw", args=[draw_uid]))


@writes
@requires(Permission.PLAN_INSPECTIONS)
def export_list(request: StaffRequest, draw_uid: UUID) -> HttpResponse:
    """Hand out the whole list as a workbook; it stands on the trail."""
    at = timezone.now()
    content = export(uid=draw_uid, by=request.actor, at=at)
    return workbook(content, f"circle15-draw-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx")


def _people(request: StaffRequest, kept: "InspectionDraw") -> tuple[Candidate, ...]:
    """Return who may check a drawn site of at least one of the counties."""
    counties = {row["county"]: row["code"] for row in kept.listed if row["drawn"]}
    found: dict[int, Candidate] = {}
    for code in counties.values():
        try:
            site = site_by_code(request.actor, code)
        except NotFound:  # drawn by the city: another county's
            continue
        for each in candidates(site, by=request.actor, on=timezone.localdate()):
            if each.may:
                found[each.user_id] = each
    return tuple(found.values())


def _page(
    request: StaffRequest, kept: "InspectionDraw", form: SendForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    kinds = {str(value): text for value, text in SiteKind.choices}
    live = kept.checks.exclude(state=InspectionState.CANCELLED).select_related("site")
    checks = {check.site.code: check for check in live}
    whole = request.GET.get("all") == "1"
    rows = [row for row in kept.listed if row["drawn"] or whole]
    found = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page", "1"))
    line = published(kept.document, kept.text)
    first = kept.listed[0]["code"]
    context: dict[str, Any] = {
        "draw": kept,
        "form": form,
        "page": found,
        "rows": [
            {**row, "kind_name": kinds.get(row["kind"], ""), "check": checks.get(row["code"])}
            for row in found.object_list
        ],
        "drawn": sum(row["drawn"] for row in kept.listed),
        "waiting": sum(row["drawn"] and row["code"] not in checks for row in kept.listed),
        "only_drawn": not whole,
        "all_listed": whole,
        "kinds": [kinds.get(kind, "") for kind in kept.asked["kinds"]],
        "seed_recipe": f"printf %s {shlex.quote(line)} | sha256sum",
        "recipe": f"printf %s {kept.seed}:{first} | sha256sum",
        "first": kept.listed[0],
        "synthetic": kept.is_synthetic,
    }
    return render(request, "bureau/inspections/draw.html", context, status=status)
