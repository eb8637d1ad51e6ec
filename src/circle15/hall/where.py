"""Where to go with a matter: the nearest sites that may do it, and whether they are open now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from math import ceil, inf

from django.utils import timezone

from circle15.areas.states import Level
from circle15.core.working_days import standard_calendar
from circle15.hall.opening import Hours, hours_on, next_opening
from circle15.items.authority import authority_of
from circle15.sites.public import NearSite, OpenSite, nearest
from circle15.sites.states import SiteKind
from circle15.standards.catalogue import Authority, CatalogueItem

# Ways are longer than the straight line by a third. Metres a minute: people with papers in hand
# walk 4.5 km in an hour; e-bikes and cars do 15 and 25 between crossings.
DETOUR = 1.3
LINE_M_PER_MIN = {"walk": 75, "ebike": 250, "drive": 417}
WITHIN_MIN = 15
LONGEST_MIN = 60
"""Nobody is told of ways that take longer."""
_LOOKED_AT = 40


class Basis(StrEnum):
    """What a travel time rests on."""

    ROADS = "roads"
    LINE = "line"
    # The roads are there, but not ready yet.
    LINE_MEANWHILE = "meanwhile"


@dataclass(frozen=True, slots=True)
class Way:
    """How long the way to a site takes; `seconds` is None where it is more than an hour."""

    seconds: float | None
    basis: Basis

    @property
    def minutes(self) -> int | None:
        return None if self.seconds is None else max(1, ceil(self.seconds / 60))

    @property
    def is_within(self) -> bool:
        return self.minutes is not None and self.minutes <= WITHIN_MIN


Ways = Callable[[Sequence[NearSite]], Sequence[Way]]
"""Times the ways to some sites, from where somebody is and as he travels."""


@dataclass(frozen=True, slots=True)
class Place:
    """A site where a matter can be done, as seen from a point at a moment."""

    site: OpenSite
    authority: Authority
    metres: int
    way: Way
    is_open: bool
    closes_at: datetime | None
    opens_at: datetime | None

    @property
    def kilometres(self) -> str:
        return f"{self.metres / 1000:.1f}"


def by_line(mode: str, basis: Basis = Basis.LINE) -> Ways:
    """Estimate ways from the straight line."""

    def ways(sites: Sequence[NearSite]) -> list[Way]:
        seconds = [each.metres * DETOUR / LINE_M_PER_MIN[mode] * 60 for each in sites]
        return [Way(each if each <= LONGEST_MIN * 60 else None, basis) for each in seconds]

    return ways


def where(  # noqa: PLR0913 -- a matter, from where, when and how, and what is shown
    item: CatalogueItem,
    point: tuple[Decimal, Decimal],
    *,
    at: datetime,
    ways: Ways,
    open_only: bool = False,
    limit: int = 5,
) -> tuple[Place, ...]:
    """Return the sites that may do an item, those soonest reached from a point (lon, lat) first.

    How one travels is not known here: roads belong to `plans`, beside this app, so whoever asks
    passes in what times the ways.
    """
    kinds, (lon, lat) = _kinds(item), point
    near = nearest(lon=lon, lat=lat, kinds=kinds, limit=_LOOKED_AT) if kinds else ()
    able = [each for each in near if _authority(item, each) != Authority.NONE]
    pairs = zip(able, ways(able), strict=True) if able else ()
    found = sorted((_place(item, site, way, at) for site, way in pairs), key=_soonest)
    return tuple([place for place in found if place.is_open or not open_only][:limit])


def _soonest(place: Place) -> tuple[float, int]:
    return inf if place.way.seconds is None else place.way.seconds, place.metres


def _kinds(item: CatalogueItem) -> tuple[str, ...]:
    """Return the kinds that may do anything with an item at one level at least."""
    levels = (Level.CITY, Level.COUNTY)
    return tuple(
        kind
        for kind in SiteKind.values
        if any(authority_of(item, level=each, kind=kind) != Authority.NONE for each in levels)
    )


def _authority(item: CatalogueItem, near: NearSite) -> Authority:
    return authority_of(item, level=near.level, kind=near.site.kind)


def _place(item: CatalogueItem, near: NearSite, way: Way, at: datetime) -> Place:
    local, calendar = timezone.localtime(at), standard_calendar()
    hours = tuple(Hours(*row) for row in near.hours)
    now = [
        row
        for row in hours_on(local.date(), hours, calendar)
        if row.opens <= local.time() < row.closes
    ]
    return Place(
        site=near.site,
        authority=_authority(item, near),
        metres=near.metres,
        way=way,
        is_open=bool(now),
        closes_at=datetime.combine(local, now[0].closes, local.tzinfo) if now else None,
        opens_at=None if now else next_opening(local, hours, calendar),
    )
