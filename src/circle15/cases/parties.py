"""Who does something to a case: staff as an Actor, or the person whose case it is."""

from dataclasses import dataclass
from uuid import UUID

from circle15.accounts.actors import Actor
from circle15.audit.states import Who


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person at home: the own cases, and those of whoever gave a mandate.

    `person_uid` is whose case it is, `agent_uid` who acts for that person (None acts alone). With
    `organisation_uid` it is that organisation's, and always somebody acts for it.
    """

    person_uid: UUID | None = None
    agent_uid: UUID | None = None
    organisation_uid: UUID | None = None

    def __post_init__(self) -> None:
        assert (self.person_uid is None) != (self.organisation_uid is None), "a case is of one"
        assert self.organisation_uid is None or self.agent_uid, "somebody acts for an organisation"

    @property
    def who(self) -> Who:
        return Who(id=None, name=f"person {self.self_uid}", role="applicant")

    @property
    def self_uid(self) -> UUID:
        """Return who sits at the screen."""
        found = self.agent_uid or self.person_uid
        assert found is not None
        return found


By = Actor | Applicant
