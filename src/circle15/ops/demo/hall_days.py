"""Past days of the demo halls: who came, waited, was served or gave up. All made up, by seed."""

import heapq
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import log, sqrt
from random import Random
from zoneinfo import ZoneInfo

from circle15.core.working_days import standard_calendar
from circle15.hall.bulk import PastSeat, PastVisit
from circle15.hall.states import Source, TicketState
from circle15.ops.demo.character import MARK
from circle15.standards.service_items import service_items

DAYS = 8
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_MORNING, _LUNCH, _AFTERNOON, _CLOSE = 9 * 3600, 11.5 * 3600, 13.5 * 3600, 17 * 3600
# People per hour of the day, as shares; what they come for, as weights.
_HOURS = ((8.8, 9), (9, 10), (10, 11.4), (13.4, 14), (14, 15), (15, 16), (16, 16.8))
_BUSY = (0.06, 0.24, 0.24, 0.08, 0.17, 0.14, 0.07)
_ASKED = {
    "own-record": 14,
    "resident-enrolment": 12,
    "resident-change": 6,
    "employee-change": 5,
    "certificate": 6,
    "living-elsewhere": 8,
    "referral-elsewhere": 6,
    "electronic-card": 7,
    "family-account": 6,
    "two-diseases": 5,
    "outpatient-costs": 9,
    "hospital-costs": 7,
    "chronic-disease": 6,
    "maternity-allowance": 3,
}
_GREEN = {"old": 7, "disabled": 1, "military": 1, "pregnant": 1}
_GREEN_SHARE, _GREEN_RATIO = 0.14, 2
_MISSING_SHARE, _MISSING_S = 0.04, 75
_PATIENCE = (2400.0, 1500.0)


@dataclass(frozen=True, slots=True)
class Setting:
    """A hall to make days of: its windows, people a day, and minutes an on-the-spot item takes."""

    code: str
    windows: int
    people: int
    minutes: float


@dataclass(slots=True)
class _Person:
    came_s: float
    items: tuple[str, ...]
    green: str
    service_s: float
    patience_s: float


def past_days(setting: Setting, today: date) -> tuple[PastVisit, ...]:
    """Return the visits of the last working days before today."""
    return tuple(visit for day in _working_days(today) for visit in _day(setting, day))


def past_seats(setting: Setting, today: date) -> tuple[PastSeat, ...]:
    """Return who sat at the windows meanwhile; nobody real, hence numbers below zero."""
    return tuple(
        PastSeat(
            window=window,
            clerk_id=-window,
            clerk=f"{window}号窗口柜员{MARK}",
            begun_at=_moment(day, _MORNING),
            ended_at=_moment(day, _CLOSE + 3600),
            breaks=((_moment(day, _LUNCH), _moment(day, _AFTERNOON), "午休"),),
        )
        for day in _working_days(today)
        for window in range(1, setting.windows + 1)
    )


def _working_days(today: date) -> list[date]:
    calendar = standard_calendar()
    before = (today - timedelta(days=back) for back in range(1, 60))
    return sorted([day for day in before if calendar.is_working_day(day)][:DAYS])


def _day(setting: Setting, day: date) -> Iterator[PastVisit]:
    chance = Random(f"{setting.code} {day}")  # noqa: S311 -- made-up people
    people = sorted(_crowd(setting, chance), key=lambda person: person.came_s)
    return _played(people, setting.windows, day, chance)


def _crowd(setting: Setting, chance: Random) -> Iterator[_Person]:
    for _ in range(round(setting.people * chance.uniform(0.85, 1.15))):
        since, until = chance.choices(_HOURS, _BUSY)[0]
        item = chance.choices(list(_ASKED), list(_ASKED.values()))[0]
        mean_s = setting.minutes * 60 * (1.0 if service_items()[item].is_instant else 1.8)
        green = chance.random() < _GREEN_SHARE
        yield _Person(
            came_s=chance.uniform(since, until) * 3600,
            items=(item,),
            green=chance.choices(list(_GREEN), list(_GREEN.values()))[0] if green else "",
            service_s=_lognormal(chance, mean_s, 0.6 * mean_s),
            patience_s=_lognormal(chance, *_PATIENCE),
        )


def _lognormal(chance: Random, mean: float, deviation: float) -> float:
    spread = log(1 + (deviation / mean) ** 2)
    return chance.lognormvariate(log(mean) - spread / 2, sqrt(spread))


def _played(
    people: Iterable[_Person], windows: int, day: date, chance: Random
) -> Iterator[PastVisit]:
    """Serve everyone: each window that is free calls whoever is next, green ones in their ratio."""
    coming, lines, streak = deque(people), {True: deque[_Person](), False: deque[_Person]()}, 0
    free = [(float(_MORNING), number) for number in range(1, windows + 1)]
    while coming or lines[True] or lines[False]:
        now, window = heapq.heappop(free)
        now = _at_work(max(now, coming[0].came_s) if coming and not any(lines.values()) else now)
        while coming and coming[0].came_s <= now:
            person = coming.popleft()
            lines[bool(person.green)].append(person)
        for line in lines.values():
            yield from _gone(line, now, day)
        is_green = bool(lines[True]) and (streak < _GREEN_RATIO or not lines[False])
        if not lines[is_green]:
            heapq.heappush(free, (now + 1, window))
            continue
        streak = streak + 1 if is_green else 0
        person = lines[is_green].popleft()
        # A window that was free before this person came has waited for somebody.
        visit = _visit(person, max(now, person.came_s), window, day, chance)
        heapq.heappush(free, (_second(visit.ended_at, day), window))
        yield visit


def _at_work(second: float) -> float:
    """Nobody is called at noon."""
    return _AFTERNOON if _LUNCH <= second < _AFTERNOON else second


def _gone(line: deque[_Person], now: float, day: date) -> Iterator[PastVisit]:
    for person in [one for one in line if one.came_s + one.patience_s < now]:
        line.remove(person)
        left_at = _moment(day, person.came_s + person.patience_s)
        yield _past(person, day, ended_at=left_at, fate=TicketState.LEFT)


def _visit(person: _Person, now: float, window: int, day: date, chance: Random) -> PastVisit:
    if chance.random() < _MISSING_SHARE:
        ended_at = _moment(day, now + _MISSING_S)
        called_at = _moment(day, now)
        return _past(
            person,
            day,
            called_at=called_at,
            ended_at=ended_at,
            window=window,
            fate=TicketState.NO_SHOW,
        )
    begun = now + chance.uniform(10, 50)
    return _past(
        person,
        day,
        called_at=_moment(day, now),
        begun_at=_moment(day, begun),
        ended_at=_moment(day, begun + person.service_s),
        window=window,
        fate=TicketState.FINISHED,
    )


def _past(  # noqa: PLR0913 -- what a visit consists of
    person: _Person,
    day: date,
    *,
    ended_at: datetime,
    fate: str,
    called_at: datetime | None = None,
    begun_at: datetime | None = None,
    window: int | None = None,
) -> PastVisit:
    return PastVisit(
        day=day,
        lane="G" if person.green else "A",
        items=person.items,
        green_class=person.green,
        source=Source.KIOSK,
        taken_at=_moment(day, person.came_s),
        called_at=called_at,
        begun_at=begun_at,
        ended_at=ended_at,
        window=window,
        fate=fate,
    )


def _moment(day: date, second: float) -> datetime:
    return datetime.combine(day, time(), _SHANGHAI) + timedelta(seconds=round(second))


def _second(moment: datetime, day: date) -> float:
    return (moment - datetime.combine(day, time(), _SHANGHAI)).total_seconds()
