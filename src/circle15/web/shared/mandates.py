"""Mandates as pages list them: in force, waiting to be confirmed, or over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from circle15.ledger.people.mandates import MandateLine


@dataclass(frozen=True, slots=True)
class Shown:
    """A mandate and how it stands today."""

    line: MandateLine
    is_in_force: bool
    is_waiting: bool

    @property
    def can_end(self) -> bool:
        return self.is_in_force or self.is_waiting


def mandates_shown(lines: Iterable[MandateLine], *, on: date) -> tuple[Shown, ...]:
    """Say of mandates how they stand on a day."""
    return tuple(Shown(each, each.is_in_force(on), each.is_waiting(on)) for each in lines)
