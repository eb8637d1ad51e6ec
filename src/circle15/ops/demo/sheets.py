"""Score sheets of the demo city's past: self evaluation, acceptance, dynamic evaluation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from circle15.assessments.states import Purpose
from circle15.ops.demo.centres import centres
from circle15.ops.demo.history import SPAN

BOOK = "jiangsu-acceptance"
# Days before today; a sheet tells what the ledger knew of that day.
_DATES = ((Purpose.SELF, 340), (Purpose.ACCEPTANCE, 190), (Purpose.DYNAMIC, 12))
# The centre that works in form only: what the fourth veto is for.
_VETOED = {"320681405000C01": ("V4",)}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to be worked out and kept."""

    site_code: str
    purpose: Purpose
    on: date
    vetoes: tuple[str, ...]


def sheets(today: date) -> Iterator[Sheet]:
    """Give every long-open centre its three sheets, oldest first."""
    judged = [one for one in centres(today) if one.opened_on < today - SPAN]
    for purpose, days in _DATES:
        for one in judged:
            vetoes = _VETOED.get(one.code, ()) if purpose == Purpose.DYNAMIC else ()
            yield Sheet(one.code, purpose, today - timedelta(days=days), vetoes)
