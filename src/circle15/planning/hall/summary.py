"""What simulated days say to a planner: waits, shares, loads by hour, each with its confidence."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import stdtrit

from circle15.planning.arrays import F64, I64, Mask
from circle15.planning.hall.kernel import DS, GAVE_UP, SENT_AWAY, SERVED
from circle15.planning.hall.model import HOUR_S, Hall, Lane, Window
from circle15.planning.hall.schedule import open_windows
from circle15.planning.hall.simulation import Days

HOUR_DS = HOUR_S * DS
BATCHES = 20
TWO_SIDED_95 = 0.975
PERCENTILES = (50, 90, 95)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and half the width of its 95 % confidence interval."""

    value: float
    half_width: float

    def holds(self, value: float) -> bool:
        """Whether a value lies in the interval."""
        return abs(value - self.value) <= self.half_width


@dataclass(frozen=True, slots=True)
class LaneFigures:
    """What the people of one lane met."""

    lane: Lane
    people: float
    mean_wait_s: float
    p90_wait_s: float


@dataclass(frozen=True, slots=True)
class HourFigures:
    """One clock hour; people by their arrival, load and line by the clock.

    `windows`: mean number open; `utilization`: work done over the time of open windows.
    """

    hour: int
    people: float
    within: float
    mean_wait_s: float
    windows: float
    utilization: float
    waiting: float


@dataclass(frozen=True, slots=True)
class Figures:
    """The summary of days with the same windows; people and shares are per day.

    Waits are of those served; `within`: share of all who came and were served within `within_s`.
    `most_waiting`: people in line at the worst moment, the 95th percentile over the days (seats).
    """

    days: int
    people: float
    gave_up: Estimate
    sent_away: Estimate
    within_s: float
    within: Estimate
    mean_wait_s: Estimate
    wait_s: tuple[tuple[int, Estimate], ...]
    longest_wait_s: float
    most_waiting: int
    last_end_s: float
    hours: tuple[HourFigures, ...]
    lanes: tuple[LaneFigures, ...]


def figures(hall: Hall, windows: Sequence[Window], days: Days, within_s: float) -> Figures:
    """Summarize simulated days."""
    served = days.outcome.fate == SERVED
    waited = days.waited / DS
    in_time = served & (waited <= within_s)
    everyone = np.ones(served.size, dtype=np.bool_)
    return Figures(
        days=days.count,
        people=served.size / days.count,
        gave_up=_share(days, days.outcome.fate == GAVE_UP),
        sent_away=_share(days, days.outcome.fate == SENT_AWAY),
        within_s=within_s,
        within=estimate(days, in_time.astype(np.float64), everyone, _mean),
        mean_wait_s=estimate(days, waited, served, _mean),
        wait_s=tuple((p, estimate(days, waited, served, _percentile(p))) for p in PERCENTILES),
        longest_wait_s=float(waited.max(initial=0.0)),
        most_waiting=_most_waiting(days),
        last_end_s=_mean(_last_ends(days)),
        hours=tuple(_hours(hall, windows, days, in_time)),
        lanes=tuple(_lanes(days, waited, served)),
    )


def estimate(days: Days, values: F64, chosen: Mask, measure: Callable[[F64], float]) -> Estimate:
    """Return a measure over all days; its interval comes from the same measure in batches of days.

    People of one day share a line, so days, not people, are the independent pieces.
    """
    batches = min(BATCHES, days.count)
    cuts = days.crowd.first[np.linspace(0, days.count, batches + 1).astype(np.int64)]
    parts = [measure(values[first:last][chosen[first:last]]) for first, last in pairwise(cuts)]
    return Estimate(measure(values[chosen]), _half_width(np.array(parts)))


def _half_width(parts: F64) -> float:
    if parts.size <= 1:
        return float("inf")
    t = stdtrit(parts.size - 1, TWO_SIDED_95)
    return float(t * parts.std(ddof=1) / np.sqrt(parts.size))


def _share(days: Days, who: Mask) -> Estimate:
    return estimate(days, who.astype(np.float64), np.ones(who.size, dtype=np.bool_), _mean)


