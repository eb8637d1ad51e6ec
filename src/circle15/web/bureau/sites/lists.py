"""The list of sites, the map, and the lines the map draws."""

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from circle15.accounts.states import Permission
from circle15.areas.queries import boundaries_for, choices_under, layers_for
from circle15.areas.states import Level
from circle15.assessments.editions import in_force
from circle15.assessments.queries import map_features, site_rows
from circle15.sites.states import SiteKind, SiteStatus
from circle15.web.bureau.sites.forms import SiteFilterForm, chosen_sort
from circle15.web.bureau.sites.tones import tone
from circle15.web.shared.access import StaffRequest, reads, requires
from circle15.web.shared.map_features import boundary_collection, road_collection, shape_of

PAGE_SIZE = 50
MOST_ROWS = 20_000
# The halls stand out on the map; the many small points are dots until one is opened.
LARGE_KINDS = {SiteKind.COUNTY_HALL, SiteKind.TOWN_CENTRE}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def filter_form(request: StaffRequest) -> SiteFilterForm:
    """Return the filter with the areas the actor may choose and the books in force."""
    language = get_language() or ""
    areas = [
        (each.path, each.name if each.level == Level.COUNTY else f"　{each.name}")
        for each in choices_under(request.actor.area_path)
    ]
    books = [(each.id, each.title.in_language(language)) for each in in_force(timezone.localdate())]
    return SiteFilterForm(request.GET, areas=areas, books=books)


def _book(request: StaffRequest, form: SiteFilterForm) -> str:
    """Return the chosen book; none for those who may not see scores (a blind inspector)."""
    return form.chosen_book if request.actor.can(Permission.VIEW_SCORES) else ""


def _sort(request: StaffRequest) -> str:
    """Return the chosen order; one by score would tell the scores."""
    sort = chosen_sort(request.GET.get("sort", ""))
    by_score = sort.lstrip("-") in {"score", "unknown"}
    return "name" if by_score and not request.actor.can(Permission.VIEW_SCORES) else sort


@reads
@requires(Permission.VIEW_SITES)
def site_list(request: StaffRequest) -> HttpResponse:
    """Show the actor's sites, fifty a page, with their live scores."""
    form = filter_form(request)
    book = _book(request, form)
    rows = site_rows(request.actor, form.narrowed(), book=book, sort=_sort(request))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "bureau/sites/list.html",
        {
            "form": form,
            "page": page,
            "books": in_force(timezone.localdate()),
            "book": book,
            "synthetic": any(site.is_synthetic for site in page.object_list),
        },
    )


@reads
@requires(Permission.VIEW_SITES)
def site_map(request: StaffRequest) -> HttpResponse:
    """Show the actor's sites on the map, and as a list beside it."""
    form = filter_form(request)
    rows = site_rows(request.actor, form.narrowed(), book=_book(request, form))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    layers = list(layers_for(request.actor.area_path).defer("geojson"))
    return render(
        request,
        "bureau/sites/map.html",
        {
            "form": form,
            "page": page,
            "book": _book(request, form),
            "sites_url": f"{reverse('site_features')}?{request.GET.urlencode()}",
            "attribution": " · ".join(dict.fromkeys(layer.attribution for layer in layers)),
            "synthetic": True in {site.is_synthetic for site in page.object_list},
        },
    )


@reads
@requires(Permission.VIEW_SITES)
def site_features(request: StaffRequest) -> JsonResponse:
    """Give the actor's sites as GeoJSON with shape, colour and words for the map."""
    form = filter_form(request)
    features = map_features(request.actor, form.narrowed(), book=_book(request, form))
    for feature in features:
        _dress(feature["properties"])
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _dress(about: object) -> None:
    assert isinstance(about, dict)
    kind = SiteKind(about["kind"])
    small = kind not in LARGE_KINDS
    score = f"{about['score']} / {about['max']}" if about["score"] is not None else "—"
    about |= {
        "id": about["code"],
        "shape": shape_of(kind),
        "tone": tone(about["share"]),
        "label": "" if about["share"] is None or small else str(about["share"]),
        "small": small,
        "kind": str(kind.label),
        "lines": [about["town"], str(SiteStatus(about["status"]).label), score],
        "url": reverse("site", args=[about["code"]]),
        "link": gettext("查看台账与评分"),
    }


@reads
@requires(Permission.VIEW_SITES)
def boundaries(request: StaffRequest) -> JsonResponse:
    """Give the boundaries inside and around the actor's area."""
    return JsonResponse(boundary_collection(boundaries_for(request.actor.area_path)))


@reads
@requires(Permission.VIEW_SITES)
def roads(request: StaffRequest) -> JsonResponse:
    """Give the roads inside and around the actor's area."""
    return JsonResponse(road_collection(layers_for(request.actor.area_path)))


@reads
@requires(Permission.VIEW_SITES)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the narrowed list as a workbook."""
    from circle15.assessments.documents.sites import sites_workbook  # noqa: PLC0415 -- slow import

    form = filter_form(request)
    book = _book(request, form)
    rows = site_rows(request.actor, form.narrowed(), book=book, sort=_sort(request))
    editions = in_force(timezone.localdate()) if book else ()
    reply = HttpResponse(sites_workbook(list(rows[:MOST_ROWS]), editions), content_type=XLSX)
    reply["Content-Disposition"] = 'attachment; filename="circle15-sites.xlsx"'
    return reply
