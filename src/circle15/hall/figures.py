"""What a hall's days come to: each figure defined once, from the spans of its tickets.

Plain values in, plain values out; `visits.py` reads them. Seconds throughout.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean, quantiles

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circle15.hall.states import LaneKind, TicketState
from circle15.standards.service_items import service_items

SHORT_WAIT_S = 600
LONGEST_WAIT_MIN = 180
_OPEN = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD})

DEFINITIONS: dict[str, str | Promise] = {
    "wait": _("等候：从取号（转厅不重新计算）到最近一次叫号，暂离和过号的时间不计。"),
    "walk": _("到窗：从叫号到开始办理。"),
    "service": _("办理：从开始办理到办结，暂离补材料的时间不计。"),
    "instant": _(
        "即办事项平均办理时长：当日办结、所办事项全部为即办件的号，办理时间之和除以事项件数。"
    ),
    "unfinished": _("未点办结：到统计时仍在叫号、办理或暂离的，以及日终才由系统清走的，单独列出。"),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One ticket as its spans tell it; `until` of open spans is the moment of asking."""

    day: date
    label: str
    kind: str
    state: str
    was_cleared: bool
    items: tuple[str, ...]
    window: int | None
    clerk: str
    hour: int
    came_s: float
    called_s: float | None
    wait_s: float
    walk_s: float
    service_s: float
    held_s: float

    @property
    def is_finished(self) -> bool:
        return self.state == TicketState.FINISHED

    @property
    def is_unfinished(self) -> bool:
        return self.state in _OPEN or self.was_cleared

    @property
    def is_instant(self) -> bool:
        known = service_items()
        return bool(self.items) and all(
            item in known and known[item].is_instant for item in self.items
        )


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, over `count` visits; None where there were none."""

    count: int
    mean_s: float | None
    median_s: float | None
    p90_s: float | None
    longest_s: float | None


@dataclass(frozen=True, slots=True)
class Instant:
    """The average time of on-the-spot items, how many it rests on, and what is left out."""

    items: int
    visits: int
    mean_s: float | None
    unfinished: int
    mean_with_unfinished_s: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A hall, window, clerk, item, lane or hour over some days."""

    came: int
    served: int
    unfinished: int
    no_shows: int
    left: int
    cancelled: int
    moved: int
    green: int
    booked: int
    wait: Spread
    short_waits: int
    walk: Spread
    service: Spread
    instant: Instant

    @property
    def short_wait_share(self) -> float | None:
        return self.short_waits / self.wait.count if self.wait.count else None


# Clauses: W-65
def figures_of(visits: Sequence[Visit]) -> Figures:
    """Count and average; a visit is in just one of served, unfinished, no-show and so on."""
    called = [visit for visit in visits if visit.called_s is not None]
    served = [visit for visit in visits if visit.is_finished]

    def states(state: TicketState) -> int:
        return sum(visit.state == state and not visit.is_unfinished for visit in visits)

    return Figures(
        came=len(visits),
        served=len(served),
        unfinished=sum(visit.is_unfinished for visit in visits),
        no_shows=states(TicketState.NO_SHOW),
        left=states(TicketState.LEFT),
        cancelled=states(TicketState.CANCELLED),
        moved=states(TicketState.TRANSFERRED),
        green=sum(visit.kind == LaneKind.GREEN for visit in visits),
        booked=sum(visit.kind == LaneKind.BOOKED for visit in visits),
        wait=spread(visit.wait_s for visit in called),
        short_waits=sum(visit.wait_s <= SHORT_WAIT_S for visit in called),
        walk=spread(visit.walk_s for visit in served),
        service=spread(visit.service_s for visit in served),
        instant=instant(visits),
    )


def spread(seconds: Iterable[float]) -> Spread:
    """Return mean, median, ninetieth of a hundred, and the longest."""
    times = sorted(seconds)
    if not times:
        return Spread(0, None, None, None, None)
    cuts = quantiles(times, n=10, method="inclusive") if len(times) > 1 else times * 9
    return Spread(len(times), fmean(times), cuts[4], cuts[8], times[-1])


# Clauses: W-55, N-07, J-65
def instant(visits: Sequence[Visit]) -> Instant:
    """Return the average of DEFINITIONS["instant"], and what it would be with unfinished ones."""
    done = [visit for visit in visits if visit.is_finished and visit.is_instant]
    open_ = [
        visit
        for visit in visits
        if visit.is_unfinished and visit.is_instant and visit.service_s > 0
    ]
    return Instant(
        items=_items(done),
        visits=len(done),
        mean_s=_per_item(done),
        unfinished=len(open_),
        mean_with_unfinished_s=_per_item([*done, *open_]),
    )


def _items(visits: Sequence[Visit]) -> int:
    return sum(len(visit.items) for visit in visits)


def _per_item(visits: Sequence[Visit]) -> float | None:
    return sum(visit.service_s for visit in visits) / _items(visits) if visits else None


def waits_of(visits: Iterable[Visit]) -> dict[str, int]:
    """Count who was called by the whole minutes they waited, three hours and more as one."""
    called = (visit.wait_s for visit in visits if visit.called_s is not None)
    counts = Counter(min(int(seconds // 60), LONGEST_WAIT_MIN) for seconds in called)
    return {str(minute): counts[minute] for minute in sorted(counts)}


def percentile_of(waits: Mapping[int, int], share: float) -> int | None:
    """Return within how many minutes this share of people was called; None without any."""
    wanted, counted = share * sum(waits.values()), 0
    for minute in sorted(waits):
        counted += waits[minute]
        if counted >= wanted:
            return minute + 1
    return None


def grouped(
    visits: Iterable[Visit], keys: Callable[[Visit], Iterable[object]]
) -> dict[object, Figures]:
    """Return figures for each key, in the order of the keys; a visit may have several."""
    found: dict[object, list[Visit]] = defaultdict(list)
    for visit in visits:
        for key in keys(visit):
            found[key].append(visit)
    return {key: figures_of(found[key]) for key in sorted(found, key=_natural)}


def _natural(key: object) -> tuple[tuple[int, str], ...]:
    """Order by the numbers in it: window 2 comes before window 10."""
    parts = re.findall(r"\d+|\D+", str(key))
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in parts)
