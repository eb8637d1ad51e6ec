"""What everybody may know of a site: where it is, what it is, when it is open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from itertools import groupby
from math import cos, radians, sqrt
from operator import itemgetter
from typing import NamedTuple, overload

from django.db.models import ExpressionWrapper, F, FloatField, Q, QuerySet
from django.utils.translation import gettext as _

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.sites.models import OpeningHours, Site
from circle15.sites.queries import named
from circle15.sites.states import SiteKind, SiteStatus, Weekday


@dataclass(frozen=True, slots=True)
class OpenSite:
    """A running site as the public sees it."""

    code: str
    name: str
    kind: str
    kind_name: str
    town: str
    address: str
    phone: str
    lon: Decimal
    lat: Decimal
    hours: tuple[str, ...]
    is_synthetic: bool


class OpenFor(NamedTuple):
    """Hours of a weekday as they are registered."""

    weekday: int
    opens: time
    closes: time
    is_extended: bool


@dataclass(frozen=True, slots=True)
class NearSite:
    """A running site and how far it is, as the crow flies."""

    site: OpenSite
    level: str
    metres: int
    hours: tuple[OpenFor, ...]


class Found(Sequence[OpenSite]):
    """The running sites of a search, read slice by slice outside any officer's area."""

    def __init__(self, rows: QuerySet[Site]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        with area_scope(EVERYWHERE):
            return self._rows.count()

    @overload
    def __getitem__(self, place: int) -> OpenSite: ...

    @overload
    def __getitem__(self, place: slice) -> list[OpenSite]: ...

    def __getitem__(self, place: int | slice) -> OpenSite | list[OpenSite]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        with area_scope(EVERYWHERE):
            return [_open_site(site) for site in self._rows[place]]

    def __iter__(self) -> Iterator[OpenSite]:
        return iter(self[:])


def find(*, search: str = "", kind: str = "") -> Found:
    """Return the running sites whose name, pinyin or town fits, town centres first."""
    rows = Site.objects.filter(status=SiteStatus.OPEN).select_related("division__parent")
    if kind:
        rows = rows.filter(kind=kind)
    if search.strip():
        word = search.strip()
        rows = rows.filter(
            named(word)
            | Q(division__name__icontains=word)
            | Q(division__parent__name__icontains=word)
        )
    return Found(rows.prefetch_related("hours").order_by("division__level", "sort_key", "id"))


def open_site(code: str) -> OpenSite | None:
    """Return a running site by its code."""
    rows = Site.objects.filter(status=SiteStatus.OPEN, code=code)
    found = Found(rows.select_related("division__parent").prefetch_related("hours"))[:1]
    return found[0] if found else None


# A degree of latitude on the mean sphere.
_DEGREE_M = 111_195


def nearest(
    *, lon: Decimal, lat: Decimal, kinds: tuple[str, ...], limit: int
) -> tuple[NearSite, ...]:
    """Return the running sites of some kinds nearest to a point, the nearest first."""
    across = cos(radians(float(lat)))
    flat = ExpressionWrapper(
        (F("lon") - lon) * (F("lon") - lon) * across**2 + (F("lat") - lat) * (F("lat") - lat),
        output_field=FloatField(),
    )
    rows = Site.objects.filter(status=SiteStatus.OPEN, kind__in=kinds).annotate(flat=flat)
    rows = rows.select_related("division__parent").prefetch_related("hours")
    with area_scope(EVERYWHERE):
        return tuple(_near(site, site.flat) for site in rows.order_by("flat", "id")[:limit])


def _near(site: Site, flat: float) -> NearSite:
    hours = tuple(
        OpenFor(row.weekday, row.opens, row.closes, row.is_extended) for row in site.hours.all()
    )
    return NearSite(_open_site(site), site.division.level, round(sqrt(flat) * _DEGREE_M), hours)


def _open_site(site: Site) -> OpenSite:
    parent = site.division.parent
    return OpenSite(
        code=site.code,
        name=site.name,
        kind=site.kind,
        kind_name=str(SiteKind(site.kind).label),
        town=" · ".join(each.name for each in (parent, site.division) if each is not None),
        address=site.address,
        phone=site.phone,
        lon=site.lon,
        lat=site.lat,
        hours=_hours(list(site.hours.all())),
        is_synthetic=site.is_synthetic,
    )


def _hours(rows: list[OpeningHours]) -> tuple[str, ...]:
    """Fold weekdays with the same hours into one line: 星期一–星期五 08:30–17:00."""
    rows.sort(key=lambda row: (row.opens, row.closes, row.weekday))
    found: list[tuple[int, str]] = []
    for (opens, closes), group in groupby(rows, key=lambda row: (row.opens, row.closes)):
        days = [Weekday(row.weekday) for row in group]
        together = days[-1] - days[0] == len(days) - 1 and len(days) > 1
        names = (
            f"{days[0].label}–{days[-1].label}"
            if together
            else _("、").join(str(day.label) for day in days)
        )
        found.append((days[0], f"{names} {opens:%H:%M}–{closes:%H:%M}"))
    # As the week runs: the noon of Monday stands before the Saturday.
    return tuple(line for _day, line in sorted(found, key=itemgetter(0)))
