"""Which addresses partners may be told at: those the operator listed, and no others."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused

LONGEST = 300
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PORTS = {"https": 443, "http": 80}


class AddressNotAllowed(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("这个回调地址不在允许的名单内。只能用已登记主机的 https 地址，请联系系统管理员。")
        )


@dataclass(frozen=True, slots=True)
class _Place:
    host: str
    port: int


def demand_allowed(url: str) -> None:
    """Let only https addresses of listed hosts pass; plain HTTP on this machine, if listed.

    A host stands for its port 443, `host:port` for that one. Raises AddressNotAllowed.
    """
    if not is_allowed(url, settings.WEBHOOK_HOSTS):
        raise AddressNotAllowed


def is_allowed(url: str, listed: list[str]) -> bool:
    """Tell whether an address is on a list; anything odd about it is a no."""
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        place = _Place((parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0))
    except ValueError:
        return False
    if "@" in parts.netloc or "\\" in url or parts.fragment or not place.host:
        return False
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and place.host in _LOOPBACK)
    return is_safe and place in {_place(one) for one in listed}


def _place(listed: str) -> _Place:
    parts = urlsplit(f"https://{listed}")
    return _Place((parts.hostname or "").lower(), parts.port or _PORTS["https"])
