"""Find life events by what people say happened; an index is built once for each edition."""

from functools import lru_cache

from circle15.items.search.index import Entry, Index
from circle15.standards.life_events import LifeEvent, LifeEvents, editions

# Beside items, which are named more often: only what clearly is meant.
LEAST = 0.6


def events_like(typed: str, edition: LifeEvents, *, limit: int = 2) -> tuple[LifeEvent, ...]:
    """Return the events of an edition most like what was typed, the likeliest first."""
    hits = _index(edition.version).find(typed, limit=limit)
    return tuple(edition.events[hit.key] for hit in hits if hit.likeness >= LEAST)


@lru_cache(maxsize=4)
def _index(version: str) -> Index:
    edition = next(each for each in editions() if each.version == version)
    return Index(
        Entry(event.key, (event.name.zh, *event.aliases), (event.name.en,))
        for event in edition.events.values()
    )
