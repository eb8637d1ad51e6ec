"""Small halls and crowds for the tests."""

from collections.abc import Sequence

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.hall.durations import Duration, Lognormal
from circle15.planning.hall.kernel import DS, NEVER, Crowd, Order, Schedule
from circle15.planning.hall.model import SLOT_S, SLOTS, Arrivals, Hall, Item, Span
from circle15.standards.text import Text

NINE, FIVE = 9 * 3600, 17 * 3600
STRICT = Order(0, NEVER, NEVER)


def item(service: Duration, *, name: str = "any", share: float = 1.0, skill: str | None = None):
    return Item(name, Text(name, name), share, service, skill)


def office(per_hour: float = 30.0, **changes) -> Hall:
    """Open from nine to five, one item, the same number of people in every quarter."""
    rates = tuple(per_hour / 4 if NINE <= q * SLOT_S < FIVE else 0.0 for q in range(SLOTS))
    parts = {
        "opening": (Span(NINE, FIVE),),
        "arrivals": Arrivals({0: rates}),
        "items": (item(Lognormal(300.0, 200.0)),),
    }
    return Hall(**(parts | changes))


def always_open(windows: int) -> Schedule:
    return Schedule(
        first=np.arange(windows + 1, dtype=np.int64),
        opens=np.zeros(windows, dtype=np.int64),
        closes=np.full(windows, NEVER, dtype=np.int64),
        skills=np.full(windows, -1, dtype=np.int64),
    )


def crowd_of(days: Sequence[Sequence[int]], service, patience=None, lane=None, need=None) -> Crowd:
    """Arrivals day by day in deciseconds; the rest for all days in one row."""
    arrival = np.array([at for day in days for at in day], dtype=np.int64)
    filled = [
        np.full(arrival.size, default, dtype=np.int64)
        if given is None
        else np.array(given, dtype=np.int64)
        for given, default in ((patience, NEVER // 2), (lane, 0), (need, 1))
    ]
    first = np.cumsum([0, *(len(day) for day in days)], dtype=np.int64)
    return Crowd(first, arrival, np.array(service, dtype=np.int64), *filled)


def steady(rate_s: float, service: F64, patience: F64 | None, days: int, rng) -> Crowd:
    """Poisson arrivals without end, cut into long days; seconds in, deciseconds out."""
    gaps = rng.exponential(1 / rate_s, (days, service.size // days))
    arrival = ds(np.cumsum(gaps, axis=1))
    return crowd_of(arrival.tolist(), ds(service), None if patience is None else ds(patience))


def ds(seconds: F64) -> I64:
    return np.rint(seconds * DS).astype(np.int64)
