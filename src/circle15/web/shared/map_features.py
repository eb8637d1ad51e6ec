"""GeoJSON of the lines under the sites, and the shape each kind of site has on every map."""

from collections.abc import Iterable
from typing import Protocol

from circle15.sites.states import SiteKind

# Shape tells the kinds apart without colour.
SHAPES = {
    SiteKind.COUNTY_HALL: "hexagon",
    SiteKind.TOWN_CENTRE: "square",
    SiteKind.VILLAGE_POINT: "circle",
    SiteKind.HOSPITAL_STATION: "diamond",
    SiteKind.PHARMACY: "triangle",
    SiteKind.BANK_OUTLET: "triangle",
    SiteKind.KIOSK_ONLY: "circle",
}


class Bounded(Protocol):
    """A division with a boundary."""

    name: str
    level: str
    boundary: object
    is_synthetic: bool


class Layer(Protocol):
    """A map layer."""

    geojson: dict[str, list[object]]


def shape_of(kind: str) -> str:
    """Return the marker shape of a kind of site."""
    return SHAPES[SiteKind(kind)]


def boundary_collection(divisions: Iterable[Bounded]) -> dict[str, object]:
    """Return boundaries as a feature collection."""
    features = [
        {
            "type": "Feature",
            "geometry": division.boundary,
            "properties": {
                "name": division.name,
                "level": division.level,
                "synthetic": division.is_synthetic,
            },
        }
        for division in divisions
    ]
    return {"type": "FeatureCollection", "features": features}


def road_collection(layers: Iterable[Layer]) -> dict[str, object]:
    """Return the roads of all layers as one feature collection."""
    features = [feature for layer in layers for feature in layer.geojson["features"]]
    return {"type": "FeatureCollection", "features": features}
