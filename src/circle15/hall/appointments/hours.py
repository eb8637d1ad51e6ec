"""Which slots a day has, by its series, exceptions and holidays. No database, no clock.

A day with exceptions has their hours only; one of them without hours closes it. On a public
holiday only series that say so hold, on a make-up working day only those that say so (whatever
its weekday), on any other day those of its weekday.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from circle15.core.working_days import WorkingCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
WHOLE_WEEK = "1234567"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hours cut into slots of equal length; what is left at the end is no slot."""

    opens: time
    closes: time
    slot_min: int
    public_places: int
    counter_places: int
    is_extended: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """A stretch that returns every week from a day on, until another or for good."""

    hours: Stretch
    weekdays: str
    since: date
    until: date | None = None
    on_makeup_days: bool = True
    on_holidays: bool = False


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A day that is unlike the others; without hours it is closed."""

    on: date
    hours: Stretch | None


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    starts_at: datetime
    ends_at: datetime
    public_places: int
    counter_places: int
    is_extended: bool


def slots_of_day(
    on: date,
    *,
    series: Iterable[Series],
    exceptions: Iterable[Exceptional],
    calendar: WorkingCalendar,
) -> tuple[PlannedSlot, ...]:
    """Return the slots of a day in order; none overlaps another."""
    special = [each for each in exceptions if each.on == on]
    if any(each.hours is None for each in special):
        return ()
    hours = [each.hours for each in special if each.hours is not None]
    if not special:
        hours = [each.hours for each in series if holds(each, on, calendar)]
    found = [slot for each in sorted(hours, key=_opening) for slot in _cut(each, on)]
    return tuple(_disjoint(found))


def holds(series: Series, on: date, calendar: WorkingCalendar) -> bool:
    """Tell whether a series holds on a day, exceptions aside."""
    if on < series.since or (series.until is not None and on > series.until):
        return False
    day = calendar.day(on)
    if day.name and day.is_working:
        return series.on_makeup_days
    if day.name and not series.on_holidays:
        return False
    return str(on.isoweekday()) in series.weekdays


def overlap(one: Series, other: Series) -> bool:
    """Tell whether two series could give the same minute of some day twice."""
    days = _days_meet(one, other)
    shared = set(one.weekdays) & set(other.weekdays)
    meets = bool(shared) or (one.on_makeup_days and other.on_makeup_days)
    return days and meets and stretches_overlap(one.hours, other.hours)


def stretches_overlap(one: Stretch, other: Stretch) -> bool:
    """Tell whether two stretches of a day share a minute."""
    return one.opens < other.closes and other.opens < one.closes


def runs(
    slots: Sequence[tuple[int, datetime, datetime]], minutes: int
) -> Iterator[tuple[int, ...]]:
    """Yield for each slot the ids of it and the slots right after it that make up `minutes`.

    A slot that has too few right after it begins nothing. `slots` are in order of time.
    """
    needed = timedelta(minutes=minutes)
    for first, (_id, begin, _end) in enumerate(slots):
        ids: list[int] = []
        until = begin
        for at in range(first, len(slots)):
            slot_id, starts_at, ends_at = slots[at]
            if starts_at != until:
                break
            ids.append(slot_id)
            until = ends_at
            if until - begin >= needed:
                yield tuple(ids)
                break


def local(on: date, at: time) -> datetime:
    """Return a time of a day in the hall; China has no summer time."""
    return datetime.combine(on, at, tzinfo=SHANGHAI)


def day_of(at: datetime) -> date:
    """Return the hall's day of a moment."""
    return at.astimezone(SHANGHAI).date()


def _opening(hours: Stretch) -> tuple[time, time]:
    return hours.opens, hours.closes


def _cut(hours: Stretch, on: date) -> Iterator[PlannedSlot]:
    length = timedelta(minutes=hours.slot_min)
    begin, closes = local(on, hours.opens), local(on, hours.closes)
    while begin + length <= closes:
        yield PlannedSlot(
            begin, begin + length, hours.public_places, hours.counter_places, hours.is_extended
        )
        begin += length


def _disjoint(slots: list[PlannedSlot]) -> Iterator[PlannedSlot]:
    """Drop what would begin before its predecessor ends: actions refuse overlaps beforehand."""
    last: datetime | None = None
    for slot in sorted(slots, key=lambda each: each.starts_at):
        if last is None or slot.starts_at >= last:
            last = slot.ends_at
            yield slot


def _days_meet(one: Series, other: Series) -> bool:
    begin = max(one.since, other.since)
    ends = [until for until in (one.until, other.until) if until is not None]
    return not ends or begin <= min(ends)
