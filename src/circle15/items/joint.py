"""A life event for one person: what follows from it, and every paper once; pure, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from zlib import crc32

from circle15.items.authority import RANK
from circle15.items.guiding import Tailored, clean, tailor
from circle15.standards.catalogue import (
    Authority,
    Catalogue,
    CatalogueItem,
    Condition,
    Limit,
    Material,
    Place,
    Question,
    all_hold,
)
from circle15.standards.life_events import LifeEvent

_WORKDAYS, _WEEK = 5, 7


@dataclass(frozen=True, slots=True)
class Following:
    """An item that follows from an event, with the answers known of it: `given` by the event."""

    item: CatalogueItem
    given: Mapping[str, str]
    answers: Mapping[str, str]

    @property
    def tailored(self) -> Tailored:
        return tailor(self.item, self.answers)

    @property
    def possible(self) -> tuple[Material, ...]:
        """Return the papers that are asked for, or may be: no answer speaks against them yet."""
        asked: set[str] = set()
        for question in self.item.questions:
            if self._may_hold(question.when, asked):
                asked.add(question.key)
        return tuple(
            replace(each, when=tuple(c for c in each.when if c.question not in self.answers))
            for each in self.item.materials
            if self._may_hold(each.when, asked)
        )

    def _may_hold(self, when: Iterable[Condition], asked: set[str]) -> bool:
        return all(
            each.holds(self.answers) if each.question in self.answers else each.question in asked
            for each in when
        )

    def knowing(self, answers: Mapping[str, str]) -> "Following":
        """Return it with more answers; what the event has given stays."""
        whole = clean(self.item, {**answers, **self.given})
        return replace(self, answers=MappingProxyType(whole))


@dataclass(frozen=True, slots=True)
class JointPaper:
    """A paper asked for once, and the items that need it with how each asks for it."""

    key: str
    needed: tuple[tuple[CatalogueItem, Material], ...]

    @property
    def material(self) -> Material:
        """Return the paper as all of the items together ask for it: the strictest of each."""
        every = [material for _item, material in self.needed]
        return replace(
            every[0],
            is_required=any(each.is_required for each in every),
            copies=max(each.copies for each in every),
            is_shareable=all(each.is_shareable for each in every),
            is_deferrable=all(each.is_deferrable for each in every),
            by_commitment=all(each.by_commitment for each in every),
        )


# Clauses: J-86
def following(
    event: LifeEvent, catalogue: Catalogue, answers: Mapping[str, str]
) -> tuple[Following, ...]:
    """Return the items that follow from the answers (question of the event -> choice), in order.

    What the catalogue in force has dropped since is left out; an item follows once.
    """
    known, found = clean(event, answers), dict[str, Following]()
    for entry in event.items:
        item = catalogue.items.get(entry.item)
        if item is not None and item.is_case and all_hold(entry.when, known):
            new = Following(item, entry.answers, {}).knowing({})
            found.setdefault(item.key, new)
    return tuple(found.values())


# Clauses: J-86
def papers_once(
    asked: Iterable[tuple[CatalogueItem, Iterable[Material]]],
) -> tuple[JointPaper, ...]:
    """Return the union of the papers of some items, required ones first.

    Papers of one name are one paper, whatever else the items call it by.
    """
    found: dict[str, list[tuple[CatalogueItem, Material]]] = {}
    for item, materials in asked:
        for material in materials:
            found.setdefault(material.name.zh, []).append((item, material))
    papers = [
        JointPaper(_named(needed[0][1].key, name), tuple(needed)) for name, needed in found.items()
    ]
    return tuple(sorted(papers, key=lambda each: not each.material.is_required))


def question_key(question: Question) -> str:
    """Name a question by what it says: two items may use a key for different things."""
    words = (question.text.zh, *(f"{each.key}={each.text.zh}" for each in question.choices))
    return _named(question.key, "\n".join(words))


def longest(items: Iterable[Following]) -> CatalogueItem:
    """Return the item that takes longest; of those without a limit none is longer."""
    return max((each.item for each in items), key=lambda item: _days(item.limit))


def together(items: tuple[Following, ...]) -> CatalogueItem:
    """Return an item that may be done where all of them may: as far as the least place goes."""
    levels = {place: _least(items, place) for place in Place}
    return replace(items[0].item, levels=MappingProxyType(levels))


def _least(items: tuple[Following, ...], place: Place) -> Authority:
    return min((each.item.authority(place) for each in items), key=RANK.__getitem__)


def _days(limit: Limit) -> float:
    if limit.is_instant or limit.promised_days is None:
        return 0
    return limit.promised_days * (_WORKDAYS / _WEEK if limit.is_calendar else 1)


def _named(key: str, words: str) -> str:
    return f"{key}-{crc32(words.encode()):08x}"
