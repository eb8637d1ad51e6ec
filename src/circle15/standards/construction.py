"""How a site is built, as the data have it: milestones of the plans, guarantees, report periods."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from circle15.core.deadlines import standard_reckoner
from circle15.standards import strict_yaml
from circle15.standards.information import Period, period_of
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class Span:
    """First day, the day planned to be ready, and the last day there is, where one is named."""

    first: date
    planned: date
    hard: date | None = None


@dataclass(frozen=True, slots=True)
class MilestoneSpec:
    """A milestone of a template; `after` and `needs` are "" where nothing is asked."""

    key: str
    name: Text
    clause: str
    owner: str
    after: str
    needs: str
    printed: tuple[str, str, str]
    days: tuple[int, int] | None

    def span(self, start_on: date) -> Span:
        """Return its days for a project that starts on a day (`decided.year`)."""
        if self.days is not None:
            first, last = self.days
            return Span(start_on + timedelta(days=first), start_on + timedelta(days=last))
        first_on, planned, hard = (_of_year(start_on.year, each) for each in self.printed)
        assert first_on is not None
        assert planned is not None
        return Span(first_on, planned, hard)


@dataclass(frozen=True, slots=True)
class BuildTemplate:
    """Milestones in their order, and how often is reported."""

    key: str
    name: Text
    document: str
    report: str
    milestones: tuple[MilestoneSpec, ...]


@dataclass(frozen=True, slots=True)
class ReportRule:
    """How often a site reports, and how many working days after a period ends."""

    key: str
    name: Text
    days: int
    due_days: int

    def periods(self, since: date, until: date) -> Iterator[Period]:
        """Yield the periods from the one a day lies in, as far as they end before another day."""
        period = self._from(since)
        while period.last < until:
            yield period
            period = self._from(period.last + timedelta(days=1))

    def due_on(self, period: Period) -> date:
        """Return the last working day on which a period's report is in time."""
        return standard_reckoner().due(period.last, self.due_days)

    def _from(self, first: date) -> Period:
        if not self.days:
            return period_of("month", first)
        return Period(first.isoformat(), first, first + timedelta(days=self.days - 1))


@dataclass(frozen=True, slots=True)
class BuildRules:
    """All there is; `soon_days` before its day a milestone is told to be due soon."""

    soon_days: int
    reports: Mapping[str, ReportRule]
    guarantees: Mapping[str, Text]
    owners: Mapping[str, Text]
    templates: Mapping[str, BuildTemplate]


@cache
def build_rules() -> BuildRules:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "construction.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    reports = {
        key: ReportRule(key, _text(each), each["days"], each["due"])
        for key, each in data["reports"].items()
    }
    return BuildRules(
        soon_days=data["soon_days"],
        reports=MappingProxyType(reports),
        guarantees=MappingProxyType({each["key"]: _text(each) for each in data["guarantees"]}),
        owners=MappingProxyType({key: _text(each) for key, each in data["owners"].items()}),
        templates=MappingProxyType({each["key"]: _template(each) for each in data["templates"]}),
    )


def _template(data: Mapping[str, Any]) -> BuildTemplate:
    return BuildTemplate(
        key=data["key"],
        name=_text(data),
        document=data["document"],
        report=data["report"],
        milestones=tuple(map(_milestone, data["milestones"])),
    )


def _milestone(data: Mapping[str, Any]) -> MilestoneSpec:
    first, last = data.get("days", (0, 0))
    return MilestoneSpec(
        key=data["key"],
        name=_text(data),
        clause=data["clause"],
        owner=data["owner"],
        after=data.get("after", ""),
        needs=data.get("needs", ""),
        printed=(data.get("from", ""), data.get("to", ""), data.get("hard", "")),
        days=(first, last) if "days" in data else None,
    )


def _text(data: Mapping[str, Any]) -> Text:
    return Text(data["zh"], data["en"])


def _of_year(year: int, printed: str) -> date | None:
    return date.fromisoformat(f"{year}-{printed}") if printed else None
