"""Whom a text message reaches: a mobile number on the register, and nobody who wants none.

Words about one's own matter need no consent; who withdrew it, or said so, gets none.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.audit.states import Who
from circle15.core.ciphers import CannotOpen
from circle15.core.identifiers.mobile import canonical_mobile, is_mobile
from circle15.ledger.people.looking import TARGET
from circle15.ledger.people.models import Consent, Person, ServedOrganisation
from circle15.ledger.people.sealing import contact, plain
from circle15.ledger.people.states import Field, Given, Purpose


@dataclass(frozen=True, slots=True)
class Reach:
    """A mobile number; without one, whether the person wants no messages."""

    phone: str = ""
    is_unwanted: bool = False


def reach_person(uid: UUID) -> Reach:
    """Return the mobile number of somebody of the whole city, unless they want no messages.

    One sealed with a key that is not ours is none: somebody phones, and the case goes on.
    """
    with area_scope(EVERYWHERE):
        person = Person.objects.filter(uid=uid, erased_at__isnull=True).first()
        if person is None:
            return Reach()
        if has_opted_out(person):
            return Reach(is_unwanted=True)
        with suppress(CannotOpen):
            return _mobile(plain(person, Field.PHONE))
        return Reach()


def reach_organisation(uid: UUID) -> Reach:
    """Return the mobile number of who answers an organisation's phone."""
    with area_scope(EVERYWHERE):
        found = ServedOrganisation.objects.filter(uid=uid).first()
        with suppress(CannotOpen):
            return _mobile(contact(found)[1]) if found else Reach()
        return Reach()


def has_opted_out(person: Person) -> bool:
    """Tell whether the last word of a person on messages was no."""
    said = Consent.objects.filter(person=person, purpose=Purpose.SMS)
    # What stands, not withdrawn, comes first.
    last = said.order_by("-withdrawn_at", "-id").values_list("withdrawn_at", flat=True)
    return last.first() is not None


def note_text(uid: UUID, *, who: Who, at: datetime) -> None:
    """Put on the trail that a person's number was used to send a message."""
    with area_scope(EVERYWHERE):
        person = Person.objects.filter(uid=uid).first()
        if person is not None:
            _record("person.use", person, who=who, at=at, new={"purpose": "sms", "field": "phone"})


@transaction.atomic
def opt_out(uid: UUID, *, at: datetime) -> None:
    """Let a person have no more messages, whether they were asked before or not.

    Raises NotFound.
    """
    with area_scope(EVERYWHERE):
        person = Person.objects.select_for_update().filter(uid=uid, erased_at__isnull=True).first()
        if person is None:
            raise NotFound
        if has_opted_out(person):
            return
        standing = Consent.objects.filter(
            person=person, purpose=Purpose.SMS, withdrawn_at__isnull=True
        )
        if not standing.update(withdrawn_at=at, withdrawn_by=_SELF):
            _say_no(person, at)
        _record("person.consent_end", person, who=_OWN, at=at, new={"purpose": Purpose.SMS})


@transaction.atomic
def opt_in(uid: UUID, *, at: datetime) -> None:
    """Let a person have messages again. Raises NotFound."""
    with area_scope(EVERYWHERE):
        person = Person.objects.select_for_update().filter(uid=uid, erased_at__isnull=True).first()
        if person is None:
            raise NotFound
        _consent, is_new = Consent.objects.get_or_create(
            person=person,
            purpose=Purpose.SMS,
            withdrawn_at=None,
            defaults=_given(person, at),
        )
        if is_new:
            _record("person.consent", person, who=_OWN, at=at, new={"purpose": Purpose.SMS})


_SELF = "本人"
_OWN = Who(id=None, name="", role="applicant")


def _say_no(person: Person, at: datetime) -> None:
    """Keep a no of somebody who was never asked: given and withdrawn at once."""
    row = Consent(person=person, purpose=Purpose.SMS, **_given(person, at))
    row.withdrawn_at, row.withdrawn_by = at, _SELF
    row.save(force_insert=True)


def _given(person: Person, at: datetime) -> dict[str, object]:
    return {
        "area_path": person.area_path,
        "how": Given.ONLINE,
        "given_at": at,
        "taken_by": _SELF,
    }


def _mobile(phone: str) -> Reach:
    number = canonical_mobile(phone)
    return Reach(number if is_mobile(number) else "")


def _record(verb: str, person: Person, *, who: Who, at: datetime, new: dict[str, object]) -> None:
    record(
        who=who,
        verb=verb,
        target_kind=TARGET,
        target_id=str(person.uid),
        area_path=person.area_path,
        at=at,
        new=new,
    )
