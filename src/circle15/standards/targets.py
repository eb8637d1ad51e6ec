"""Targets of the plans as the data have them: metrics, dated templates, what a forecast needs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from circle15.standards import strict_yaml
from circle15.standards.text import Text

SHARE = "share"


@dataclass(frozen=True, slots=True)
class Metric:
    """What a target may count: `of` sites, towns, places, hospitals, or a share of people.

    `plan`: how planning counts it, "" where it can't; `minutes` of a share of people.
    """

    key: str
    name: Text
    of: str
    kinds: tuple[str, ...]
    plan: str = ""
    minutes: int | None = None

    @property
    def is_share(self) -> bool:
        return self.of == SHARE


@dataclass(frozen=True, slots=True)
class TargetTemplate:
    """A target as a document sets it; without `value` it asks for all there are."""

    id: str
    name: Text
    document: str
    clause: str
    metric: str
    op: str
    value: Decimal | None
    due: date | None
    force: str


@dataclass(frozen=True, slots=True)
class ForecastRules:
    """How far back a straight line looks, and from how many changes on it says anything."""

    window_days: int
    least_changes: int
    sigmas: Decimal
    confidence: int


@dataclass(frozen=True, slots=True)
class TargetRules:
    """Metrics and templates by key, in their order."""

    metrics: MappingProxyType[str, Metric]
    templates: MappingProxyType[str, TargetTemplate]
    forecast: ForecastRules


@cache
def target_rules() -> TargetRules:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "targets.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    metrics = {
        row["key"]: Metric(
            key=row["key"],
            name=Text(row["zh"], row["en"]),
            of=row["of"],
            kinds=tuple(row["kinds"]),
            plan=row.get("plan", ""),
            minutes=row.get("minutes"),
        )
        for row in data["metrics"]
    }
    templates = {row["id"]: _template(row) for row in data["templates"]}
    unknown = {each.metric for each in templates.values()} - set(metrics)
    assert not unknown, unknown
    given = data["forecast"]
    forecast = ForecastRules(
        window_days=given["window_days"],
        least_changes=given["least_changes"],
        sigmas=Decimal(given["sigmas"]),
        confidence=given["confidence"],
    )
    return TargetRules(MappingProxyType(metrics), MappingProxyType(templates), forecast)


def _template(row: dict[str, str]) -> TargetTemplate:
    value, due = row["value"], row["due"]
    return TargetTemplate(
        id=row["id"],
        name=Text(row["zh"], row["en"]),
        document=row["document"],
        clause=row["clause"],
        metric=row["metric"],
        op=row["op"],
        value=None if value is None else Decimal(value),
        due=_day(due),
        force=row["force"],
    )


def _day(given: object) -> date | None:
    """Read a day; the strict reader leaves it a text or gives a date."""
    if given is None or isinstance(given, date):
        return given
    return date.fromisoformat(str(given))
