"""The fewest windows by hour for a target, the roster that mans them, and its verification."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import I64
from circle15.planning.hall.crowd import draw_crowd
from circle15.planning.hall.kernel import DS, SERVED, Crowd
from circle15.planning.hall.model import HOUR_S, SLOT_S, SLOTS, Hall, Window
from circle15.planning.hall.roster import Roster, ShiftRules, smallest_roster
from circle15.planning.hall.schedule import clock, windows_by_slot
from circle15.planning.hall.simulation import simulate
from circle15.planning.hall.summary import Figures, figures
from circle15.planning.problems import PlanningRefused
from circle15.standards.text import Text

MOST_WINDOWS = 200
MOST_REPAIRS = 20


@dataclass(frozen=True, slots=True)
class Target:
    """The share of people (of each hour they come in) to be served within so many seconds.

    A P90 wait of at most 10 minutes is the share 0.9 within 600 s.
    """

    share: float = 0.9
    within_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Trials:
    """How many days are played and the seed of all chance."""

    days: int = 400
    seed: int = 15

    def crowds(self, hall: Hall, weekday: int) -> tuple[Crowd, Crowd]:
        """Return the crowd to search on and the one to verify on."""
        search, check = np.random.SeedSequence(self.seed).spawn(2)
        return (
            draw_crowd(hall, weekday, self.days, np.random.default_rng(search)),
            draw_crowd(hall, weekday, self.days, np.random.default_rng(check)),
        )


@dataclass(frozen=True, slots=True)
class Staffing:
    """The answer: windows by clock hour, the roster that mans them, and how its days go.

    `figures` come from days the search did not see; `verified`: they reach the target over all.
    """

    weekday: int
    target: Target
    windows_by_hour: tuple[tuple[int, int], ...]
    roster: Roster
    figures: Figures
    verified: bool


def staffing(
    hall: Hall, weekday: int, target: Target, rules: ShiftRules, trials: Trials
) -> Staffing:
    """Return the windows and the roster for one weekday; raises PlanningRefused if none reach it.

    Windows are searched on one crowd; the roster is verified on another, and an hour that falls
    short there gets a window more.
    """
    search, fresh = trials.crowds(hall, weekday)
    counts = fewest_windows(hall, search, target)
    for _ in range(MOST_REPAIRS):
        roster = smallest_roster(needed_by_slot(hall, counts), rules)
        seen = figures(hall, roster.windows, simulate(hall, roster.windows, fresh), target.within_s)
        if seen.within.value >= target.share:
            break
        worst = min(seen.hours, key=lambda hour: hour.within).hour
        counts = {**counts, worst: counts[worst] + 1}
    return Staffing(
        weekday=weekday,
        target=target,
        windows_by_hour=tuple(sorted(counts.items())),
        roster=roster,
        figures=seen,
        verified=seen.within.value >= target.share,
    )


def fewest_windows(hall: Hall, crowd: Crowd, target: Target) -> dict[int, int]:
    """Return windows by clock hour, such that no hour can do with one less (on this crowd).

    Windows are added to the earliest hour that misses the target, since its line spills over into
    the next; then taken away again wherever all hours still reach it.
    """
    counts = _least(hall, crowd)
    while True:
        missed = [
            hour for hour, share in shares(hall, crowd, counts, target) if share < target.share
        ]
        if not missed:
            break
        counts[missed[0]] += 1
        if counts[missed[0]] > MOST_WINDOWS:
            raise PlanningRefused([_unreachable(missed[0], target)])
    while _take_one(hall, crowd, counts, target):
        pass
    return counts


def shares(
    hall: Hall, crowd: Crowd, counts: dict[int, int], target: Target
) -> list[tuple[int, float]]:
    """Return the share served in time of those who came in each hour, early comers in the first."""
    windows = hour_windows(hall, counts)
    days = simulate(hall, windows, crowd)
    served_in_time = (days.outcome.fate == SERVED) & (days.waited <= target.within_s * DS)
    hour = _hour(hall, crowd)
    came = np.bincount(hour, minlength=24)
    in_time = np.bincount(hour, weights=served_in_time.astype(np.float64), minlength=24)
    return [(each, in_time[each] / came[each] if came[each] else 1.0) for each in hall.hours]


def hour_windows(hall: Hall, counts: dict[int, int]) -> tuple[Window, ...]:
    """Return windows open as the counts say, within opening hours."""
    return windows_by_slot(needed_by_slot(hall, counts))


def needed_by_slot(hall: Hall, counts: dict[int, int]) -> tuple[int, ...]:
    """Spread counts by hour over the quarters in which the hall is open."""
    return tuple(
        counts.get(slot * SLOT_S // HOUR_S, 0) if _is_open(hall, slot) else 0
        for slot in range(SLOTS)
    )


def _is_open(hall: Hall, slot: int) -> bool:
    from_s = slot * SLOT_S
    return any(span.from_s < from_s + SLOT_S and from_s < span.until_s for span in hall.opening)


def _least(hall: Hall, crowd: Crowd) -> dict[int, int]:
    """Start from the load of each hour, never below one window."""
    work = np.bincount(_hour(hall, crowd), weights=crowd.service.astype(np.float64), minlength=24)
    load = work / (crowd.first.size - 1) / (HOUR_S * DS)
    return {hour: max(1, int(load[hour])) for hour in hall.hours}


def _hour(hall: Hall, crowd: Crowd) -> I64:
    hour: I64 = np.clip(crowd.arrival // (HOUR_S * DS), hall.hours[0], hall.hours[-1])
    return hour


def _take_one(hall: Hall, crowd: Crowd, counts: dict[int, int], target: Target) -> bool:
    """Take one window away where that harms no hour, from the hour with most; say if one could."""
    for hour in sorted(counts, key=lambda each: (-counts[each], each)):
        if counts[hour] == 1:
            continue
        counts[hour] -= 1
        if all(share >= target.share for _, share in shares(hall, crowd, counts, target)):
            return True
        counts[hour] += 1
    return False


def _unreachable(hour: int, target: Target) -> Text:
    at = clock(hour * HOUR_S)
    share, minutes = f"{target.share:.0%}", f"{target.within_s / 60:g}"
    return Text(
        f"{at} 一小时内 {MOST_WINDOWS} 个窗口也达不到目标（{minutes} 分钟内办理 {share}），"
        "请检查开放时间与到达时间",
        f"even {MOST_WINDOWS} windows at {at} do not serve {share} within {minutes} minutes: "
        "check opening hours and arrivals",
    )


def flat(hall: Hall, windows: int) -> dict[int, int]:
    """Return the same number of windows in every hour."""
    return dict.fromkeys(hall.hours, windows)


def figures_of(hall: Hall, windows: Sequence[Window], crowd: Crowd, target: Target) -> Figures:
    """Play a crowd against windows and summarize."""
    return figures(hall, windows, simulate(hall, windows, crowd), target.within_s)
