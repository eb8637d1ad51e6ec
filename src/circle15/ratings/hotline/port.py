"""What is told to the house of 12345 and asked of it, whoever answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Told:
    """A step of an order; the key is the same whenever it is told again."""

    key: str
    event: str
    body: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What it says of a step: taken, under its number of the order; or not, and why."""

    is_taken: bool
    number: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """What the person said there when asked again; a no brings the order back."""

    key: str
    order_uid: UUID
    is_satisfied: bool
    note: str


class CityLine(Protocol):
    """The line, each call within a few seconds. Both raise NotTaken and ReplyLost."""

    def tell(self, told: Told, *, at: datetime) -> Receipt:
        """Tell a step: it counts once, however often it is told."""

    def words(self, taken: tuple[str, ...], *, at: datetime) -> tuple[Word, ...]:
        """Return what people said there, but for the keys that are taken and come no more."""
