"""Whether what records show is news to the ledger."""

from datetime import date
from typing import TYPE_CHECKING, Protocol

from circle15.ledger.states import Source

if TYPE_CHECKING:
    from circle15.ledger.models import Fact


class Telling(Protocol):
    """A fact as records show it; `takes_back`: its no stands against what somebody wrote down."""

    @property
    def value(self) -> bool: ...
    @property
    def takes_back(self) -> bool: ...


def is_news(one: Telling, former: "Fact | None", day: date) -> bool:
    """Tell whether to write it: not what stands already, nor against a look around that day.

    A no that takes nothing back goes only against a yes of the records themselves.
    """
    if former is None:
        return bool(one.value) or one.takes_back
    of_records = former.recorded_by_id is None and former.source == Source.OPERATION
    if bool(former.value) is one.value or not (one.value or one.takes_back or of_records):
        return False
    return former.source != Source.ON_SITE or former.observed_on < day
