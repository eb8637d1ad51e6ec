"""Areas within the minutes of sites as GeoJSON: for the eye, never for counting people."""

from collections.abc import Sequence

import numpy as np

from circle15.planning.arrays import DS_PER_MINUTE
from circle15.planning.demand import Points
from circle15.planning.network.model import Network
from circle15.planning.network.places import Snapper
from circle15.planning.problems import refuse_if_any
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.studies.coverage import mode_and_limit_problems
from circle15.planning.studies.coverage_record import Json, plain
from circle15.planning.travel.isochrones import Isochrones, geojson
from circle15.planning.travel.model import Doors

TOGETHER = ""


def isochrones_to_geojson(
    network: Network,
    points: Points,
    mode: str,
    minutes: Sequence[float],
    *,
    each: bool = False,
    home_visits: bool = False,
) -> Json:
    """Draw the areas within each of the minutes: of all sites together, or of `each` one.

    Widest first, so that narrower ones lie on top; `warnings` is a member of our own.
    Raises PlanningRefused.
    """
    asked = [CoverageQuestion(mode, every) for every in minutes]
    refuse_if_any(
        dict.fromkeys(
            problem for question in asked for problem in mode_and_limit_problems(network, question)
        )
    )
    snapped = Snapper(network, mode).snap(points, arriving=not home_visits)
    drawer = Isochrones(network, mode, home_visits=home_visits)
    limits = sorted({question.limit_ds for question in asked}, reverse=True)
    features = [
        geojson(area, {"site": name, "mode": mode, "minutes": plain(limit / DS_PER_MINUTE)})
        for name, group in _groups(points.id, snapped.doors, each=each)
        for limit, area in zip(limits, drawer.around(group, limits), strict=True)
    ]
    warnings = [{"zh": text.zh, "en": text.en} for text in snapped.warnings]
    return {"type": "FeatureCollection", "features": features, "warnings": warnings}


def _groups(ids: tuple[str, ...], doors: Doors, *, each: bool) -> list[tuple[str, Doors]]:
    if not each:
        return [(TOGETHER, doors)]
    return [(name, doors.take(np.array([row]))) for row, name in enumerate(ids)]
