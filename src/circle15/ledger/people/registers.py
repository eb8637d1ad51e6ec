"""How many stand in each register of an area, and how fresh it is (台账动态更新)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas.scope import area_scope
from circle15.ledger.people.areas import near, serving
from circle15.ledger.people.models import Membership
from circle15.standards.registers import Register, registers


@dataclass(frozen=True, slots=True)
class RegisterState:
    """A register of an area; stale when nobody stands in it or nothing moved for too long."""

    register: Register
    count: int
    last_update: datetime | None
    is_stale: bool

    @property
    def fact(self) -> str:
        return self.register.fact


def freshness(area_path: str, *, on: date) -> tuple[RegisterState, ...]:
    """Return every register of an area, for the ledger's facts (one query, its own scope)."""
    with area_scope(area_path):
        now = near(Membership.objects.filter(until__isnull=True), area_path)
        rows = now.values_list("register").annotate(Count("id"), Max("touched_at"))
        found = {register: (count, last) for register, count, last in rows.order_by("register")}
    return tuple(_state(one, *found.get(key, (0, None)), on) for key, one in registers().items())


# Clauses: J-76
def register_states(actor: Actor, *, on: date) -> tuple[RegisterState, ...]:
    """Return the registers of the people an actor serves. Raises NotAllowed."""
    demand(actor, Permission.VIEW_PEOPLE)
    with serving(actor) as area:
        return freshness(area, on=on)


def _state(register: Register, count: int, last: datetime | None, on: date) -> RegisterState:
    oldest = on - timedelta(days=settings.REGISTER_STALE_DAYS)
    is_stale = last is None or timezone.localdate(last) < oldest
    return RegisterState(register, count, last, is_stale)