def _mean(values: F64) -> float:
    return float(values.mean()) if values.size else 0.0


def _percentile(percent: int) -> Callable[[F64], float]:
    """Return the measure: the value of someone really there, not one between two."""

    def measure(values: F64) -> float:
        if not values.size:
            return 0.0
        return float(np.percentile(values, percent, method="higher"))

    return measure


def in_line_by(days: Days, cuts: I64) -> I64:
    """Return person-deciseconds spent in line between neighbors of `cuts`, summed over all days."""
    return _overlap(days.crowd.arrival, days.crowd.arrival + days.waited, cuts)


def _overlap(since: I64, until: I64, cuts: I64) -> I64:
    """Sum, for each pair of neighboring cuts, the parts of [since, until) that lie between."""
    # Time spent before a cut, summed over all: differences are the time between cuts.
    before = np.array(
        [(np.clip(until, None, cut) - np.clip(since, None, cut)).sum() for cut in cuts],
        dtype=np.int64,
    )
    return np.diff(before)


def _hours(
    hall: Hall, windows: Sequence[Window], days: Days, in_time: Mask
) -> Iterable[HourFigures]:
    served = days.outcome.fate == SERVED
    hours = np.array(hall.hours, dtype=np.int64)
    cuts = np.arange(hours[0], hours[-1] + 2) * HOUR_DS
    busy = _overlap(days.outcome.start[served], days.outcome.end[served], cuts)
    line = in_line_by(days, cuts)
    came = days.crowd.arrival // HOUR_DS
    for hour in hall.hours:
        here = came == hour
        if hour == hall.hours[0]:
            here |= came < hour  # who comes before opening belongs to the first hour
        count = int(here.sum())
        place = hour - int(hours[0])
        manned_s = _manned_s(windows, hour)
        yield HourFigures(
            hour=hour,
            people=count / days.count,
            within=float(in_time[here].mean()) if count else 1.0,
            mean_wait_s=_mean(days.waited[here & served] / DS),
            windows=manned_s / HOUR_S,
            utilization=_ratio(float(busy[place]) / DS / days.count, manned_s),
            waiting=float(line[place]) / HOUR_DS / days.count,
        )


def _manned_s(windows: Sequence[Window], hour: int) -> float:
    """Seconds of open windows in an hour, by the minute."""
    minutes = range(hour * HOUR_S, (hour + 1) * HOUR_S, 60)
    return 60.0 * sum(open_windows(windows, at_s) for at_s in minutes)


def _ratio(work_s: float, manned_s: float) -> float:
    """Work over manned time; a customer finished after closing time can make it more than 1."""
    return work_s / manned_s if manned_s else 0.0


def _lanes(days: Days, waited: F64, served: Mask) -> Iterable[LaneFigures]:
    for lane in Lane:
        here = days.crowd.lane == lane
        if not here.any():
            continue
        waits = waited[here & served]
        yield LaneFigures(lane, here.sum() / days.count, _mean(waits), _percentile(90)(waits))


def _last_ends(days: Days) -> F64:
    """When the last customer of each day left, in seconds; days without any are left out."""
    first = days.crowd.first
    pairs = pairwise(first)
    ends = [days.outcome.end[low:high].max() / DS for low, high in pairs if high > low]
    return np.array(ends, dtype=np.float64)


def _most_waiting(days: Days) -> int:
    """Return the 95th percentile over the days of the longest line."""
    first = days.crowd.first
    longest = [
        _longest_line(days.crowd.arrival[low:high], days.waited[low:high])
        for low, high in pairwise(first)
    ]
    return int(np.percentile(longest, 95, method="higher"))


def _longest_line(arrival: I64, waited: I64) -> int:
    moments = np.concatenate([arrival, arrival + waited])
    steps = np.repeat([1, -1], arrival.size)
    # At one moment leavers go first: who is served at once never stood in line.
    order = np.lexsort((steps, moments))
    return int(np.cumsum(steps[order]).max(initial=0))
