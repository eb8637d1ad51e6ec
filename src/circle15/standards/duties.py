"""Who owes what by when, as the data have it: the task force, its agencies, templates of duties."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from circle15.standards import strict_yaml
from circle15.standards.text import Text

TOWNS = "towns"


@dataclass(frozen=True, slots=True)
class DutySpec:
    """A duty of a plan: of which agencies (or every town), due on which month and day."""

    key: str
    name: Text
    clause: str
    of: tuple[str, ...]
    printed: str

    def due_on(self, year: int) -> date:
        """Return its day in a year; the last one where none is printed (`decided.end`)."""
        return date.fromisoformat(f"{year}-{self.printed or '12-31'}")


@dataclass(frozen=True, slots=True)
class DutyTemplate:
    """The duties of a document."""

    key: str
    name: Text
    document: str
    duties: tuple[DutySpec, ...]


@dataclass(frozen=True, slots=True)
class DutyRules:
    """All there is."""

    soon_days: int
    force: Text
    lead: Text
    agencies: Mapping[str, Text]
    templates: Mapping[str, DutyTemplate]


@cache
def duty_rules() -> DutyRules:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "duties.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return DutyRules(
        soon_days=data["soon_days"],
        force=_text(data["force"]),
        lead=_text(data["force"]["lead"]),
        agencies=MappingProxyType({each["key"]: _text(each) for each in data["agencies"]}),
        templates=MappingProxyType({each["key"]: _template(each) for each in data["templates"]}),
    )


def _template(data: Mapping[str, Any]) -> DutyTemplate:
    duties = tuple(
        DutySpec(each["key"], _text(each), each["clause"], tuple(each["of"]), each["due"] or "")
        for each in data["duties"]
    )
    return DutyTemplate(data["key"], _text(data), data["document"], duties)


def _text(data: Mapping[str, Any]) -> Text:
    return Text(data["zh"], data["en"])
