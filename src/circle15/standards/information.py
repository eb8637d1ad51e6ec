"""Information reports (信息报送) as the data have them: kinds, their periods, their days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from circle15.core.deadlines import standard_reckoner
from circle15.standards import strict_yaml
from circle15.standards.text import Text

COUNTY = "county"
_MONTHS = {"month": 1, "quarter": 3}


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a quarter: its name (2026-10, 2026-Q4), its first and its last day."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class InformationKind:
    """What is handed in by whom how often; `drawn_from` is the program's own report for it."""

    key: str
    name: Text
    of: tuple[str, ...]
    every: str
    due_days: int
    drawn_from: str

    def periods(self, since: date, until: date) -> Iterator[Period]:
        """Yield the whole periods that begin on or after a day and end before another."""
        period = period_of(self.every, since)
        if period.first < since:
            period = period_of(self.every, period.last + timedelta(days=1))
        while period.last < until:
            yield period
            period = period_of(self.every, period.last + timedelta(days=1))

    def due_on(self, period: Period) -> date:
        """Return the last working day on which a period's report is in time."""
        return standard_reckoner().due(period.last, self.due_days)


@dataclass(frozen=True, slots=True)
class InformationRules:
    """All kinds by key, and the fact that lateness is written to."""

    fact: str
    kinds: MappingProxyType[str, InformationKind]


def period_of(every: str, day: date) -> Period:
    """Return the month or quarter a day lies in."""
    months = _MONTHS[every]
    start = (day.month - 1) // months * months + 1
    after = start + months
    following = date(day.year + (after > 12), after - 12 if after > 12 else after, 1)  # noqa: PLR2004 -- months
    name = f"{day.year}-Q{(start + 2) // 3}" if every == "quarter" else f"{day.year}-{start:02}"
    return Period(name, date(day.year, start, 1), following - timedelta(days=1))


@cache
def information_rules() -> InformationRules:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "information_reports.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    kinds = {
        each["key"]: InformationKind(
            key=each["key"],
            name=Text(each["zh"], each["en"]),
            of=tuple(each["of"]),
            every=each["every"],
            due_days=each["due"],
            drawn_from=each["from"],
        )
        for each in data["kinds"]
    }
    return InformationRules(data["fact"], MappingProxyType(kinds))
