"""The trend of a score over days and where it leads: a robust line, and a band beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import combinations
from typing import NamedTuple

_TENTH = Decimal("0.1")
_WHOLE = 100


class Point(NamedTuple):
    """A day, counted from any beginning, and the score of that day."""

    day: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class Trend:
    """A line through the days: points a day, the value on day 0, and the residuals in order."""

    slope: Decimal
    level: Decimal
    residuals: tuple[Decimal, ...]

    def on(self, day: int) -> Decimal:
        """Return the line's value on a day."""
        return self.level + self.slope * day


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where a score is expected on a day: always a range, and from how many days it was made."""

    low: Decimal
    expected: Decimal
    high: Decimal
    days: int
    slope: Decimal


@dataclass(frozen=True, slots=True)
class TooFewDays:
    """No forecast: there are only so many days of the days that are needed."""

    days: int
    least: int


def trend(points: Sequence[Point]) -> Trend:
    """Return the line of Theil and Sen: the median of the slopes between all pairs of days.

    A third of the days may be far off without moving it much. The level is the median of what is
    left. Raises ValueError for no points, or two of the same day.
    """
    slopes = [
        (later.total - earlier.total) / (later.day - earlier.day)
        for earlier, later in combinations(_in_order(points), 2)
    ]
    slope = median(slopes) if slopes else Decimal(0)
    level = median([each.total - slope * each.day for each in points])
    residuals = sorted(each.total - level - slope * each.day for each in points)
    return Trend(slope, level, tuple(residuals))


def forecast(  # noqa: PLR0913 -- what a forecast is made with is named
    points: Sequence[Point],
    *,
    on: int,
    most: Decimal,
    least_days: int,
    low: int,
    high: int,
) -> Forecast | TooFewDays:
    """Forecast the score of a day, or say that there are too few days.

    The band is the line plus the `low`th and `high`th percentile of the residuals, to the outer
    tenth, never outside 0 and `most`.
    """
    if len(points) < max(least_days, 1):
        return TooFewDays(len(points), least_days)
    line = trend(points)
    middle = line.on(on)
    below = middle + percentile(line.residuals, low)
    above = middle + percentile(line.residuals, high)
    return Forecast(
        low=_within(below.quantize(_TENTH, ROUND_FLOOR), most),
        expected=_within(middle.quantize(_TENTH), most),
        high=_within(above.quantize(_TENTH, ROUND_CEILING), most),
        days=len(points),
        slope=line.slope,
    )


def median(values: Sequence[Decimal]) -> Decimal:
    """Return the middle value, or the mean of the two in the middle. Raises ValueError for none."""
    return percentile(sorted(values), 50)


def percentile(ordered: Sequence[Decimal], percent: int) -> Decimal:
    """Return a percentile of values in order, between neighbours on the straight line.

    Raises ValueError for no values.
    """
    if not ordered:
        raise ValueError("no values")
    place, part = divmod(Decimal((len(ordered) - 1) * percent), _WHOLE)
    at = int(place)
    if not part:
        return ordered[at]
    return ordered[at] + (ordered[at + 1] - ordered[at]) * part / _WHOLE


def _in_order(points: Sequence[Point]) -> list[Point]:
    ordered = sorted(points)
    if len({each.day for each in ordered}) < len(ordered):
        raise ValueError("two points of one day")
    return ordered


def _within(value: Decimal, most: Decimal) -> Decimal:
    return max(Decimal("0.0"), min(value, most))
