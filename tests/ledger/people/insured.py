"""Insured people for the tests, and their way in."""

from uuid import UUID

from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests.factories import AT, TownFactory

from circle15.accounts import public_sessions
from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.core.identifiers import resident_id_check_character
from circle15.ledger.people.actions import upsert
from circle15.ledger.people.entering import PersonEntry

NAMES = ("王小明", "李秀英", "张伟", "刘洋")


def number(n: int = 0, *, born: str = "19700101") -> str:
    """Return a well-formed number of nobody."""
    body = f"999999{born}{n + 1:03}"
    return body + resident_id_check_character(body)


def phone(n: int = 0) -> str:
    return f"138000080{n:02}"


def enter(n: int = 0, **more: str) -> UUID:
    """Enter a person in 汇龙镇; return the uid."""
    given = {"name": NAMES[n], "id_number": number(n), "phone": phone(n), **more}
    with area_scope(EVERYWHERE):
        entry = PersonEntry(division_code=TownFactory().code, **given)
        return upsert(entry=entry, by=system_actor("test"), at=AT).uid


def signed_in(uid: UUID, client: Client | None = None) -> Client:
    """Return a browser in which an insured person has signed in now."""
    client = client or Client()
    path = TownFactory().path
    token = public_sessions.begin(
        person_uid=uid, area_path=path, provider="code", address="127.0.0.1", at=timezone.now()
    )
    client.cookies[settings.PUBLIC_COOKIE_NAME] = token
    return client
