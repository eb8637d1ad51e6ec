"""Who may listen: displays by the machine's token, phones by the link of their ticket."""

import re
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from uuid import UUID

from django.conf import settings
from django.http.request import split_domain_port, validate_host  # noqa: TID251 -- as the pages do
from django.utils import timezone

from circle15.accounts.devices import DeviceRefused, verify
from circle15.accounts.states import DeviceKind

_CODE = re.compile(r"[0-9A-Za-z-]{1,32}")
HALL, TICKET, ALIVE = "hall", "ticket", "alive"


def wanted(path: str) -> tuple[str, str] | None:
    """Read /live/hall/<code>/events, /live/ticket/<uid>/events, /live/."""
    match path.strip("/").split("/"):
        case ["live", "hall", code, "events"] if _CODE.fullmatch(code):
            return HALL, code
        case ["live", "ticket", uid, "events"] if _is_uid(uid):
            return TICKET, uid
        case ["live"]:
            return ALIVE, ""
    return None


def _is_uid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def is_welcome(headers: Mapping[str, str]) -> bool:
    """Tell whether the request is for us, and from a page of ours if it is from a page."""
    host, origin = headers.get("host", ""), headers.get("origin", "")
    return validate_host(_name(host), settings.ALLOWED_HOSTS) and (
        not origin or _is_own_origin(origin, host)
    )


def _is_own_origin(origin: str, host: str) -> bool:
    """Tell whether it is the same host at the web server's port, or a trusted one.

    Behind a proxy page and stream share one origin, and browsers need not say it.
    """
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    scheme, _, place = origin.partition("://")
    if scheme != ("https" if settings.HTTPS else "http"):
        return False
    return place in {host, f"{_name(host)}:{settings.WEB_PORT}"}


def _name(host: str) -> str:
    """Return a Host header without its port."""
    return split_domain_port(host)[0]


def device_token(cookies: str) -> str:
    """Return the machine's token out of a Cookie header, "" without one."""
    try:
        found = SimpleCookie(cookies).get(settings.DEVICE_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""


def may_show(token: str, site_code: str) -> bool:
    """Tell whether the token is that of a display of this site."""
    try:
        device = verify(token, kinds=(DeviceKind.DISPLAY,), at=timezone.now())
    except DeviceRefused:
        return False
    return device.site_code == site_code
