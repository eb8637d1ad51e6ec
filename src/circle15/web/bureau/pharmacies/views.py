"""The register of pharmacies with each town's count, a new entry, and all as a workbook."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, Refused
from circle15.accounts.states import Permission
from circle15.areas.queries import choices_under, divisions_under
from circle15.areas.states import Level
from circle15.programme.pharmacies.lists import ShopFilter, counts, export_shops, shops, towns
from circle15.programme.pharmacies.register import register
from circle15.programme.pharmacy_states import PharmacyState
from circle15.ratings.given import page_of
from circle15.sites.queries import SiteFilter, sites_in_order
from circle15.sites.states import SiteKind
from circle15.standards.pharmacies import pharmacy_rules
from circle15.web.bureau.pharmacies.forms import ShopFilterForm, ShopForm
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

TONES: Mapping[str, str] = {
    PharmacyState.CANDIDATE: "idle",
    PharmacyState.PROPOSED: "info",
    PharmacyState.SELECTED: "good",
    PharmacyState.LEAVING: "warn",
    PharmacyState.REMOVED: "bad",
}


@reads
@requires(Permission.VIEW_PHARMACIES)
def shop_list(request: StaffRequest) -> HttpResponse:
    """Show the register, or with `list=towns` whether each town has one."""
    is_by_town = request.GET.get("list") == "towns"
    form = _filter(request)
    what = form.narrowed()
    page = page_of(shops(request.actor, what), request.GET.get("page", "1"))
    by_town = towns(request.actor, on=timezone.localdate())
    known = counts(request.actor)
    context = {
        "form": form,
        "page": page,
        "rows": [
            {"row": row, "state": PharmacyState(row.state).label, "tone": TONES[row.state]}
            for row in page.object_list
        ],
        "is_by_town": is_by_town,
        "towns": by_town,
        "selected": known.get(PharmacyState.SELECTED, 0) + known.get(PharmacyState.LEAVING, 0),
        "waiting": known.get(PharmacyState.PROPOSED, 0) + known.get(PharmacyState.LEAVING, 0),
        "without": sum(not line.is_enough for line in by_town),
        "narrowed": what != ShopFilter(),
        "query": request.GET.urlencode(),
        "can_manage": request.actor.can(Permission.MANAGE_PHARMACIES),
        "decided": [said(one) for one in pharmacy_rules().decided],
        "km": pharmacy_rules().without_boundary_km,
        "synthetic": any(row.is_synthetic for row in page.object_list),
    }
    return render(request, "bureau/pharmacies/list.html", context)


@writes
@requires(Permission.VIEW_PHARMACIES)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the register as a workbook; it stands on the trail."""
    at = timezone.now()
    content = export_shops(what=_filter(request).narrowed(), by=request.actor, at=at)
    return workbook(content, f"circle15-pharmacies-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx")


@reads
@requires(Permission.MANAGE_PHARMACIES)
def ask(request: StaffRequest) -> HttpResponse:
    return _ask(request, _form(request))


@writes
@requires(Permission.MANAGE_PHARMACIES)
@once
def enter(request: StaffRequest) -> HttpResponse:
    """Enter a pharmacy as a candidate."""
    form = _form(request, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            row = register(
                code=given["code"],
                name=given["name"],
                town_path=given["town"],
                lon=given["lon"],
                lat=given["lat"],
                address=given["address"],
                site_code=given["site"],
                by=request.actor,
                at=timezone.now(),
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记为候选。"))
            return HttpResponseRedirect(reverse("pharmacy", args=[row.uid]))
    return _ask(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _ask(request: StaffRequest, form: ShopForm, status: int = HTTPStatus.OK) -> HttpResponse:
    return render(request, "bureau/pharmacies/new.html", {"form": form}, status=status)


def _form(request: StaffRequest, data: Any = None) -> ShopForm:
    by = request.actor
    rows = divisions_under(by.area_path, levels=(Level.TOWN,)).filter(is_placeholder=False)
    sites = sites_in_order(by, SiteFilter(kind=SiteKind.PHARMACY))
    return ShopForm(
        data,
        towns=rows.values_list("path", "name"),
        sites=sites.values_list("code", "name"),
    )


def _filter(request: StaffRequest) -> ShopFilterForm:
    areas = [
        (each.path, each.name if each.level == Level.COUNTY else f"　{each.name}")
        for each in choices_under(request.actor.area_path)
    ]
    return ShopFilterForm(request.GET, areas=areas)
