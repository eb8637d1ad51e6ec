"""Two plans side by side: who gains, who loses, where."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from circle15.accounts.states import Permission
from circle15.plans.documents.answers import areas_in_order, most_changed_first, result_of
from circle15.plans.documents.asked import asked_words
from circle15.plans.documents.bands import fate_of, fates_legend
from circle15.plans.documents.drawn import CLOSED, KEPT, DrawnSite, drawing_of
from circle15.plans.documents.wording import basis
from circle15.plans.queries import differences, is_comparable, plan_by_uid, plans_to_compare
from circle15.web.bureau.plans.shown import (
    places_for_map,
    points_farthest_first,
    site_for_map,
)
from circle15.web.shared.access import StaffRequest, reads, requires

if TYPE_CHECKING:
    from circle15.plans.models import Plan

PAGE = 50
MOST_CHOICES = 200


@reads
@requires(Permission.VIEW_PLANS)
def compare(request: StaffRequest) -> HttpResponse:
    """Choose two plans, or show their difference."""
    choices = plans_to_compare(request.actor)
    pair = [_chosen(request, name) for name in ("first", "second")]
    context: dict[str, object] = {
        "choices": choices[:MOST_CHOICES],
        "first": pair[0],
        "second": pair[1],
    }
    if pair[0] is not None and pair[1] is not None:
        context |= _compared(request, pair[0], pair[1])
    return render(request, "bureau/plans/compare.html", context)


def _chosen(request: StaffRequest, name: str) -> "Plan | None":
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        plan = plan_by_uid(request.actor, UUID(text))
    except ValueError:
        raise Http404 from None
    if not is_comparable(plan):
        raise Http404
    return plan


def _compared(request: StaffRequest, first: "Plan", second: "Plan") -> dict[str, object]:
    rows = differences(result_of(first), result_of(second))
    both = Both(first, second)
    people = [place.people for place in both.places]
    points = [
        point
        for point in points_farthest_first(both.places, both.minutes, both.fates)
        if point.band in {"gained", "lost"}
    ]
    assert second.network is not None
    return {
        "whole": rows[0],
        "areas": most_changed_first(areas_in_order(request.actor.area_path, rows)),
        "bases": (_based(first), _based(second)),
        "asked": _side_by_side(asked_words(first), asked_words(second)),
        "legend": fates_legend(both.fates, people),
        "points": Paginator(points, PAGE).get_page(request.GET.get("page")),
        "changed_sites": [site for site in both.sites if site.state != KEPT],
        "points_url": f"{reverse('plan_compare_points')}?{request.GET.urlencode()}",
        "roads_url": reverse("network_roads", args=[second.network.digest]),
        "same_inputs": first.inputs_digest == second.inputs_digest,
        "synthetic": first.is_synthetic or second.is_synthetic,
    }


def _based(plan: "Plan") -> str:
    """Say on what a plan's figure rests; a siting counts what it proposes as sites."""
    drawing = drawing_of(plan)
    counts = {
        "start_points": len(drawing.places),
        "sites": sum(s.state != CLOSED for s in drawing.sites),
    }
    return basis(counts | result_of(plan))


def _side_by_side(
    first: list[tuple[str, str]], second: list[tuple[str, str]]
) -> list[tuple[str, str, str]]:
    """Set what was asked side by side, a line for each part of a question."""
    left, right = dict(first), dict(second)
    return [(label, left.get(label, "—"), right.get(label, "—")) for label in {**left, **right}]


class Both:
    """Start points of two plans; a village only one of them has counts as out of reach there."""

    def __init__(self, first: "Plan", second: "Plan") -> None:
        before, after = drawing_of(first), drawing_of(second)
        was = dict(zip((each.code for each in before.places), before.covered, strict=True))
        will = dict(zip((each.code for each in after.places), after.covered, strict=True))
        minutes = dict(zip((each.code for each in after.places), after.minutes, strict=True))
        known = {each.code: each for each in (*before.places, *after.places)}
        self.places = tuple(known.values())
        self.minutes = tuple(minutes.get(code) for code in known)
        self.fates = tuple(
            fate_of(was.get(code, False), will.get(code, False)).value for code in known
        )
        self.sites = _sites(before.sites, after.sites)


def _sites(before: tuple[DrawnSite, ...], after: tuple[DrawnSite, ...]) -> list[DrawnSite]:
    """Give the sites of the second plan, and those only the first one had, as closed."""
    there = {site.id for site in after}
    gone = [site._replace(state=CLOSED) for site in before if site.id not in there]
    return [*after, *gone]


@reads
@requires(Permission.VIEW_PLANS)
def compare_points(request: StaffRequest) -> JsonResponse:
    """Give the start points of both plans to the map."""
    first, second = (_chosen(request, name) for name in ("first", "second"))
    if first is None or second is None:
        raise Http404
    both = Both(first, second)
    return JsonResponse(
        {
            "places": places_for_map(both.places, both.minutes, both.fates),
            "sites": [site_for_map(site) for site in both.sites],
        }
    )
