"""Facts that records show, written by the system that holds the records."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from circle15.accounts.actors import Actor
from circle15.ledger.actions import UnusableFact, record_fact
from circle15.ledger.states import Source

if TYPE_CHECKING:
    from circle15.ledger.models import Fact


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


@dataclass(frozen=True, slots=True)
class DailyFact:
    """What the records of a day show; `takes_back`: a no stands against what somebody wrote."""

    name: str
    value: bool | int
    note: str
    takes_back: bool = True


def is_news(one: DailyFact, former: "Fact | None", day: date) -> bool:
    """Tell whether to write it: not what stands already, nor against a look around that day.

    A no that takes nothing back goes only against a yes of the records themselves.
    """
    if former is None:
        return bool(one.value) or one.takes_back
    is_count = type(one.value) is int
    same = former.value == one.value if is_count else bool(former.value) is one.value
    of_records = former.recorded_by_id is None and former.source == Source.OPERATION
    if same or not (one.value or one.takes_back or of_records):
        return False
    return former.source != Source.ON_SITE or former.observed_on < day
