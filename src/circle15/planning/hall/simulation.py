"""Hall days played through: from a crowd and windows to what happened to everyone."""

from collections.abc import Sequence
from dataclasses import dataclass

from circle15.planning.arrays import I64
from circle15.planning.hall.kernel import DS, NEVER, SERVED, Crowd, Order, Outcome, run_days
from circle15.planning.hall.model import Hall, Window
from circle15.planning.hall.schedule import schedule


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """What happened, person by person; times in deciseconds of the day."""

    crowd: Crowd
    outcome: Outcome

    @property
    def count(self) -> int:
        """How many days."""
        return self.crowd.first.size - 1

    @property
    def waited(self) -> I64:
        """How long each waited, until service or until they left."""
        until = self.outcome.start.copy()
        left = self.outcome.fate != SERVED
        until[left] = self.outcome.end[left]
        return until - self.crowd.arrival


def simulate(hall: Hall, windows: Sequence[Window], crowd: Crowd) -> Days:
    """Play the crowd against the windows; raises PlanningRefused for windows that can't be."""
    return Days(crowd, run_days(crowd, schedule(hall, windows), order_of(hall)))


def order_of(hall: Hall) -> Order:
    """Whom windows of this hall call next."""
    if hall.green is None:
        return Order(0, NEVER, hall.closes_s * DS)
    return Order(hall.green.others, hall.green.longest_wait_s * DS, hall.closes_s * DS)
