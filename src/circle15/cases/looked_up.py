"""Where the data that stands for a paper was looked up, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from circle15.cases.refusals import LookedUpAhead, SourceMissing
from circle15.core.text import without_invisible
from circle15.standards.catalogue import Material
from circle15.standards.shared_sources import shared_sources
from circle15.standards.text import Text

SOURCE = 60


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A system or register by name, as it was noted, and the day of the look-up."""

    source: str
    on: date

    @property
    def name(self) -> Text:
        """Name the source in both languages where it is a known one."""
        return shared_sources().told(self.source)


def demand_sources(shared: Iterable[tuple[Material, LookedUp | None]], *, on: date) -> None:
    """Raise SourceMissing with every paper that names none, LookedUpAhead for a day to come."""
    noted = list(shared)
    language = get_language() or ""
    unnamed = [
        paper.name.in_language(language)
        for paper, seen in noted
        if seen is None or not without_invisible(seen.source).strip()
    ]
    if unnamed:
        raise SourceMissing(unnamed)
    if any(seen.on > on for _paper, seen in noted if seen is not None):
        raise LookedUpAhead


def by_rule(material: Material, *, on: date, signed_in: str = "") -> LookedUp | None:
    """Return where a paper is looked up for somebody at home; None for one to be handed in.

    `signed_in`: how they signed in, for what their identity stands for.
    """
    known = shared_sources()
    proof = known.signed_in.get(signed_in)
    usual = (*([proof] if proof else []), *known.of(material))
    return LookedUp(usual[0].zh, on) if material.is_shareable else None
