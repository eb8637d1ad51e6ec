"""The editions in force on a day, parsed once and told apart by their digest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused
from circle15.assessments.models import StoredEdition
from circle15.assessments.states import COUNTING, Standing
from circle15.standards.model import Edition, Profile
from circle15.standards.parser import parse_edition

# The service circle is younger than this by far: no day before it is asked for.
EARLIEST = date(2000, 1, 1)


class NotInForce(Refused):
    """A book has no edition for a day: its `first` one counts from a later day."""

    def __init__(self, edition: Edition, *, on: date, first: date) -> None:
        self.edition, self.on, self.first = edition, on, first
        super().__init__(
            _("《%(book)s》在 %(on)s 还没有施行的版本，最早的版本自 %(first)s 起施行。")
            % {"book": edition.title.in_language(get_language() or ""), "on": on, "first": first}
        )


@dataclass(frozen=True, slots=True)
class Applicable:
    """An edition in force and the profile of it that judges a kind of site."""

    edition: Edition
    profile: Profile


@dataclass(frozen=True, slots=True)
class Period:
    """The days a version counts for, both included; `until` is None where none follows."""

    since: date
    until: date | None
    standing: Standing

    @property
    def is_open_start(self) -> bool:
        """Tell whether the document names no day: then every day we know counts."""
        return self.since == EARLIEST


@lru_cache(maxsize=64)
def parsed(text: str) -> Edition:
    """Parse an edition's text; the same text is parsed once per process."""
    return parse_edition(text)


def counting() -> QuerySet[StoredEdition]:
    """Return the published editions, each book's latest first."""
    return StoredEdition.objects.filter(state__in=COUNTING).order_by("book", "-in_force_from")


def in_force(on: date) -> tuple[Edition, ...]:
    """Return the editions of a day, in the order of their books' first appearance."""
    texts = counting().filter(in_force_from__lte=on).distinct("book").values_list("text", flat=True)
    return tuple(
        sorted((parsed(text) for text in texts), key=lambda edition: book_rank(edition.id))
    )


def require_begun(book: str, on: date) -> None:
    """Raise NotInForce if the first edition of a book counts from a later day."""
    first = counting().filter(book=book).order_by("in_force_from").first()
    if first is not None and first.in_force_from is not None and first.in_force_from > on:
        raise NotInForce(parsed(first.text), on=on, first=first.in_force_from)


def periods(versions: Iterable[StoredEdition], on: date) -> dict[int, Period]:
    """Return the days each version of one book counts for, by its id; drafts have none."""
    found = [(each.in_force_from, each.id) for each in versions if each.counts]
    begins = sorted((since, id_) for since, id_ in found if since is not None)
    ends = [*(since - timedelta(days=1) for since, _id in begins[1:]), None]
    return {
        id_: _period(since, until, on)
        for (since, id_), until in zip(begins, ends, strict=False)  # none begins: one end too many
    }


def _period(since: date, until: date | None, on: date) -> Period:
    if since > on:
        return Period(since, until, Standing.COMING)
    is_over = until is not None and until < on
    return Period(since, until, Standing.FORMER if is_over else Standing.CURRENT)


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
