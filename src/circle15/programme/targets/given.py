"""What parts above the programme tell it: titles held, and coverage as planning counted it.

They sit higher, so they put their functions in here at start-up; without them nothing is known.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from circle15.programme.targets.spans import Span


@dataclass(frozen=True, slots=True)
class Coverage:
    """A stored coverage of an area: who is covered, and on what the share rests.

    `towns`: name of a town, its people, and how many of them are covered.
    """

    plan: UUID
    title: str
    on: date
    people: float
    covered: float
    share: float | None
    basis: str
    towns: tuple[tuple[str, float, float], ...]


Titles = Callable[[str, str], Mapping[int, tuple[Span, ...]]]
Coverages = Callable[[str, date], Coverage | None]


def _no_titles(path: str, kind: str) -> Mapping[int, tuple[Span, ...]]:  # noqa: ARG001 -- the shape
    return {}


def _no_coverage(path: str, on: date) -> Coverage | None:  # noqa: ARG001 -- the shape
    return None


_titles: Titles = _no_titles
_coverage: Coverages = _no_coverage


def titles_from(source: Titles) -> None:
    """Say who tells the days a title of a kind is held, by site, inside an area."""
    global _titles  # noqa: PLW0603 -- put in once, at start-up
    _titles = source


def coverage_from(source: Coverages) -> None:
    """Say who tells the newest stored coverage of an area up to a day."""
    global _coverage  # noqa: PLW0603 -- put in once, at start-up
    _coverage = source


def titles_held(path: str, kind: str) -> Mapping[int, tuple[Span, ...]]:
    """Return the days a title of a kind is held, by the number of the site."""
    return _titles(path, kind)


def coverage_on(path: str, on: date) -> Coverage | None:
    """Return the newest stored coverage of an area up to a day."""
    return _coverage(path, on)
