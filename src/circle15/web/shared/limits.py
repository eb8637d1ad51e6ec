"""Open pages may be asked 60 times a minute from one address; staff and machines as they like."""

from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from circle15.accounts.rates import TooOften, count_visit
from circle15.web.shared import errors, refused
from circle15.web.shared.access import Request, View


def limited(view: View) -> View:
    """Count the requests of strangers; too many get 429. Put it above `@reads` or `@writes`."""

    @wraps(view)
    def counted(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor is None:
            try:
                count_visit(str(request.META["REMOTE_ADDR"]), at=timezone.now())
            except TooOften as refusal:
                return _too_often(request, refusal)
        return view(request, *args, **kwargs)

    return counted


def _too_often(request: Request, refusal: TooOften) -> HttpResponse:
    if refused.wants_fragment(request):
        response = HttpResponse(str(refusal), status=429, content_type="text/plain; charset=utf-8")
    else:
        response = errors.page(request, 429, detail=str(refusal))
    response.headers["Retry-After"] = str(refusal.wait_s)
    return response
