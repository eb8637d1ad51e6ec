"""A hall with three windows, alice at the first and bob at the second."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from tests import factories
from tests.factories import AT

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.actions import calling, serving, taking, windows
from circle15.hall.estimates import FEWEST_VISITS
from circle15.hall.models import Hall
from circle15.hall.steps import Called
from circle15.sites.models import Site


@dataclass
class Place:
    """What a test of the hall needs at hand."""

    hall: Hall
    alice: Actor
    bob: Actor
    manager: Actor
    dave: Actor
    numbers: list[int]

    def take(self, lane: str = "A", *, at: datetime = AT, **more) -> taking.Taken:
        wish = {"site_code": self.hall.site.code, "source": "counter", "by": self.alice}
        if lane == "G":
            wish["green_class"] = "weak"
        with area_scope(EVERYWHERE):
            return taking.take(lane=lane, at=at, **{**wish, **more})

    def call(self, window: int = 1, *, by: Actor | None = None, at: datetime = AT) -> Called:
        by = by or (self.alice if window == 1 else self.bob)
        with area_scope(by.area_path):
            return calling.call_next(window_id=self.numbers[window - 1], by=by, at=at)

    def begin(self, called, window: int = 1, *, by: Actor | None = None, at: datetime = AT):
        by = by or (self.alice if window == 1 else self.bob)
        with area_scope(by.area_path):
            return serving.begin(window_id=self.numbers[window - 1], uid=called.uid, by=by, at=at)

    def finish(self, called, window: int = 1, *, by: Actor | None = None, at: datetime = AT):
        by = by or (self.alice if window == 1 else self.bob)
        with area_scope(by.area_path):
            return serving.finish(window_id=self.numbers[window - 1], uid=called.uid, by=by, at=at)

    def remember(self, at: datetime) -> None:
        """Let the hall have served just enough people two days ago to tell of waits."""
        for number in range(FEWEST_VISITS):
            then = at - timedelta(days=2, minutes=-5 * number)
            self.take(at=then)
            called = self.call(at=then)
            self.begin(called, at=then)
            self.finish(called, at=then + timedelta(minutes=4))


def person(user_id: int, name: str, role: str, site: Site) -> Actor:
    """Return an actor without the account behind: the hall asks for none."""
    path = site.area_path
    return actor_of(user_id=user_id, name=name, role=role, area_path=path, area_name=site.name)


def furnish() -> Place:
    """Return the hall with both clerks seated."""
    hall = factories.HallFactory()
    people = {
        "alice": person(101, "沈**（alice）", Role.CLERK, hall.site),
        "bob": person(102, "陆**（bob）", Role.CLERK, hall.site),
        "manager": person(103, "黄**（manager）", Role.SITE_MANAGER, hall.site),
        "dave": person(104, "倪**（dave）", Role.CLERK, factories.SiteFactory(foreign=True)),
    }
    numbers = [factories.WindowFactory(number=number).id for number in (1, 2, 3)]
    with area_scope(EVERYWHERE):
        for number, name in enumerate(("alice", "bob")):
            windows.open_window(window_id=numbers[number], by=people[name], at=AT)
    return Place(hall=hall, numbers=numbers, **people)


@pytest.fixture
def place(db) -> Place:
    return furnish()
