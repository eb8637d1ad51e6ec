"""Reads of sites, always within the actor's area."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.areas import scope
from circle15.areas.states import Level
from circle15.core.sort_keys import pinyin_pattern
from circle15.sites.models import (
    Equipment,
    OpeningHours,
    Sign,
    Site,
    StaffMember,
    Window,
    Zone,
)
from circle15.sites.states import SiteKind, SiteStatus
from circle15.standards.facts import facts


@dataclass(frozen=True, slots=True)
class SiteFilter:
    """What a list of sites is narrowed to; empty fields narrow nothing."""

    search: str = ""
    kind: str = ""
    status: str = ""
    area_path: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that stands in a site."""

    zones: tuple[Zone, ...]
    equipment: tuple[Equipment, ...]
    signs: tuple[Sign, ...]
    windows: tuple[Window, ...]
    hours: tuple[OpeningHours, ...]


def visible_to(actor: Actor) -> QuerySet[Site]:
    """Return the sites in the actor's area, unordered."""
    return scope.within(Site.objects.all(), actor.area_path)


def sites_in_order(actor: Actor, narrowed: SiteFilter = SiteFilter()) -> QuerySet[Site]:
    """Return the actor's sites that fit a filter, in pinyin order."""
    boundaries = ("division__boundary", "division__parent__boundary")  # long, and on no list
    rows = visible_to(actor).select_related("division__parent").defer(*boundaries)
    if narrowed.kind:
        rows = rows.filter(kind=narrowed.kind)
    if narrowed.status:
        rows = rows.filter(status=narrowed.status)
    if narrowed.area_path:
        rows = rows.filter(area_path__startswith=narrowed.area_path)
    if narrowed.search:
        rows = rows.filter(named(narrowed.search) | Q(code__istartswith=narrowed.search.strip()))
    return rows.order_by("sort_key", "id")


def named(word: str) -> Q:
    """Return what finds sites by a part of their name, in characters or in pinyin."""
    pinyin = pinyin_pattern(word)
    by_name = Q(name__icontains=word.strip())
    return by_name | Q(sort_key__regex=pinyin) if pinyin else by_name


def site_by_code(actor: Actor, code: str) -> Site:
    """Return a site of the actor's area; raises NotFound, whether it is elsewhere or nowhere."""
    try:
        return visible_to(actor).select_related("division__parent", "organisation").get(code=code)
    except Site.DoesNotExist:
        raise NotFound from None


def contents(site: Site) -> Contents:
    """Return what stands in a site, each in its own order (5 queries)."""
    return Contents(
        zones=tuple(site.zones.order_by("key", "id")),
        equipment=tuple(site.equipment.order_by("key", "asset_no", "id")),
        signs=tuple(site.signs.order_by("kind", "place", "id")),
        windows=tuple(site.windows.order_by("number", "id")),
        hours=tuple(site.hours.order_by("weekday", "opens", "id")),
    )


def zone_register(stands: Contents) -> list[tuple[str, Zone | None]]:
    """Return every zone the rule books know, in their order, with what is registered of it."""
    registered = {zone.key: zone for zone in stands.zones}
    known = [name for name, fact in facts().items() if fact.group == "zone"]
    return [(key, registered.get(key)) for key in dict.fromkeys([*known, *registered])]


def staff_of(site: Site, *, on: date) -> QuerySet[StaffMember]:
    """Return who serves at a site on a day."""
    serving = Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gte=on))
    return site.staff.filter(serving).select_related("person").order_by("since", "id")


def town_path(site: Site) -> str:
    """Return the path of the town a site stands in, or its division's where there is none."""
    division = site.division
    if division.level == Level.VILLAGE and division.parent is not None:
        return division.parent.path
    return division.path


def sites_with_parts(site_ids: list[int]) -> QuerySet[Site]:
    """Return sites with zones, equipment and signs at hand, for collecting facts in bulk."""
    return (
        Site.objects.filter(id__in=site_ids)
        .select_related("division__parent")
        .defer("division__boundary", "division__parent__boundary")
        .prefetch_related("zones", "equipment", "signs")
        .order_by("id")
    )


def staff_spans(site_ids: list[int]) -> QuerySet[StaffMember]:
    """Return the assignments of many sites."""
    return StaffMember.objects.filter(site_id__in=site_ids).order_by("site_id", "id")


def open_sites_in(paths: list[str], kinds: tuple[SiteKind, ...]) -> QuerySet[Site]:
    """Return running sites of some kinds anywhere under some paths."""
    inside = Q()
    for path in paths:
        inside |= Q(area_path__startswith=path)
    rows = Site.objects.filter(inside, kind__in=kinds, status=SiteStatus.OPEN)
    return rows.order_by("area_path", "id") if paths else rows.none()
