"""Rows of the planning pages: start points by minutes, sites after changes."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from circle15.plans.documents.drawn import DrawnSite
from circle15.sites.states import SiteKind
from circle15.web.shared.map_features import shape_of

NEW_SHAPE = "star"


class Point(NamedTuple):
    """A start point as tables show it."""

    code: str
    name: str
    people: float
    minutes: float | None
    band: str


def site_for_map(site: DrawnSite) -> dict[str, object]:
    """Give what the map needs to draw a site."""
    known = site.kind in SiteKind.values
    return {
        "id": site.id,
        "name": site.name,
        "kind": site.kind_name,
        "shape": shape_of(site.kind) if known else NEW_SHAPE,
        "lon": site.lon,
        "lat": site.lat,
        "state": site.state,
        "label": str(site.rank or ""),
    }


def points_farthest_first(
    places: Sequence[Any], minutes: Sequence[float | None], bands: Sequence[str]
) -> list[Point]:
    """Put those first who have farthest to go: no way at all, then the longest, then the most."""
    rows = [
        Point(place.code, place.name, place.people, minute, band)
        for place, minute, band in zip(places, minutes, bands, strict=True)
    ]
    return sorted(
        rows,
        key=lambda row: (row.minutes is not None, -(row.minutes or 0), -row.people, row.code),
    )


def places_for_map(
    places: Sequence[Any], minutes: Sequence[float | None], bands: Sequence[str]
) -> dict[str, object]:
    """Give start points by columns: short, and quick to read."""
    return {
        "code": [place.code for place in places],
        "name": [place.name for place in places],
        "lon": [round(place.lon, 6) for place in places],
        "lat": [round(place.lat, 6) for place in places],
        "people": [round(place.people) for place in places],
        "minutes": list(minutes),
        "bands": list(bands),
    }


def share_of(record: Mapping[str, Any]) -> float | None:
    """Give the share of an answer."""
    found = record.get("share")
    return float(found) if isinstance(found, int | float) else None
