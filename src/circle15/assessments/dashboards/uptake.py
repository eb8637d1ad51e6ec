"""Uptake of an area: cases and visits of a year against the people who live there."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from circle15.accounts.actors import Actor
from circle15.areas.queries import people_in
from circle15.assessments.dashboards.sums import Span, some_sums_of

_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Uptake:
    """What was used in a year up to a day; the number of insured persons is not known here."""

    since: date
    until: date
    cases: int
    visits: int
    people: int

    @property
    def cases_per_ten_thousand(self) -> Decimal | None:
        return _per_ten_thousand(self.cases, self.people)

    @property
    def visits_per_ten_thousand(self) -> Decimal | None:
        return _per_ten_thousand(self.visits, self.people)


# Clauses: J-125
def uptake(by: Actor, *, on: date) -> Uptake:
    """Return the use of the year that ended yesterday, from own records alone."""
    until = on - timedelta(days=1)
    since = on - _YEAR
    sums = some_sums_of(Span(by.area_path, since, until), "cases_casetally", "hall_hallday").total
    return Uptake(since, until, sums["received"], sums["came"], people_in(by.area_path))


def _per_ten_thousand(n: int, people: int) -> Decimal | None:
    return (10_000 * Decimal(n) / people).quantize(Decimal("0.1")) if people else None
