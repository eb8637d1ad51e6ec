"""What every page about one item shows: the item, the ways to go on, and where to go."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from circle15.areas.queries import NamedPlace, place_by_code, places_named
from circle15.hall.appointments.queries import booking_halls
from circle15.hall.where import Place, where
from circle15.items.queries import catalogue_on, item_on
from circle15.standards.catalogue import Applicant, CatalogueItem
from circle15.standards.organisation_cases import organisation_cases
from circle15.standards.service_items import item_groups
from circle15.web.shared.access import Request

_POINT = re.compile(r"\s*(\d{1,3}\.\d{1,8})\s*[,，\s]\s*(\d{1,3}\.\d{1,8})\s*")
# Degrees in which the country lies: they tell which number is which.
_LONGITUDES, _LATITUDES = range(73, 136), range(3, 54)
MOST_TYPED = 60


@dataclass(frozen=True, slots=True)
class Near:
    """Where somebody is: what was typed, what it may mean, and the sites around it."""

    typed: str = ""
    name: str = ""
    choices: tuple[NamedPlace, ...] = ()
    sites: tuple[Place, ...] = ()
    open_only: bool = False
    problem: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.name)


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
        "halls": {hall.code for hall in booking_halls()},
        "apply": apply_address(item),
        "letter": organisation_cases().letter if is_for_both(item) else None,
        "kept": kept(request.GET, without=("near", "place", "open", "asked")),
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
    if not item.is_online:
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
    point = _point(typed)
    place = place_by_code(asked.get("place", ""))
    choices = () if place or point else places_named(typed)
    if not place and len(choices) == 1:
        place, choices = choices[0], ()
    if place:
        name, point = f"{place.inside} {place.name}".strip(), (place.lon, place.lat)
    elif point:
        name = _("您输入的位置")
    else:
        problem = "" if choices or not typed else _("没有找到这个地方，换一个乡镇或村的名字再试。")
        return Near(typed=typed, choices=choices, open_only=open_only, problem=problem)
    sites = where(item, point, at=at, open_only=open_only)
    return Near(typed=typed, name=name, sites=sites, open_only=open_only)


def _point(typed: str) -> tuple[Decimal, Decimal] | None:
    """Read 121.65,31.81 in either order."""
    found = _POINT.fullmatch(typed)
    if not found:
        return None
    one, two = Decimal(found[1]), Decimal(found[2])
    if int(one) in _LONGITUDES and int(two) in _LATITUDES:
        return one, two
    return (two, one) if int(two) in _LONGITUDES and int(one) in _LATITUDES else None
