"""All addresses of the API, each in the caller's language, each with its declaration."""

import logging
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.utils import translation

from circle15.accounts.refusals import NotFound
from circle15.api import documentation, problems
from circle15.api.doing import open_page
from circle15.api.service import api

MOST_BYTES = 1024 * 1024

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


def speaking(view: View) -> View:
    """Answer in English who asks for it, and every fault as problem details."""

    @wraps(view)
    def answered(request: HttpRequest, **given: Any) -> HttpResponse:
        language = _language(request)
        with translation.override(language):
            response = _answer(request, view, given)
        response.headers.setdefault("Content-Language", language)
        return response

    answered.__dict__["csrf_exempt"] = True  # `BySession` looks after cookies
    return answered


def _answer(request: HttpRequest, view: View, given: dict[str, Any]) -> HttpResponse:
    try:
        if len(request.body) > MOST_BYTES:
            return problems.of(request, problems.TooLarge())
        response = view(request, **given)
    except RequestDataTooBig:
        return problems.of(request, problems.TooLarge())
    except (OperationalError, InterfaceError):
        logger.exception("api: the database is away")
        return problems.failed(request, is_away=True)
    except Exception:
        logger.exception("api: a fault")
        return problems.failed(request, is_away=False)
    if response.status_code == 405:  # noqa: PLR2004 -- HTTP
        told = problems.of(request, problems.MethodNotAllowed())
        told.headers["Allow"] = response.headers["Allow"]
        return told
    return response


def _language(request: HttpRequest) -> str:
    """Return the language asked for; who asks for none gets the page's, Chinese by default."""
    asked = request.headers.get("Accept-Language", "")
    if request.COOKIES or not asked:
        return translation.get_language() or "zh-hans"
    return "en" if asked.strip().lower().startswith("en") else "zh-hans"


@open_page
def nothing_here(request: HttpRequest, **_given: Any) -> HttpResponse:
    return problems.of(request, NotFound())


def _operations() -> Iterator[URLPattern]:
    """Yield one address for each path, whatever methods it has."""
    for bound in api._get_bound_routers():  # noqa: SLF001 -- ninja offers no other way to its views
        for address, view in bound.path_operations.items():
            parts = tuple(operation.view_func for operation in view.operations)
            guarded = speaking(view.get_view())
            guarded.__dict__["c15_views"] = parts
            route = address.lstrip("/").replace("{", "<").replace("}", ">")
            yield path(route, guarded, name=parts[0].__name__)


app_name = "api"
urlpatterns = [
    *_operations(),
    path("openapi.json", documentation.openapi, name="openapi"),
    path("docs", documentation.page, name="docs"),
    re_path(r"^.*$", speaking(nothing_here), name="nothing"),
]
