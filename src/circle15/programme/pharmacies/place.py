"""Whether a pharmacy stands in its town: by the boundary, or near the town's point without one."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import cos, hypot, radians

from circle15.areas.models import Division
from circle15.programme.pharmacy_models import Pharmacy
from circle15.standards.pharmacies import pharmacy_rules

_KM_PER_DEGREE = 111.195


class Way(StrEnum):
    """What the answer rests on."""

    BOUNDARY = "boundary"
    DISTANCE = "distance"
    DIVISION = "division"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a shop stands; `km` is the way as the crow flies to the town's point, if it has one."""

    is_inside: bool
    way: Way
    km: Decimal | None


# Clauses: J-78, J-121
def placed(shop: Pharmacy, town: Division) -> Placed:
    """Tell whether a shop stands in a town, and by what that was found."""
    km = _km(shop, town)
    if town.boundary:
        from shapely.geometry import Point, shape  # noqa: PLC0415 -- slow import

        drawn = shape(town.boundary.get("geometry", town.boundary))
        return Placed(drawn.covers(Point(float(shop.lon), float(shop.lat))), Way.BOUNDARY, km)
    is_own = shop.division_id == town.pk
    if km is None:
        return Placed(is_own, Way.DIVISION, None)
    return Placed(is_own and km <= pharmacy_rules().without_boundary_km, Way.DISTANCE, km)


def _km(shop: Pharmacy, town: Division) -> Decimal | None:
    """Return the distance on a plane touching the town: good to metres over a town."""
    if town.lon is None or town.lat is None:
        return None
    across = float(shop.lon - town.lon) * cos(radians(float(town.lat)))
    return Decimal(f"{hypot(across, float(shop.lat - town.lat)) * _KM_PER_DEGREE:.2f}")
