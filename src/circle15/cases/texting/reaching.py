"""To whom a message about a case goes: who acts for the person, else the person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from circle15.cases.models import Case
from circle15.cases.texting_states import WhyWithheld
from circle15.ledger.people.mandates import acts_no_longer
from circle15.ledger.people.texting import Reach, reach_organisation, reach_person


@dataclass(frozen=True, slots=True)
class Recipient:
    """A number and whose it is, if a person's; or why there is none."""

    phone: str = ""
    person_uid: UUID | None = None
    why: str = ""


def recipient(case: Case, *, on: date) -> Recipient:
    """Return who is told: the agent with a mobile number, the person, the organisation's contact.

    An agent whose mandate has ended is not told any more.
    """
    is_unwanted = False
    for uid, reach in _reaches(case, on):
        if reach.phone:
            return Recipient(reach.phone, uid)
        is_unwanted |= reach.is_unwanted
    return Recipient(why=WhyWithheld.OPTED_OUT if is_unwanted else WhyWithheld.NO_MOBILE)


def _reaches(case: Case, on: date) -> Iterator[tuple[UUID | None, Reach]]:
    for uid in people_told(case, on):
        yield uid, reach_person(uid)
    if case.organisation_uid is not None:
        yield None, reach_organisation(case.organisation_uid)


def people_told(case: Case, on: date) -> list[UUID]:
    """Return who is told, the agent first while the mandate stands."""
    agent, person = case.agent_uid, case.person_uid
    principal = person or case.organisation_uid
    if agent is not None and principal is not None:
        is_over = acts_no_longer(agent_uid=agent, principal_uid=principal, on=on)
        agent = None if is_over else agent
    return [uid for uid in (agent, person) if uid is not None]
