"""Open a case for a person whom a partner names by number and name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import Refused
from circle15.accounts.states import Permission
from circle15.cases.actions.intake import open_case
from circle15.cases.lines import CaseLine
from circle15.ledger.people import looking
from circle15.ledger.people.actions import upsert
from circle15.ledger.people.entering import PersonEntry
from circle15.ledger.people.states import Field, Source

PURPOSE = "partner"


class NameDiffers(Refused):
    def __init__(self) -> None:
        super().__init__(_("姓名与身份证号登记的不一致，请核对身份证件。"))


@dataclass(frozen=True, slots=True)
class Named:
    """A person as a partner knows the person."""

    id_number: str = field(repr=False)
    name: str = field(repr=False)
    phone: str = field(default="", repr=False)
    division_code: str = ""


@transaction.atomic
def open_for(  # noqa: PLR0913 -- what an application consists of
    *,
    person: Named,
    item_key: str,
    site_code: str,
    channel: str,
    mode: str,
    answers: Mapping[str, str],
    form: Mapping[str, str],
    by: Actor,
    at: datetime,
) -> CaseLine:
    """Open a case; who is not on the register yet is entered, who is stays as registered.

    Raises NotAllowed, BadNumber, NameDiffers, UnusablePerson, and as `open_case`.
    """
    demand(by, Permission.TAKE_IN)
    return open_case(
        item_key=item_key,
        person_uid=_known(person, by=by, at=at),
        site_code=site_code,
        channel=channel,
        mode=mode,
        answers=answers,
        form=form,
        by=by,
        at=at,
    )


def _known(person: Named, *, by: Actor, at: datetime) -> UUID:
    found = looking.find_by_id_number(person.id_number, by=by, at=at, purpose=PURPOSE)
    if found is None:
        entry = PersonEntry(
            name=person.name,
            id_number=person.id_number,
            phone=person.phone,
            division_code=person.division_code,
            source=Source.CASE,
        )
        return upsert(entry=entry, by=by, at=at).uid
    registered = looking.plain(found.uid, Field.NAME, purpose=PURPOSE, by=by, at=at)
    if "".join(person.name.split()) != "".join(registered.split()):
        raise NameDiffers
    return found.uid
