"""Where pages find the stream of live updates, and the leave to read it."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from circle15.web.shared.middleware import CONTENT_SECURITY_POLICY


def stream_url(request: HttpRequest, path: str) -> str:
    """Return the address of a stream, `path` beginning with /live/."""
    return f"{_base(request)}{path}"


def let_listen(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let this page, and no other, connect to the process of live updates."""
    parts = urlsplit(_base(request))
    if parts.netloc:
        policy = CONTENT_SECURITY_POLICY.replace(
            "connect-src 'self'", f"connect-src 'self' {parts.scheme}://{parts.netloc}"
        )
        response.headers["Content-Security-Policy"] = policy
    return response


def _base(request: HttpRequest) -> str:
    """Return the origin of live updates; "" where a proxy gives them the same one."""
    if settings.LIVE_URL:
        return settings.LIVE_URL.rstrip("/")
    host, _port = split_domain_port(request.get_host())
    return f"{request.scheme}://{host}:{settings.LIVE_PORT}"
