"""What the green channel costs the others: shown, so that its ratio is set knowingly."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import fmean, median

from django.db.models import Min, Q

from circle15.accounts.actors import Actor
from circle15.hall.models import Ticket
from circle15.hall.queries import hall_of
from circle15.hall.states import LaneKind, TicketState


@dataclass(frozen=True, slots=True)
class GreenEffect:
    """Of a day: who was called, who was passed over, and about how many seconds that cost.

    Passed over: somebody of the green channel who came later was called earlier. Each such call
    costs the others the median time between two calls of that day.
    """

    green_called: int
    others_called: int
    others_passed_over: int
    extra_s_mean: int
    extra_s_most: int


def green_effect(actor: Actor, site_code: str, *, on: date) -> GreenEffect:
    """Return the effect on one day. Raises NotAllowed, NotFound."""
    hall = hall_of(actor, site_code)
    called = Q(spans__state=TicketState.CALLED)
    rows = Ticket.objects.filter(hall=hall, day=on).annotate(
        called_at=Min("spans__begun_at", filter=called)
    )
    calls = rows.filter(called_at__isnull=False).order_by("called_at", "id")
    values = calls.values_list("kind", "place", "called_at")
    return effect_of([(kind, place, at.timestamp()) for kind, place, at in values])


def effect_of(calls: list[tuple[str, int, float]]) -> GreenEffect:
    """Return the effect of calls in their order: lane kind, place and second of each."""
    gaps = [later - earlier for (*_a, earlier), (*_b, later) in pairwise(calls)]
    gap = median(gaps) if gaps else 0.0
    green: list[int] = []
    passed: list[int] = []
    for kind, place, _at in calls:
        if kind == LaneKind.GREEN:
            green.append(place)
        else:
            passed.append(sum(each > place for each in green))
    return GreenEffect(
        green_called=len(green),
        others_called=len(passed),
        others_passed_over=sum(count > 0 for count in passed),
        extra_s_mean=round(fmean(passed) * gap) if passed else 0,
        extra_s_most=round(max(passed) * gap) if passed else 0,
    )
