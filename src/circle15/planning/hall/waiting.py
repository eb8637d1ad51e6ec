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
    """Return the range of waits of everyone in line, or None while no window is open.

    All draws are played side by side: a line of a hundred takes some milliseconds, and web servers
    need no compiler for it.
    """
    if moment.free + len(moment.busy) == 0:
        return None
    samples = tuple(np.sort(np.asarray(sample, np.float64)) for sample in moment.samples)
    free_at = np.zeros((draws, len(moment.busy) + moment.free))
    for window, busy in enumerate(moment.busy):
        free_at[:, window] = _left(samples[busy.kind], busy.elapsed_s, rng.random(draws))
    overtaking = rng.choice(np.minimum(np.array(moment.overtaking), MOST_OVERTAKING), draws)
    plays = np.arange(draws)
    waits = np.empty((len(moment.line), draws))
    for person, kind in enumerate(moment.line):
        _overtake(free_at, overtaking, samples[0], rng)
        taker = free_at.argmin(axis=1)
        waits[person] = free_at[plays, taker]
        is_missing = rng.random(draws) < moment.missing
        taken = _drawn(samples[kind], draws, rng)
        free_at[plays, taker] += np.where(is_missing, moment.missing_s, taken)
    # One more wait falls below its k-th smallest of n draws with a chance of k / (n + 1).
    low, high = np.quantile(waits, (LOW, HIGH), axis=1, method="weibull")
    return Ranges(low, high)


def _overtake(free_at: F64, overtaking: F64, sample: F64, rng: np.random.Generator) -> None:
    """Let those who come later go first: in each play as often as chance has it."""
    plays = np.flatnonzero(rng.random(overtaking.size) < overtaking)
    while plays.size:
        taker = free_at[plays].argmin(axis=1)
        free_at[plays, taker] += _drawn(sample, plays.size, rng)
        plays = plays[rng.random(plays.size) < overtaking[plays]]


def _drawn(sample: F64, count: int, rng: np.random.Generator) -> F64:
    return sample[(rng.random(count) * sample.size).astype(np.int64)]


def _left(sample: F64, elapsed_s: float, chance: F64) -> F64:
    """Return what is left of a service: of the recorded ones that lasted longer, one by chance."""
    longer = sample[np.searchsorted(sample, elapsed_s, side="right") :]
    if longer.size == 0:  # longer than any before: as long again as a tenth, by chance
        return elapsed_s * 0.2 * chance
    return longer[(chance * longer.size).astype(np.int64)] - elapsed_s


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
