"""The editions in force, parsed once and told apart by their digest."""

from dataclasses import dataclass
from functools import lru_cache

from circle15.assessments.models import StoredEdition
from circle15.assessments.states import EditionState
from circle15.standards.model import Edition, Profile
from circle15.standards.parser import parse_edition


@dataclass(frozen=True, slots=True)
class Applicable:
    """An edition in force and the profile of it that judges a kind of site."""

    edition: Edition
    profile: Profile


@lru_cache(maxsize=64)
def parsed(text: str) -> Edition:
    """Parse an edition's text; the same text is parsed once per process."""
    return parse_edition(text)


def in_force() -> tuple[Edition, ...]:
    """Return the published editions in the order of their books' first appearance."""
    texts = (
        StoredEdition.objects.filter(state=EditionState.PUBLISHED)
        .order_by("book")
        .values_list("text", flat=True)
    )
    return tuple(
        sorted((parsed(text) for text in texts), key=lambda edition: book_rank(edition.id))
    )


_ORDER = ("jiangsu-acceptance", "nantong-demonstration", "wuhu-demonstration", "db3206-1052")


def book_rank(book: str) -> tuple[int, str]:
    """Return where a book stands in every list of books."""
    return (_ORDER.index(book) if book in _ORDER else len(_ORDER), book)


def applicable(kind: str, editions: tuple[Edition, ...]) -> tuple[Applicable, ...]:
    """Return the editions that judge a kind of site; banks and kiosks fall under none (D6)."""
    found = ((edition, edition.profile_for(kind)) for edition in editions)
    return tuple(
        Applicable(edition=edition, profile=profile)
        for edition, profile in found
        if profile is not None
    )
