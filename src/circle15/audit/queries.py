"""Read the trail: search it, and check that nobody altered it."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import QuerySet

from circle15.audit.chain import SEE_EVERYTHING
from circle15.audit.models import Event, Head
from circle15.audit.verification import Finding, Verification, verify

__all__ = [
    "EventSearch",
    "Finding",
    "Standing",
    "Verification",
    "events",
    "events_in_order",
    "standing",
    "verify",
]


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


def events_in_order(search: EventSearch) -> QuerySet[Event]:
    """Return the events inside an area that fit, the newest first."""
    wanted = {lookup: getattr(search, name) for name, lookup in _FIELDS.items()}
    narrowed = {lookup: value for lookup, value in wanted.items() if value not in {None, ""}}
    if not search.area_path:
        return Event.objects.none()
    return Event.objects.filter(**narrowed).order_by("-at", "-id")


def events(search: EventSearch, *, page: int | str = 1, size: int = 50) -> Page[Event]:
    """Return one page of events inside an area, the newest first; a page too far is the last."""
    return Paginator(events_in_order(search), size).get_page(page)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the chain goes: `last` position, when it was sealed, events not sealed yet."""

    last: int
    sealed_at: datetime | None
    unsealed: int


_UNSEALED = """
SELECT count(*) FROM audit_event e
WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.event_id = e.id)
"""


def standing() -> Standing:
    """Return the standing of the whole chain; nothing of the events themselves is shown."""
    head = Head.objects.order_by("-last").first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('circle15.area', true), '')")
        former = cursor.fetchone()[0]
        cursor.execute(SEE_EVERYTHING)
        cursor.execute(_UNSEALED)
        unsealed = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('circle15.area', %s, true)", [former])
    return Standing(
        last=head.last if head else 0,
        sealed_at=head.sealed_at if head else None,
        unsealed=unsealed,
    )
