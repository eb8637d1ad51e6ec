"""Pages that show one person leave a line on the trail, though they only read."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from circle15.areas.scope import area_scope
from circle15.ledger.people.looking import note_look
from circle15.web.shared.access import StaffRequest

_SEEN = "c15_seen"


def seen(request: HttpRequest, uid: UUID, purpose: str) -> None:
    """Say that the page about to be answered shows a person; `@witnessed` keeps it."""
    request.__dict__.setdefault(_SEEN, {})[uid] = purpose


def witnessed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Write who was seen before the page goes out. Stands above `@reads`, which cannot write."""

    @wraps(view)
    def looking(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        people: dict[UUID, str] = request.__dict__.get(_SEEN, {})
        if people and request.method == "GET" and response.status_code == HTTPStatus.OK:
            with area_scope(request.actor.area_path):
                for uid, purpose in people.items():
                    note_look(uid, by=request.actor, at=timezone.now(), purpose=purpose)
        return response

    return looking
