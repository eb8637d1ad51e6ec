"""People for the tests: numbers of nobody (issued in 999999), each with its own phone."""

from datetime import date

from tests import factories
from tests.factories import AT, actor_for

from circle15.accounts.actors import Actor, system_actor
from circle15.areas.models import Division
from circle15.core.identifiers import resident_id_check_character
from circle15.ledger.people import actions
from circle15.ledger.people.entering import PersonEntry
from circle15.ledger.people.models import Person

SYSTEM = system_actor("test")
NAME, PHONE = "王甲子", "10012345678"


def number(born: date = date(1944, 3, 5), serial: int = 1) -> str:
    body = f"999999{born:%Y%m%d}{serial:03d}"
    return body + resident_id_check_character(body)


def village() -> Division:
    return factories.VillageFactory()


def other_village() -> Division:
    return factories.VillageFactory(other=True)


def foreign_town() -> Division:
    return factories.TownFactory(foreign=True)


def entry(**more: object) -> PersonEntry:
    values: dict[str, object] = {
        "name": NAME,
        "id_number": number(),
        "phone": PHONE,
        "division_code": village().code,
    }
    return PersonEntry(**values | more)


def person(*, by: Actor = SYSTEM, at=AT, **more: object) -> Person:
    return actions.upsert(entry=entry(**more), by=by, at=at)


def manager() -> Actor:
    return actor_for(factories.manager())


def clerk() -> Actor:
    return actor_for(factories.alice())


def carol() -> Actor:
    return actor_for(factories.carol())


def stranger() -> Actor:
    return actor_for(factories.dave())
