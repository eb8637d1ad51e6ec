"""Who does something to a case: staff as an Actor, or the person whose case it is."""

from dataclasses import dataclass
from uuid import UUID

from circle15.accounts.actors import Actor
from circle15.audit.states import Who


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person at home: the own cases, and those of whoever gave a mandate.

    `person_uid` is whose case it is, `agent_uid` who acts for that person ("" acts alone).
    """

    person_uid: UUID
    agent_uid: UUID | None = None

    @property
    def who(self) -> Who:
        return Who(id=None, name=f"person {self.agent_uid or self.person_uid}", role="applicant")

    @property
    def self_uid(self) -> UUID:
        """Return who sits at the screen."""
        return self.agent_uid or self.person_uid


By = Actor | Applicant
