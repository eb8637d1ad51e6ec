"""Insured people sign in by identity number and a code on the phone the register has."""

import re
from datetime import datetime
from uuid import UUID

from circle15.accounts import public_codes, public_sessions
from circle15.accounts.public_codes import CodeAsked, Reachable
from circle15.accounts.states import CodePurpose
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.core.identifiers.resident_id import canonical_resident_id
from circle15.ledger.people.models import Person
from circle15.ledger.people.sealing import index_of, masked, plain
from circle15.ledger.people.states import Field

# Codes go to mobile phones only; a fixed line rings in vain.
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
BY_CODE = "code"


def ask_code(*, id_number: str, address: str, at: datetime) -> CodeAsked:
    """Send a code to the phone of whoever has the number; the answer is the same for nobody.

    Raises TooManyCodes.
    """
    number = canonical_resident_id(id_number)
    found = reachable(number)
    return public_codes.ask(id_number=number, reachable=found, address=address, at=at)


def sign_in(*, code_uid: UUID, code: str, address: str, at: datetime) -> str:
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
        at=at,
    )


def reachable(number: str) -> Reachable | None:
    """Return who has a number and a mobile phone; None otherwise."""
    with area_scope(EVERYWHERE):
        person = Person.objects.filter(
            id_number_index=index_of(number, Field.ID_NUMBER), erased_at__isnull=True
        ).first()
        if person is None:
            return None
        phone = plain(person, Field.PHONE)
    if not _MOBILE.fullmatch(phone):
        return None
    return Reachable(person.uid, person.area_path, phone)


def masked_name(uid: UUID) -> str:
    """Return the masked name of somebody signed in; "" once erased."""
    with area_scope(EVERYWHERE):
        person = Person.objects.filter(uid=uid, erased_at__isnull=True).first()
        return masked(person, Field.NAME) if person else ""
