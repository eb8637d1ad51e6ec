"""Who calls: a machine or a person's program by token, a page of ours by its cookie."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from ninja.security import APIKeyCookie, HttpBearer

from circle15.accounts import devices, once
from circle15.accounts.actors import Actor
from circle15.accounts.api_tokens import PREFIX, bearer_of
from circle15.accounts.devices import Device
from circle15.accounts.refusals import NotAllowed
from circle15.api.problems import CsrfFailed, Unauthenticated

_SCHEME = "Bearer "
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, when, and under which name the keys of the submissions are kept."""

    actor: Actor
    holder: str
    at: datetime = field(default_factory=timezone.now)
    device: Device | None = None
    # A person's token for programs, if that is what came.
    token: UUID | None = None
    # The channel that token is registered for; "" where each case says its own.
    channel: str = ""

    @property
    def device_id(self) -> UUID | None:
        return self.device.id if self.device else None


class ApiRequest(HttpRequest):
    """A request whose caller is known."""

    auth: Caller


class ByToken(HttpBearer):
    """A machine's token, or a person's token for programs."""

    def __call__(self, request: HttpRequest) -> Caller | None:
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        if not header.startswith(_SCHEME):
            raise Unauthenticated
        return self.authenticate(request, header.removeprefix(_SCHEME))

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:  # noqa: ARG002 -- ninja's signature
        at = timezone.now()
        if token.startswith(PREFIX):
            bearer = bearer_of(token, at=at)
            return Caller(
                bearer.actor,
                f"token:{bearer.token}",
                at,
                token=bearer.token,
                channel=bearer.channel.value,
            )
        return _machine(devices.verify(token, at=at), at)


class BySession(APIKeyCookie):
    """The browser of somebody logged in, or a machine's; a page's script adds X-CSRFToken."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Caller | None:
        caller = _person(request) or _machine_in_cookie(request)
        if caller is None:
            raise Unauthenticated
        if request.method not in _SAFE:
            _demand_csrf(request)
        return caller

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        raise NotImplementedError  # `__call__` does it all


AUTH = [ByToken(), BySession()]


def known(request: HttpRequest) -> Caller | None:
    """Return who calls an operation that is open to all; raises when a token is no good."""
    token = ByToken()(request)
    return token or _person(request) or _machine_in_cookie(request)


def _machine(device: Device, at: datetime) -> Caller:
    devices.seen(device, at=at)
    actor = devices.device_actor(device)
    return Caller(actor, once.holder_of(actor, device_id=device.id), at, device)


def _machine_in_cookie(request: HttpRequest) -> Caller | None:
    token = request.COOKIES.get(settings.DEVICE_COOKIE_NAME)
    at = timezone.now()
    return _machine(devices.verify(token, at=at), at) if token else None


def _person(request: HttpRequest) -> Caller | None:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return None
    if getattr(request, "must_change_password", False):
        raise NotAllowed
    return Caller(actor, once.holder_of(actor))


def _demand_csrf(request: HttpRequest) -> None:
    def nothing(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    # Every view of the API is exempt: what comes with a token cannot be forged.
    if CsrfViewMiddleware(nothing).process_view(request, nothing, (), {}) is not None:
        raise CsrfFailed
