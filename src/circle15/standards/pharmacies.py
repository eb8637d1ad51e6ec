"""Convenience pharmacies (医保便民药店) as the data have them: conditions, checks, days, bars."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from circle15.standards import strict_yaml
from circle15.standards.information import Period, period_of
from circle15.standards.text import Text

QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class DrugKind:
    """Why a drug is sold without mark-up, the fact that says so, and how lists write it."""

    key: str
    name: Text
    fact: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PharmacyRules:
    """All numbers and lists of the documents about convenience pharmacies."""

    unified: Mapping[str, Text]
    conditions: Mapping[str, Text]
    drug_kinds: Mapping[str, DrugKind]
    demand_day: int
    demand_missed_most: int
    order_from_yuan: Decimal
    answer_within: timedelta
    deliver_within: timedelta
    barred_years: int
    town_at_least: int
    without_boundary_km: Decimal
    decided: tuple[Text, ...]

    def demand_due(self, quarter: Period) -> date:
        """Return the day by which the demand of a quarter is told: in the month before it."""
        before = quarter.first - timedelta(days=1)
        return before.replace(day=self.demand_day)

    def barred_until(self, removed_on: date) -> date:
        """Return the first day on which a removed shop may be a candidate again."""
        year = removed_on.year + self.barred_years
        try:
            return removed_on.replace(year=year)
        except ValueError:  # 29 February
            return date(year, 3, 1)


def next_quarter(day: date) -> Period:
    """Return the quarter after the one a day lies in: the one the next demand is for."""
    return period_of(QUARTER, period_of(QUARTER, day).last + timedelta(days=1))


def quarter_named(name: str) -> Period:
    """Return a quarter by its name (2026-Q4). Raises ValueError."""
    year, mark, number = name.partition("-Q")
    if not mark or number not in {"1", "2", "3", "4"}:
        raise ValueError(name)
    return period_of(QUARTER, date(int(year), int(number) * 3, 1))


@cache
def pharmacy_rules() -> PharmacyRules:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "pharmacies.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    kinds = {
        each["key"]: DrugKind(each["key"], _text(each), each["fact"], tuple(each["words"]))
        for each in data["drug_kinds"]
    }
    return PharmacyRules(
        unified=_named(data["unified"]),
        conditions=_named(data["conditions"]),
        drug_kinds=MappingProxyType(kinds),
        demand_day=int(data["demand_day"]),
        demand_missed_most=int(data["demand_missed_most"]),
        order_from_yuan=data["order_from_yuan"],
        answer_within=timedelta(hours=int(data["answer_hours"])),
        deliver_within=timedelta(days=int(data["deliver_days"])),
        barred_years=int(data["barred_years"]),
        town_at_least=int(data["town_at_least"]),
        without_boundary_km=data["without_boundary_km"],
        decided=tuple(_text(each) for each in data["decided"]),
    )


def _named(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Text]:
    return MappingProxyType({each["key"]: _text(each) for each in rows})


def _text(each: Mapping[str, Any]) -> Text:
    return Text(each["zh"], each["en"])
