"""What a hall's own records say: who came when, how long service takes, when people give up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np

from circle15.planning.arrays import F64, I64, Mask
from circle15.planning.hall.durations import FOREVER_S, Duration, Sample, Survival
from circle15.planning.hall.kernel import DS, Crowd
from circle15.planning.hall.model import SLOT_S, SLOTS, Arrivals, Span, Window

LONGEST_SAMPLE = 10_000
NOT_SEEN = -1.0


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """People who came, sorted by day and arrival; seconds of the day, NOT_SEEN where not recorded.

    `day`: ordinal of the date. `start` and `end`: service; `left`: when someone gave up.
    `item` and `window`: names, empty where not recorded.
    """

    day: I64
    arrival: F64
    start: F64
    end: F64
    left: F64
    item: tuple[str, ...]
    window: tuple[str, ...]

    def __len__(self) -> int:
        """How many people."""
        return self.day.size

    @property
    def served(self) -> Mask:
        """Who was served."""
        return self.start >= 0

    @property
    def gave_up(self) -> Mask:
        """Who left without service."""
        return self.left >= 0

    @property
    def waited(self) -> F64:
        """How long each waited, as far as it is known."""
        until = np.where(self.served, self.start, np.where(self.gave_up, self.left, self.arrival))
        return np.maximum(until - self.arrival, 0.0)

    @property
    def service(self) -> F64:
        """Service times of those whose end is known too."""
        known = self.served & (self.end > self.start)
        return (self.end - self.start)[known]

    def of_days(self, days: Sequence[int]) -> "Visits":
        """Return the visits of some days."""
        return self.where(np.isin(self.day, list(days)))

    def where(self, chosen: Mask) -> "Visits":
        """Return some of the visits."""
        return Visits(
            self.day[chosen],
            self.arrival[chosen],
            self.start[chosen],
            self.end[chosen],
            self.left[chosen],
            tuple(compress(self.item, chosen)),
            tuple(compress(self.window, chosen)),
        )


def profile_of(visits: Visits) -> Arrivals:
    """Return the mean number of people by weekday and quarter, and the spread of whole days.

    Days without anyone are not working days. The spread beyond chance is that of the totals of
    days against the mean of their weekday, less what a Poisson process would show.
    """
    weekdays: dict[int, tuple[float, ...]] = {}
    excess, expected = 0.0, 0.0
    days, totals = np.unique(visits.day, return_counts=True)
    slot = np.minimum(visits.arrival // SLOT_S, SLOTS - 1).astype(np.int64)
    for weekday in range(7):
        of_weekday = _weekday(days) == weekday
        count = int(of_weekday.sum())
        if not count:
            continue
        here = _weekday(visits.day) == weekday
        weekdays[weekday] = tuple((np.bincount(slot[here], minlength=SLOTS) / count).tolist())
        if count > 1:
            mean = float(totals[of_weekday].mean())
            excess += float(((totals[of_weekday] - mean) ** 2).sum()) - (count - 1) * mean
            expected += (count - 1) * mean**2
    spread = (max(excess, 0.0) / expected) ** 0.5 if expected else 0.0
    return Arrivals(weekdays, spread)


def _weekday(ordinal: I64) -> I64:
    """Return 0 for Monday: day 1 of the calendar was one."""
    return (ordinal - 1) % 7


def service_of(visits: Visits) -> Sample | None:
    """Return the service times seen, thinned evenly if there are very many; None without any."""
    seconds = np.sort(visits.service)
    if seconds.size > LONGEST_SAMPLE:
        seconds = seconds[np.linspace(0, seconds.size - 1, LONGEST_SAMPLE).astype(np.int64)]
    return Sample(tuple(seconds.tolist())) if seconds.size else None


def patience_of(visits: Visits) -> Survival | None:
    """Return how long people are ready to wait (Kaplan and Meier 1958); None if nobody gave up.

    Whoever was served tells only that patience was longer than the wait.
    """
    at_s, counts = np.unique(visits.waited[visits.gave_up], return_counts=True)
    if not at_s.size:
        return None
    known = np.sort(visits.waited[visits.served | visits.gave_up])
    at_risk = known.size - np.searchsorted(known, at_s, side="left")
    alive = np.cumprod(1 - counts / at_risk)
    return Survival(tuple(at_s.tolist()), tuple(alive.tolist()))


def windows_present(visits: Visits, gap_s: float) -> tuple[Window, ...]:
    """Return the windows of one day's records as they were really manned.

    Someone who serves again within `gap_s` was there in between; a longer gap was an absence. A
    roster says who should be there, this says who was.
    """
    return tuple(
        Window(name, tuple(_stays(visits, np.array(visits.window) == name, gap_s)))
        for name in sorted({name for name in visits.window if name})
    )


def _stays(visits: Visits, mine: Mask, gap_s: float) -> Iterator[Span]:
    who = np.flatnonzero(mine & visits.served)
    stay: tuple[float, float] | None = None
    for person in who[np.argsort(visits.start[who], kind="stable")]:
        start, end = float(visits.start[person]), float(visits.end[person])
        if stay is not None and start - stay[1] <= gap_s:
            stay = (stay[0], max(stay[1], end))
            continue
        if stay is not None:
            yield Span(int(stay[0]), int(stay[1]) + 1)
        stay = (start, end)
    if stay is not None:
        yield Span(int(stay[0]), int(stay[1]) + 1)


def replay_crowd(
    visits: Visits,
    service: Duration,
    patience: Duration | None,
    days: int,
    rng: np.random.Generator,
) -> Crowd:
    """Return one recorded day's arrivals `days` times over, service and patience drawn anew."""
    people = len(visits) * days
    arrival = np.tile(np.sort(visits.arrival), days)
    until = np.full(people, FOREVER_S) if patience is None else patience.draw(rng, people)
    return Crowd(
        first=np.arange(days + 1, dtype=np.int64) * len(visits),
        arrival=np.rint(arrival * DS).astype(np.int64),
        service=np.maximum(np.rint(service.draw(rng, people) * DS).astype(np.int64), 1),
        patience=np.rint(np.minimum(until, FOREVER_S) * DS).astype(np.int64),
        lane=np.zeros(people, dtype=np.int64),
        need=np.ones(people, dtype=np.int64),
    )
