"""Read the trail: search it, and check that nobody altered it."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator

from circle15.audit.models import Event
from circle15.audit.verification import Finding, Verification, verify

__all__ = ["EventSearch", "Finding", "Verification", "events", "verify"]


@dataclass(frozen=True, slots=True)
class EventSearch:
    """What to look for; empty fields do not narrow. `since` counts in, `until` does not."""

    area_path: str
    actor_id: int | None = None
    actor_name: str = ""
    verb: str = ""
    target_kind: str = ""
    target_id: str = ""
    request_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


_FIELDS = {
    "area_path": "area_path__startswith",
    "actor_id": "actor_id",
    "actor_name": "actor_name",
    "verb": "verb",
    "target_kind": "target_kind",
    "target_id": "target_id",
    "request_id": "request_id",
    "since": "at__gte",
    "until": "at__lt",
}


def events(search: EventSearch, *, page: int = 1, size: int = 50) -> Page[Event]:
    """Return one page of events inside an area, the newest first; a page too far is the last."""
    wanted = {lookup: getattr(search, name) for name, lookup in _FIELDS.items()}
    narrowed = {lookup: value for lookup, value in wanted.items() if value not in {None, ""}}
    if not search.area_path:
        return Paginator(Event.objects.none(), size).get_page(1)
    found = Event.objects.filter(**narrowed).order_by("-at", "-id")
    return Paginator(found, size).get_page(page)
