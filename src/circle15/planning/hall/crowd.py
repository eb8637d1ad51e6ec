"""Chance becomes arrays: the people of many days, the same for every set of windows compared."""

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.hall.durations import FOREVER_S
from circle15.planning.hall.kernel import DS, Crowd
from circle15.planning.hall.model import SLOT_S, Appointments, Hall, Lane
from circle15.planning.hall.schedule import skill_bits


def draw_crowd(hall: Hall, weekday: int, days: int, rng: np.random.Generator) -> Crowd:
    """Draw the people of `days` days of one weekday.

    Arrivals are Poisson with the rate of their quarter of an hour. Windows compared on one crowd
    see the same people (common random numbers).
    """
    walk_day, walk_at = _walk_ins(hall, weekday, days, rng)
    green = rng.random(walk_at.size) < (hall.green.share if hall.green else 0.0)
    lane = np.where(green, Lane.GREEN, Lane.WALK_IN)
    if hall.appointments is None:
        day, at = walk_day, walk_at
    else:
        booked_day, booked_at = _booked(hall.appointments, days, rng)
        day = np.concatenate([walk_day, booked_day])
        at = np.concatenate([walk_at, booked_at])
        lane = np.concatenate([lane, np.full(booked_at.size, Lane.APPOINTMENT)])
    order = np.lexsort((at, day))
    service, need = _wishes(hall, order.size, rng)
    return Crowd(
        first=np.searchsorted(day[order], np.arange(days + 1)).astype(np.int64),
        arrival=_ds(at[order]),
        service=np.maximum(_ds(service), 1),
        patience=_ds(_patience(hall, order.size, rng)),
        lane=lane[order].astype(np.int64),
        need=need,
    )


def _walk_ins(hall: Hall, weekday: int, days: int, rng: np.random.Generator) -> tuple[I64, F64]:
    """Given how many come in a quarter, a Poisson process spreads them evenly over it."""
    rates = np.array(hall.arrivals.by_weekday[weekday], dtype=np.float64)
    expected = rates[None, :] * _busyness(hall.arrivals.day_spread, days, rng)[:, None]
    counts = rng.poisson(expected)
    day, slot = np.divmod(np.repeat(np.arange(counts.size), counts.ravel()), rates.size)
    return day.astype(np.int64), (slot + rng.random(slot.size)) * SLOT_S


def _busyness(spread: float, days: int, rng: np.random.Generator) -> F64:
    """Return a factor of mean 1 for every day."""
    if spread <= 0:
        return np.ones(days)
    shape = 1 / spread**2
    return rng.gamma(shape, 1 / shape, days)


def _booked(booking: Appointments, days: int, rng: np.random.Generator) -> tuple[I64, F64]:
    """Those who keep their appointment."""
    times = np.repeat([slot.at_s for slot in booking.slots], [s.booked for s in booking.slots])
    comes = rng.random((days, times.size)) < booking.show_rate
    early = rng.normal(booking.early_s, booking.early_sd_s, (days, times.size))
    day, place = np.nonzero(comes)
    return day.astype(np.int64), np.maximum(times[place] - early[day, place], 0.0)


def _wishes(hall: Hall, people: int, rng: np.random.Generator) -> tuple[F64, I64]:
    """Draw what each wants: how long it takes and which skill."""
    shares = np.array([item.share for item in hall.items], dtype=np.float64)
    wish = rng.choice(len(hall.items), people, p=shares / shares.sum())
    bits = skill_bits(hall)
    service = np.zeros(people)
    need = np.ones(people, dtype=np.int64)
    for place, item in enumerate(hall.items):
        who = wish == place
        service[who] = item.service.draw(rng, int(who.sum()))
        need[who] = bits[item.skill]
    return service, need


def _patience(hall: Hall, people: int, rng: np.random.Generator) -> F64:
    if hall.patience is None:
        return np.full(people, FOREVER_S)
    return hall.patience.draw(rng, people)


def _ds(seconds: F64) -> I64:
    """Whole deciseconds."""
    whole: I64 = np.rint(np.minimum(seconds, FOREVER_S) * DS).astype(np.int64)
    return whole
