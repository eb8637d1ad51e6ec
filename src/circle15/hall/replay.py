"""A recorded day beside the simulation: whether its waits are those the planning part expects."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from circle15.hall.figures import Visit
from circle15.hall.models import Hall, Pause, WindowSession
from circle15.hall.states import TicketState
from circle15.hall.visits import Period, visits_of

if TYPE_CHECKING:
    from circle15.planning.hall.model import Hall as PlanningHall
    from circle15.planning.hall.model import Window
    from circle15.planning.hall.records import Visits
    from circle15.planning.hall.validation import DayBand

DAYS = 200
FEWEST_SERVED = 20


def replayed(hall: Hall, day: date, *, at: datetime) -> "DayBand | None":
    """Play a day of the hall's records through the simulation of the planning part.

    None if fewer than FEWEST_SERVED people were called that day or nobody's seat is recorded.
    """
    visits = [visit for visit in visits_of(hall, Period(day, day), at=at) if _counts(visit)]
    windows = tuple(_windows(hall, day))
    if sum(visit.called_s is not None for visit in visits) < FEWEST_SERVED or not windows:
        return None
    import numpy as np  # noqa: PLC0415 -- slow import

    from circle15.planning.hall.validation import band_of_day  # noqa: PLC0415 -- slow import

    rng = np.random.default_rng(day.toordinal())
    return band_of_day(_hall(), _records(visits), windows, DAYS, rng)


def _counts(visit: Visit) -> bool:
    """Leave out who is still there: what becomes of them isn't known."""
    return visit.called_s is not None or visit.state == TicketState.LEFT


def _records(visits: Sequence[Visit]) -> "Visits":
    import numpy as np  # noqa: PLC0415 -- slow import

    from circle15.planning.hall.records import NOT_SEEN, Visits  # noqa: PLC0415 -- slow import

    ordered = sorted(visits, key=lambda visit: visit.came_s)
    called = [NOT_SEEN if visit.called_s is None else visit.called_s for visit in ordered]
    taken = [visit.walk_s + visit.service_s for visit in ordered]
    return Visits(
        day=np.array([visit.day.toordinal() for visit in ordered], np.int64),
        arrival=np.array([visit.came_s for visit in ordered]),
        start=np.array(called),
        end=np.array([start + seconds for start, seconds in zip(called, taken, strict=True)]),
        left=np.array(
            [
                visit.came_s + visit.wait_s if visit.called_s is None else NOT_SEEN
                for visit in ordered
            ]
        ),
        item=tuple("" for _ in ordered),
        window=tuple(str(visit.window or "") for visit in ordered),
    )


def _hall() -> "PlanningHall":
    """Return a hall that serves whoever came; the order of lanes hardly moves the mean wait."""
    from circle15.planning.hall.model import (  # noqa: PLC0415 -- slow import
        DAY_S,
        Arrivals,
        Span,
    )
    from circle15.planning.hall.model import Hall as PlanningHall  # noqa: PLC0415 -- slow import

    return PlanningHall(opening=(Span(0, DAY_S),), arrivals=Arrivals({}), items=())


def _windows(hall: Hall, day: date) -> "Iterator[Window]":
    """Yield the windows as they were manned, with their breaks."""
    from circle15.planning.hall.model import Span, Window  # noqa: PLC0415 -- slow import

    sessions = list(
        WindowSession.objects.filter(hall=hall, begun_at__date=day)
        .exclude(ended_at=None)
        .order_by("begun_at", "id")
        .select_related("window")
    )
    pauses = Pause.objects.filter(session__in=sessions).exclude(ended_at=None).order_by("id")
    breaks: dict[int, list[Span]] = {}
    for pause in pauses:
        assert pause.ended_at is not None
        span = Span(_second(pause.begun_at), _second(pause.ended_at))
        breaks.setdefault(pause.session_id, []).append(span)
    for session in sessions:
        assert session.ended_at is not None
        yield Window(
            id=f"{session.window.number}-{session.pk}",
            duty=(Span(_second(session.begun_at), _second(session.ended_at)),),
            breaks=tuple(breaks.get(session.pk, ())),
        )


def _second(moment: datetime) -> int:
    local = timezone.localtime(moment)
    return local.hour * 3600 + local.minute * 60 + local.second
