"""Appraisal of staff, awards, use of results and typical cases as the documents have them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from circle15.standards import strict_yaml
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of a quarter; the mean of `points` gives the year the grade it reaches."""

    key: str
    name: Text
    points: int
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class AwardKind:
    """What may be given each quarter, to a person or to a window."""

    key: str
    of: str
    name: Text


@dataclass(frozen=True, slots=True)
class Use:
    """What a year's result is used for; `fact` is what the ledger then says of the town."""

    key: str
    name: Text
    clause: str
    fact: str
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CasePlan:
    """How many typical cases a year asks for, and what one may consist of."""

    per_year: int
    fact: str
    clause: str
    title_length: int
    text_length: int
    files: int


@dataclass(frozen=True, slots=True)
class AppraisalRules:
    """All of it; mappings are in the order of the file."""

    least_ratings: int
    objection_days: int
    quarters_shown: int
    grades: Mapping[str, Grade]
    awards: Mapping[str, AwardKind]
    results: Mapping[str, Text]
    uses: Mapping[str, Use]
    cases: CasePlan

    def uses_of(self, result: str) -> tuple[Use, ...]:
        """Return what a result may be used for."""
        return tuple(use for use in self.uses.values() if result in use.results)

    def grade_of_year(self, keys: Iterable[str]) -> Grade | None:
        """Return the grade that the mean of the quarters reaches; None without any."""
        points = [self.grades[key].points for key in keys]
        if not points:
            return None
        mean = Decimal(sum(points)) / len(points)
        best_first = sorted(self.grades.values(), key=lambda one: -one.at_least)
        return next((one for one in best_first if mean >= one.at_least), None)


@cache
def appraisal_rules() -> AppraisalRules:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "appraisals.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return AppraisalRules(
        least_ratings=data["least_ratings"]["count"],
        objection_days=data["objection_days"]["days"],
        quarters_shown=data["quarters_shown"]["count"],
        grades=_by_key(_grade(each) for each in data["grades"]),
        awards=_by_key(AwardKind(each["key"], each["of"], _text(each)) for each in data["awards"]),
        results=MappingProxyType({each["key"]: _text(each) for each in data["results"]}),
        uses=_by_key(_use(each) for each in data["uses"]),
        cases=CasePlan(**data["typical_cases"]),
    )


def _by_key(each: Iterable[Any]) -> Mapping[str, Any]:
    return MappingProxyType({one.key: one for one in each})


def _grade(given: Mapping[str, Any]) -> Grade:
    return Grade(given["key"], _text(given), given["points"], Decimal(given["at_least"]))


def _use(given: Mapping[str, Any]) -> Use:
    fact = given.get("fact", "")
    return Use(given["key"], _text(given), given["clause"], fact, tuple(given["for"]))


def _text(given: Mapping[str, Any]) -> Text:
    return Text(given["zh"], given["en"])
