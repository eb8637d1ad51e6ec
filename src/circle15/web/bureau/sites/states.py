"""Small changes on a site's inventory page, each one action."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.states import Permission
from circle15.assessments import actions
from circle15.sites.states import EquipmentState, SiteStatus, ZoneState
from circle15.web.shared.access import StaffRequest, requires, writes


@writes
@requires(Permission.EDIT_SITES)
def equipment(request: StaffRequest, code: str) -> HttpResponse:
    """Say whether a piece works."""
    actions.set_equipment_state(
        code=code,
        asset_no=request.POST.get("asset_no", ""),
        state=_one_of(request.POST.get("state", ""), EquipmentState.values),
        by=request.actor,
        at=timezone.now(),
    )
    return _back(request, code)


@writes
@requires(Permission.EDIT_SITES)
def zone(request: StaffRequest, code: str) -> HttpResponse:
    """Say whether a zone is there and fit."""
    actions.set_zone(
        code=code,
        key=request.POST.get("key", ""),
        state=_one_of(request.POST.get("state", ""), ZoneState.values),
        by=request.actor,
        at=timezone.now(),
    )
    return _back(request, code)


@writes
@requires(Permission.EDIT_SITES)
def status(request: StaffRequest, code: str) -> HttpResponse:
    """Open, suspend or close the site."""
    actions.set_status(
        code=code,
        status=_one_of(request.POST.get("status", ""), SiteStatus.values),
        reason=request.POST.get("reason", "").strip()[:200],
        by=request.actor,
        at=timezone.now(),
    )
    return _back(request, code)


def _one_of(raw: str, values: list[str]) -> str:
    if raw not in values:
        raise actions.UnknownState
    return raw


def _back(request: StaffRequest, code: str) -> HttpResponse:
    messages.success(request, _("已保存，评分已更新。"))
    return HttpResponseRedirect(reverse("site_inventory", args=[code]))
