"""Days and counts of handling cases, as the rules name them."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from circle15.standards import strict_yaml


@dataclass(frozen=True, slots=True)
class CaseRules:
    """Working days unless the name says calendar days."""

    proxy_days: int
    conditional_days: int
    conditional_most_days: int
    barred_calendar_days: int
    draft_calendar_days: int
    correction_calendar_days: int
    answer_calendar_days: int
    appeal_calendar_days: int
    appeal_handling_days: int
    receipt_calendar_days: int
    most_files: int


@cache
def case_rules() -> CaseRules:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "case_rules.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return CaseRules(**{name: int(value) for name, value in data.items()})
