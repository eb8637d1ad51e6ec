"""Answers to a refusal: a page for people, a line of text for scripts."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.web.shared import errors

_STATUS: dict[type[Refused], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
}


def page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Say what was refused and what to do, with 404, 403 or 409."""
    status = status_of(refusal)
    if wants_fragment(request):
        return HttpResponse(str(refusal), status=status, content_type="text/plain; charset=utf-8")
    return errors.page(request, status, detail=str(refusal))


def status_of(refusal: Refused) -> HTTPStatus:
    """Return the status of a refusal; subclasses share the one of their kind."""
    for kind, status in _STATUS.items():
        if isinstance(refusal, kind):
            return status
    return HTTPStatus.CONFLICT


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether a script asks (htmx, JSON), which could do nothing with a whole page."""
    accept = request.headers.get("Accept", "")
    return request.headers.get("HX-Request") == "true" or accept.startswith("application/json")
