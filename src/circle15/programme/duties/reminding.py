"""What waits to be done soon: counted for whoever opens the board, and for the own place."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission
from circle15.programme.duties.parties import standpoint_of
from circle15.programme.duties.queries import Found, assignments, soon_until, visible
from circle15.programme.duties_states import AssignmentState


@dataclass(frozen=True, slots=True)
class Urgent:
    """How many duties are past their day, and how many come due soon; `which` list shows them."""

    overdue: int
    soon: int
    which: str


# Clauses: Q-72
def urgent(by: Actor, *, on: date) -> Urgent:
    """Count what is urgent: of the whole area for who runs the programme, else what is owed here.

    Raises NotAllowed.
    """
    is_runner = by.can(Permission.RUN_PROGRAMME)
    rows = visible(by) if is_runner else assignments(standpoint_of(by, on=on), MINE, on=on)
    is_given = Q(state=AssignmentState.GIVEN)
    found = rows.order_by().aggregate(
        overdue=Count("pk", filter=is_given & Q(due_on__lt=on)),
        soon=Count("pk", filter=is_given & Q(due_on__gte=on, due_on__lte=soon_until(on))),
    )
    return Urgent(found["overdue"], found["soon"], "open" if is_runner else "mine")


MINE = Found("mine")
