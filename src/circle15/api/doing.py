"""What every operation declares: reading or doing, and who may. The counterpart of web's access.

Doing asks for an `Idempotency-Key`; key, effect, audit event and answer are one transaction.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import BaseModel

from circle15.accounts import once
from circle15.accounts.once import Answer, Submission
from circle15.accounts.rates import count_visit
from circle15.accounts.refusals import NotAllowed, Refused
from circle15.accounts.states import Permission
from circle15.api import callers, problems
from circle15.api.callers import ApiRequest
from circle15.areas.scope import area_scope

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
JSON = "application/json"

Operation = Callable[..., BaseModel]


class _Repeated(Exception):
    """The key has an answer: what was done again is taken back."""


View = Callable[..., HttpResponse]


def reading(permission: Permission, *others: Permission) -> Callable[[Operation], View]:
    """Read in the caller's area, in a transaction that cannot write; any of them is enough."""

    def decorate(operation: Operation) -> View:
        @wraps(operation)
        def view(request: ApiRequest, **given: Any) -> HttpResponse:
            actor = request.auth.actor
            if not any(map(actor.can, (permission, *others))):
                raise NotAllowed
            with area_scope(actor.area_path):
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION READ ONLY")
                return _as_json(operation(request, **given))

        return _declared(view, "reads", "requires", permission)

    return decorate


def doing(permission: Permission, *others: Permission) -> Callable[[Operation], View]:
    """Do something in the caller's area, once for each key; any of them is enough."""

    def decorate(operation: Operation) -> View:
        @wraps(operation)
        def view(request: ApiRequest, **given: Any) -> HttpResponse:
            actor = request.auth.actor
            if not any(map(actor.can, (permission, *others))):
                raise NotAllowed
            submission = _submission(request, request.auth.holder, actor.area_path)
            return _once(request, submission, lambda: operation(request, **given))

        return _declared(view, "writes", "requires", permission)

    return decorate


def open_reading(operation: Operation) -> View:
    """Let everybody read who knows the link, 60 times a minute."""

    @wraps(operation)
    def view(request: HttpRequest, **given: Any) -> HttpResponse:
        _count_strangers(request)
        return _as_json(operation(request, **given))

    return _declared(view, "reads", "open_to_all")


def open_doing(operation: Operation) -> View:
    """Let everybody act who knows the link, 60 times a minute, once for each key."""

    @wraps(operation)
    def view(request: HttpRequest, **given: Any) -> HttpResponse:
        _count_strangers(request)
        key = _key_of(request)
        # Nobody is known: the row of the key lies in no area, and only this key finds it.
        nowhere = f"/once/{sha256(key.encode()).hexdigest()[:32]}/"
        link = f"link:{given['uid']}" if isinstance(given.get("uid"), UUID) else "anybody"
        submission = _submission(request, link, nowhere)
        return _once(request, submission, lambda: operation(request, **given))

    return _declared(view, "writes", "open_to_all")


def _once(
    request: HttpRequest, submission: Submission, do: Callable[[], BaseModel]
) -> HttpResponse:
    """Do it and store the answer; a key that has one takes back what was just done again."""
    try:
        with area_scope(submission.area_path):
            response = _done(request, do)
            _give(submission, response)
            return response
    except _Repeated:
        with area_scope(submission.area_path):
            former = once.former(submission)
    headers = {**former.headers, REPLAYED_HEADER: "true"}
    return HttpResponse(former.body, status=former.status, headers=headers)


def _give(submission: Submission, response: HttpResponse) -> None:
    kept = {"Content-Type": response.headers["Content-Type"]}
    answer = Answer(response.status_code, response.content, kept)
    if not once.give(submission, answer, at=timezone.now()):
        raise _Repeated


def _done(request: HttpRequest, do: Callable[[], BaseModel]) -> HttpResponse:
    try:
        return _as_json(do())
    except Refused as refusal:
        # The action has taken back what it did; the refusal is the answer to this key.
        return problems.of(request, refusal)


def _submission(request: HttpRequest, holder: str, area_path: str) -> Submission:
    address = f"{request.method} {request.get_full_path()}"
    digest = once.digest_of(address, request.body)
    return Submission(holder, _key_of(request), area_path, digest)


def _key_of(request: HttpRequest) -> str:
    key = request.headers.get(KEY_HEADER, "")
    if not once.KEY.fullmatch(key):
        raise problems.KeyMissing
    return key


def _count_strangers(request: HttpRequest) -> None:
    if callers.known(request) is None:
        count_visit(str(request.META["REMOTE_ADDR"]), at=timezone.now())


def _as_json(value: BaseModel) -> HttpResponse:
    return HttpResponse(value.model_dump_json().encode(), content_type=JSON)


def _declared(view: View, mode: str, audience: str, permission: Permission | None = None) -> View:
    view.__dict__["c15_mode"] = mode
    view.__dict__["c15_audience"] = audience
    if permission is not None:
        view.__dict__["c15_permission"] = permission
    return view


def open_page(view: View) -> View:
    """Say that nobody need be known, and nothing of the database is read."""
    return _declared(view, "reads", "open_to_all")
