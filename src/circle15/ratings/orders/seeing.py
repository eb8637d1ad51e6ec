"""Which orders somebody sees, and when: a bad rating not before the next day, but by supervisors.

Whoever sees a bad rating the minute it is given knows who has just left the window.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.sealing import unseal
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.models import Case
from circle15.cases.seeing import visible as cases_seen
from circle15.core.ciphers import CannotOpen
from circle15.ratings.models import Order
from circle15.ratings.orders.opening import KIND, secret_of
from circle15.ratings.states import OrderKind


def visible(rows: QuerySet[Order], by: Actor, *, on: date) -> QuerySet[Order]:
    """Narrow to what may be seen: by managers the site's, by clerks their own and general ones.

    Raises NotAllowed.
    """
    demand(by, Permission.VIEW_RATINGS)
    rows = scope.within(rows, by.area_path)
    if by.can(Permission.SUPERVISE_RATINGS):
        return rows
    if not by.can(Permission.SUPERVISE_CASES):
        is_about_nobody = Q(about_id__isnull=True) & ~Q(kind=OrderKind.BAD_RATING)
        rows = rows.filter(Q(owner_id=by.user_id or 0) | is_about_nobody)
    return rows.filter(~Q(kind=OrderKind.BAD_RATING) | Q(received_on__lt=on))


def hides_hours(by: Actor) -> bool:
    """Tell whether somebody sees days only, no hours and no names."""
    return not by.can(Permission.SUPERVISE_RATINGS)


@contextmanager
def locked(uid: UUID, by: Actor, *, on: date) -> Iterator[Order]:
    """Give an order of the actor's area, locked. Raises NotFound, NotAllowed."""
    with transaction.atomic():
        rows = visible(Order.objects.select_for_update(no_key=True, of=("self",)), by, on=on)
        yield _one(rows.filter(uid=uid).first())


@contextmanager
def locked_by_link(uid: UUID, secret: str) -> Iterator[Order]:
    """Give the order of a link, locked. Raises NotFound."""
    with area_scope(EVERYWHERE):
        yield _of_link(Order.objects.select_for_update(no_key=True, of=("self",)), uid, secret)


def by_link(uid: UUID, secret: str) -> Order:
    """Return the order of a link, for reading. Raises NotFound."""
    with area_scope(EVERYWHERE):
        return _of_link(Order.objects.all(), uid, secret)


def may_know_who(order: Order, by: Actor) -> bool:
    """Tell whether somebody may learn who asked: supervisors, never of an order about them."""
    return by.can(Permission.SUPERVISE_RATINGS) and by.user_id != order.about_id


def case_of(order: Order, by: Actor) -> Case | None:
    """Return the case an order is about to who may know who asked, and sees the case."""
    if not (order.case_sealed and may_know_who(order, by) and by.can(Permission.VIEW_CASES)):
        return None
    with suppress(CannotOpen):
        uid = unseal(order.case_sealed, field="case", uid=order.uid, kind=KIND)
        return cases_seen(Case.objects.all(), by).filter(uid=uid).first()
    return None


def _of_link(rows: QuerySet[Order], uid: UUID, secret: str) -> Order:
    found = _one(rows.filter(uid=uid).first())
    if not constant_time_compare(secret_of(found.uid), secret):
        raise NotFound
    return found


def _one(order: Order | None) -> Order:
    if order is None:
        raise NotFound
    return order
