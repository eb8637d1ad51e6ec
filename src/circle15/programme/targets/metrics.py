"""What each metric counts: one named function a metric, from the ground to units.

A figure is the number of units that count on a day, so every number opens to its rows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from circle15.areas.states import Level
from circle15.programme.targets.ground import Ground, GroundSite
from circle15.programme.targets.spans import Span, Unit, overlap
from circle15.sites.states import SiteKind

CITY_DEMONSTRATION = "city_demo"
"""The title as the assessments name it."""

Units = tuple[Unit, ...]
Counting = Callable[[Ground, str], Units]


def _inside(ground: Ground, path: str, kind: str = "") -> list[GroundSite]:
    return [
        one
        for one in ground.sites
        if one.unit.path.startswith(path) and (not kind or one.kind == kind)
    ]


def _of_kind(kind: str) -> Counting:
    def sites(ground: Ground, path: str) -> Units:
        return tuple(one.unit for one in _inside(ground, path, kind))

    return sites


def _towns_with(kind: str) -> Counting:
    def towns(ground: Ground, path: str) -> Units:
        return _towns(ground, path, _inside(ground, path, kind))

    return towns


def _towns(ground: Ground, path: str, sites: Iterable[GroundSite]) -> Units:
    """Return every town, counting while one of its sites does."""
    by_town = defaultdict(list)
    for one in sites:
        by_town[one.town].append(one.unit)
    return tuple(
        _holder(place.code, place.name, place.path, by_town[place.path])
        for place in ground.places
        if place.level == Level.TOWN and place.path.startswith(path)
    )


def _holder(key: str, name: str, path: str, held: list[Unit]) -> Unit:
    """Return a place that counts while one of its sites does.

    Its days are known if a dated site holds it; an undated one beside that adds today only.
    """
    spans = tuple(span for unit in held for span in unit.spans)
    is_dated = not spans or any(unit.is_dated and unit.spans for unit in held)
    return Unit(key, name, path, spans, is_dated=is_dated)


# Clauses: W-10, W-21
def city_demo_sites(ground: Ground, path: str) -> Units:
    """Sites while they hold the city's title and run."""
    return tuple(one.unit for one in _demo_sites(ground, path))


# Clauses: Q-04
def towns_with_city_demo(ground: Ground, path: str) -> Units:
    """Towns with a demonstration site of the city."""
    return _towns(ground, path, _demo_sites(ground, path))


def _demo_sites(ground: Ground, path: str) -> list[GroundSite]:
    held = ground.titles(CITY_DEMONSTRATION)
    return [_titled(one, held[one.id]) for one in _inside(ground, path) if one.id in held]


def _titled(one: GroundSite, held: tuple[Span, ...]) -> GroundSite:
    spans = overlap(one.unit.spans, held)
    unit = one.unit
    titled = Unit(unit.key, unit.name, unit.path, spans, code=unit.code, is_dated=unit.is_dated)
    return GroundSite(one.id, one.kind, one.division, one.town, one.organisation, titled)


# Clauses: W-11, W-24, W-32, Q-35
def places_served(ground: Ground, path: str) -> Units:
    """Towns with a centre, and villages with a point."""
    by_place = defaultdict(list)
    for one in _inside(ground, path):
        if one.kind == SiteKind.TOWN_CENTRE:
            by_place[one.town].append(one.unit)
        elif one.kind == SiteKind.VILLAGE_POINT:
            by_place[one.division].append(one.unit)
    return tuple(
        _holder(place.code, place.name, place.path, by_place[place.path])
        for place in ground.places
        if place.path.startswith(path)
    )


def hospitals_with_station(ground: Ground, path: str) -> Units:
    """Hospitals on the register, counting while a station of theirs runs."""
    by_hospital = defaultdict(list)
    for one in _inside(ground, path, SiteKind.HOSPITAL_STATION):
        by_hospital[one.organisation].append(one.unit)
    return tuple(
        _holder(str(number), name, where, by_hospital[number])
        for number, name, where in ground.hospitals
        if where.startswith(path)
    )


# Clauses, J-78
METRICS: Mapping[str, Counting] = MappingProxyType(
    {
        "city_demo_sites": city_demo_sites,
        "towns_with_city_demo": towns_with_city_demo,
        "places_served": places_served,
        "hospital_stations": _of_kind(SiteKind.HOSPITAL_STATION),
        "hospitals_with_station": hospitals_with_station,
        "bank_outlets": _of_kind(SiteKind.BANK_OUTLET),
        "towns_with_bank": _towns_with(SiteKind.BANK_OUTLET),
        "pharmacies": _of_kind(SiteKind.PHARMACY),
        "towns_with_pharmacy": _towns_with(SiteKind.PHARMACY),
        "towns_with_self_service": _towns_with(SiteKind.KIOSK_ONLY),
        "sites_running": _of_kind(""),
    }
)
"""`people_covered` is missing here: its figure is planning's, not a count of rows."""
