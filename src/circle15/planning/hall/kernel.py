"""The event loop of hall days. No randomness: arrays in, arrays out. Times: deciseconds.

People, windows, stretches and lanes are rows of records: one array each, so that a compiled
function holds few references (with one array for each column a day took five times as long).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from circle15.planning.arrays import I64
from circle15.planning.compiled import compiled

DS = 10
"""Deciseconds in a second."""
NEVER = 2**60
NOBODY = -1
GREEN = 2
LANES = 3
SERVED, GAVE_UP, SENT_AWAY = range(3)
"""How a visit ended."""

Records = NDArray[np.void]
Row = Any  # numpy has no static type for the fields of a record


def _rows(*names: str) -> np.dtype[np.void]:
    return np.dtype([(name, np.int64) for name in names])


PERSON = _rows(
    *("arrival", "service", "patience", "lane", "need", "start", "end", "window", "fate"),
    *("after", "before"),
)
"""A person; `after` and `before` are the neighbors in the line."""
WINDOW = _rows("first", "last", "stretch", "looks", "idle_since")
"""A window: its stretches, the one it is in or waits for, when it next looks at the line."""
STRETCH = _rows("opens", "closes", "skills")
LANE = _rows("head", "tail")
ORDER = _rows("green_others", "green_wait", "closing")


class Crowd(NamedTuple):
    """People of one or more days, sorted by arrival within each; the chance is all in here.

    `first` (days + 1): where each day begins. `need`: one bit, the skill it takes.
    """

    first: I64
    arrival: I64
    service: I64
    patience: I64
    lane: I64
    need: I64


class Schedule(NamedTuple):
    """Stretches in which windows are open: those of window w are `first[w]:first[w + 1]`, in order.

    `skills`: bits a window can do in a stretch.
    """

    first: I64
    opens: I64
    closes: I64
    skills: I64


class Order(NamedTuple):
    """Whom a free window calls: see Green of the model; `closing`: who still waits then leaves."""

    green_others: int
    green_wait: int
    closing: int


class Outcome(NamedTuple):
    """Per person: start of service (or -1), when they left, the window (or -1), how it ended."""

    start: I64
    end: I64
    window: I64
    fate: I64


Play = tuple[Records, Records, Records, Records, Records]
"""People, windows, stretches, lanes, order. No class of ours: an old cache asks for its name."""


def run_days(crowd: Crowd, schedule: Schedule, order: Order) -> Outcome:
    """Play every day of the crowd against the same windows."""
    people = np.zeros(crowd.arrival.size, PERSON)
    people["start"] = people["window"] = NOBODY
    for column in ("arrival", "service", "patience", "lane", "need"):
        people[column] = getattr(crowd, column)
    stretches = np.zeros(schedule.opens.size, STRETCH)
    for column in ("opens", "closes", "skills"):
        stretches[column] = getattr(schedule, column)
    windows = np.zeros(schedule.first.size - 1, WINDOW)
    windows["first"], windows["last"] = schedule.first[:-1], schedule.first[1:]
    rules = np.array([tuple(order)], ORDER)
    _run_days((people, windows, stretches, np.zeros(LANES, LANE), rules), crowd.first)
    return Outcome(*(people[column].copy() for column in ("start", "end", "window", "fate")))


@compiled
def _join(people: Records, lane: Row, person: int) -> None:
    people[person].before = lane.tail
    people[person].after = NOBODY
    if lane.tail == NOBODY:
        lane.head = person
    else:
        people[lane.tail].after = person
    lane.tail = person


@compiled
def _leave(people: Records, lane: Row, person: int) -> None:
    before, after = people[person].before, people[person].after
    if before == NOBODY:
        lane.head = after
    else:
        people[before].after = after
    if after == NOBODY:
        lane.tail = before
    else:
        people[after].before = before


@compiled
def _depart(person: Row, at: int, fate: int) -> None:
    person.end = at
    person.fate = fate


@compiled
def _serve(people: Records, windows: Records, window: int, person: int, now: int) -> None:
    people[person].start = now
    people[person].end = now + people[person].service
    people[person].window = window
    windows[window].looks = people[person].end
    windows[window].idle_since = NEVER


@compiled
def _first_of(people: Records, lane: Row, now: int, skills: int) -> int:
    """Return the first of a lane with one of the skills; those out of patience leave."""
    person = lane.head
    while person != NOBODY:
        after = people[person].after
        gives_up = people[person].arrival + people[person].patience
        if gives_up < now:
            _leave(people, lane, person)
            _depart(people[person], gives_up, GAVE_UP)
        elif people[person].need & skills:
            break
        person = after
    return int(person)


@compiled
def _choose(play: Play, now: int, skills: int, other_calls: int) -> int:
    """Green within its ratio or past its longest wait, then appointments, then walk-ins."""
    people, _, _, lanes, order = play
    green = _first_of(people, lanes[GREEN], now, skills)
    if green != NOBODY:
        waited = now - people[green].arrival
        if other_calls >= order[0].green_others or waited >= order[0].green_wait:
            return green
    for lane in (1, 0):
        person = _first_of(people, lanes[lane], now, skills)
        if person != NOBODY:
            return person
    return green


@compiled
def _look(play: Play, place: int, now: int, other_calls: int) -> int:
    """Return whom a free window calls now; if nobody, note when it looks again."""
    _, windows, stretches, _, _ = play
    window = windows[place]
    window.idle_since = NEVER
    while window.stretch < window.last and stretches[window.stretch].closes <= now:
        window.stretch += 1
    if window.stretch == window.last:
        window.looks = NEVER
        return NOBODY
    stretch = stretches[window.stretch]
    if stretch.opens > now:
        window.looks = stretch.opens
        return NOBODY
    person = _choose(play, now, stretch.skills, other_calls)
    if person == NOBODY:
        window.idle_since = now
        window.looks = stretch.closes
    return person


@compiled
def _idle_window(windows: Records, stretches: Records, need: int) -> int:
    """Return the window idle for longest that can do it, or nobody."""
    best = NOBODY
    since = NEVER
    for place in range(windows.size):
        window = windows[place]
        if window.idle_since < since and stretches[window.stretch].skills & need:
            best = place
            since = window.idle_since
    return best


@compiled
def _next_look(windows: Records) -> int:
    """Return the window that looks at the line next, or nobody if all have closed for good."""
    best = NOBODY
    soonest = NEVER
    for place in range(windows.size):
        if windows[place].looks < soonest:
            best = place
            soonest = windows[place].looks
    return best


@compiled
def _run_day(play: Play, coming: int, last: int) -> None:
    """Take events in order; at one moment windows look first, so a closing one calls nobody."""
    people, windows, stretches, lanes, order = play
    other_calls = order[0].green_others
    while True:
        window = _next_look(windows)
        now = windows[window].looks if window != NOBODY else NEVER
        if coming < last and people[coming].arrival < now:
            person = coming
            now = people[person].arrival
            coming += 1
            window = _idle_window(windows, stretches, people[person].need)
            if window == NOBODY:
                _join(people, lanes[people[person].lane], person)
                continue
        elif window == NOBODY:
            return
        else:
            person = _look(play, window, now, other_calls)
            if person == NOBODY:
                continue
            _leave(people, lanes[people[person].lane], person)
        _serve(people, windows, window, person, now)
        other_calls = 0 if people[person].lane == GREEN else other_calls + 1


@compiled
def _send_away(play: Play) -> None:
    """All windows are closed for good: who is left gives up by then, or leaves at closing."""
    people, _, _, lanes, order = play
    for lane in range(LANES):
        person = lanes[lane].head
        while person != NOBODY:
            closing = max(order[0].closing, people[person].arrival)
            gives_up = people[person].arrival + people[person].patience
            if gives_up < closing:
                _depart(people[person], gives_up, GAVE_UP)
            else:
                _depart(people[person], closing, SENT_AWAY)
            person = people[person].after


@compiled
def _open_up(play: Play) -> None:
    """Begin a day: nobody waits, every window waits for its first stretch."""
    _, windows, stretches, lanes, _ = play
    for lane in range(LANES):
        lanes[lane].head = NOBODY
        lanes[lane].tail = NOBODY
    for place in range(windows.size):
        window = windows[place]
        has_any = window.first < window.last
        window.stretch = window.first
        window.looks = stretches[window.first].opens if has_any else NEVER
        window.idle_since = NEVER


@compiled
def _run_days(play: Play, first: I64) -> None:
    for day in range(first.size - 1):
        _open_up(play)
        _run_day(play, first[day], first[day + 1])
        _send_away(play)
