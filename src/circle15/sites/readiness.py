"""Tries of items at sites (逐网点逐事项检查): whether each can really be handled, what lacks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.accounts.steps import kept_words, name_of, tell
from circle15.areas import scope
from circle15.core.shares import Share
from circle15.sites.models import ItemTry, Site
from circle15.sites.queries import visible_to
from circle15.sites.skills import items_at
from circle15.sites.states import SiteKind, SiteStatus
from circle15.standards.catalogue import CatalogueItem

# Kinds whose items are handled by people of the circle; the county hall handles them all.
TRIED_KINDS = (SiteKind.COUNTY_HALL, SiteKind.TOWN_CENTRE, SiteKind.VILLAGE_POINT)
MOST_SITES = 500
_LACKING, _YEAR_DAYS = 200, 366


class UnusableTry(Refused):
    """Tries that cannot be kept; `problems` name field and words, all at once."""

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        super().__init__(_("有几项没有填对，请改好再交。"))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Tried:
    """What one item came to when it was tried; `lacking` where it could not be handled."""

    item: str
    is_ready: bool
    lacking: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """An item of a site's list with its newest try (None: never tried) and whether it ever was."""

    item: CatalogueItem
    last: ItemTry | None
    was_ever: bool


@dataclass(frozen=True, slots=True)
class SiteReadiness:
    """How the items of a site stand: so many ready, never tried, or lacking something."""

    site: Site
    items: tuple[Readiness, ...]

    @property
    def ready(self) -> Share:
        ready = sum(bool(one.last and one.last.is_ready) for one in self.items)
        return Share(ready, len(self.items))

    @property
    def untried(self) -> int:
        return sum(one.last is None for one in self.items)

    @property
    def lacking(self) -> tuple[Readiness, ...]:
        return tuple(one for one in self.items if one.last and not one.last.is_ready)


# Clauses: Q-34
@transaction.atomic
def record_tries(
    *, code: str, tried_on: date, tries: Iterable[Tried], by: Actor, at: datetime
) -> tuple[ItemTry, ...]:
    """Keep what items of a site's list came to when they were tried on a day.

    Raises NotAllowed, NotFound, UnusableTry with everything that is wrong.
    """
    demand(by, Permission.RECORD_FACTS)
    rows = scope.within(Site.objects.select_related("division"), by.area_path)
    site = rows.filter(code=code).first()
    if site is None:
        raise NotFound
    found = tuple(tries)
    if problems := _problems(site, tried_on, found, timezone.localdate(at)):
        raise UnusableTry(problems)
    kept = ItemTry.objects.bulk_create(
        ItemTry(
            site=site,
            item=one.item,
            tried_on=tried_on,
            is_ready=one.is_ready,
            lacking="" if one.is_ready else kept_words(one.lacking, _LACKING),
            tried_at=at,
            tried_by=name_of(by),
        )
        for one in found
    )
    counts = {"items": len(found), "ready": sum(one.is_ready for one in found)}
    tell("readiness.record", site.code, site.area_path, by=by, at=at, **counts)
    return tuple(kept)


def _problems(
    site: Site, tried_on: date, tries: tuple[Tried, ...], today: date
) -> list[tuple[str, str]]:
    owed = {one.key for one in items_at(site, on=today)}
    found = []
    if tried_on > today:
        found.append(("tried_on", _("日期不能晚于今天。")))
    elif (today - tried_on).days > _YEAR_DAYS:
        found.append(("tried_on", _("只能补记一年以内的。")))
    if not tries:
        found.append(("", _("请至少选一个事项的结果。")))
    for one in tries:
        if one.item not in owed:
            found.append(("", _("有的事项不在本网点清单里，请刷新页面。")))
        elif not one.is_ready and not kept_words(one.lacking):
            found.append((one.item, _("请写明缺什么。")))
    return found


# Clauses: Q-34
def readiness_of(site: Site, *, on: date) -> SiteReadiness:
    """Return how each item of a site's list stands (2 queries)."""
    return _standing([site], on)[0]


# Clauses: Q-34
def readiness_in(by: Actor, *, on: date) -> list[SiteReadiness]:
    """Return how the open sites of an area stand, in pinyin order. Raises NotAllowed."""
    demand(by, Permission.VIEW_FACTS)
    rows = visible_to(by).filter(status=SiteStatus.OPEN, kind__in=TRIED_KINDS)
    sites = rows.select_related("division").defer("division__boundary")
    return _standing(list(sites.order_by("sort_key", "id")[:MOST_SITES]), on)


def never_ready(standing: Iterable[SiteReadiness]) -> list[tuple[CatalogueItem, int]]:
    """Return the items that were tried at sites and never ready at any, with how many sites."""
    tried: dict[str, list[Readiness]] = defaultdict(list)
    for site in standing:
        for one in site.items:
            if one.last:
                tried[one.item.key].append(one)
    return [
        (found[0].item, len(found))
        for found in tried.values()
        if not any(one.was_ever for one in found)
    ]


def _standing(sites: list[Site], on: date) -> list[SiteReadiness]:
    rows = ItemTry.objects.filter(site__in=sites, tried_on__lte=on)
    last = {(one.site_id, one.item): one for one in rows.order_by("tried_on", "id")}
    ever = _ever(rows)
    return [
        SiteReadiness(
            site,
            tuple(
                Readiness(item, last.get((site.pk, item.key)), (site.pk, item.key) in ever)
                for item in items_at(site, on=on)
            ),
        )
        for site in sites
    ]


def _ever(rows: QuerySet[ItemTry]) -> set[tuple[int, str]]:
    ready = rows.filter(is_ready=True).order_by().values_list("site_id", "item")
    return set(ready.distinct())
