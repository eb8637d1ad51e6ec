"""Where to go with a matter: the nearest sites that may do it, and whether they are open now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from circle15.areas.states import Level
from circle15.core.working_days import standard_calendar
from circle15.hall.opening import Hours, hours_on, next_opening
from circle15.items.authority import authority_of
from circle15.sites.public import NearSite, OpenSite, nearest
from circle15.sites.states import SiteKind
from circle15.standards.catalogue import Authority, CatalogueItem

# Ways are longer than the straight line; people with papers in hand walk 4.5 km in an hour.
DETOUR = 1.3
WALK_M_PER_MIN = 75
WITHIN_MIN = 15
_LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class Place:
    """A site where a matter can be done, as seen from a point at a moment."""

    site: OpenSite
    authority: Authority
    metres: int
    is_open: bool
    closes_at: datetime | None
    opens_at: datetime | None

    @property
    def walk_min(self) -> int:
        """Estimate the walk in minutes from the straight line."""
        return max(1, round(self.metres * DETOUR / WALK_M_PER_MIN))

    @property
    def kilometres(self) -> str:
        return f"{self.metres / 1000:.1f}"

    @property
    def is_within(self) -> bool:
        return self.walk_min <= WITHIN_MIN


def where(
    item: CatalogueItem,
    point: tuple[Decimal, Decimal],
    *,
    at: datetime,
    open_only: bool = False,
    limit: int = 5,
) -> tuple[Place, ...]:
    """Return the sites that may do an item, the nearest to a point (lon, lat) first."""
    kinds, (lon, lat) = _kinds(item), point
    near = nearest(lon=lon, lat=lat, kinds=kinds, limit=_LOOKED_AT) if kinds else ()
    found = [place for place in _places(item, near, at) if place.is_open or not open_only]
    return tuple(found[:limit])


def _kinds(item: CatalogueItem) -> tuple[str, ...]:
    """Return the kinds that may do anything with an item at one level at least."""
    levels = (Level.CITY, Level.COUNTY)
    return tuple(
        kind
        for kind in SiteKind.values
        if any(authority_of(item, level=each, kind=kind) != Authority.NONE for each in levels)
    )


def _places(item: CatalogueItem, near: tuple[NearSite, ...], at: datetime) -> Iterator[Place]:
    local, calendar = timezone.localtime(at), standard_calendar()
    for each in near:
        authority = authority_of(item, level=each.level, kind=each.site.kind)
        if authority == Authority.NONE:
            continue
        hours = tuple(Hours(*row) for row in each.hours)
        now = [
            row
            for row in hours_on(local.date(), hours, calendar)
            if row.opens <= local.time() < row.closes
        ]
        yield Place(
            site=each.site,
            authority=authority,
            metres=each.metres,
            is_open=bool(now),
            closes_at=datetime.combine(local, now[0].closes, local.tzinfo) if now else None,
            opens_at=None if now else next_opening(local, hours, calendar),
        )
