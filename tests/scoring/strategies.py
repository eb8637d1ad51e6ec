"""Random facts, readings and sites for property tests.

One seed is drawn and the hundred facts of a site follow from it: drawing each by itself would
take most of the time of the test.
"""

from decimal import Decimal
from random import Random
from typing import NamedTuple

from hypothesis import strategies as st

from circle15.standards import Edition, FactValue, editions, facts
from circle15.standards.rules import stand_ins

BOUNDS = [1, 2, 10, 60, 90, 100, 150, 200]
ULP = Decimal("0.0001")


def value(name, chance):
    """A value of the fact's kind, often at or next to a bound of some rule."""
    kind = facts()[name].kind
    if name.startswith("town."):
        return chance.choice([0, 49_999, 50_000, 50_001, 200_000])
    if kind == "bool":
        return chance.random() < 0.8
    if kind == "element":
        return chance.choice([True, True, True, False, 0, 1, 3])
    if kind == "count":
        return chance.choice([0, 0, 1, 2, 3, 4, 5, 6, 7, 10**10])
    return chance.choice(BOUNDS) + chance.choice([-ULP, Decimal(0), ULP])


class Case(NamedTuple):
    """A site to score; known by its seed, for its hundred facts would fill a page."""

    book: Edition
    profile: str
    switches: dict[str, str]
    facts: dict[str, FactValue]
    seed: int

    def __repr__(self):
        return f"<Case {self.seed} of {self.book.id}, {self.profile}, {len(self.facts)} facts>"


@st.composite
def scored(draw, *, complete=True):
    """Draw a case; some facts are left out unless `complete`."""
    book = draw(st.sampled_from(editions()))
    seed = draw(st.integers(0, 2**64))
    chance = Random(seed)
    profile = chance.choice(book.profiles).id
    switches = {each.id: chance.choice(each.options).id for each in book.switches}
    rules = [rule for clause in book.clauses_for(profile) for rule in clause.rules]
    asked = dict.fromkeys(name for rule in rules for name in rule.facts)
    given = dict.fromkeys(name for rule in rules for name in stand_ins(rule))
    share = 1 if complete else chance.choice([0, 0.5, 0.9])
    names = [name for name in asked if chance.random() < share]
    names += [name for name in given if chance.random() < 0.3]
    drawn = {name: value(name, chance) for name in names}
    return Case(book, profile, switches, drawn, seed)
