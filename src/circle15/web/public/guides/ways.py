"""How long somebody's ways take: by the roads where there are any, else by the straight line."""

from collections.abc import Sequence

from django.http import QueryDict

from circle15.hall.where import Basis, Way, Ways, by_line
from circle15.plans.documents.wording import MODES, USUAL_MODE
from circle15.plans.on_roads import Point, ways_by_road
from circle15.plans.refusals import NoNetwork, RoadsNotReady
from circle15.sites.public import NearSite


def mode_of(asked: QueryDict) -> str:
    """Return how somebody travels: as chosen, or as most do."""
    mode = asked.get("mode", "")
    return mode if mode in MODES else USUAL_MODE


def ways_from(point: Point, mode: str) -> Ways:
    """Return what times the ways from a point; each way says what it rests on."""

    def ways(sites: Sequence[NearSite]) -> Sequence[Way]:
        ends = [(each.site.lon, each.site.lat) for each in sites]
        try:
            found = ways_by_road(start=point, ends=ends, mode=mode)
        except NoNetwork:
            return by_line(mode)(sites)
        except RoadsNotReady:
            return by_line(mode, Basis.LINE_MEANWHILE)(sites)
        return [
            Way(road.seconds, Basis.ROADS) if road.is_joined else line
            for road, line in zip(found, by_line(mode)(sites), strict=True)
        ]

    return ways
