"""Who is called next: the rule as plain Python, twin of the SQL that calls (`hall_rank`).

1. Whoever has waited longer than the hall's longest wait, and who came before them, in the order
   of the places.
2. The green channel, up to `green_ratio` in a row while others wait; in the peak hours of the
   old, old people without that limit.
3. Those with an appointment, checked in.  4. All others by place. A place is a number, not a time.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from circle15.hall.states import LaneKind
from circle15.standards.hall import elder_peak

OVERDUE, GREEN, BOOKED, ORDINARY, GREEN_BEYOND = range(5)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One waiting ticket, as far as the order asks."""

    place: int
    kind: str
    queued_at: datetime
    green_class: str = ""
    for_window: int | None = None
    lane_id: int = 0
    item: str = ""  # the first that is not done


@dataclass(frozen=True, slots=True)
class Rules:
    green_ratio: int
    longest_wait_min: int


@dataclass(frozen=True, slots=True)
class Reach:
    """What a window may call; `skills` empty: everything."""

    window_id: int
    covered: frozenset[int] = frozenset()
    lanes: frozenset[int] = frozenset()
    items: frozenset[str] = frozenset()

    def has(self, ticket: Waiting) -> bool:
        """Tell whether the ticket is free for this window and fits its skills."""
        bound_here = ticket.for_window in {None, self.window_id} | self.covered
        is_skilled = bool(self.lanes or self.items)
        return bound_here and (
            not is_skilled or ticket.lane_id in self.lanes or ticket.item in self.items
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """What of the hall and the clock decides the next call."""

    rules: Rules
    streak: int
    is_peak: bool
    at: datetime


def overdue_up_to(waiting: Iterable[Waiting], now: Moment) -> int:
    """Return the last place that is overdue, 0 when none is.

    Who came before somebody overdue is so too, whatever the clock said meanwhile.
    """
    since = now.at - timedelta(minutes=now.rules.longest_wait_min)
    return max((ticket.place for ticket in waiting if ticket.queued_at < since), default=0)


def rank(ticket: Waiting, now: Moment, overdue: int) -> int:
    """Return the ticket's class in the order; within a class the place decides."""
    if ticket.place <= overdue:
        return OVERDUE
    if ticket.kind == LaneKind.GREEN:
        is_old = now.is_peak and ticket.green_class == elder_peak()[0]
        return GREEN if now.streak < now.rules.green_ratio or is_old else GREEN_BEYOND
    return BOOKED if ticket.kind == LaneKind.BOOKED else ORDINARY


def first_of(waiting: Collection[Waiting], now: Moment, reach: Reach) -> Waiting | None:
    """Return whom the window calls next, None when nobody waits for it."""
    overdue = overdue_up_to(waiting, now)
    own = (ticket for ticket in waiting if reach.has(ticket))
    return min(own, key=lambda ticket: (rank(ticket, now, overdue), ticket.place), default=None)


def streak_after(streak: int, kind: str) -> int:
    """Return how many of the green channel were called in a row after one more call."""
    return streak + 1 if kind == LaneKind.GREEN else 0


# Clauses: D-40, D-43, W-82, N-14, J-89
def in_order(
    waiting: Collection[Waiting], now: Moment, reach: Reach | None = None
) -> Iterator[Waiting]:
    """Yield everybody, or whom a window may call, in the order of calls all made now."""
    overdue = overdue_up_to(waiting, now)
    own = [ticket for ticket in waiting if reach is None or reach.has(ticket)]
    queues: dict[tuple[int, int], deque[Waiting]] = {}
    streaks = (0, now.rules.green_ratio)
    for ticket in sorted(own, key=lambda ticket: ticket.place):
        # Those of one queue share their rank whatever the streak, so only heads compete.
        fresh, beyond = (rank(ticket, replace(now, streak=each), overdue) for each in streaks)
        queues.setdefault((fresh, beyond), deque()).append(ticket)
    streak = now.streak
    while queues:
        then = replace(now, streak=streak)
        heads = {
            key: (rank(queue[0], then, overdue), queue[0].place) for key, queue in queues.items()
        }
        key = min(heads, key=heads.__getitem__)
        ticket = queues[key].popleft()
        if not queues[key]:
            del queues[key]
        streak = streak_after(streak, ticket.kind)
        yield ticket
