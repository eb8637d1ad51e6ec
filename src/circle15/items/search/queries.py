"""Search the catalogue in force; an index is built once for each edition."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from threading import Lock

from circle15.items.queries import catalogue_on
from circle15.items.search.index import Entry, Index
from circle15.items.search.speech import speech
from circle15.standards.catalogue import Catalogue, CatalogueItem

# The edition in force, the one before, and a draft somebody looks at.
_MOST_KEPT = 3
_kept: dict[str, Index] = {}
_building = Lock()


@dataclass(frozen=True, slots=True)
class Found:
    """An item that fits, and the name by which it was found."""

    item: CatalogueItem
    name: str
    likeness: float


def search(typed: str, *, on: date, limit: int = 10) -> tuple[Found, ...]:
    """Return the items of a day's catalogue most like what was typed, the likeliest first."""
    return search_in(catalogue_on(on), typed, limit=limit)


def search_in(catalogue: Catalogue, typed: str, *, limit: int = 10) -> tuple[Found, ...]:
    """Return the items of a catalogue most like what was typed, the likeliest first."""
    hits = index_of(catalogue).find(typed, limit=limit)
    return tuple(Found(catalogue.items[hit.key], hit.name, hit.likeness) for hit in hits)


def index_of(catalogue: Catalogue) -> Index:
    """Return the index of a catalogue; built at most once in a process while it is asked for."""
    with _building:
        index = _kept.pop(catalogue.digest, None) or Index(entries(catalogue))
        _kept[catalogue.digest] = index
        while len(_kept) > _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        return index


def entries(catalogue: Catalogue) -> Iterator[Entry]:
    """Give every item with its official names, its aliases, and what people call it."""
    said = speech().everyday
    for item in catalogue.items.values():
        names = (item.name.zh, item.short_name.zh, *item.aliases, *said.get(item.key, ()))
        yield Entry(item.key, tuple(dict.fromkeys(names)), (item.name.en, item.short_name.en))
