"""For which one site a case counts: where it was taken in, or for one handed in online at home."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Case, F, QuerySet, Value, When

from circle15.areas.scope import paths_to
from circle15.cases.actions.numbers import county_of
from circle15.sites.models import Site
from circle15.sites.states import SiteKind, SiteStatus

_TOWN = 2  # city, county, town


@dataclass(frozen=True, slots=True)
class Homes:
    """The open town centre of every town and hall of every county, by the path of the area."""

    centres: dict[str, int]
    halls: dict[str, int]

    def site_of(self, site_id: int | None, home: str) -> int | None:
        """Return the site of a case: its own, else the centre of the town, else the county's hall.

        `home` is where the person lives; None where neither the town nor the county has one.
        """
        if site_id is not None or not home:
            return site_id
        town = paths_to(home)[_TOWN : _TOWN + 1]
        centre = self.centres.get(town[0]) if town else None
        return centre if centre is not None else self.halls.get(county_of(home))

    def counted(
        self, rows: QuerySet[Any], *by: str, case: str = "", **counts: Aggregate
    ) -> Iterator[tuple[Any, ...]]:
        """Count rows by site, and by more; `case` leads from a row to its case.

        A site may come more than once: what is counted has to be added up.
        """
        site = f"{case}site_id"
        home = Case(
            When(**{f"{case}site__isnull": True}, then=F(f"{case}person_path")), default=Value("")
        )
        grouped = rows.order_by().annotate(home=home).values_list(site, "home", *by)
        for site_id, path, *rest in grouped.annotate(**counts):
            found = self.site_of(site_id, path)
            if found is not None:
                yield found, *rest


def read_homes() -> Homes:
    """Read which sites stand for their areas, in the present scope."""
    kinds = (SiteKind.TOWN_CENTRE, SiteKind.COUNTY_HALL)
    sites = Site.objects.filter(kind__in=kinds, status=SiteStatus.OPEN)
    homes = Homes({}, {})
    # Where there are several the first one stays.
    for pk, kind, path in sites.order_by("id").values_list("pk", "kind", "area_path"):
        if kind == SiteKind.COUNTY_HALL:
            homes.halls.setdefault(county_of(path), pk)
        elif len(parts := paths_to(path)) > _TOWN:
            homes.centres.setdefault(parts[_TOWN], pk)
    return homes
