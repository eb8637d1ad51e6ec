"""The dashboard of an area or site, the scores behind it, the map and the workbook."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from circle15.accounts.exports import note_export
from circle15.accounts.states import Permission
from circle15.assessments.dashboards.board import dashboard, peers_of, scored, spot_at
from circle15.assessments.dashboards.ranking import Estimate, places
from circle15.assessments.editions import in_force
from circle15.core.papers.sheet import text_workbook
from circle15.web.bureau.dashboards import tables, words
from circle15.web.bureau.dashboards.figures import Group, groups
from circle15.web.bureau.dashboards.forms import MEASURES, DashboardForm, asked
from circle15.web.bureau.dashboards.on_map import features
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes

PAGE_SIZE = 50


@reads
@requires(Permission.VIEW_BOARD)
def show(request: StaffRequest) -> HttpResponse:
    """Show an area or a site: the actor's own unless another inside it is asked for."""
    return render(request, "bureau/dashboards/dashboard.html", page_of(request))


@writes
@requires(Permission.VIEW_BOARD)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the numbers of the page as a workbook; it stands on the trail."""
    at, page = timezone.now(), page_of(request)
    lines = [*_figure_lines(page["groups"]), *_part_lines(page["rows"]), *_trend_lines(page)]
    note_export(len(lines), "dashboard", by=request.actor, at=at)
    heads = [_("部分"), _("名称"), _("指标"), _("数值"), _("说明")]
    content = text_workbook(_("数据看板"), heads, lines)
    return workbook(content, f"circle15-dashboard-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx")


@reads
@requires(Permission.VIEW_SCORES)
def scores(request: StaffRequest) -> HttpResponse:
    """Show every site of an area with its score; equal scores share a place."""
    _form, span = asked(request)
    spot = spot_at(request.actor, span.area)
    found = scored(span, book=_book())
    ranked = places(Estimate(one.percent, one.percent, one.percent, 1) for one in found)
    page = Paginator(list(zip(found, ranked, strict=True)), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    rows = [
        {
            "place": words.place(at),
            "name": one.name,
            "url": reverse("site", args=[one.code]),
            "total": one.total,
            "full": one.full,
            "percent": words.points(one.percent),
        }
        for one, at in page.object_list
    ]
    context = {"spot": spot, "page": page, "rows": rows, "up": _address(span.area)}
    return render(request, "bureau/dashboards/scores.html", context)


@reads
@requires(Permission.VIEW_BOARD)
def on_map(request: StaffRequest) -> JsonResponse:
    """Give the sites of an area with their measure for the map."""
    form, span = asked(request)
    if not request.actor.covers(span.area):
        raise Http404
    measure = form["by"].value()
    found = features(request.actor, span, measure, book=_book())
    return JsonResponse({"type": "FeatureCollection", "features": found})


def page_of(request: StaffRequest) -> dict[str, Any]:
    """Return everything a page, the wall and the workbook show."""
    actor = request.actor
    form, span = asked(request)
    found = dashboard(actor, span, book=_book())
    measure, query = str(form["by"].value()), _query(form)
    rows = tables.parts(actor, found, measure, query) if found.parts else []
    named = str(MEASURES[measure][0])
    pieces = tables.trend(found, form.cut(span))
    return {
        "form": form,
        "found": found,
        "span": found.span,
        "spot": found.spot,
        "way": [(spot.name, _address(spot.path, **query)) for spot in found.way[:-1]],
        "groups": groups(actor, found, peers_of(actor, found, book=_book())),
        "rows": rows,
        "measure": named,
        "ranking": tables.ranking_chart(rows, named),
        "trend": tables.trend_charts(actor, pieces),
        "coverage": tables.coverage(found),
        "distribution": tables.distribution(found.scores) if len(found.scores) > 1 else None,
        "may_see_scores": actor.can(Permission.VIEW_SCORES),
        "query": urlencode({name: value for name, value in query.items() if value}),
        "synthetic": found.synthetic,
    }


def _query(form: DashboardForm) -> dict[str, str]:
    return {name: str(form[name].value() or "") for name in form.fields}


def _address(area: str, /, **more: str) -> str:
    kept = {name: value for name, value in more.items() if value and name != "area"}
    return f"{reverse('dashboards')}?{urlencode({**kept, 'area': area})}"


def _book() -> str:
    """Return the first book in force: the one every score of these pages is under."""
    found = in_force(timezone.localdate())
    return found[0].id if found else ""


def _figure_lines(found: tuple[Group, ...]) -> list[list[str]]:
    return [
        [group.name, "", one.label, f"{one.exact or one.value}{one.unit}", one.note]
        for group in found
        for one in group.figures
    ]


def _part_lines(rows: list[tables.Row]) -> list[list[str]]:
    return [
        [_("各区域和网点"), row.name, cell.label, cell.value, cell.note]
        for row in rows
        for cell in (tables.Cell(_("名次"), row.place), *row.cells)
    ]


def _trend_lines(page: dict[str, Any]) -> list[list[str]]:
    return [
        [chart["title"], name, series["name"], _told(series["values"][index]), chart["unit"]]
        for chart in page["trend"]
        for series in chart["data"]["series"]
        for index, name in enumerate(chart["data"]["categories"])
    ]


def _told(value: float | None) -> str:
    return words.NOTHING if value is None else f"{value:,}"
