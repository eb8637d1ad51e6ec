"""Insured people sign in by identity number and a code on the phone the register has."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from circle15.accounts import public_codes, public_sessions
from circle15.accounts.public_codes import CodeAsked, Reachable
from circle15.accounts.public_sessions import WEB
from circle15.accounts.refusals import Refused
from circle15.accounts.states import CodePurpose
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.core.identifiers.mobile import is_mobile
from circle15.core.identifiers.resident_id import canonical_resident_id
from circle15.ledger.people.demo_people import STORIES
from circle15.ledger.people.models import Person
from circle15.ledger.people.sealing import index_of, masked, plain
from circle15.ledger.people.states import Field

# Codes go to mobile phones only; a fixed line rings in vain.
BY_CODE = "code"


class NotRegistered(Refused):
    def __init__(self) -> None:
        super().__init__(_("还没有您的登记信息，请带身份证到窗口登记一次，以后就能用医保码登录。"))


def ask_code(*, id_number: str, address: str, at: datetime) -> CodeAsked:
    """Send a code to the phone of whoever has the number; the answer is the same for nobody.

    Raises TooManyCodes.
    """
    number = canonical_resident_id(id_number)
    found = reachable(number)
    return public_codes.ask(id_number=number, reachable=found, address=address, at=at)


def ask_again(*, code_uid: UUID, address: str, at: datetime) -> CodeAsked:
    """Send another code for the number a former one was for. Raises NotFound, TooManyCodes."""
    return public_codes.ask_again(uid=code_uid, reachable=_reachable_by_uid, address=address, at=at)


def sign_in(*, code_uid: UUID, code: str, address: str, at: datetime, channel: str = WEB) -> str:
    """Begin a session with a code; return the browser's token.

    Raises NotFound, WrongCode, CodeLapsed, TooManyCodes.
    """
    passed = public_codes.check(
        uid=code_uid, code=code, purpose=CodePurpose.SIGN_IN, address=address, at=at
    )
    return public_sessions.begin(
        person_uid=passed.person_uid,
        area_path=passed.area_path,
        provider=BY_CODE,
        address=address,
        channel=channel,
        at=at,
    )


def sign_in_known(  # noqa: PLR0913 -- who, proved how, from where
    *,
    id_number: str,
    name: str,
    provider: str,
    address: str,
    at: datetime,
    channel: str = WEB,
) -> str:
    """Begin a session for somebody another authority vouches for; return the browser's token.

    Raises NotRegistered: nobody with that number and name is on the register.
    """
    index = index_of(canonical_resident_id(id_number), Field.ID_NUMBER)
    with area_scope(EVERYWHERE):
        person = Person.objects.filter(id_number_index=index, erased_at__isnull=True).first()
        if person is None or "".join(plain(person, Field.NAME).split()) != "".join(name.split()):
            raise NotRegistered
    return public_sessions.begin(
        person_uid=person.uid,
        area_path=person.area_path,
        provider=provider,
        address=address,
        channel=channel,
        at=at,
    )


def reachable(number: str) -> Reachable | None:
    """Return who has a number and a mobile phone; None otherwise."""
    with area_scope(EVERYWHERE):
        return _reachable(Person.objects.filter(id_number_index=index_of(number, Field.ID_NUMBER)))


def masked_name(uid: UUID) -> str:
    """Return the masked name of somebody signed in; "" once erased."""
    with area_scope(EVERYWHERE):
        person = Person.objects.filter(uid=uid, erased_at__isnull=True).first()
        return masked(person, Field.NAME) if person else ""


def id_number_of(uid: UUID) -> str:
    """Return the identity number of somebody signed in, to find their appointments by."""
    with area_scope(EVERYWHERE):
        person = Person.objects.filter(uid=uid, erased_at__isnull=True).first()
        return plain(person, Field.ID_NUMBER) if person else ""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody made up, whom a visitor of the demo may be; `story` says who that is."""

    id_number: str
    masked_name: str
    birth_year: int | None
    story: str


def demo_people() -> tuple[DemoPerson, ...]:
    """Return the synthetic people to sign in as, those of `STORIES`; none outside a demo."""
    if not settings.DEMO:
        return ()
    with area_scope(EVERYWHERE):
        rows = Person.objects.filter(
            uid__in=STORIES, is_synthetic=True, erased_at__isnull=True
        ).in_bulk(field_name="uid")
        return tuple(
            DemoPerson(
                plain(row, Field.ID_NUMBER), masked(row, Field.NAME), row.birth_year, str(story)
            )
            for uid, story in STORIES.items()
            if (row := rows.get(uid)) is not None
        )


def _reachable_by_uid(uid: UUID) -> Reachable | None:
    with area_scope(EVERYWHERE):
        return _reachable(Person.objects.filter(uid=uid))


def _reachable(rows: QuerySet[Person]) -> Reachable | None:
    person = rows.filter(erased_at__isnull=True).first()
    if person is None:
        return None
    phone = plain(person, Field.PHONE)
    if not is_mobile(phone):
        return None
    return Reachable(person.uid, person.area_path, phone)
