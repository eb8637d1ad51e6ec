"""A town's window, the county's back office, somebody insured there and somebody from elsewhere."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import override_settings
from tests import factories
from tests.factories import AT

from circle15.accounts.actors import Actor, system_actor
from circle15.accounts.models import User
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.actions import intake, window
from circle15.cases.actions.window import Intake
from circle15.cases.lines import CaseLine
from circle15.cases.models import Case
from circle15.cases.parties import Applicant
from circle15.ledger.people.actions import upsert
from circle15.ledger.people.entering import PersonEntry
from circle15.sites.states import SiteKind


@dataclass
class Place:
    """What a test of cases needs at hand."""

    users: dict[str, User]
    actors: dict[str, Actor]
    person: UUID
    stranger: UUID
    site_code: str
    village_code: str
    mine: Applicant

    def do(self, who: str, work: Callable[..., Any], *, at: datetime = AT, **more: Any) -> Any:
        """Let somebody do something inside their own area."""
        by = self.actors[who]
        with area_scope(by.area_path):
            return work(by=by, at=at, **more)

    def look(self, who: str, query: Callable[..., Any], *what: Any, **more: Any) -> Any:
        """Let somebody read something inside their own area."""
        by = self.actors[who]
        with area_scope(by.area_path):
            return query(*what, by=by, **more)

    def at_home(self, work: Callable[..., Any], *, at: datetime = AT, **more: Any) -> Any:
        return work(by=self.mine, at=at, **more)

    def open(self, who: str = "alice", item: str = "own-record", **more: Any) -> CaseLine:
        wish = {"person_uid": self.person, "site_code": self.site_code, "item_key": item}
        return self.do(who, intake.open_case, **{**wish, **more})

    def take_in(self, who: str = "alice", item: str = "own-record", **more: Any) -> CaseLine:
        """Take a case in with the papers named, all of the item's plain ones by default."""
        at, key = more.pop("at", AT), more.pop("key", "")
        accepts = more.pop("accepts", True)
        wish = {"item_key": item, "site_code": self.site_code, "person_uid": self.person}
        wish["answers"] = ANSWER.get(item, {})
        wish["given"] = PAPERS.get(item, ())
        by = self.actors[who]
        with area_scope(by.area_path):
            what = Intake(**{**wish, **more})
            return window.take_in(what, by=by, at=at, key=key, accepts=accepts)


ANSWER: dict[str, dict[str, str]] = {
    "own-record": {},
    "certificate": {},
    "employer-record": {},
    "contribution-years": {},
    "insurance-transfer": {"enrolled-here": "yes", "who-comes": "self"},
    "accident": {"third-party": "no"},
    "hospital-costs": {"settled": "no", "accident": "no", "account": "card", "who-comes": "self"},
}
PAPERS: dict[str, tuple[str, ...]] = {
    "own-record": ("id-document",),
    "certificate": ("id-document",),
    "employer-record": ("credit-code",),
    "contribution-years": ("id-document",),
    "insurance-transfer": ("id-document", "transfer-form"),
    "accident": ("id-document", "accident-statement"),
    "hospital-costs": ("id-document", "invoice", "cost-list", "diagnosis"),
}


def fresh(uid: UUID) -> Case:
    """Return a case as it stands now, seen from everywhere."""
    with area_scope(EVERYWHERE):
        return Case.objects.get(uid=uid)


def enter(name: str, id_number: str, division_code: str, phone: str = "") -> UUID:
    """Put somebody who does not exist into the register."""
    entry = PersonEntry(
        name=name,
        id_number=id_number,
        phone=phone,
        division_code=division_code,
        is_synthetic=True,
    )
    return upsert(entry=entry, by=system_actor("test"), at=AT).uid


def furnish() -> Place:
    """Return a town with its window and village point, the county behind it, and a stranger."""
    factories.catalogue()
    site, village = factories.SiteFactory(), factories.SiteFactory(village=True)
    hall = factories.SiteFactory(
        code="QD-0000",
        name="启东市医保大厅",
        kind=SiteKind.COUNTY_HALL,
        division=factories.CountyFactory(),
    )
    users = {
        "alice": factories.alice(),
        "bob": factories.bob(),
        "manager": factories.manager(),
        "carol": factories.carol(),
        "dave": factories.dave(),
        "handler": factories.handler(1),
        "second": factories.handler(2),
        "city": factories.city_officer(),
        "village": factories.staff("village", Role.CLERK, area=village, name="施小村"),
        "hall": factories.staff("hall", Role.CLERK, area=hall, name="顾大厅"),
    }
    person = enter("张测试", "320681195001010015", "320681100000")
    stranger = enter("李测试", "320682196002020021", "320682100000")
    return Place(
        users=users,
        actors={name: factories.actor_for(user) for name, user in users.items()},
        person=person,
        stranger=stranger,
        site_code=site.code,
        village_code=village.code,
        mine=Applicant(person),
    )


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
