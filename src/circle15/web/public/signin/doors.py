"""Links of apps: whoever comes by one hands in by the app's channel after signing in.

The link proves nothing and opens nothing; it only says in the figures how people came.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from circle15.accounts.public_sessions import WEB
from circle15.accounts.refusals import NotFound
from circle15.standards.entry_doors import entry_doors
from circle15.web.shared.access import Request, is_own_address, open_to_all, reads
from circle15.web.shared.limits import limited

COOKIE = "circle15-door"


@limited
@reads
@open_to_all
def come_in(request: Request, door: str) -> HttpResponse:
    """Remember by which app somebody comes until the browser closes, and lead on."""
    if door not in entry_doors():
        raise NotFound
    onward = request.GET.get("next", "")
    is_own = bool(onward) and is_own_address(request, onward)
    response = redirect(onward if is_own else reverse("mine"))
    response.set_cookie(COOKIE, door, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return response


def channel_of(request: HttpRequest) -> str:
    """Return the channel of who signs in now: that of the door, else the web."""
    door = entry_doors().get(request.COOKIES.get(COOKIE, ""))
    return door.channel.value if door else WEB
