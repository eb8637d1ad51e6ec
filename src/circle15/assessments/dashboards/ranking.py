"""What sums come to, how certain it is, and an order that does not pretend more than it knows."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, stdev

from circle15.core.shares import Share, wilson

CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value over `n` things, and between which bounds it is certain to lie; None without any."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands among others: from the best place it may have to the worst."""

    first: int
    last: int

    @property
    def is_tied(self) -> bool:
        return self.first != self.last


def of_share(share: Share) -> Estimate:
    """Return a share with Wilson's interval."""
    bounds = wilson(share.part, share.whole, confidence=CONFIDENCE)
    low, high = bounds or (None, None)
    return Estimate(share.value, low, high, share.whole)


def of_mean(values: Sequence[float]) -> Estimate:
    """Return a mean with the interval of its standard error; of one value there is none to tell."""
    if not values:
        return Estimate(None, None, None, 0)
    mean = fmean(values)
    if len(values) < _FEWEST:
        return Estimate(mean, mean, mean, len(values))
    half = _Z * stdev(values) / sqrt(len(values))
    return Estimate(mean, mean - half, mean + half, len(values))


def places(estimates: Iterable[Estimate]) -> list[Place | None]:
    """Rank, the highest first. Who overlaps may stand in either order: both get both places.

    One place for each: after all that are certainly better, before all that are certainly worse.
    What has no value has no place.
    """
    known = list(estimates)
    ranked = [(one.low, one.high) for one in known if one.low is not None and one.high is not None]
    lows, highs = sorted(low for low, _high in ranked), sorted(high for _low, high in ranked)
    return [_place(one, lows, highs) for one in known]


def _place(one: Estimate, lows: Sequence[float], highs: Sequence[float]) -> Place | None:
    """Look the place up in sorted bounds: a city may rank thirty thousand."""
    if one.low is None or one.high is None:
        return None
    better = len(lows) - bisect_right(lows, one.high)
    worse = bisect_left(highs, one.low)
    return Place(better + 1, len(highs) - worse)
