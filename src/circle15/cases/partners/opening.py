"""Open a case for a person or organisation whom a partner names by number and name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import Refused
from circle15.accounts.states import Permission
from circle15.cases.actions.agents import Named, known
from circle15.cases.actions.intake import open_case
from circle15.cases.lines import CaseLine
from circle15.ledger.people import looking
from circle15.ledger.people.entering import OrganisationEntry
from circle15.ledger.people.organisations import upsert_organisation
from circle15.ledger.people.states import Source

PURPOSE = "partner"


class OrganisationDiffers(Refused):
    def __init__(self) -> None:
        super().__init__(_("单位名称与统一社会信用代码登记的不一致，请核对证照。"))


@dataclass(frozen=True, slots=True)
class NamedOrganisation:
    """An organisation as a partner knows it; `division_code` for one that is new."""

    credit_code: str
    name: str
    division_code: str = ""


@dataclass(frozen=True, slots=True)
class _Whose:
    person_uid: UUID | None = None
    organisation_uid: UUID | None = None
    agent_uid: UUID | None = None


@transaction.atomic
def open_for(  # noqa: PLR0913 -- what an application consists of
    *,
    person: Named,
    organisation: NamedOrganisation | None = None,
    item_key: str,
    site_code: str,
    channel: str,
    mode: str,
    answers: Mapping[str, str],
    form: Mapping[str, str],
    by: Actor,
    at: datetime,
) -> CaseLine:
    """Open a case for the person, or for the organisation the person comes for.

    Who is not on the register yet is entered, who is stays as registered. Raises NotAllowed,
    BadNumber, NameDiffers, OrganisationDiffers, UnusablePerson, and as `open_case`.
    """
    demand(by, Permission.TAKE_IN)
    whose = _whose(person, organisation, by=by, at=at)
    return open_case(
        item_key=item_key,
        person_uid=whose.person_uid,
        organisation_uid=whose.organisation_uid,
        agent_uid=whose.agent_uid,
        site_code=site_code,
        channel=channel,
        mode=mode,
        answers=answers,
        form=form,
        by=by,
        at=at,
    )


def _whose(
    person: Named, organisation: NamedOrganisation | None, *, by: Actor, at: datetime
) -> _Whose:
    if organisation is None:
        return _Whose(person_uid=known(person, purpose=PURPOSE, by=by, at=at))
    uid, home = _known_organisation(organisation, by=by, at=at)
    person = replace(person, division_code=person.division_code or home)
    agent_uid = known(person, purpose=PURPOSE, by=by, at=at)
    return _Whose(organisation_uid=uid, agent_uid=agent_uid)


def _known_organisation(one: NamedOrganisation, *, by: Actor, at: datetime) -> tuple[UUID, str]:
    """Return an organisation and the code of its division."""
    found = looking.organisation_by_credit_code(one.credit_code, by=by)
    if found is None:
        entry = OrganisationEntry(
            name=one.name,
            credit_code=one.credit_code,
            division_code=one.division_code,
            source=Source.CASE,
        )
        return upsert_organisation(entry=entry, by=by, at=at).uid, one.division_code
    if "".join(one.name.split()) != "".join(found.name.split()):
        raise OrganisationDiffers
    return found.uid, found.area_path.rstrip("/").rpartition("/")[2]
