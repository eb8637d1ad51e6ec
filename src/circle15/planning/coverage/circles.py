"""What plain circles get wrong: people they count in who are not within reach, and out who are."""

from dataclasses import dataclass

import numpy as np
from pyproj import Geod
from scipy.spatial import cKDTree

from circle15.planning.arrays import DS_PER_MINUTE, F64, U16

EARTH_M = 6_371_008.8
"""Mean radius; distances here are compared with a circle, so a sphere is near enough to search."""
GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class CircleError:
    """A circle of the distance one travels at `speed_kmh`, against the road network.

    `counted_in`: people inside a circle who are not within the limit by road; `left_out`: people
    within the limit by road whom no circle holds; `by_circle`, `by_road`: people counted.
    """

    radius_m: float
    by_circle: float
    by_road: float
    counted_in: float
    left_out: float


def circle_error(
    *,
    demand_lonlat: F64,
    site_lonlat: F64,
    weight: F64,
    time_ds: U16,
    limit_ds: int,
    speed_kmh: float,
) -> CircleError:
    """Compare circles round the sites with the road network; `..._lonlat`: (k, 2) degrees."""
    radius_m = speed_kmh / 3.6 * limit_ds * 60 / DS_PER_MINUTE
    inside = nearest_straight_m(demand_lonlat, site_lonlat) <= radius_m
    within = time_ds <= limit_ds
    return CircleError(
        radius_m=radius_m,
        by_circle=float(weight[inside].sum()),
        by_road=float(weight[within].sum()),
        counted_in=float(weight[inside & ~within].sum()),
        left_out=float(weight[~inside & within].sum()),
    )


def nearest_straight_m(demand_lonlat: F64, site_lonlat: F64) -> F64:
    """Give the distance on the ellipsoid from each demand point to the nearest site, metres."""
    if not len(site_lonlat):
        return np.full(len(demand_lonlat), np.inf)
    _, nearest = cKDTree(_on_sphere(site_lonlat)).query(_on_sphere(demand_lonlat))
    to = site_lonlat[nearest]
    _, _, metres = GEOD.inv(demand_lonlat[:, 0], demand_lonlat[:, 1], to[:, 0], to[:, 1])
    return np.asarray(metres)


def _on_sphere(lonlat: F64) -> F64:
    lon, lat = np.radians(lonlat[:, 0]), np.radians(lonlat[:, 1])
    flat = np.cos(lat)
    return EARTH_M * np.column_stack((flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)))
