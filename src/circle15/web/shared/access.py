"""Who may open a page: the logged-in actor of a request, and what every view must declare.

Each view carries `@reads` or `@writes`, and `@requires(...)`, `@signed_in` or `@open_to_all`; pages
of machines and of insured people have `@for_device` and `@for_insured` in their place.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, Refused
from circle15.accounts.states import Permission
from circle15.areas.scope import area_scope
from circle15.web.shared import refused, staff_session

View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request as open pages get it."""

    actor: Actor | None
    must_change_password: bool


class StaffRequest(HttpRequest):
    """A request behind `@requires` or `@signed_in`: somebody is logged in."""

    actor: Actor
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class Access:
    """What a view declares; "" where it declares nothing."""

    mode: str
    audience: str
    permission: Permission | None = None
    devices: tuple[str, ...] = ()

    @property
    def is_declared(self) -> bool:
        return bool(self.mode and self.audience)


class ActorMiddleware:
    """Set `request.actor` from the session, and turn refusals into pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        current = staff_session.current(request, at=timezone.now())
        request.actor = current.actor if current else None
        request.must_change_password = bool(current and current.must_change_password)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal no view has caught; the transaction is already rolled back."""
        return refused.page(request, error) if isinstance(error, Refused) else None


def reads(view: View) -> View:
    """Allow GET and HEAD, in the actor's area, in a transaction that cannot write."""

    @wraps(view)
    def reading(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if (turned_away := _admit(view, request)) is not None:
            return turned_away
        with _transaction(request.actor):
            _forbid_writing()
            return _rendered(view(request, *args, **kwargs))

    reading.__dict__["c15_mode"] = "reads"
    return reading


def writes(view: View) -> View:
    """Allow POST, in the actor's area, all or nothing."""

    @wraps(view)
    def writing(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if (turned_away := _admit(view, request)) is not None:
            return turned_away
        with _transaction(request.actor):
            return _rendered(view(request, *args, **kwargs))

    writing.__dict__["c15_mode"] = "writes"
    return writing


def requires(permission: Permission) -> Callable[[View], View]:
    """Let in whose role has the permission; ask others to log in, or refuse."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor is None:
                return _ask_to_log_in(request)
            if request.must_change_password:
                return HttpResponseRedirect(reverse("change_password"))
            if not request.actor.can(permission):
                raise NotAllowed
            return view(request, *args, **kwargs)

        guarded.__dict__["c15_audience"] = "requires"
        guarded.__dict__["c15_permission"] = permission
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """Let in everybody who is logged in, also before the first password is changed."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor is None:
            return _ask_to_log_in(request)
        return view(request, *args, **kwargs)

    guarded.__dict__["c15_audience"] = "signed_in"
    return guarded


def open_to_all(view: View) -> View:
    """Say that nobody need log in; the page then sees no scoped row unless it opens a scope."""
    view.__dict__["c15_audience"] = "open_to_all"
    return view


def by_method(*, get: View, post: View) -> View:
    """Serve a form and its submission under one address, each with its own declaration."""

    def either(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            return get(request, *args, **kwargs)
        if request.method == "POST":
            return post(request, *args, **kwargs)
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

    either.__dict__["c15_views"] = (get, post)
    # Only `@for_device` exempts, and looks after it itself.
    either.__dict__["csrf_exempt"] = getattr(post, "csrf_exempt", False)
    either.__name__ = getattr(post, "__name__", "either")
    return either


def accesses_of(view: View) -> tuple[Access, ...]:
    """Return what a view declares, one entry per method group."""
    parts = view.__dict__.get("c15_views", (view,))
    return tuple(_access_of(part) for part in parts)


def _access_of(view: View) -> Access:
    marks = getattr(view, "__dict__", {})
    return Access(
        mode=marks.get("c15_mode", ""),
        audience=marks.get("c15_audience", ""),
        permission=marks.get("c15_permission"),
        devices=marks.get("c15_devices", ()),
    )


def _admit(view: View, request: Request) -> HttpResponse | None:
    """Let `@for_device` look at a machine before the transaction: it sets `request.actor`."""
    admit: View | None = view.__dict__.get("c15_admit")
    return admit(request) if admit is not None else None


@contextmanager
def _transaction(actor: Actor | None) -> Iterator[None]:
    # Without an actor no scope is set: row-level security then shows nothing.
    with area_scope(actor.area_path) if actor else transaction.atomic():
        yield


def _forbid_writing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")


def _rendered(response: HttpResponse) -> HttpResponse:
    """Render now: a template may still ask queries, and they belong into the scope."""
    if isinstance(response, SimpleTemplateResponse):
        response.render()
    return response


def _ask_to_log_in(request: Request) -> HttpResponse:
    if refused.wants_fragment(request):
        message = _("登录已超时，请重新登录。")
        return HttpResponse(message, status=HTTPStatus.UNAUTHORIZED, content_type="text/plain")
    back = page_to_return_to(request)
    return HttpResponseRedirect(f"{reverse('login')}?{urlencode({'next': back})}")


def page_to_return_to(request: HttpRequest) -> str:
    """Return this page, or for a submission the page its form stands on."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    referer = request.headers.get("Referer", "")
    if not is_own_address(request, referer):
        return "/"
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


def is_own_address(request: HttpRequest, address: str) -> bool:
    """Tell whether an address is a page of ours: nobody is sent elsewhere after login."""
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
