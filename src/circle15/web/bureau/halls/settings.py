"""The rules of a hall: the queue, its lanes, hours of the old, what each window takes."""

from collections.abc import Callable, Mapping
from datetime import time
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.hall.actions import settings as actions
from circle15.hall.desk import peaks_of, skills_of
from circle15.hall.queries import hall_of, lanes_now, window_by_number
from circle15.items.naming import item_names
from circle15.sites.queries import site_by_code
from circle15.web.bureau.halls.forms import (
    HallForm,
    LaneForm,
    PeakForm,
    RulesForm,
    SkillsForm,
)
from circle15.web.bureau.halls.now import doors_of
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import listed, said

if TYPE_CHECKING:
    from circle15.hall.models import Hall
    from circle15.sites.models import Window


@writes
@requires(Permission.MANAGE_HALL)
def set_up(request: StaffRequest, code: str) -> HttpResponse:
    """Give a site its hall."""
    actions.set_up_hall(site_code=code, by=request.actor, at=timezone.now())
    messages.success(request, _("已开通叫号。请看一遍规则，再到“设备”里登记自助机和大屏。"))
    return HttpResponseRedirect(reverse("hall_settings", args=[code]))


@reads
@requires(Permission.MANAGE_HALL)
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show the rules of a hall."""
    return _page(request, code)


def _page(request: StaffRequest, code: str, refused: HallForm | None = None) -> HttpResponse:
    """Draw the settings; a refused form stands in it with what was typed."""
    hall = hall_of(request.actor, code)
    rules = {name: getattr(hall, name) for name in (*actions.LIMITS, *actions.SWITCHES)}
    drawn: dict[str, HallForm] = {
        "rules": RulesForm(initial=rules),
        "lane": LaneForm(),
        "peak": PeakForm(),
    }
    if refused:
        drawn[refused.part] = refused
    context = {
        "site": site_by_code(request.actor, code),
        "hall": hall,
        "lanes": lanes_now(request.actor, code),
        "peaks": peaks_of(hall),
        "windows": _windows(hall),
        "forms": drawn,
        "form": refused,
        "doors": doors_of(code),
        "synthetic": hall.is_synthetic,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "bureau/halls/settings.html", context, status=status)


def _windows(hall: "Hall") -> list[tuple["Window", str]]:
    """Return each window with what it is narrowed to, in words; "" for everything."""
    narrowed, names = skills_of(hall), item_names(timezone.localdate())
    queues = dict(hall.lanes.values_list("code", "name"))
    found = []
    for window in hall.site.windows.order_by("number", "id"):
        lanes, items = narrowed.get(window.id, (set(), set()))
        words = [queues[lane] for lane in sorted(lanes)]
        words += [said(names.name(item)) for item in sorted(items)]
        found.append((window, listed(words)))
    return found


def _kept(
    request: StaffRequest, code: str, form: HallForm, keep: Callable[[], object], said: str
) -> HttpResponse:
    """Keep a valid form and say so; else show everything that is wrong with it."""
    if form.is_valid():
        try:
            keep()
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("hall_settings", args=[code]))
    hall_of(request.actor, code)
    return _page(request, code, form)


@writes
@requires(Permission.MANAGE_HALL)
def rules(request: StaffRequest, code: str) -> HttpResponse:
    """Keep how people are called."""
    form = RulesForm(request.POST)
    by, at = request.actor, timezone.now()

    def keep() -> object:
        return actions.change(site_code=code, rules=form.cleaned_data, by=by, at=at)

    return _kept(request, code, form, keep, _("规则已保存，从下一次叫号起生效。"))


@writes
@requires(Permission.MANAGE_HALL)
def lane(request: StaffRequest, code: str) -> HttpResponse:
    """Add a lane, or rename the one with the code."""
    form = LaneForm(request.POST)
    there = lanes_now(request.actor, code)

    def keep() -> object:
        given = form.cleaned_data
        codes = [each.code for each in there]
        position = codes.index(given["code"]) if given["code"] in codes else len(codes)
        return actions.set_lane(
            site_code=code, position=position + 1, by=request.actor, at=timezone.now(), **given
        )

    return _kept(request, code, form, keep, _("已保存。"))


@writes
@requires(Permission.MANAGE_HALL)
def peak(request: StaffRequest, code: str) -> HttpResponse:
    """Add hours of the old on some weekdays."""
    form = PeakForm(request.POST)
    former = _peaks(request, code)

    def keep() -> object:
        given = form.cleaned_data
        new = [
            actions.Peak(weekday, given["opens"], given["closes"]) for weekday in given["weekdays"]
        ]
        return actions.set_elder_peaks(
            site_code=code, peaks=(*former, *new), by=request.actor, at=timezone.now()
        )

    return _kept(request, code, form, keep, _("已增加时段。"))


@writes
@requires(Permission.MANAGE_HALL)
def remove_peak(request: StaffRequest, code: str) -> HttpResponse:
    """Remove hours of the old."""
    wanted = (request.POST.get("weekday", ""), request.POST.get("opens", ""))
    left = [
        each for each in _peaks(request, code) if (str(each.weekday), _clock(each.opens)) != wanted
    ]
    actions.set_elder_peaks(site_code=code, peaks=tuple(left), by=request.actor, at=timezone.now())
    messages.success(request, _("已移除时段。"))
    return HttpResponseRedirect(reverse("hall_settings", args=[code]))


def _clock(moment: time) -> str:
    return f"{moment:%H:%M}"


def _peaks(request: StaffRequest, code: str) -> list[actions.Peak]:
    rows = peaks_of(hall_of(request.actor, code))
    return [actions.Peak(row.weekday, row.opens, row.closes) for row in rows]


@reads
@requires(Permission.MANAGE_HALL)
def skills(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Show what a window takes."""
    return _skills_page(request, code, number)


@writes
@requires(Permission.MANAGE_HALL)
def set_skills(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Keep what a window takes."""
    window = window_by_number(request.actor, code, number)
    form = _skills_form(request, code, request.POST)
    if not form.is_valid():
        return _skills_page(request, code, number, form)
    actions.set_skills(
        window_id=window.id,
        lanes=tuple(form.cleaned_data["lanes"]),
        items=tuple(form.cleaned_data["items"]),
        by=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("已保存，从下一次叫号起生效。"))
    return HttpResponseRedirect(reverse("hall_settings", args=[code]))


def _skills_form(
    request: StaffRequest,
    code: str,
    data: Mapping[str, object] | None,
    initial: Mapping[str, object] | None = None,
) -> SkillsForm:
    lanes = [(each.code, each.name) for each in lanes_now(request.actor, code)]
    names = item_names(timezone.localdate())
    return SkillsForm(data, lanes=lanes, names=names, initial=dict(initial or {}))


def _skills_page(
    request: StaffRequest, code: str, number: int, form: SkillsForm | None = None
) -> HttpResponse:
    window = window_by_number(request.actor, code, number)
    hall = hall_of(request.actor, code)
    lanes, items = skills_of(hall).get(window.id, (set(), set()))
    initial = {"lanes": sorted(lanes), "items": sorted(items)}
    context = {
        "site": hall.site,
        "hall": hall,
        "window": window,
        "form": form or _skills_form(request, code, None, initial),
        "doors": doors_of(code),
        "synthetic": hall.is_synthetic,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, "bureau/halls/skills.html", context, status=status)
