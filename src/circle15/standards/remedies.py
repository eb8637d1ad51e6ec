"""How long somebody who was refused may ask for reconsideration, and may go to court."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from circle15.standards import strict_yaml
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class Remedies:
    """Calendar days for reconsideration, months for a lawsuit, and the laws that say so."""

    reconsideration_days: int
    reconsideration_law: Text
    lawsuit_months: int
    lawsuit_law: Text


@cache
def remedies() -> Remedies:
    """Return the two periods."""
    source = files("circle15.standards") / "data" / "remedies.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    asked, sued = data["reconsideration"], data["lawsuit"]
    return Remedies(
        reconsideration_days=asked["days"],
        reconsideration_law=Text(asked["zh"], asked["en"]),
        lawsuit_months=sued["months"],
        lawsuit_law=Text(sued["zh"], sued["en"]),
    )
