"""Open a case for a person or organisation whom a partner names by number and name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import Refused
from circle15.accounts.states import Permission
from circle15.cases.actions.agents import Named, known
from circle15.cases.actions.intake import open_case
from circle15.cases.actions.joint import JointItem, Together, take_in_together
from circle15.cases.actions.window import Intake, take_in
from circle15.cases.joint import JointView
from circle15.cases.lines import CaseLine
from circle15.cases.states import Channel
from circle15.ledger.people import looking
from circle15.ledger.people.entering import OrganisationEntry
from circle15.ledger.people.organisations import upsert_organisation
from circle15.ledger.people.states import Source

PURPOSE = "partner"


class OrganisationDiffers(Refused):
    def __init__(self) -> None:
        super().__init__(_("单位名称与统一社会信用代码登记的不一致，请核对证照。"))


class ChannelDiffers(Refused):
    def __init__(self, registered: str) -> None:
        if registered:
            words = _("这个令牌登记的来源是“%(name)s”，请不写 channel，或换一个令牌。")
            super().__init__(words % {"name": Channel(registered).label})
        else:
            super().__init__(_("来源是手机应用、小程序的，要用登记为“手机应用、小程序”的令牌。"))


def channel_of(said: str | None, *, registered: str) -> str:
    """Return the channel of a case: the token's; without one what is said, but never an app.

    Nobody can tell from a call whether a person holds a phone: whoever made the token says so once.
    Raises ChannelDiffers.
    """
    if (registered and said not in {None, registered}) or (not registered and said == Channel.APP):
        raise ChannelDiffers(registered)
    return registered or said or Channel.WINDOW


@dataclass(frozen=True, slots=True)
class NamedOrganisation:
    """An organisation as a partner knows it; `division_code` for one that is new."""

    credit_code: str
    name: str
    division_code: str = ""


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
    return open_case(
        item_key=item_key,
        **_whose(person, organisation, by=by, at=at),
        site_code=site_code,
        channel=channel,
        mode=mode,
        answers=answers,
        form=form,
        by=by,
        at=at,
    )


# Clauses: W-67
@transaction.atomic
def take_in_for(
    what: Intake,
    *,
    person: Named,
    organisation: NamedOrganisation | None = None,
    by: Actor,
    at: datetime,
) -> CaseLine:
    """Take a case in from the first word to the receipt, as a window does by one key.

    `what` says all but whose case it is. Raises as `open_for` and `take_in`.
    """
    demand(by, Permission.TAKE_IN)
    return take_in(replace(what, **_whose(person, organisation, by=by, at=at)), by=by, at=at)


# Clauses: J-86
@transaction.atomic
def take_in_together_for(  # noqa: PLR0913 -- what a joint handling consists of
    *,
    person: Named,
    event_key: str,
    site_code: str,
    channel: str,
    mode: str,
    items: tuple[JointItem, ...],
    by: Actor,
    at: datetime,
) -> JointView:
    """Take in all items of a life event at once for whom a partner names, or none of them.

    Raises NotAllowed, BadNumber, NameDiffers, UnusablePerson, and as `take_in_together`.
    """
    demand(by, Permission.TAKE_IN)
    uid = known(person, purpose=PURPOSE, by=by, at=at)
    what = Together(event_key, site_code, uid, items, channel=channel, mode=mode)
    return take_in_together(what, by=by, at=at)


class _Whose(TypedDict, total=False):
    person_uid: UUID
    organisation_uid: UUID
    agent_uid: UUID


def _whose(
    person: Named, organisation: NamedOrganisation | None, *, by: Actor, at: datetime
) -> _Whose:
    if organisation is None:
        return {"person_uid": known(person, purpose=PURPOSE, by=by, at=at)}
    uid, home = _known_organisation(organisation, by=by, at=at)
    person = replace(person, division_code=person.division_code or home)
    agent_uid = known(person, purpose=PURPOSE, by=by, at=at)
    return {"organisation_uid": uid, "agent_uid": agent_uid}


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
