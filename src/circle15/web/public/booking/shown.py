"""Pages that are never kept: they show whose appointment it is to whoever has the link."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render

from circle15.web.shared.access import Request


def page(
    request: Request, name: str, context: dict[str, object], status: int = HTTPStatus.OK
) -> HttpResponse:
    """Render a page that neither the browser nor anything between may keep."""
    response = render(request, f"public/booking/{name}.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
