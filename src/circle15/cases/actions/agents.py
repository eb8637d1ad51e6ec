"""Who stands before the window, by number and name: found in the register, or entered there."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import Refused
from circle15.ledger.people import looking
from circle15.ledger.people.actions import upsert
from circle15.ledger.people.entering import PersonEntry
from circle15.ledger.people.states import Field, Source


class NameDiffers(Refused):
    def __init__(self) -> None:
        super().__init__(_("姓名与身份证号登记的不一致，请核对身份证件。"))


class NameWanted(Refused):
    """Nobody has the number yet: with the name the person is entered."""

    def __init__(self) -> None:
        super().__init__(_("全市名册里没有这个身份证号码，请填写姓名，登记一次以后不再问。"))


@dataclass(frozen=True, slots=True)
class Named:
    """A person as somebody else names the person; without a name only a known one is found."""

    id_number: str = field(repr=False)
    name: str = field(repr=False)
    phone: str = field(default="", repr=False)
    division_code: str = ""
    is_synthetic: bool = False


@transaction.atomic
def known(person: Named, *, purpose: str, by: Actor, at: datetime) -> UUID:
    """Return who a number belongs to; who is new is entered, nobody's name is changed.

    The look stands on the trail. Raises NotAllowed, BadNumber, NameDiffers, NameWanted,
    UnusablePerson.
    """
    found = looking.find_by_id_number(person.id_number, by=by, at=at, purpose=purpose)
    if found is None:
        return _entered(person, by=by, at=at)
    if person.name.strip():
        registered = looking.plain(found.uid, Field.NAME, purpose=purpose, by=by, at=at)
        if "".join(person.name.split()) != "".join(registered.split()):
            raise NameDiffers
    return found.uid


def _entered(person: Named, *, by: Actor, at: datetime) -> UUID:
    if not person.name.strip():
        raise NameWanted
    entry = PersonEntry(
        name=person.name,
        id_number=person.id_number,
        phone=person.phone,
        division_code=person.division_code,
        source=Source.CASE,
        is_synthetic=person.is_synthetic,
    )
    return upsert(entry=entry, by=by, at=at).uid
