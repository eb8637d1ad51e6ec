"""One site's monitoring: trend and forecast, warnings with their points, orders, figures."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.editions import Applicable, applicable, in_force
from circle15.assessments.monitoring.days import Outlook, outlook
from circle15.assessments.monitoring.lists import orders_of, warning_by_uid, warnings_of
from circle15.assessments.monitoring.planning import plan
from circle15.scoring.trend import Forecast
from circle15.sites.queries import site_by_code
from circle15.standards.early_warnings import forecast_rules
from circle15.web.bureau.monitoring.forms import PlanForm
from circle15.web.bureau.monitoring.shown import order_shown, warnings_shown
from circle15.web.bureau.sites.watched import watched_of
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.sites.models import Site


@reads
@requires(Permission.VIEW_MONITORING)
def page(request: StaffRequest, code: str) -> HttpResponse:
    """Show how a site's score goes, what endangers it, and what was ordered."""
    return _page(request, site_by_code(request.actor, code))


@writes
@requires(Permission.VIEW_MONITORING)
@once
def plan_warning(request: StaffRequest, warning_uid: UUID) -> HttpResponse:
    """Keep what will be done about a warning and by when."""
    row = warning_by_uid(request.actor, warning_uid)
    form = PlanForm(request.POST, auto_id=f"{warning_uid}-%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            plan(
                uid=warning_uid,
                words=given["words"],
                until=given["until"],
                by=request.actor,
                at=timezone.now(),
            )
        except NotFound:
            raise
        except Refused as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(request, _("已记下整改安排。"))
            return HttpResponseRedirect(reverse("monitoring_site", args=[row.site.code]))
    site = site_by_code(request.actor, row.site.code)
    return _page(request, site, refused=(warning_uid, form), status=UNUSABLE)


UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


def _page(
    request: StaffRequest,
    site: "Site",
    *,
    refused: tuple[UUID, PlanForm] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    on = timezone.localdate()
    editions = in_force(on)
    judged = applicable(site.kind, editions)
    chosen = _chosen(judged, request.GET.get("book", ""))
    looked = outlook(site.pk, chosen.edition.id, on=on) if chosen else None
    context = {
        "site": site,
        "tab": "monitoring",
        "books": judged,
        "book": chosen,
        "outlook": looked,
        "chart": _chart(looked) if looked and looked.days else None,
        "has_forecast": looked is not None and isinstance(looked.forecast, Forecast),
        "least_days": forecast_rules().least,
        "back_days": forecast_rules().days,
        "warnings": [
            (shown, _form(shown.row.uid, refused), getattr(shown.row, "under_way", ()))
            for shown in warnings_shown(warnings_of(site), editions)
        ],
        "orders": [order_shown(row, on=on) for row in orders_of(site)],
        "may_order": _may_order(request.actor),
        "watched": watched_of(site.pk, on=on),
        "refused": refused[1] if refused else None,
        "synthetic": site.is_synthetic,
    }
    return render(request, "bureau/monitoring/site.html", context, status=status)


def _may_order(by: Actor) -> bool:
    return by.can(Permission.SUPERVISE_SITES)


def _form(uid: UUID, refused: tuple[UUID, PlanForm] | None) -> PlanForm:
    if refused is not None and refused[0] == uid:
        return refused[1]
    return PlanForm(auto_id=f"{uid}-%s")


def _chosen(judged: tuple[Applicable, ...], book: str) -> Applicable | None:
    first = judged[0] if judged else None
    return next((each for each in judged if each.edition.id == book), first)


def _chart(looked: Outlook) -> dict[str, Any]:
    return {
        "kind": "line",
        "scale": True,
        "categories": [f"{each.day:%m-%d}" for each in looked.days],
        "series": [{"name": said_total(), "values": [float(each.total) for each in looked.days]}],
    }


def said_total() -> str:
    return _("得分")
