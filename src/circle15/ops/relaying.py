"""The line from a hall's own instance to the city: join once, then report for ever."""

import json
import logging
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import datetime
from time import monotonic
from urllib.request import Request
from uuid import UUID, uuid4

from django.conf import settings
from pydantic import ValidationError

from circle15.accounts.actors import system_actor
from circle15.hall.relay.booked import BookedOfDays, take_over
from circle15.hall.relay.events import Event
from circle15.hall.relay.joining import Setup, join, uplink
from circle15.hall.relay.sending import LineDown, send_some

TIMEOUT_S = 10
# A marker, so that `serve` starts the reporting process only where there is something to report.
MARKER = "uplink"
LONGEST_PAUSE_S = 60.0
BOOKED_EVERY_S = 30.0
_SYSTEM = "大厅本地系统"

logger = logging.getLogger(__name__)


class CannotJoin(Exception):
    """The city does not let this instance in; the message says what to do."""


def join_city(*, city_url: str, code: str, at: datetime) -> str:
    """Register at the city by one-time code and take over the site; return its name.

    Raises CannotJoin.
    """
    url = city_url.rstrip("/")
    try:
        token = str(_post(f"{url}/api/v1/devices/register", {"code": code})["token"])
        told = _post(f"{url}/api/v1/relay/setup", None, token=token)
        setup = Setup.model_validate(told)
    except (LineDown, ValidationError, KeyError) as problem:
        raise CannotJoin(str(problem)) from problem
    join(setup=setup, city_url=url, token=token, by=system_actor(_SYSTEM), at=at)
    (settings.VAR_DIR / MARKER).write_text(f"{url}\n", encoding="utf-8")
    return setup.name


class _Line:
    """Between tries that failed the pause grows up to a minute: a dead line is not hammered."""

    def __init__(self) -> None:
        self.pause_s = 0.0
        self.next_try = 0.0

    def send_all(self, *, at: datetime) -> int:
        """Send everything that waits, in lots; return how many events the city took."""
        line = uplink()
        if line is None or monotonic() < self.next_try:
            return 0
        url, token = line

        def post(origin: UUID, events: Sequence[Event]) -> None:
            told = [event.model_dump(mode="json") for event in events]
            _post(f"{url}/api/v1/relay/events", {"origin": str(origin), "events": told}, token)

        sent = 0
        try:
            while some := send_some(post, at=at):
                sent += some
        except LineDown as problem:
            self.pause_s = min(max(1.0, 2 * self.pause_s), LONGEST_PAUSE_S)
            self.next_try = monotonic() + self.pause_s
            logger.warning("city not reached, next try in %g s: %s", self.pause_s, problem)
        else:
            self.pause_s = 0.0
        return sent


send_all = _Line().send_all


class _Booked:
    """Asks for the city's appointments from time to time; a dead line is told of by the sender."""

    def __init__(self) -> None:
        self.next_try = 0.0

    def fetch(self, *, at: datetime) -> int:
        """Let the hall's appointments be those of the city; return how many changed."""
        line = uplink()
        if line is None or monotonic() < self.next_try:
            return 0
        self.next_try = monotonic() + BOOKED_EVERY_S
        url, token = line
        try:
            path = f"{url}/api/v1/relay/appointments"
            told = _ask(Request(path, headers=_bearer(token)))  # noqa: S310 -- checked in it
            return take_over(BookedOfDays.model_validate(told), at=at)
        except (LineDown, ValidationError) as problem:
            logger.info("appointments of the city not fetched: %s", problem)
            return 0


fetch_booked = _Booked().fetch


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _post(url: str, body: object, token: str = "") -> dict[str, object]:
    """Post JSON once; what the city has taken it knows by number, whatever becomes of the answer.

    Raises LineDown.
    """
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid4()),
        **_bearer(token),
    }
    data = json.dumps(body).encode() if body is not None else b""
    return _ask(Request(url, data, headers, method="POST"))  # noqa: S310 -- checked below


def _ask(request: Request) -> dict[str, object]:
    """Return the answer in JSON. Raises LineDown."""
    if not request.full_url.startswith(("http://", "https://")):
        raise LineDown(request.full_url)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as reply:  # noqa: S310 -- checked
            told = json.load(reply)
    except urllib.error.HTTPError as error:
        raise LineDown(f"{error.code} {_words(error)}") from error
    except (OSError, ValueError) as error:
        raise LineDown(str(error)) from error
    assert isinstance(told, dict)
    return told


def _words(error: urllib.error.HTTPError) -> str:
    """Return what the city said, if it said it in its own way."""
    try:
        told = json.load(error)
    except (OSError, ValueError):
        return error.reason
    return str(told.get("detail") or told.get("title") or error.reason)
