"""Whether a point lies in the county its code says, by boundary or by the known points."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Max, Min

from circle15.areas.models import Division
from circle15.core.coordinates import is_in_mainland
from circle15.core.messages import Message

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# About 2 km and 20 km: boundaries are coarse, and known points are not the county's edge.
_TOLERANCE = 0.02
_AROUND_POINTS = 0.2


@dataclass(frozen=True, slots=True)
class Outline:
    """The shape of an area; without one, no more is known than that it is in the country."""

    name: str | Message
    shape: "BaseGeometry | None"

    def holds(self, lon: float, lat: float) -> bool:
        if self.shape is None:
            return is_in_mainland(lon, lat)
        import shapely  # noqa: PLC0415 -- slow import

        return bool(shapely.contains_xy(self.shape, lon, lat))


@dataclass(slots=True)
class Outlines:
    """Outlines by county code, looked up once."""

    known: dict[str, Outline] = field(default_factory=dict)

    def of(self, code: str) -> Outline:
        """Give the outline of the county a 12-digit code lies in, else of its city."""
        county = code[:6]
        if county not in self.known:
            self.known[county] = _outline(county)
        return self.known[county]


def _outline(county: str) -> Outline:
    from shapely.geometry import shape  # noqa: PLC0415 -- slow import

    codes = (f"{county}000000", f"{county[:4]}00000000")
    found = {one.code: one for one in Division.objects.filter(code__in=codes)}
    for division in (found[code] for code in codes if code in found):
        if division.boundary:
            drawn = shape(division.boundary.get("geometry", division.boundary))
            return Outline(division.name, _prepared(drawn.buffer(_TOLERANCE)))
    name = found[codes[0]].name if codes[0] in found else Message("中国")
    return Outline(name, _box_of_points(county))


def _box_of_points(county: str) -> "BaseGeometry | None":
    import shapely  # noqa: PLC0415 -- slow import

    points = Division.objects.filter(code__startswith=county, lon__isnull=False)
    edges = points.aggregate(Min("lon"), Min("lat"), Max("lon"), Max("lat"))
    if edges["lon__min"] is None:
        return None
    west, south, east, north = (
        float(edges[name]) for name in ("lon__min", "lat__min", "lon__max", "lat__max")
    )
    return _prepared(shapely.box(west, south, east, north).buffer(_AROUND_POINTS))


def _prepared(drawn: "BaseGeometry") -> "BaseGeometry":
    import shapely  # noqa: PLC0415 -- slow import

    shapely.prepare(drawn)
    return drawn
