"""Find a site: what everybody may know of the sites that are open."""

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circle15.areas.queries import boundaries_for, layers_for
from circle15.areas.scope import EVERYWHERE
from circle15.assessments.campaigns.queries import titles_held
from circle15.sites.public import OpenSite, find
from circle15.sites.states import SiteKind
from circle15.web.shared.access import Request, open_to_all, reads
from circle15.web.shared.map_features import boundary_collection, road_collection, shape_of

PAGE_SIZE = 20
MOST_ON_MAP = 2000


def _asked(request: Request) -> dict[str, str]:
    kind = request.GET.get("kind", "")
    return {
        "search": request.GET.get("q", "")[:60],
        "kind": kind if kind in SiteKind.values else "",
    }


@reads
@open_to_all
def home(request: Request) -> HttpResponse:
    """Show the open sites on the map and as a list that can be searched."""
    asked = _asked(request)
    page = Paginator(find(**asked), PAGE_SIZE).get_page(request.GET.get("page"))
    layers = layers_for(EVERYWHERE).defer("geojson")
    held = titles_held(site.code for site in page.object_list)
    return render(
        request,
        "public/home.html",
        {
            "page": page,
            "rows": [(site, held.get(site.code, ())) for site in page.object_list],
            "asked": asked,
            "kinds": SiteKind.choices,
            "sites_url": f"{reverse('public_features')}?{request.GET.urlencode()}",
            "attribution": " · ".join(dict.fromkeys(layer.attribution for layer in layers)),
            "synthetic": any(site.is_synthetic for site in page.object_list),
        },
    )


@reads
@open_to_all
def features(request: Request) -> JsonResponse:
    """Give the open sites that fit the search as GeoJSON."""
    found = [_feature(site) for site in find(**_asked(request))[:MOST_ON_MAP]]
    return JsonResponse({"type": "FeatureCollection", "features": found})


def _feature(site: OpenSite) -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [float(site.lon), float(site.lat)]},
        "properties": {
            "id": site.code,
            "name": site.name,
            "kind": site.kind_name,
            "shape": shape_of(site.kind),
            "tone": "brand",
            "small": site.kind not in {SiteKind.COUNTY_HALL, SiteKind.TOWN_CENTRE},
            "lines": [site.address or site.town, *(site.hours or (_("开放时间未登记"),))],
        },
    }


@reads
@open_to_all
def boundaries(request: Request) -> JsonResponse:  # noqa: ARG001 -- a view takes its request
    """Give the boundaries of the city."""
    return JsonResponse(boundary_collection(boundaries_for(EVERYWHERE)))


@reads
@open_to_all
def roads(request: Request) -> JsonResponse:  # noqa: ARG001 -- a view takes its request
    """Give the roads of the city."""
    return JsonResponse(road_collection(layers_for(EVERYWHERE)))
