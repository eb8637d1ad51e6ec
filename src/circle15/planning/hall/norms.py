"""What the rule books say of a town's staff, to stand beside what the simulation asks for."""

from collections.abc import Iterator
from dataclasses import dataclass

from circle15.standards import Edition, editions
from circle15.standards.rules import CountNorm, Norm, Requirement, Rule
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class StaffNorm:
    """The norm of one book for one population: from `least` to `usual_most` people."""

    edition: str
    title: Text
    clause: str
    least: int
    usual_most: int


def staff_norms(people: int) -> tuple[StaffNorm, ...]:
    """Return the staff norm of every built-in rule book that has one, for so many residents."""
    return tuple(norm for book in editions() for norm in _of_book(book, people))


def _of_book(book: Edition, people: int) -> Iterator[StaffNorm]:
    for clause in book.clauses:
        for norm in (each for rule in clause.rules for each in _norms(rule)):
            small = people < norm.threshold
            yield StaffNorm(
                edition=book.id,
                title=book.title,
                clause=clause.number,
                least=norm.below if small else norm.from_threshold,
                usual_most=norm.below if small else norm.usual_max,
            )


def _norms(rule: Rule) -> Iterator[Norm]:
    if isinstance(rule, CountNorm):
        yield rule.norm
    elif isinstance(rule, Requirement):
        yield from (each for each in rule.conditions if isinstance(each, Norm))
