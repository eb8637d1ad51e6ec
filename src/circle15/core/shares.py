"""Shares of counts with the interval they are certain to: none where nothing was counted."""

from dataclasses import dataclass
from functools import cache
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. Without any there is no share: a dash, never 100 %."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None


def wilson(part: int, whole: int, *, confidence: float = 0.95) -> tuple[float, float] | None:
    """Return Wilson's score interval of a share (Wilson 1927); None where nothing was counted."""
    if not 0 <= part <= whole:
        message = f"{part} of {whole} is no share"
        raise ValueError(message)
    if not whole:
        return None
    z = _z(confidence)
    share, spread = part / whole, z * z / whole
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt((share * (1 - share) + spread / 4) / whole) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


@cache
def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
