"""Reads the days that were written up, and adds them up for a site or an area."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.cases.measuring.figures import Figures, added, from_json, summed
from circle15.cases.service_models import SiteDay

SHOWN_DAYS = 30


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """What the days of one site came to."""

    code: str
    name: str
    figures: Figures
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """What the days of an area came to, and each of its sites that has any."""

    total: Figures
    sites: tuple[SiteFigures, ...]


def figures_of_site(site_id: int, *, on: date, days: int = SHOWN_DAYS) -> Figures:
    """Add up the days of one site before a day, in the present scope."""
    rows = SiteDay.objects.filter(site_id=site_id, day__lt=on, day__gte=on - timedelta(days=days))
    found = list(rows.order_by("day").values_list("figures", flat=True))
    return added(from_json(each) for each in found)


def figures_of_area(by: Actor, *, since: date, until: date, site_path: str = "") -> AreaFigures:
    """Add up the days of the actor's sites, both ends included. Raises NotAllowed."""
    demand(by, Permission.VIEW_CASES)
    rows = scope.within(SiteDay.objects.filter(day__range=(since, until)), by.area_path)
    if site_path:
        rows = rows.filter(area_path__startswith=site_path)
    days: dict[tuple[str, str, str, bool], list[Figures]] = defaultdict(list)
    wanted = ("site__sort_key", "site__code", "site__name", "site__is_synthetic", "figures")
    for *site, figures in rows.order_by("site__sort_key", "site_id", "day").values_list(*wanted):
        key, code, name, is_synthetic = site
        days[key, code, name, is_synthetic].append(from_json(figures))
    sites = tuple(
        SiteFigures(code, name, added(each), is_synthetic)
        for (_key, code, name, is_synthetic), each in days.items()
    )
    return AreaFigures(summed(one.figures for one in sites), sites)
