"""Beside a coverage plan: what plain circles would say, and what sites across borders add."""

from dataclasses import replace

import numpy as np

from circle15.planning.demand import Demand, Supply
from circle15.planning.network.model import Network
from circle15.planning.studies.beside import (
    borders_beside,
    circles_beside,
    mean_speed_kmh,
)
from circle15.planning.studies.beside_record import borders_to_json, circles_to_json
from circle15.planning.studies.coverage import CoverageAnswer
from circle15.planning.studies.coverage_record import Json

COUNTY, TOWN = "county", "town"
_COUNTY_PART = 1
"""Paths are /city/county/town/village/site/; a site of the city itself is nobody's own."""
_SITE_OF_COUNTY = 3
OUTSIDE = "-"


def beside(network: Network, demand: Demand, sites: Supply, answer: CoverageAnswer) -> Json:
    """Compare with circles of the mode's mean speed; count who depends on sites of elsewhere."""
    owned = _owned(demand, sites)
    speed = mean_speed_kmh(network, answer.question.mode)
    found: Json = {
        "circles": circles_to_json(circles_beside(network, demand, sites, answer, speed), speed)
    }
    for name in (COUNTY, TOWN):
        areas = borders_beside(network, demand, owned, answer, name)
        found[f"borders_by_{name}"] = borders_to_json(areas, name)
    return found


def _owned(demand: Demand, sites: Supply) -> Supply:
    """Name county and town of every site; a planned one is where the nearest village is."""
    near = _nearest_village(demand, sites)
    paths = [path.strip("/").split("/") for path in sites.labels["path"]]
    county = [_county(path) for path in paths]
    town = [name or OUTSIDE for name in sites.labels[TOWN]]
    for row, path in enumerate(sites.labels["path"]):
        if not path:
            county[row] = demand.labels[COUNTY][near[row]]
            town[row] = demand.labels[TOWN][near[row]]
    return replace(sites, labels={**sites.labels, COUNTY: tuple(county), TOWN: tuple(town)})


def _county(path: list[str]) -> str:
    return path[_COUNTY_PART] if len(path) >= _SITE_OF_COUNTY else OUTSIDE


def _nearest_village(demand: Demand, sites: Supply) -> list[int]:
    homes, places = demand.points, sites.points
    assert homes.lon is not None
    assert homes.lat is not None
    assert places.lon is not None
    assert places.lat is not None
    squeeze = np.cos(np.radians(homes.lat.mean()))
    return [
        int(np.argmin(((homes.lon - lon) * squeeze) ** 2 + (homes.lat - lat) ** 2))
        for lon, lat in zip(places.lon, places.lat, strict=True)
    ]
