"""What wraps every reply: a request number, security headers, the chosen look and language."""

import logging
import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from circle15.audit.request_context import current_request_id, request_context
from circle15.web.shared import errors

Handler = Callable[[HttpRequest], HttpResponse]

MODE_COOKIE = "circle15-mode"
TEXT_COOKIE = "circle15-text"
MODES = frozenset({"normal", "elder", "kiosk", "clerk"})
TEXT_SIZES = frozenset({"large", "largest"})

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}

_GIVEN_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


class RequestIdFilter(logging.Filter):
    """Give every log record the number of the request it belongs to, as `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id() or "-"
        return True


class RequestIdMiddleware:
    """Number every request; the number stands in the header, the log and the error page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex[:16]
        request.request_id = request_id  # type: ignore[attr-defined]  # read by pages and log
        with request_context(request_id):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        return response


class SecurityHeadersMiddleware:
    """Put the same strict headers on every reply, static files and errors included."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


# Clauses: W-69
class ModeMiddleware:
    """Read the look and the language from their cookies; Chinese unless the visitor chose.

    The browser's own language is not asked: many office computers claim English. A refusal
    without words (405, 413 and the like) gets its page here, in the visitor's language.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mode = request.COOKIES.get(MODE_COOKIE, "")
        size = request.COOKIES.get(TEXT_COOKIE, "")
        request.ui_mode = mode if mode in MODES else ""  # type: ignore[attr-defined]
        request.ui_text = size if size in TEXT_SIZES else ""  # type: ignore[attr-defined]
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = {code for code, _name in settings.LANGUAGES}
        with translation.override(language if language in known else settings.LANGUAGE_CODE):
            response = errors.with_words(request, self.get_response(request))
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        patch_vary_headers(response, ("Cookie",))
        return response
