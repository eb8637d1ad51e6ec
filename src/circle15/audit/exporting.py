"""Hand out a part of the trail; that somebody took it along stands in the trail as well."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from circle15.audit.actions import record
from circle15.audit.models import Event
from circle15.audit.queries import EventSearch, events_in_order
from circle15.audit.states import Who

MOST_EVENTS = 50_000


class TooMany(ValueError):
    """More events than one file should hold; `count` says how many fit the search."""

    def __init__(self, count: int) -> None:
        super().__init__(str(count))
        self.count = count


@transaction.atomic
def export(
    search: EventSearch, *, who: Who, form: str, at: datetime, most: int = MOST_EVENTS
) -> tuple[Event, ...]:
    """Return the events that fit, the newest first, and record who took them. Raises TooMany."""
    found = events_in_order(search)
    if (count := found.count()) > most:
        raise TooMany(count)
    taken = tuple(found)
    asked = {name: value for name, value in asdict(search).items() if value not in {None, ""}}
    record(
        who=who,
        verb="audit.export",
        target_kind="audit",
        target_id=form,
        area_path=search.area_path,
        at=at,
        new={"events": len(taken), **asked},
    )
    return taken
