"""What is asked of the platform, whoever answers: the one door of everything above."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from circle15.cases.core_platform.protocol import Response


class PlatformAway(Exception):
    """The platform did not answer as it should."""


class NotTaken(PlatformAway):
    """The message surely had no effect: nothing was connected, or it said it is busy."""


class ReplyLost(PlatformAway):
    """The message may have had its effect: ask before it is sent again."""


class Untrusted(ReplyLost):
    """What came back was not signed by the platform."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A transaction to be made. The contents name a person: kept out of every log."""

    infno: str
    msgid: str
    values: Mapping[str, object] = field(repr=False)
    insured_in: str = ""


class Platform(Protocol):
    """Makes transactions, each within a few seconds."""

    @property
    def fixmedins_code(self) -> str:
        """Return the code we are known by."""

    def ask(self, asked: Asked, *, at: datetime) -> Response:
        """Make one transaction. Raises NotTaken, ReplyLost, BadMessage."""
