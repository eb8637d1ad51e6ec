"""Answers to pages that poll: 304 while nothing has changed."""

import hashlib
import json
from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse


def state(request: HttpRequest, values: Mapping[str, object]) -> HttpResponse:
    """Return values as JSON with an ETag, or 304 to who has them."""
    body = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:24]}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = HttpResponse(body, content_type="application/json")
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
