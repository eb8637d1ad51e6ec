"""A plan from the wait to the answer: how far it is, what came out."""

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

from circle15.accounts.states import Permission
from circle15.plans import actions
from circle15.plans.documents.answers import left_out_of
from circle15.plans.documents.asked import asked_words
from circle15.plans.documents.drawn import Drawing, drawing_of
from circle15.plans.documents.wording import basis, limits, problems
from circle15.plans.queries import COMPARABLE, comparable, plan_by_uid
from circle15.plans.states import BUSY, PlanKind, PlanState
from circle15.web.bureau.plans.overview import TONES
from circle15.web.bureau.plans.results import (
    coverage_shown,
    halls_shown,
    siting_shown,
    staffing_shown,
    supply_shown,
)
from circle15.web.bureau.plans.shown import places_for_map, points_farthest_first, site_for_map
from circle15.web.shared.access import StaffRequest, reads, requires, writes

if TYPE_CHECKING:
    from circle15.plans.models import Plan

PAGE = 50
SHOWN = {PlanKind.COVERAGE: coverage_shown, PlanKind.SITING: siting_shown}


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
        "asked": asked_words(plan),
        "synthetic": plan.is_synthetic,
    }
    if plan.state == PlanState.DONE:
        context |= _done(request, plan)
    return render(request, "bureau/plans/plan.html", context)


def _percent(plan: "Plan") -> int | None:
    return min(100, plan.done * 100 // plan.todo) if plan.todo else None


def _done(request: StaffRequest, plan: "Plan") -> dict[str, object]:
    assert plan.result is not None
    if plan.kind == PlanKind.STAFFING:
        return halls_shown(plan) if plan.result.get("every") else staffing_shown(plan.result)
    assert plan.network is not None
    drawing = drawing_of(plan)
    points = points_farthest_first(drawing.places, drawing.minutes, drawing.bands)
    others = comparable(request.actor, plan) if plan.kind in COMPARABLE else ()
    return {
        **SHOWN.get(PlanKind(plan.kind), supply_shown)(plan, drawing),
        "record": plan.result,
        "basis": basis(_based(plan, drawing)),
        "legend": drawing.legend,
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
    return JsonResponse(
        {
            "places": places_for_map(drawing.places, drawing.minutes, drawing.bands),
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
