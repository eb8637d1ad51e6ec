"""The JSON of what stands beside a coverage: circles and borders."""

from collections.abc import Sequence

from circle15.planning.coverage.circles import CircleError
from circle15.planning.demand import Demand, Supply
from circle15.planning.network.model import Network
from circle15.planning.studies.beside import (
    Borders,
    borders_beside,
    circles_beside,
    mean_speed_kmh,
)
from circle15.planning.studies.coverage import CoverageAnswer
from circle15.planning.studies.coverage_record import SHARE_DIGITS, Json, plain


def beside_to_json(
    files: tuple[Network, Demand, Supply],
    answer: CoverageAnswer,
    *,
    circles: bool,
    circle_kmh: float | None = None,
    own_by: str | None = None,
) -> Json:
    """Compute and write what is asked for: `circles` (at the mean speed, or `circle_kmh`), borders.

    Raises PlanningRefused for a column there is not.
    """
    found: Json = {}
    if circles:
        speed = circle_kmh or mean_speed_kmh(files[0], answer.question.mode)
        found["circles"] = circles_to_json(circles_beside(*files, answer, speed), speed)
    if own_by is not None:
        found["borders"] = borders_to_json(borders_beside(*files, answer, own_by), own_by)
    return found


def circles_to_json(error: CircleError, speed_kmh: float) -> Json:
    """Write people wrongly counted in and out, and their shares of those counted either way."""
    return {
        "speed_kmh": plain(speed_kmh),
        "radius_m": round(error.radius_m),
        "by_circle": plain(error.by_circle),
        "by_road": plain(error.by_road),
        "counted_in": plain(error.counted_in),
        "left_out": plain(error.left_out),
        "share_counted_in": _share(error.counted_in, error.by_circle),
        "share_left_out": _share(error.left_out, error.by_road),
    }


def borders_to_json(areas: Sequence[Borders], own_by: str) -> Json:
    """Write each area, and the whole: people covered only thanks to another area's site."""
    return {
        "column": own_by,
        "thanks_to_neighbours": plain(sum(each.effect.thanks_to_neighbours for each in areas)),
        "areas": [
            {
                "label": each.label,
                "people": plain(each.people),
                "own_sites": each.own_sites,
                "by_own": plain(each.effect.by_own),
                "by_all": plain(each.effect.by_all),
                "thanks_to_neighbours": plain(each.effect.thanks_to_neighbours),
            }
            for each in areas
        ],
    }


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, SHARE_DIGITS) if whole else None
