"""Small changes on a site's inventory page, each one action."""

from datetime import time

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.assessments import registers
from circle15.sites.states import EquipmentState, SiteStatus, Weekday, ZoneState
from circle15.web.shared.access import StaffRequest, requires, writes


@writes
@requires(Permission.EDIT_SITES)
def equipment(request: StaffRequest, code: str) -> HttpResponse:
    """Say whether a piece works."""
    registers.set_equipment_state(
        code=code,
        asset_no=request.POST.get("asset_no", ""),
        state=_one_of(request.POST.get("state", ""), EquipmentState.values),
        by=request.actor,
        at=timezone.now(),
    )
    return back(request, code)


@writes
@requires(Permission.EDIT_SITES)
def zone(request: StaffRequest, code: str) -> HttpResponse:
    """Say whether a zone is there and fit."""
    registers.set_zone(
        code=code,
        key=request.POST.get("key", ""),
        state=_one_of(request.POST.get("state", ""), ZoneState.values),
        by=request.actor,
        at=timezone.now(),
    )
    return back(request, code)


@writes
@requires(Permission.EDIT_SITES)
def remove_window(request: StaffRequest, code: str) -> HttpResponse:
    """Take away a service window."""
    raw = request.POST.get("number", "")
    if not raw.isdecimal():
        raise NotFound
    registers.remove_window(code=code, number=int(raw), by=request.actor, at=timezone.now())
    return back(request, code)


@writes
@requires(Permission.EDIT_SITES)
def remove_hours(request: StaffRequest, code: str) -> HttpResponse:
    """Take away opening hours."""
    weekday, opens = request.POST.get("weekday", ""), _clock(request.POST.get("opens", ""))
    if weekday not in map(str, Weekday.values) or opens is None:
        raise NotFound
    registers.remove_hours(
        code=code, weekday=int(weekday), opens=opens, by=request.actor, at=timezone.now()
    )
    return back(request, code)


def _clock(raw: str) -> time | None:
    try:
        return parse_time(raw)
    except ValueError:
        return None


@writes
@requires(Permission.SET_STATUS)
def status(request: StaffRequest, code: str) -> HttpResponse:
    """Open, suspend or close the site."""
    registers.set_status(
        code=code,
        status=_one_of(request.POST.get("status", ""), SiteStatus.values),
        reason=request.POST.get("reason", "").strip()[:200],
        by=request.actor,
        at=timezone.now(),
    )
    return back(request, code)


def _one_of(raw: str, values: list[str]) -> str:
    if raw not in values:
        raise registers.UnknownState
    return raw


def back(request: StaffRequest, code: str) -> HttpResponse:
    """Go back to the inventory page and say that the change is kept and scored."""
    messages.success(request, _("已保存，评分已更新。"))
    return HttpResponseRedirect(reverse("site_inventory", args=[code]))
