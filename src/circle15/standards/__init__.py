"""The rule books as data: editions, facts, glossary, and the wording generated from them."""

from circle15.standards.facts import FactDefinition, FactValue, InvalidFacts, clean_facts, facts
from circle15.standards.library import UnknownEdition, edition, editions
from circle15.standards.model import Edition, UnknownSwitch
from circle15.standards.parser import InvalidEdition, parse_edition
from circle15.standards.text import Text

__all__ = [
    "Edition",
    "FactDefinition",
    "FactValue",
    "InvalidEdition",
    "InvalidFacts",
    "Text",
    "UnknownEdition",
    "UnknownSwitch",
    "clean_facts",
    "edition",
    "editions",
    "facts",
    "parse_edition",
]
