"""The API put together: its subjects, its tokens, and how it says no."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation

from circle15.accounts.refusals import Refused
from circle15.api import (
    appointments,
    assessments,
    cases,
    halls,
    items,
    joint,
    machines,
    problems,
    ratings,
    relay,
    tickets,
    webhooks,
    windows,
)
from circle15.api.callers import AUTH


class Hall(NinjaAPI):
    """Names an operation as its function is named."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = Hall(
    title="circle15",
    version="1",
    description="医保服务接口：取号、叫号、事项、办件、评价、考核结果、回调。 "
    "Tickets, calls, items, cases, ratings, results, hooks.",
    openapi_url=None,
    docs_url=None,
    auth=AUTH,
    urls_namespace="api",
)
for one in (
    halls,
    tickets,
    windows,
    appointments,
    items,
    cases,
    joint,
    ratings,
    assessments,
    webhooks,
    machines,
    relay,
):
    api.add_router("", one.router)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    return problems.of(request, refusal)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return problems.invalid(request, error.errors)


@api.exception_handler(AuthenticationError)
def unauthenticated(request: HttpRequest, _error: Any) -> HttpResponse:
    return problems.of(request, problems.Unauthenticated())


@api.exception_handler(HttpError)
def malformed(request: HttpRequest, _error: Any) -> HttpResponse:
    """Answer a body that is not JSON: the one thing ninja itself raises this for."""
    return problems.of(request, problems.Malformed())
