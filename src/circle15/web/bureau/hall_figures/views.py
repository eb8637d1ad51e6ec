"""A hall's figures for some days, with their definitions, and the same as a workbook."""

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.states import Permission
from circle15.hall.figures import DEFINITIONS, figures_of
from circle15.hall.green import DEFINITION as GREEN_DEFINITION
from circle15.hall.green import effect_of
from circle15.hall.replay import replayed
from circle15.hall.tables import green_table, minutes, tables_of, workbook
from circle15.hall.visits import Period, hall_of, visits_of
from circle15.web.bureau.hall_figures.forms import PeriodForm
from circle15.web.bureau.sites.lists import XLSX
from circle15.web.shared.access import StaffRequest, reads, requires

if TYPE_CHECKING:
    from circle15.hall.figures import Visit
    from circle15.hall.models import Hall

# Jiangsu 10(2), Wuhu 二(二)2, Nantong 3.
_TEN_MINUTES_S = 600


@reads
@requires(Permission.VIEW_HALL)
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show the figures of today, or of the days asked for."""
    hall = hall_of(request.actor, code)
    now = timezone.now()
    form = _form(request)
    context = {"site": hall.site, "hall": hall, "form": form, "synthetic": hall.is_synthetic}
    if not form.is_valid():
        return _page(request, context, HTTPStatus.UNPROCESSABLE_ENTITY)
    visits = visits_of(hall, form.period, at=now)
    figures = figures_of(visits)
    context |= {
        "period": form.period,
        "figures": figures,
        "wait_mean": minutes(figures.wait.mean_s),
        "wait_p90": minutes(figures.wait.p90_s),
        "instant": minutes(figures.instant.mean_s),
        "instant_with_unfinished": minutes(figures.instant.mean_with_unfinished_s),
        "instant_tone": _tone(figures.instant.mean_s),
        "tables": tables_of(visits, with_clerks=_may_see_clerks(request)),
        "definitions": DEFINITIONS.values(),
        "query": request.GET.urlencode(),
        **_beside_green(visits),
        **_beside_simulation(request, hall, form.period, now),
    }
    return _page(request, context, HTTPStatus.OK)


def _beside_green(visits: "list[Visit]") -> dict[str, object]:
    """Tell what the green channel cost the others."""
    effect = effect_of(visits)
    if effect is None:
        return {"green": None}
    return {
        "green": effect,
        "green_table": green_table(effect),
        "green_definition": GREEN_DEFINITION,
        "green_each": minutes(effect.extra_s_per_green),
        "green_mean": minutes(effect.extra_s_mean),
        "green_most": minutes(effect.extra_s_most),
    }


def _beside_simulation(
    request: StaffRequest, hall: "Hall", period: Period, now: datetime
) -> dict[str, object]:
    """Compare a single past day with the simulation when asked; it takes a moment."""
    can = period.since == period.until < timezone.localdate(now)
    if not can or "compare" not in request.GET:
        return {"can_compare": can}
    band = replayed(hall, period.since, at=now)
    rows = () if band is None else ((_("平均等候"), band.mean), (_("九成等候不超过"), band.p90))
    lines = [
        (name, minutes(one.observed_s), minutes(one.low_s), minutes(one.high_s), one.holds)
        for name, one in rows
    ]
    return {"compared": True, "comparison": lines}


def _page(request: StaffRequest, context: dict[str, object], status: int) -> HttpResponse:
    return render(request, "bureau/hall_figures/figures.html", context, status=status)


@reads
@requires(Permission.VIEW_HALL)
def export(request: StaffRequest, code: str) -> HttpResponse:
    """Hand out the figures as a workbook."""
    hall = hall_of(request.actor, code)
    form = _form(request)
    if not form.is_valid():
        return show(request, code)
    visits = visits_of(hall, form.period, at=timezone.now())
    title = _("%(hall)s，%(since)s 至 %(until)s") % {
        "hall": hall.site.name,
        "since": form.period.since,
        "until": form.period.until,
    }
    book = workbook(
        title, visits, with_clerks=_may_see_clerks(request), synthetic=hall.is_synthetic
    )
    reply = HttpResponse(book, content_type=XLSX)
    reply["Content-Disposition"] = f'attachment; filename="hall-{hall.site.code}.xlsx"'
    return reply


def _form(request: StaffRequest) -> PeriodForm:
    """Return the days asked for; today, where none are named."""
    today = timezone.localdate()
    given = request.GET or {"since": f"{today}", "until": f"{today}"}
    return PeriodForm(given)


def _may_see_clerks(request: StaffRequest) -> bool:
    """Clerks see the hall, not one another."""
    return request.actor.can(Permission.MANAGE_HALL)


def _tone(mean_s: float | None) -> str:
    """Say how the average stands to the ten minutes of three documents."""
    if mean_s is None:
        return ""
    return "good" if mean_s <= _TEN_MINUTES_S else "bad"
