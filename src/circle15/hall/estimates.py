"""How long those in line will wait, from the hall's own past weeks and its windows now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from math import ceil, floor
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db.models import Max, Q
from django.utils import timezone

from circle15.hall.figures import Visit
from circle15.hall.models import Hall, Ticket, WindowSession
from circle15.hall.states import AT_WINDOW, LaneKind, TicketState
from circle15.hall.visits import Period, visits_of

if TYPE_CHECKING:
    from circle15.planning.hall.waiting import Moment

# Records of so many days back count, of which not more than so many days are read.
LOOK_BACK = timedelta(days=60)
DAYS = 15
FEWEST_VISITS = 30
_KEPT_S = 3600


@dataclass(frozen=True, slots=True)
class Wait:
    """From so many seconds to so many: eight of ten wait no less and no more."""

    low_s: float
    high_s: float

    @property
    def minutes(self) -> tuple[int, int]:
        """The range in whole minutes, never narrower than it is."""
        return floor(self.low_s / 60), max(1, ceil(self.high_s / 60))


@dataclass(frozen=True, slots=True)
class Past:
    """What the recorded days tell: seconds a window was taken by item, and what came between."""

    by_item: Mapping[str, tuple[float, ...]]
    overtaking: tuple[float, ...]
    missing: float
    missing_s: float

    @property
    def visits(self) -> int:
        return sum(len(seconds) for seconds in self.by_item.values())


def waits(hall_id: int, line: Sequence[tuple[int, str]], *, at: datetime) -> Mapping[int, Wait]:
    """Return the range for each ticket of `line`: (id, first item), in calling order.

    Empty while no window is open, or the hall has too few records to say anything.
    """
    past = past_of(hall_id, on=timezone.localdate(at))
    if past.visits < FEWEST_VISITS or not line:
        return {}
    import numpy as np  # noqa: PLC0415 -- slow import

    from circle15.planning.hall.waiting import waits_ahead  # noqa: PLC0415 -- slow import

    moment = _moment(hall_id, past, [item for _, item in line], at)
    ranges = waits_ahead(moment, np.random.default_rng(int(at.timestamp())))
    if ranges is None:
        return {}
    pairs = zip(ranges.low_s.tolist(), ranges.high_s.tolist(), strict=True)
    return {
        ticket_id: Wait(low, high) for (ticket_id, _), (low, high) in zip(line, pairs, strict=True)
    }


def past_of(hall_id: int, *, on: date) -> Past:
    """Return what the days before `on` tell; read once an hour by each process."""
    key = f"hall.past.{hall_id}.{on}"
    past = cache.get(key)
    if past is None:
        past = _past(list(_recorded(hall_id, on)))
        cache.set(key, past, _KEPT_S)
    assert isinstance(past, Past)
    return past


def _recorded(hall_id: int, on: date) -> Iterator[Visit]:
    before = Ticket.objects.filter(hall_id=hall_id, day__lt=on, day__gte=on - LOOK_BACK)
    days = before.values_list("day", flat=True).distinct().order_by("-day")[:DAYS]
    hall = Hall.objects.get(pk=hall_id)
    for day in days:
        yield from visits_of(hall, Period(day, day), at=timezone.now())


def _past(visits: Sequence[Visit]) -> Past:
    taken: dict[str, list[float]] = {}
    missing: list[float] = []
    for visit in visits:
        if visit.is_finished:
            seconds = visit.walk_s + visit.service_s
            taken.setdefault(_first(visit.items), []).append(seconds)
        elif visit.state == TicketState.NO_SHOW:
            missing.append(visit.walk_s)
    served = sum(map(len, taken.values()))
    # What reckons with arrays takes much memory: only where it will be used.
    overtaking = tuple(_overtaking(visits)) if served >= FEWEST_VISITS else ()
    return Past(
        by_item={item: tuple(seconds) for item, seconds in taken.items()},
        overtaking=overtaking or (0.0,),
        missing=len(missing) / (len(missing) + served) if missing else 0.0,
        missing_s=sum(missing) / len(missing) if missing else 0.0,
    )


def _overtaking(visits: Sequence[Visit]) -> Iterator[float]:
    import numpy as np  # noqa: PLC0415 -- slow import

    from circle15.planning.hall.waiting import overtaking_of  # noqa: PLC0415 -- slow import

    for _, of_day in groupby(visits, key=lambda visit: visit.day):
        called = [visit for visit in of_day if visit.called_s is not None]
        went_past, calls = overtaking_of(
            np.array([int(visit.came_s) for visit in called]),
            np.array([int(visit.called_s or 0) for visit in called]),
            np.array([visit.kind == LaneKind.ORDINARY for visit in called], bool),
        )
        if calls:
            yield went_past / calls


def _first(items: Sequence[str]) -> str:
    return items[0] if items else ""


def _moment(hall_id: int, past: Past, items: Sequence[str], at: datetime) -> "Moment":
    import numpy as np  # noqa: PLC0415 -- slow import

    from circle15.planning.hall.waiting import Busy, Moment, kinds_of  # noqa: PLC0415 -- slow import

    names = sorted(past.by_item)
    samples, which = kinds_of([np.array(past.by_item[name]) for name in names])
    kind = dict(zip(names, which, strict=True))
    busy = tuple(
        Busy(kind.get(item, 0), max((at - begun).total_seconds(), 0.0))
        for item, begun in _under_way(hall_id)
    )
    return Moment(
        samples=samples,
        line=tuple(kind.get(item, 0) for item in items),
        busy=busy,
        free=_free_windows(hall_id),
        overtaking=past.overtaking,
        missing=past.missing,
        missing_s=past.missing_s,
    )


def _under_way(hall_id: int) -> Iterator[tuple[str, datetime]]:
    """Yield the first item of everyone at a window, and since when the window is taken."""
    rows = Ticket.objects.filter(hall_id=hall_id, state__in=AT_WINDOW).annotate(
        called_at=Max("spans__begun_at", filter=Q(spans__state=TicketState.CALLED)),
        first_item=Max("items__item", filter=Q(items__position=1)),
    )
    for item, called_at, since in rows.values_list("first_item", "called_at", "since"):
        yield item or "", called_at or since


def _free_windows(hall_id: int) -> int:
    taken = Ticket.objects.filter(hall_id=hall_id, state__in=AT_WINDOW)
    seated = WindowSession.objects.filter(hall_id=hall_id, ended_at=None, paused_at=None)
    return seated.exclude(window_id__in=taken.values("window_id")).count()
