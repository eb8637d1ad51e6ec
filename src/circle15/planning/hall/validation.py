"""How well the simulation tells the waits of recorded days: predicted beside observed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64
from circle15.planning.hall.durations import Duration
from circle15.planning.hall.kernel import DS, SERVED, Order, run_days
from circle15.planning.hall.model import Hall, Window
from circle15.planning.hall.records import (
    Visits,
    patience_of,
    replay_crowd,
    service_of,
    windows_present,
)
from circle15.planning.hall.schedule import schedule
from circle15.planning.hall.simulation import Days, order_of


@dataclass(frozen=True, slots=True)
class DayCheck:
    """One recorded day: mean wait of all who came (s) and share that gave up."""

    day: int
    people: int
    wait_s: float
    predicted_wait_s: float
    gave_up: float
    predicted_gave_up: float


@dataclass(frozen=True, slots=True)
class Habits:
    """What is taken from days before: service, patience, the gap that is still presence."""

    service: Duration
    patience: Duration | None
    gap_s: float


def check_day(
    hall: Hall, visits: Visits, habits: Habits, days: int, rng: np.random.Generator
) -> DayCheck:
    """Play one recorded day `days` times: its arrivals and manned windows, the habits' chance."""
    crowd = replay_crowd(visits, habits.service, habits.patience, days, rng)
    plan = schedule(hall, windows_present(visits, habits.gap_s))
    order: Order = order_of(hall)
    played = Days(crowd, run_days(crowd, plan, order))
    return DayCheck(
        day=int(visits.day[0]),
        people=len(visits),
        wait_s=float(visits.waited.mean()),
        predicted_wait_s=float(played.waited.mean()) / DS,
        gave_up=float(visits.gave_up.mean()),
        predicted_gave_up=float((played.outcome.fate != SERVED).mean()),
    )


def presence_gap(
    hall: Hall, past: Visits, service: Duration, patience: Duration | None, gaps_s: Sequence[float]
) -> Habits:
    """Return the habits with the gap whose waits over past days are least biased."""

    def bias(gap_s: float) -> float:
        habits = Habits(service, patience, gap_s)
        checks = [
            check_day(hall, past.of_days([day]), habits, 10, np.random.default_rng(day))
            for day in sorted(set(past.day.tolist()))
        ]
        return abs(sum((c.predicted_wait_s - c.wait_s) * c.people for c in checks))

    return Habits(service, patience, min(gaps_s, key=bias))


@dataclass(frozen=True, slots=True)
class Band:
    """A figure of a recorded day, and between what 95 of 100 simulated days have it; seconds."""

    observed_s: float
    low_s: float
    high_s: float

    @property
    def holds(self) -> bool:
        """Whether the day is one of those the simulation expects."""
        return self.low_s <= self.observed_s <= self.high_s


@dataclass(frozen=True, slots=True)
class DayBand:
    """The mean wait of a day and the wait nine of ten did not exceed, of all who came."""

    people: int
    mean: Band
    p90: Band


def band_of_day(
    hall: Hall, visits: Visits, windows: Sequence[Window], days: int, rng: np.random.Generator
) -> DayBand:
    """Play one recorded day again and again with its own windows and its own times by chance.

    Arrivals are those recorded; services and patience are drawn anew from what was recorded.
    """
    service = service_of(visits)
    assert service is not None, "a day without any service"
    crowd = replay_crowd(visits, service, patience_of(visits), days, rng)
    played = Days(crowd, run_days(crowd, schedule(hall, windows), order_of(hall)))
    waits = played.waited.reshape(days, -1) / DS
    return DayBand(
        people=len(visits),
        mean=_band(float(visits.waited.mean()), waits.mean(axis=1)),
        p90=_band(float(np.quantile(visits.waited, 0.9)), np.quantile(waits, 0.9, axis=1)),
    )


def _band(observed_s: float, simulated_s: F64) -> Band:
    low, high = np.quantile(simulated_s, (0.025, 0.975))
    return Band(observed_s, float(low), float(high))
