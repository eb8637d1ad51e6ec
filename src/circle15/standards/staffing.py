"""What is counted of staff, as the data have it."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from circle15.standards import strict_yaml


@dataclass(frozen=True, slots=True)
class StaffingRules:
    """The share of a site's items, in percent, from which somebody is multi-skilled."""

    multi_skilled_percent: int


@cache
def staffing_rules() -> StaffingRules:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "staffing.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return StaffingRules(multi_skilled_percent=data["multi_skilled_percent"])
