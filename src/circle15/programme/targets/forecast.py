"""A straight line through the changes of the past: how far a figure will be on a day.

With up rises and down falls in the window, the figure moves by (up - down) a window. Changes are
taken as Poisson, so that the spread over the days left is the root of (up + down) scaled to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from circle15.standards.targets import ForecastRules


@dataclass(frozen=True, slots=True)
class Forecast:
    """The figure expected on a day, between which bounds, from how many changes since when."""

    on: date
    expected: float
    low: float
    high: float
    changes: int
    since: date
    confidence: int


def forecast(
    steps: Sequence[tuple[date, int]],
    *,
    today: date,
    due: date,
    rules: ForecastRules,
    most: int | None = None,
) -> Forecast | None:
    """Return what a straight line expects; None where the changes are too few to say.

    `steps` are the days the figure changed, with the figure since. `most`: no figure is higher.
    """
    since = today - timedelta(days=rules.window_days)
    now = steps[-1][1] if steps else 0
    up = down = 0
    former = 0
    for day, figure in steps:
        if since < day <= today:
            up, down = up + max(figure - former, 0), down + max(former - figure, 0)
        former = figure
    if up + down < rules.least_changes:
        return None
    ahead = max((due - today).days, 0) / rules.window_days
    expected = now + (up - down) * ahead
    # Over the days ahead, for the chance in them and for the slope, known from as few changes.
    spread = float(rules.sigmas) * sqrt((up + down) * ahead * (1 + ahead))
    return Forecast(
        on=due,
        expected=_bounded(expected, most),
        low=_bounded(expected - spread, most),
        high=_bounded(expected + spread, most),
        changes=up + down,
        since=since,
        confidence=rules.confidence,
    )


def _bounded(value: float, most: int | None) -> float:
    value = max(value, 0.0)
    return value if most is None else min(value, float(most))
