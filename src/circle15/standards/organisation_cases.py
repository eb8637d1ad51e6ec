"""What changes about an item where an organisation applies: one question, one paper, from data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from circle15.standards import strict_yaml
from circle15.standards.catalogue import CatalogueItem, Choice, Condition, Material, Question
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class OrganisationCases:
    """The question about who comes for an organisation, and the letter that authorises them."""

    replaces: str
    question: Question
    usual: str
    letter: Material
    letter_calendar_days: int
    answers: Mapping[str, Mapping[str, str]]

    def item(self, item: CatalogueItem) -> CatalogueItem:
        """Return an item as an organisation is asked about it."""
        kept = tuple(each for each in item.questions if each.key != self.replaces)
        return replace(
            item,
            questions=(*kept, self.question),
            materials=(*item.materials, self.letter),
        )

    def told(self, item: CatalogueItem) -> CatalogueItem:
        """Return an item as guides tell of it: what only organisations apply for as they do."""
        return item if item.is_for_people else self.item(item)

    def known_answers(self, item_key: str) -> dict[str, str]:
        """Return what need not be asked, since an organisation applies."""
        return {self.question.key: self.usual, **self.answers.get(item_key, {})}


@cache
def organisation_cases() -> OrganisationCases:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "organisation_cases.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    asked, letter = data["question"], data["letter"]
    choices = tuple(Choice(each["key"], Text(*each["text"])) for each in asked["choices"])
    return OrganisationCases(
        replaces=data["replaces"],
        question=Question(asked["key"], Text(*asked["text"]), choices),
        usual=data["usual"],
        letter=Material(
            key=letter["key"],
            name=Text(*letter["name"]),
            when=(Condition(asked["key"], tuple(letter["when"])),),
        ),
        letter_calendar_days=int(data["letter_calendar_days"]),
        answers=data["answers"],
    )
