"""Ask for a plan: which kind, its form, everything that is wrong with it at once."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple, TypeAlias

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.plans import actions
from circle15.plans.queries import network_for
from circle15.plans.refusals import NoNetwork
from circle15.plans.states import PlanKind
from circle15.sites.queries import SiteFilter, sites_in_order
from circle15.sites.states import SiteStatus
from circle15.web.bureau.plans.forms import CoverageForm, StaffingForm
from circle15.web.bureau.plans.siting_form import SitingForm
from circle15.web.bureau.plans.supply_forms import AccessForm, CapacityForm, ReferralForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes

MOST_SITES = 2000
Form: TypeAlias = (
    CoverageForm | SitingForm | StaffingForm | AccessForm | CapacityForm | ReferralForm
)


class Offer(NamedTuple):
    """A kind of plan as somebody chooses it."""

    kind: PlanKind
    icon: str
    lead: Promise | str


OFFERS = (
    Offer(
        PlanKind.COVERAGE,
        "chart",
        _("按路网计算有多少人在时限内到达最近的网点，列出到不了的村（社区）。"),
    ),
    Offer(
        PlanKind.SITING,
        "pin",
        _("现有网点保留，从各村（社区）中选出最合适的新网点，并说明离最优差多少。"),
    ),
    Offer(
        PlanKind.STAFFING,
        "users",
        _("模拟一天里来办事的人，算出每个小时要开几个窗口、最少要多少人。"),
    ),
    Offer(
        PlanKind.ACCESS,
        "scales",
        _("把窗口或人员分给时限内的居民，看每个村平均能用上多少，哪里最紧。"),
    ),
    Offer(
        PlanKind.CAPACITY,
        "building",
        _("每个网点只能服务一定的人数：依次排满后，还有多少人排不上，在哪里。"),
    ),
    Offer(
        PlanKind.REFERRAL,
        "link",
        _("村里办不了的事，逐级到哪个镇、哪个大厅去，每一步要多少分钟。"),
    ),
)
LEADS = {offer.kind: offer.lead for offer in OFFERS}
_PLAIN: dict[PlanKind, Callable[..., Form]] = {
    PlanKind.COVERAGE: CoverageForm,
    PlanKind.SITING: SitingForm,
    PlanKind.ACCESS: AccessForm,
    PlanKind.CAPACITY: CapacityForm,
    PlanKind.REFERRAL: ReferralForm,
}


@reads
@requires(Permission.MAKE_PLANS)
def choose(request: StaffRequest) -> HttpResponse:
    """Offer every kind of plan."""
    return render(request, "bureau/plans/kinds.html", {"offers": OFFERS})


@reads
@requires(Permission.MAKE_PLANS)
def new(request: StaffRequest, kind: str) -> HttpResponse:
    """Show the form of a new plan."""
    try:
        return _new(request, kind, _form(request.actor, kind, None))
    except NoNetwork as refusal:
        context = {**_about(kind), "nothing": str(refusal)}
        return render(request, "bureau/plans/new.html", context)


def _new(request: StaffRequest, kind: str, form: Form, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {**_about(kind), "form": form}
    return render(request, "bureau/plans/new.html", context, status=status)


def _about(kind: str) -> dict[str, object]:
    return {
        "kind": kind,
        "kind_name": PlanKind(kind).label,
        "lead": LEADS[PlanKind(kind)],
        "fields": f"bureau/plans/_new_{kind}.html",
    }


def _form(actor: Actor, kind: str, data: Mapping[str, Any] | None) -> Form:
    modes = network_for(actor.area_path).modes
    initial = {} if "ebike" in modes else {"mode": modes[0]}
    if kind == PlanKind.STAFFING:
        running = sites_in_order(actor, SiteFilter(status=SiteStatus.OPEN))
        sites = list(running[:MOST_SITES].values_list("code", "name"))
        return StaffingForm(data, sites=sites, modes=modes, initial=initial)
    return _PLAIN[PlanKind(kind)](data, modes=modes, initial=initial)


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
