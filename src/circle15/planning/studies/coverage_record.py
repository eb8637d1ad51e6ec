"""The JSON of a coverage study: what the command prints and a plan stores."""

from collections.abc import Iterable

from circle15.planning.coverage.table import AreaCoverage, Count, Gap
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.studies.coverage import CURVE, CoverageAnswer
from circle15.standards.text import Text

Json = dict[str, object]
TO_SITE, HOME_VISIT = "to_site", "home_visit"
SHARE_DIGITS, MINUTE_DIGITS = 6, 2


def coverage_to_json(answer: CoverageAnswer, site_count: int) -> Json:
    """Write an answer; mode, direction and start points stand with the figures.

    Shares to 6 digits, minutes to 2; null where there is no rate or no way.
    """
    question, whole = answer.question, answer.whole
    return {
        **asked_to_json(question, whole.places, site_count),
        **_area(whole),
        "curve": [
            {"minutes": minutes, **_count(count)}
            for minutes, count in zip(CURVE, answer.curve, strict=True)
        ],
        "by": {
            name: [{"label": row.label, "start_points": row.places, **_area(row)} for row in rows]
            for name, rows in answer.areas.items()
        },
        "gaps": [_gap(gap) for gap in answer.gaps],
        "warnings": texts_to_json(answer.times.warnings),
    }


def asked_to_json(question: CoverageQuestion, start_points: int, sites: int) -> Json:
    """Write what stands beside every figure: mode, minutes, direction, start points, sites."""
    return {
        "mode": question.mode,
        "minutes": plain(question.minutes),
        "direction": HOME_VISIT if question.home_visits else TO_SITE,
        "start_points": start_points,
        "sites": sites,
    }


def texts_to_json(texts: Iterable[Text]) -> list[Json]:
    """Write texts in both languages."""
    return [{"zh": text.zh, "en": text.en} for text in texts]


def plain(number: float) -> float:
    """Give a whole number as an integer, so that 3,939 people are not 3939.0."""
    return int(number) if float(number).is_integer() else number


def _area(row: AreaCoverage) -> Json:
    spread = row.minutes
    return {
        **_count(row.all),
        "groups": {name: _count(count) for name, count in row.groups.items()},
        "travel_min": None
        if spread is None
        else {
            "mean": round(spread.mean, MINUTE_DIGITS),
            "median": round(spread.median, MINUTE_DIGITS),
            "p90": round(spread.p90, MINUTE_DIGITS),
            "longest": round(spread.longest, MINUTE_DIGITS),
        },
        "unreached": plain(row.unreached),
    }


def _count(count: Count) -> Json:
    share = count.share
    return {
        "people": plain(count.people),
        "covered": plain(count.covered),
        "share": None if share is None else round(share, SHARE_DIGITS),
    }


def _gap(gap: Gap) -> Json:
    return {
        "id": gap.place,
        "people": plain(gap.people),
        "minutes": None if gap.minutes is None else round(gap.minutes, MINUTE_DIGITS),
        "nearest": gap.nearest,
        "labels": dict(gap.labels),
    }
