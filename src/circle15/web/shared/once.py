"""Forms that work once: a double click or a repeated submission has one effect and one answer.

Put `{% once %}` beside `{% csrf_token %}` into the form, and `@once` nearest to the view:
`@writes @requires(...) @once`. A refused form (4xx) may be sent again with the same key.
"""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts import once as answers
from circle15.accounts.once import Answer, Submission
from circle15.areas.scope import area_scope
from circle15.web.shared import errors
from circle15.web.shared.access import Request, View

FIELD = "once"
# Of the form itself, new each time it is drawn: not part of what is submitted.
_OF_THE_FORM = frozenset({FIELD, "csrfmiddlewaretoken"})
_KEPT_HEADERS = ("Content-Type", "Location", "HX-Redirect", "HX-Trigger", "HX-Refresh")


def new_key() -> str:
    """Return a key for a form about to be drawn."""
    return uuid.uuid4().hex


def once(view: View) -> View:
    """Answer a repeated submission of the same form as the first time; do nothing again."""

    @wraps(view)
    def doing_once(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get(FIELD, "")
        if not answers.KEY.fullmatch(key):
            detail = _("这次提交缺少编号。请返回上一页，刷新后重新提交。")
            return errors.page(request, HTTPStatus.BAD_REQUEST, detail=detail)
        submission = _submission(request, key)
        with _scope(request, submission):
            return _answer(submission, lambda: view(request, *args, **kwargs))

    return doing_once


def _answer(submission: Submission, do: Callable[[], HttpResponse]) -> HttpResponse:
    former = answers.begin(submission, at=timezone.now())
    if former is not None:
        return HttpResponse(former.body, status=former.status, headers=dict(former.headers))
    response = do()
    if isinstance(response, SimpleTemplateResponse):
        response.render()
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        answers.forget(submission)
    else:
        headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
        answers.keep(submission, Answer(response.status_code, response.content, headers))
    return response


def _submission(request: Request, key: str) -> Submission:
    device = getattr(request, "device", None)
    if request.actor is None:
        # Nobody is known: the key itself is the right, and the row lies in no area.
        holder, area = "anybody", f"/once/{answers.digest_of(key)[:32]}/"
    else:
        holder = answers.holder_of(request.actor, device_id=device.id if device else "")
        area = request.actor.area_path
    return Submission(holder, key, area, _digest(request))


def _scope(request: Request, submission: Submission) -> AbstractContextManager[None]:
    return nullcontext() if request.actor else area_scope(submission.area_path)


def _digest(request: HttpRequest) -> str:
    fields = [
        f"{name}={value}"
        for name, values in sorted(request.POST.lists())
        if name not in _OF_THE_FORM
        for value in values
    ]
    files = [str(file) for _name, file in sorted(request.FILES.items())]
    return answers.digest_of(request.get_full_path(), *fields, *files)
