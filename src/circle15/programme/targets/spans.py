"""On which days something counts, told from its opening day and the changes on the trail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day, both counting; open without an end."""

    since: date
    until: date | None = None

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Change:
    """A state that ended on a day, and the one that followed."""

    on: date
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Unit:
    """What a figure may count: a site, a town, a village, a hospital, with the days it counts.

    `path` is where it stands, `code` a site's. `is_dated` is False where the first day is unknown:
    then it counts from the day asked on, and no earlier day is claimed.
    """

    key: str
    name: str
    path: str
    spans: tuple[Span, ...]
    code: str = ""
    is_dated: bool = True

    def counts(self, on: date) -> bool:
        return any(span.holds(on) for span in self.spans)


def spans_of(
    *, state: str, counting: str, begins: date | None, changes: Sequence[Change]
) -> tuple[Span, ...]:
    """Return the days whose last state is `counting`, from the opening day on.

    The state of a day is what the first later change says stood before it; after the last change
    it is today's. Without an opening day nothing before the first change is claimed, so a state
    that never changed has no span.
    """
    ordered = sorted(changes, key=lambda one: one.on)
    edges = [*dict.fromkeys(one.on for one in ordered)]
    first_of = {day: next(one for one in ordered if one.on == day) for day in edges}
    states = [first_of[day].old for day in edges[1:]] + [state] if edges else []
    found = [
        Span(day, edges[n + 1] - _ONE if n + 1 < len(edges) else None)
        for n, day in enumerate(edges)
        if states[n] == counting
    ]
    if begins is not None:
        before = first_of[edges[0]].old if edges else state
        if before == counting:
            last = edges[0] - _ONE if edges else None
            found.insert(0, Span(date.min, last))
        found = [each for each in (_clipped(one, begins) for one in found) if each]
    return tuple(found)


def _clipped(span: Span, begins: date) -> Span | None:
    if span.until is not None and span.until < begins:
        return None
    return Span(max(span.since, begins), span.until)


def overlap(first: Iterable[Span], second: Iterable[Span]) -> tuple[Span, ...]:
    """Return the days that lie in a span of both."""
    others = tuple(second)
    found = []
    for one in first:
        for other in others:
            ends = [each for each in (one.until, other.until) if each is not None]
            since, until = max(one.since, other.since), min(ends) if ends else None
            if until is None or since <= until:
                found.append(Span(since, until))
    return tuple(found)


def counted(units: Iterable[Unit], on: date) -> int:
    """Return how many count on a day."""
    return sum(unit.counts(on) for unit in units)


def steps(units: Sequence[Unit], until: date) -> list[tuple[date, int]]:
    """Return the days up to one on which the figure differs from the day before, with it."""
    edges = set()
    for unit in units:
        for span in unit.spans if unit.is_dated else ():
            edges.add(span.since)
            if span.until is not None:
                edges.add(span.until + _ONE)
    dated = [unit for unit in units if unit.is_dated]
    found: list[tuple[date, int]] = []
    for day in sorted(edge for edge in edges if edge <= until):
        figure = counted(dated, day)
        if figure != (found[-1][1] if found else 0):
            found.append((day, figure))
    return found
