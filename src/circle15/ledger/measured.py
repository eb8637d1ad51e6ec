"""Facts that records show, written by the system that holds the records."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from circle15.accounts.actors import Actor
from circle15.ledger.actions import UnusableFact, record_fact
from circle15.ledger.states import Source


class Shown(Protocol):
    """A fact as records show it, and how they do."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> object: ...
    @property
    def note(self) -> str: ...


def record_shown(code: str, shown: Iterable[Shown], *, on: date, by: Actor, at: datetime) -> int:
    """Append what operation shows of a site on a day; return how many facts.

    Of a site that opened later than what is told of it nothing is written.
    """
    written = 0
    for one in shown:
        try:
            record_fact(
                code=code,
                name=one.name,
                value=one.value,
                source=Source.OPERATION,
                observed_on=on,
                by=by,
                at=at,
                note=one.note,
            )
        except UnusableFact:
            continue
        written += 1
    return written
