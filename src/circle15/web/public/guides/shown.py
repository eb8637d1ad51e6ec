"""What every page about one item shows: the item, the ways to go on, and where to go."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from circle15.areas.queries import NamedPlace, place_by_code, places_named
from circle15.hall.appointments.halls import booking_halls
from circle15.hall.where import Basis, Place, where
from circle15.items.queries import catalogue_on, item_on
from circle15.plans.documents.wording import MODES, USUAL_MODE
from circle15.standards.catalogue import Applicant, CatalogueItem
from circle15.standards.organisation_cases import organisation_cases
from circle15.standards.service_items import item_groups
from circle15.web.public.guides.ways import mode_of, ways_from
from circle15.web.shared.access import Request

_POINT = re.compile(r"\s*(\d{1,3}\.\d{1,8})\s*[,，\s]\s*(\d{1,3}\.\d{1,8})\s*")
# Degrees in which the country lies: they tell which number is which.
_LONGITUDES, _LATITUDES = range(73, 136), range(3, 54)
MOST_TYPED = 60


@dataclass(frozen=True, slots=True)
class Near:
    """Where somebody is and how he travels: what was typed, what it may mean, the sites around."""

    typed: str = ""
    mode: str = USUAL_MODE
    place: str = ""
    name: str = ""
    choices: tuple[NamedPlace, ...] = ()
    sites: tuple[Place, ...] = ()
    open_only: bool = False
    problem: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.name)

    @property
    def travels(self) -> str:
        """How he travels, in words."""
        return str(MODES[self.mode])

    @property
    def basis(self) -> Basis:
        """What the times rest on: the roads if one of them does."""
        found = [place.way.basis for place in self.sites]
        return Basis.ROADS if Basis.ROADS in found else (*found, Basis.LINE)[0]


def guide_item(key: str, *, on: date) -> CatalogueItem:
    """Return an item as its guide tells of it. Raises NotFound."""
    return organisation_cases().told(item_on(key, on))


def item_page(request: Request, item: CatalogueItem) -> dict[str, object]:
    """Return what the guide, the answer and the paper share."""
    at = timezone.now()
    catalogue = catalogue_on(timezone.localdate(at))
    near = near_of(request.GET, item, at=at)
    return {
        "item": item,
        "group": next(each for each in item_groups() if each.key == item.group),
        "catalogue": catalogue,
        "near": near,
        "modes": MODES,
        "halls": {hall.code for hall in booking_halls()},
        "apply": apply_address(item),
        "letter": organisation_cases().letter if is_for_both(item) else None,
        "kept": kept(request.GET, without=("near", "place", "open", "mode", "asked")),
        "query": urlencode(kept(request.GET, without=("asked",))),
        "at": timezone.localtime(at),
        "synthetic": any(each.site.is_synthetic for each in near.sites),
    }


def is_for_both(item: CatalogueItem) -> bool:
    """Tell whether people and organisations may apply: the guide is a person's, with a note."""
    is_both = item.is_for_people and item.is_for_organisations
    return is_both and Applicant.ANYONE not in item.applicants


def apply_address(item: CatalogueItem) -> str:
    """Return where an item is applied for online; "" where it is not."""
    if not (item.is_online or item.is_online_for_organisations):
        return ""
    try:
        return reverse("apply_start", args=[item.key])
    except NoReverseMatch:
        return ""


def kept(asked: QueryDict, *, without: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return what a form has to carry on, name by name."""
    return [(name, str(asked[name])[:MOST_TYPED]) for name in asked if name not in without]


def near_of(asked: QueryDict, item: CatalogueItem, *, at: datetime) -> Near:
    """Read where somebody is: a chosen town or village, a point, or a name to look for."""
    typed, open_only = asked.get("near", "").strip()[:MOST_TYPED], asked.get("open") == "1"
    point, place = _point(typed), _chosen(asked.get("place", ""), typed)
    choices = () if place or point else places_named(typed)
    if not place and len(choices) == 1:
        place, choices = choices[0], ()
    near = Near(typed=typed, mode=mode_of(asked), choices=choices, open_only=open_only)
    if place:
        near = replace(near, place=place.code, name=_in_full(place))
        point = place.lon, place.lat
    elif point:
        near = replace(near, name=_("您输入的位置"))
    else:
        problem = "" if choices or not typed else _("没有找到这个地方，换一个乡镇或村的名字再试。")
        return replace(near, problem=problem)
    ways = ways_from(point, near.mode)
    return replace(near, sites=where(item, point, at=at, ways=ways, open_only=open_only))


def _chosen(code: str, typed: str) -> NamedPlace | None:
    """Return the place picked from a list, unless another was typed over it since."""
    place = place_by_code(code)
    return place if place and typed in ("", place.name, _in_full(place)) else None


def _in_full(place: NamedPlace) -> str:
    return f"{place.inside} {place.name}".strip()


def _point(typed: str) -> tuple[Decimal, Decimal] | None:
    """Read 121.65,31.81 in either order."""
    found = _POINT.fullmatch(typed)
    if not found:
        return None
    one, two = Decimal(found[1]), Decimal(found[2])
    if int(one) in _LONGITUDES and int(two) in _LATITUDES:
        return one, two
    return (two, one) if int(two) in _LONGITUDES and int(one) in _LATITUDES else None
