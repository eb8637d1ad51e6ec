"""A plan from question to answer: three forms, the wait, what came out."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.plans import actions
from circle15.plans.documents.answers import left_out_of, site_names
from circle15.plans.documents.bands import bands_of, legend
from circle15.plans.documents.drawn import Drawing, drawing_of
from circle15.plans.documents.wording import (
    OBJECTIVES,
    basis,
    kind_name,
    limits,
    mode_name,
    problems,
)
from circle15.plans.queries import comparable, network_for, plan_by_uid
from circle15.plans.refusals import NoNetwork
from circle15.plans.states import BUSY, PlanKind, PlanState
from circle15.sites.queries import SiteFilter, sites_in_order
from circle15.sites.states import SiteStatus
from circle15.web.bureau.plans.forms import CoverageForm, SitingForm, StaffingForm
from circle15.web.bureau.plans.overview import TONES
from circle15.web.bureau.plans.results import (
    coverage_shown,
    halls_shown,
    siting_shown,
    staffing_shown,
)
from circle15.web.bureau.plans.shown import places_for_map, points_farthest_first, site_for_map
from circle15.web.shared.access import StaffRequest, reads, requires, writes

if TYPE_CHECKING:
    from circle15.plans.models import Plan

PAGE = 50
MOST_SITES = 2000
Form = CoverageForm | SitingForm | StaffingForm


@reads
@requires(Permission.MAKE_PLANS)
def new(request: StaffRequest, kind: str) -> HttpResponse:
    """Show the form of a new plan."""
    try:
        return _new(request, kind, _form(request.actor, kind, None))
    except NoNetwork as refusal:
        context = {"nothing": str(refusal), "kind": kind, "kind_name": PlanKind(kind).label}
        return render(request, "bureau/plans/new.html", context)


def _new(request: StaffRequest, kind: str, form: Form, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {"form": form, "kind": kind, "kind_name": PlanKind(kind).label}
    return render(request, "bureau/plans/new.html", context, status=status)


def _form(actor: Actor, kind: str, data: Mapping[str, Any] | None) -> Form:
    modes = network_for(actor.area_path).modes
    initial = {} if "ebike" in modes else {"mode": modes[0]}
    if kind == PlanKind.STAFFING:
        running = sites_in_order(actor, SiteFilter(status=SiteStatus.OPEN))
        sites = list(running[:MOST_SITES].values_list("code", "name"))
        return StaffingForm(data, sites=sites, modes=modes, initial=initial)
    if kind == PlanKind.SITING:
        return SitingForm(data, modes=modes, initial=initial)
    return CoverageForm(data, modes=modes, initial=initial)


@writes
@requires(Permission.MAKE_PLANS)
def ask(request: StaffRequest, kind: str) -> HttpResponse:
    """Queue a plan, or say everything that is wrong with the question."""
    try:
        form = _form(request.actor, kind, request.POST)
    except NoNetwork as refusal:
        messages.error(request, str(refusal))
        return redirect("plans")
    if not form.is_valid():
        return _new(request, kind, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        plan = actions.ask(
            kind=kind,
            title=form.cleaned_data["title"],
            question=form.question,
            by=request.actor,
            at=timezone.now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        for line in str(refusal).split("\n"):
            form.add_error(None, line)
        return _new(request, kind, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("plan", plan_uid=plan.uid)


@reads
@requires(Permission.VIEW_PLANS)
def show(request: StaffRequest, plan_uid: UUID) -> HttpResponse:
    """Show a plan: how far it is, or what it found."""
    plan = plan_by_uid(request.actor, plan_uid)
    context = {
        "plan": plan,
        "tones": TONES,
        "is_busy": plan.state in BUSY,
        "percent": _percent(plan),
        "problems": problems(plan.problems),
        "asked": _asked(plan),
        "synthetic": plan.is_synthetic,
    }
    if plan.state == PlanState.DONE:
        context |= _done(request, plan)
    return render(request, "bureau/plans/plan.html", context)


def _percent(plan: "Plan") -> int | None:
    return min(100, plan.done * 100 // plan.todo) if plan.todo else None


def _asked(plan: "Plan") -> list[tuple[str, str]]:
    """Say in words what was asked."""
    question = plan.question
    found = []
    if "mode" in question:
        found.append((_("出行方式"), mode_name(question["mode"])))
        found.append((_("时限"), _("%(n)s 分钟") % {"n": f"{question['minutes']:g}"}))
    if "objective" in question:
        found.append((_("目标"), str(OBJECTIVES[question["objective"]])))
    if question.get("count"):
        found.append((_("新增网点"), _("%(n)s 个") % {"n": question["count"]}))
    if question.get("cover"):
        found.append((_("要达到的覆盖率"), f"{question['cover']:.0%}"))
    if question.get("site"):
        found.append((_("网点"), site_names(plan).get(question["site"], question["site"])))
    if question.get("every"):
        found.append((_("网点"), _("全部%(kind)s") % {"kind": kind_name(question["every"])}))
    if question.get("people"):
        found.append((_("服务居民"), _("%(n)s 人") % {"n": f"{question['people']:,}"}))
    return found


def _done(request: StaffRequest, plan: "Plan") -> dict[str, object]:
    assert plan.result is not None
    if plan.kind == PlanKind.STAFFING:
        return halls_shown(plan) if plan.result.get("every") else staffing_shown(plan.result)
    assert plan.network is not None
    drawing = drawing_of(plan)
    limit = plan.question["minutes"]
    bands = bands_of(drawing.minutes, limit)
    points = points_farthest_first(drawing.places, drawing.minutes, bands)
    shown = siting_shown if plan.kind == PlanKind.SITING else coverage_shown
    others = comparable(request.actor, plan) if plan.kind == PlanKind.COVERAGE else ()
    return {
        **shown(plan, drawing),
        "record": plan.result,
        "basis": basis(_based(plan, drawing)),
        "legend": legend(bands, [place.people for place in drawing.places], limit),
        "points": Paginator(points, PAGE).get_page(request.GET.get("page")),
        "limits": list(
            limits(
                plan.result,
                plan.network.name,
                left_out_of(plan),
                is_synthetic=plan.is_synthetic,
            )
        ),
        "sites": Paginator(drawing.sites, PAGE).get_page(request.GET.get("sites")),
        "points_url": reverse("plan_points", args=[plan.uid]),
        "roads_url": reverse("network_roads", args=[plan.network.digest]),
        "others": others[:PAGE] if others else (),
    }


def _based(plan: "Plan", drawing: Drawing) -> dict[str, Any]:
    assert plan.result is not None
    counts = {
        "start_points": len(drawing.places),
        "sites": sum(site.state != "closed" for site in drawing.sites),
    }
    return counts | dict(plan.result)


@reads
@requires(Permission.VIEW_PLANS)
def points(request: StaffRequest, plan_uid: UUID) -> JsonResponse:
    """Give the start points and sites of a finished plan to its map."""
    plan = plan_by_uid(request.actor, plan_uid)
    if plan.state != PlanState.DONE or plan.kind == PlanKind.STAFFING:
        raise Http404
    drawing = drawing_of(plan)
    bands = bands_of(drawing.minutes, plan.question["minutes"])
    return JsonResponse(
        {
            "places": places_for_map(drawing.places, drawing.minutes, bands),
            "sites": [site_for_map(site) for site in drawing.sites],
        }
    )


@reads
@requires(Permission.VIEW_PLANS)
def progress_part(request: StaffRequest, plan_uid: UUID) -> HttpResponse:
    """Show how far a run is; once it has ended, tell the page to load itself again."""
    plan = plan_by_uid(request.actor, plan_uid)
    if plan.state in BUSY:
        context = {"plan": plan, "percent": _percent(plan)}
        return render(request, "bureau/plans/_progress.html", context)
    reply = HttpResponse(status=HTTPStatus.NO_CONTENT)
    reply["HX-Refresh"] = "true"
    return reply


@writes
@requires(Permission.MAKE_PLANS)
def cancel(request: StaffRequest, plan_uid: UUID) -> HttpResponse:
    """Stop a run."""
    actions.cancel(uid=plan_uid, by=request.actor, at=timezone.now())
    messages.success(request, _("已要求停止，几秒内生效。"))
    return redirect("plan", plan_uid=plan_uid)


@writes
@requires(Permission.MAKE_PLANS)
def again(request: StaffRequest, plan_uid: UUID) -> HttpResponse:
    """Queue a failed or cancelled run once more."""
    actions.again(uid=plan_uid, by=request.actor, at=timezone.now())
    messages.success(request, _("已重新排队，按原来的人口和网点数据计算。"))
    return redirect("plan", plan_uid=plan_uid)
