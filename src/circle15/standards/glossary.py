"""The words of the house: Chinese term, English term, name in the code."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from circle15.standards import strict_yaml


@dataclass(frozen=True, slots=True)
class Term:
    zh: str
    en: str
    code: str


@cache
def glossary() -> tuple[Term, ...]:
    """Return every term, in the order of glossary.yaml."""
    source = files("circle15.standards") / "data" / "glossary.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return tuple(Term(*entry) for entry in data["terms"])
