"""How long things take: service and patience, as distributions a seeded generator draws from."""

from dataclasses import dataclass
from math import log, sqrt
from typing import Protocol

import numpy as np

from circle15.planning.arrays import F64

FOREVER_S = 1e9
"""A patience that never ends: 31 years."""


class Duration(Protocol):
    """Anything that lasts, in seconds."""

    @property
    def mean_s(self) -> float:
        """The expected length."""

    def draw(self, rng: np.random.Generator, count: int) -> F64:
        """Return `count` lengths in seconds."""


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Most are short and some are very long: what service times at counters look like."""

    mean_s: float
    sd_s: float

    @property
    def sigma(self) -> float:
        """The spread of the logarithm."""
        return sqrt(log(1 + (self.sd_s / self.mean_s) ** 2))

    def draw(self, rng: np.random.Generator, count: int) -> F64:
        """Return lengths whose mean and standard deviation are those given."""
        sigma = self.sigma
        return rng.lognormal(log(self.mean_s) - sigma * sigma / 2, sigma, count)


@dataclass(frozen=True, slots=True)
class Sample:
    """Lengths that were really seen, each as likely as the others."""

    seconds: tuple[float, ...]

    @property
    def mean_s(self) -> float:
        """The mean of those seen."""
        return sum(self.seconds) / len(self.seconds)

    def draw(self, rng: np.random.Generator, count: int) -> F64:
        """Return lengths drawn with replacement."""
        return rng.choice(np.array(self.seconds, dtype=np.float64), count)


@dataclass(frozen=True, slots=True)
class Exponential:
    """Without memory: for patience and for checks against theory, never for service in a hall."""

    mean_s: float

    def draw(self, rng: np.random.Generator, count: int) -> F64:
        """Return exponential lengths."""
        return rng.exponential(self.mean_s, count)


@dataclass(frozen=True, slots=True)
class Survival:
    """A Kaplan-Meier curve: `alive` is the share still there just after each of `at_s`.

    Who outlasts the last moment seen stays for ever: nothing is known of later.
    """

    at_s: tuple[float, ...]
    alive: tuple[float, ...]

    @property
    def mean_s(self) -> float:
        """The mean up to the last moment seen: a lower limit."""
        starts = (0.0, *self.at_s[:-1])
        shares = (1.0, *self.alive[:-1])
        steps = zip(starts, self.at_s, shares, strict=True)
        return sum((until - since) * share for since, until, share in steps)

    def draw(self, rng: np.random.Generator, count: int) -> F64:
        """Return lengths: the first moment at which no more than a random share is left."""
        left = -np.array(self.alive, dtype=np.float64)
        at = np.searchsorted(left, -rng.random(count), side="left")
        moments = np.array([*self.at_s, FOREVER_S], dtype=np.float64)
        return moments[at]
