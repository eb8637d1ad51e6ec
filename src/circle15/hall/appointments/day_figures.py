"""What came of the days of a hall: offered, booked, used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas.scope import within
from circle15.hall.appointments.hours import SHANGHAI, local
from circle15.hall.booking_models import (
    Appointment,
    Slot,
)
from circle15.hall.booking_states import AppointmentState


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What a day offered, what was booked of it, and what was used."""

    on: date
    offered: int
    taken: int
    booked: int
    arrived: int
    no_show: int
    cancelled: int

    @property
    def booked_share(self) -> float | None:
        return self.taken / self.offered if self.offered else None

    @property
    def used_share(self) -> float | None:
        """Give the share of appointments past that were kept; nothing while none is past."""
        past = self.arrived + self.no_show
        return self.arrived / past if past else None


def figures(actor: Actor, site_code: str, first: date, last: date) -> tuple[DayFigures, ...]:
    """Return for each day what was offered, booked and used; days without slots left out.

    Offered and taken are places of slots (both pools); booked, arrived, no-shows and cancelled
    are appointments, by the day they are for.
    """
    demand(actor, Permission.VIEW_HALL)
    begin, end = local(first, time()), local(last + timedelta(days=1), time())
    slots = within(Slot.objects.filter(hall__site__code=site_code), actor.area_path)
    per_day = (
        slots.filter(starts_at__gte=begin, starts_at__lt=end)
        .annotate(day=TruncDate("starts_at", tzinfo=SHANGHAI))
        .values("day")
        .annotate(
            offered=Sum(F("public_places") + F("counter_places")),
            in_use=Sum(F("public_taken") + F("counter_taken")),
        )
    )
    made = within(Appointment.objects.filter(hall__site__code=site_code), actor.area_path)
    states = (
        made.filter(on__range=(first, last))
        .values("on")
        .annotate(**{state: Count("id", filter=Q(state=state)) for state in _TOLD})
    )
    by_day = {row["on"]: row for row in states}
    return tuple(
        _figures(row["day"], row["offered"], row["in_use"], by_day.get(row["day"]))
        for row in per_day.order_by("day")
    )


def summed(rows: Sequence[DayFigures]) -> DayFigures:
    """Return the sum of days, under the last one's date."""
    return DayFigures(
        rows[-1].on,
        sum(row.offered for row in rows),
        sum(row.taken for row in rows),
        sum(row.booked for row in rows),
        sum(row.arrived for row in rows),
        sum(row.no_show for row in rows),
        sum(row.cancelled for row in rows),
    )


_TOLD = (
    AppointmentState.BOOKED.value,
    AppointmentState.ARRIVED.value,
    AppointmentState.NO_SHOW.value,
    AppointmentState.CANCELLED.value,
)


def _figures(on: date, offered: int, taken: int, states: Mapping[str, object] | None) -> DayFigures:
    booked, arrived, no_show, cancelled = (_count(states, state) for state in _TOLD)
    return DayFigures(on, offered, taken, booked, arrived, no_show, cancelled)


def _count(states: Mapping[str, object] | None, state: str) -> int:
    found = states[state] if states else 0
    assert isinstance(found, int)
    return found
