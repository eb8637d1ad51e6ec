"""How long those in line will wait, as a range: the hall's own service times played forward.

The line is played through many times from this moment on. Each play draws what is left of every
service under way (from recorded services that lasted at least as long) and how long every person
ahead will take (from recorded services of the same item), so the range is as narrow as the
hall's own records allow, and no distribution is assumed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circle15.planning.arrays import F64, I64
from circle15.planning.compiled import compiled

LOW, HIGH = 0.10, 0.90
"""The range shown is from the tenth to the ninetieth of a hundred waits."""
DRAWS = 400
MOST_OVERTAKING = 0.9
FEWEST_RECORDED = 30
"""With fewer recorded services nothing is said about an item by itself."""


@dataclass(frozen=True, slots=True)
class Busy:
    """A service under way: what is handled (index into the samples) and for how long already."""

    kind: int
    elapsed_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What is known of a hall now.

    `samples`: seconds a window was taken by one person, one array for each kind of visit; none
    may be empty; the first is of all visits. `line`: kind of everyone waiting, in calling order.
    `free`: windows open and idle.
    `overtaking`: share of calls that go to somebody who comes later (green, appointments), of each
    of some past days: which of them today is like is drawn by chance.
    `missing`: share of those called who are not there; `missing_s`: how long that takes.
    """

    samples: tuple[F64, ...]
    line: tuple[int, ...]
    busy: tuple[Busy, ...]
    free: int
    overtaking: tuple[float, ...] = (0.0,)
    missing: float = 0.0
    missing_s: float = 45.0


@dataclass(frozen=True, slots=True, eq=False)
class Ranges:
    """For everyone in line, in the same order: seconds until called, from `low_s` to `high_s`."""

    low_s: F64
    high_s: F64


def waits_ahead(moment: Moment, rng: np.random.Generator, draws: int = DRAWS) -> Ranges | None:
    """Return the range of waits of everyone in line, or None while no window is open."""
    if moment.free + len(moment.busy) == 0:
        return None
    ordered = [np.sort(np.asarray(sample, np.float64)) for sample in moment.samples]
    first = np.cumsum([0, *(sample.size for sample in ordered)]).astype(np.int64)
    busy = np.array([(busy.kind, busy.elapsed_s) for busy in moment.busy]).reshape(-1, 2)
    shares = np.minimum(np.array(moment.overtaking), MOST_OVERTAKING)
    odds = (rng.choice(shares, draws), moment.missing, moment.missing_s)
    waits = np.empty((len(moment.line), draws))
    line = np.array(moment.line, np.int64)
    _play((np.concatenate(ordered), first), line, (busy, moment.free), odds, rng, waits)
    low, high = np.quantile(waits, (LOW, HIGH), axis=1)
    return Ranges(low, high)


@compiled
def _play(
    recorded: tuple[F64, I64],
    line: I64,
    windows: tuple[F64, int],
    odds: tuple[F64, float, float],
    rng: np.random.Generator,
    waits: F64,
) -> None:
    """Play every draw: a window takes whoever is next as soon as it is free."""
    seconds, first = recorded
    busy, free = windows
    overtaking, missing, missing_s = odds
    free_at = np.empty(busy.shape[0] + free)
    for draw in range(waits.shape[1]):
        free_at[:] = 0.0
        for window in range(busy.shape[0]):
            kind = int(busy[window, 0])
            sample = seconds[first[kind] : first[kind + 1]]
            free_at[window] = _left(sample, busy[window, 1], rng.random())
        for person in range(line.size):
            while rng.random() < overtaking[draw]:
                free_at[np.argmin(free_at)] += seconds[int(rng.random() * first[1])]
            taker = np.argmin(free_at)
            waits[person, draw] = free_at[taker]
            sample = seconds[first[line[person]] : first[line[person] + 1]]
            taken = sample[int(rng.random() * sample.size)]
            free_at[taker] += missing_s if rng.random() < missing else taken


@compiled
def _left(sample: F64, elapsed_s: float, chance: float) -> float:
    """Return what is left of a service: of the recorded ones that lasted longer, one by chance."""
    shorter = np.searchsorted(sample, elapsed_s, side="right")
    if shorter == sample.size:  # longer than any before: as long again as a tenth, by chance
        return float(elapsed_s * 0.2 * chance)
    return float(sample[shorter + int(chance * (sample.size - shorter))] - elapsed_s)


def kinds_of(recorded: Sequence[F64]) -> tuple[tuple[F64, ...], tuple[int, ...]]:
    """Return samples with all visits first, and for each item the sample to draw from.

    An item with fewer than FEWEST_RECORDED services is drawn from all of them.
    """
    everything = np.concatenate([np.empty(0), *recorded])
    samples, which = [everything], []
    for sample in recorded:
        if sample.size < FEWEST_RECORDED:
            which.append(0)
        else:
            which.append(len(samples))
            samples.append(sample)
    return tuple(samples), tuple(which)


def overtaking_of(came: I64, called: I64, regular: NDArray[np.bool_]) -> tuple[int, int]:
    """Return how many calls of a day went past somebody regular in line, and of how many.

    When everybody came and was called, and who stands in the regular line. Calls are counted anew
    for each one in line. Past over all is the day's `overtaking` of a Moment.
    """
    past = total = 0
    for mine, turn in zip(came[regular], called[regular], strict=True):
        meanwhile = (called > mine) & (called < turn)
        total += int(meanwhile.sum())
        past += int((meanwhile & (came > mine)).sum())
    return past, total
