"""Degrees to metres on a flat map, and distances on the globe."""

import numpy as np

from circle15.planning.arrays import F64

EARTH_RADIUS_M = 6_371_008.8  # mean radius, as distances on the sphere are taken with


def mercator(lon: F64, lat: F64) -> tuple[F64, F64]:
    """Project so that angles stay true: which of two roads is nearer comes out right everywhere.

    Metres at the equator; multiply by cos(latitude) for metres on the ground.
    """
    x = np.radians(lon) * EARTH_RADIUS_M
    y = np.arcsinh(np.tan(np.radians(lat))) * EARTH_RADIUS_M
    return x, y


def metres(lon: F64, lat: F64, lon_to: F64, lat_to: F64) -> F64:
    """Give the distance on the globe between places, metres (haversine)."""
    phi, phi_to = np.radians(lat), np.radians(lat_to)
    half_lat, half_lon = (phi_to - phi) / 2, np.radians(lon_to - lon) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(phi) * np.cos(phi_to) * np.sin(half_lon) ** 2
    found: F64 = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(chord))
    return found
