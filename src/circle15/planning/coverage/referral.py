"""Where a case goes when the first site can't finish it: village -> town -> hospital (转介)."""

from dataclasses import dataclass

from circle15.planning.arrays import I32, NO_WAY, U16


@dataclass(frozen=True, slots=True)
class Step:
    """The nearest site of the next level: its number and the time to it, or nothing reached."""

    site: int | None
    time_ds: int | None


@dataclass(frozen=True, slots=True)
class Referral:
    """The chain from one site upward, a step for each level above its own."""

    site: int
    steps: tuple[Step, ...]

    @property
    def total_ds(self) -> int | None:
        """Time of all steps one after the other, None if one is missing."""
        times = [step.time_ds for step in self.steps]
        return None if None in times else sum(time for time in times if time is not None)


def chains(levels: tuple[tuple[U16, I32], ...]) -> tuple[Referral, ...]:
    """Join levels to chains from each site of the lowest one.

    `levels[i]`: for each site of level i the time to the nearest site of level i + 1, (sites),
    and its number there, (sites); NO_WAY and -1 where none is reached.
    """
    return tuple(_chain(site, levels) for site in range(len(levels[0][0])))


def _chain(site: int, levels: tuple[tuple[U16, I32], ...]) -> Referral:
    steps: list[Step] = []
    at: int | None = site
    for time_ds, nearest in levels:
        step = Step(None, None) if at is None else _step(int(time_ds[at]), int(nearest[at]))
        steps.append(step)
        at = step.site
    return Referral(site, tuple(steps))


def _step(time_ds: int, site: int) -> Step:
    return Step(None, None) if time_ds == NO_WAY else Step(site, time_ds)
