"""The steps from an empty system to a running city: how one stands, and who may do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from circle15.accounts.states import Permission

SHOWN = 8
"""So many of what lacks are named."""


class StepState(StrEnum):
    DONE = "done"
    PARTLY = "partly"
    MISSING = "missing"
    # Of steps a city may do without.
    NOT_SET = "not_set"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is, why it matters, how far it is, and where it is done.

    `told` says what is there; `lacks` names the first of what isn't, `more` counts the others.
    `page` is the name of a page, `permission` what doing the step asks; `command` is typed on the
    server.
    """

    key: str
    title: str
    why: str
    state: StepState
    told: str
    lacks: tuple[str, ...] = ()
    more: int = 0
    page: str = ""
    permission: Permission | None = None
    command: str = ""
    is_needed: bool = True
    # By word of somebody only, or by one press of a button on the page itself.
    is_confirmed_by_hand: bool = False
    fills: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """How far something is: how many there are, and the names of those that lack."""

    state: StepState
    lacks: tuple[str, ...] = ()
    more: int = 0


def found(total: int, lacking: Sequence[str], *, has_some: bool = True) -> Found:
    """Say how far something is: nothing to be done by means nothing is done yet."""
    shown, more = tuple(lacking[:SHOWN]), max(len(lacking) - SHOWN, 0)
    if not total or not has_some:
        return Found(StepState.MISSING, shown, more)
    if not lacking:
        return Found(StepState.DONE)
    state = StepState.MISSING if len(lacking) >= total else StepState.PARTLY
    return Found(state, shown, more)


@dataclass(frozen=True, slots=True)
class SetUp:
    """All steps in the order they are done."""

    steps: tuple[Step, ...]

    @property
    def needed(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.is_needed)

    @property
    def done(self) -> int:
        return sum(step.state == StepState.DONE for step in self.needed)

    @property
    def missing(self) -> int:
        """How many needed steps haven't been begun."""
        return sum(step.state == StepState.MISSING for step in self.needed)

    @property
    def next_step(self) -> Step | None:
        """Return the first needed step that isn't done."""
        return next((step for step in self.needed if step.state != StepState.DONE), None)
