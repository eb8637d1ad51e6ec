"""A site with a hall where somebody has just been served, and everybody who deals with ratings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from tests import factories
from tests.factories import AT

from circle15.accounts.actors import Actor
from circle15.accounts.models import User
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.models import Hall, Ticket
from circle15.ratings import handlings
from circle15.ratings.models import Order
from circle15.ratings.orders.opening import Asker
from circle15.ratings.rating import Given, Rated, rate
from circle15.ratings.states import RatedBy


@dataclass
class Place:
    """What a test of ratings needs at hand."""

    users: dict[str, User]
    actors: dict[str, Actor]
    hall: Hall
    served: int = 0

    def visit(self, *, at: datetime = AT) -> UUID:
        """Return a visit alice has just finished."""
        self.served += 1
        day = timezone.localdate(at)
        with area_scope(EVERYWHERE):
            lane = self.hall.lanes.get(code="A")
            row = Ticket.objects.create(
                hall=self.hall,
                area_path=self.hall.area_path,
                day=day,
                lane=lane,
                kind=lane.kind,
                number=self.served,
                label=f"A{self.served:03}",
                place=self.served,
                source="counter",
                state="finished",
                since=at,
                queued_at=at,
                taken_at=at,
                clerk_id=self.users["alice"].pk,
                window=self.hall.site.windows.first(),
            )
            row.items.create(area_path=row.area_path, position=1, item="certificate")
        return row.uid

    def rate(self, grade: int = 5, *, asker: Asker | None = None, at=AT, **more: Any) -> Rated:
        """Rate a new visit by the code on its ticket."""
        given = Given(item_grade=grade, asker=asker or Asker(), **more)
        channel = RatedBy.PHONE
        return rate(handlings.of_ticket(self.visit(at=at)), given, channel=channel, at=at)

    def bad(self, *, known: bool = True, at: datetime = AT) -> Order:
        """Return the order of a new bad rating."""
        asker = Asker(name="张测试", phone="13800138000") if known else Asker()
        said = {"labels": ["115"], "text": "太慢，13800138000"}
        found = self.rate(1, person_grade=1, asker=asker, at=at, **said)
        assert found.order_uid is not None
        return fresh(found.order_uid)

    def do(self, who: str, work: Any, /, *, at: datetime = AT, **more: Any) -> Any:
        by = self.actors[who]
        with area_scope(by.area_path):
            return work(by=by, at=at, **more)


def fresh(uid: UUID) -> Order:
    with area_scope(EVERYWHERE):
        return Order.objects.select_related("rating").get(uid=uid)


def furnish() -> Place:
    factories.catalogue()
    hall = factories.HallFactory()
    factories.WindowFactory(number=1)
    users = {
        "alice": factories.alice(),
        "bob": factories.bob(),
        "manager": factories.manager(),
        "carol": factories.carol(),
        "city": factories.city_officer(),
        "dave": factories.dave(),
    }
    actors = {name: factories.actor_for(user) for name, user in users.items()}
    with area_scope(EVERYWHERE):
        return Place(users, actors, Hall.objects.select_related("site").get(pk=hall.pk))


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker) -> Iterator[Place]:
    """Furnish once for all tests of a file; it is taken back at the end."""
    with (
        override_settings(PASSWORD_HASHERS=["tests.factories.QuickArgon2"]),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        yield furnish()
        transaction.set_rollback(True)


@pytest.fixture
def place(town, db) -> Place:
    return town
