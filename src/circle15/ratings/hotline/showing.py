"""How an order and the line to 12345 stand, for the pages of the staff."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.ratings.hotline_models import CityMessage
from circle15.ratings.hotline_states import CityState
from circle15.ratings.models import Order


@dataclass(frozen=True, slots=True)
class CityStanding:
    """How much of an order was told, what waits, and what was refused and why."""

    told: int
    waiting: int
    refused: int
    told_at: datetime | None
    problem: str


@dataclass(frozen=True, slots=True)
class CityQueue:
    """What waits for the house of 12345 in an area, since when, and what it refused."""

    waiting: int
    since: datetime | None
    refused: int


def standing(order: Order) -> CityStanding | None:
    """Return how an order the actor sees was told; None where nothing is to be told of it."""
    rows = list(CityMessage.objects.filter(order=order).order_by("id"))
    if not rows:
        return None
    states = [row.state for row in rows]
    ended = [row.ended_at for row in rows if row.state == CityState.DONE and row.ended_at]
    return CityStanding(
        told=states.count(CityState.DONE),
        waiting=states.count(CityState.WAITING),
        refused=states.count(CityState.REFUSED),
        told_at=max(ended, default=None),
        problem=next((row.problem for row in rows if row.state == CityState.REFUSED), ""),
    )


def queue(by: Actor) -> CityQueue:
    """Return what waits in the actor's area. Raises NotAllowed."""
    demand(by, Permission.SUPERVISE_RATINGS)
    rows = scope.within(CityMessage.objects.all(), by.area_path, "order__area_path")
    found = rows.filter(state__in=[CityState.WAITING, CityState.REFUSED]).aggregate(
        waiting=Count("id", filter=Q(state=CityState.WAITING)),
        since=Min("made_at", filter=Q(state=CityState.WAITING)),
        refused=Count("id", filter=Q(state=CityState.REFUSED)),
    )
    return CityQueue(**found)
