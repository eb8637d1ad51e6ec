"""Short messages: what a way of sending must do, the gateway over HTTP, a sealed file without one.

The gateway's protocol is in docs/operations.md; `ops/simulators/sms.py` speaks its other side.
"""

import fcntl
import http.client
import json
import os
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

from circle15.accounts.resealing import replace_file
from circle15.accounts.sealing import reseal, seal, unseal
from circle15.core.ciphers import hmac_sm3

TIMEOUT_S = 5.0
TIME_HEADER, SIGNATURE_HEADER = "X-Circle15-Time", "X-Circle15-Signature"
_TAKEN = frozenset({http.HTTPStatus.OK, http.HTTPStatus.ACCEPTED})
# Not this message, ever: its number or its text is not acceptable.
_REFUSED = frozenset({http.HTTPStatus.BAD_REQUEST, http.HTTPStatus.UNPROCESSABLE_ENTITY})


class NotSent(Exception):
    """The message could not be handed over; it is tried again."""


class NeverSent(NotSent):
    """The gateway refuses this message; trying again is in vain."""


class Sender(Protocol):
    """What a way to send short messages must do."""

    def send(self, *, phone: str, text: str, key: str) -> None:
        """Hand over a message; `key` is the same when it is tried again. Raises NotSent."""


class FileSender:
    """Writes messages to `sms/outbox.jsonl` in the installation's folder, sealed."""

    def send(self, *, phone: str, text: str, key: str) -> None:
        message = json.dumps({"to": phone, "text": text}, ensure_ascii=False)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        try:
            with _alone() as folder:
                sealed = seal(message, kind="sms", field="message", uid=key)
                with os.fdopen(os.open(folder / "outbox.jsonl", flags, 0o600), "a") as file:
                    file.write(json.dumps({"key": key, "sealed": sealed}) + "\n")
        except OSError as error:
            raise NotSent from error


@contextmanager
def _alone() -> Iterator[Path]:
    """Give the folder of messages to one writer at a time."""
    folder = Path(settings.VAR_DIR) / "sms"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(lock)


class GatewaySender:
    """Hands messages to the gateway at an address, signed with HMAC-SM3."""

    def __init__(self, url: str, key: bytes) -> None:
        self._address = urlsplit(url)
        self._key = key

    def send(self, *, phone: str, text: str, key: str) -> None:
        body = json.dumps({"key": key, "to": phone, "text": text}, ensure_ascii=False).encode()
        try:
            status = self._post(body)
        except (OSError, http.client.HTTPException) as error:
            raise NotSent from error
        if status in _REFUSED:
            raise NeverSent
        if status not in _TAKEN:
            raise NotSent

    def _post(self, body: bytes) -> int:
        line = self._line()
        try:
            line.request("POST", self._address.path or "/", body, self._headers(body))
            reply = line.getresponse()
            reply.read(1024)
            return reply.status
        finally:
            line.close()

    def _line(self) -> http.client.HTTPConnection:
        host = self._address.hostname or ""
        if self._address.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(
                host, self._address.port, timeout=TIMEOUT_S, context=context
            )
        return http.client.HTTPConnection(host, self._address.port, timeout=TIMEOUT_S)

    def _headers(self, body: bytes) -> dict[str, str]:
        now = str(int(time.time()))
        return {
            "Content-Type": "application/json; charset=utf-8",
            TIME_HEADER: now,
            SIGNATURE_HEADER: signature(self._key, now, body),
        }


def signature(key: bytes, sent_at: str, body: bytes) -> str:
    """Return the hexadecimal HMAC-SM3 of `time, new line, body`."""
    return hmac_sm3(key, sent_at.encode() + b"\n" + body).hex()


def way() -> Sender:
    """Return how this installation sends: its gateway, or the file where none is set."""
    if settings.SMS_URL:
        return GatewaySender(settings.SMS_URL, settings.SMS_KEY)
    return FileSender()


def filed() -> tuple[tuple[str, str], ...]:
    """Return number and text of every message the file holds, in order: for demos and tests."""
    lines = _lines(settings.VAR_DIR / "sms" / "outbox.jsonl")
    opened = [
        json.loads(unseal(each["sealed"], kind="sms", field="message", uid=each["key"]))
        for each in lines
    ]
    return tuple((each["to"], each["text"]) for each in opened)


def _lines(file: Path) -> list[dict[str, str]]:
    return list(map(json.loads, file.read_text().splitlines())) if file.exists() else []


def reseal_filed(mark: str) -> int:
    """Seal anew the messages in the file that don't begin with the mark of the newest key."""
    with _alone() as folder:
        file = folder / "outbox.jsonl"
        lines = _lines(file)
        older = [line for line in lines if not line["sealed"].startswith(mark)]
        for line in older:
            old, key = line["sealed"], line["key"]
            line["sealed"] = reseal(old, kind="sms", field="message", uid=key)
        if older:
            told = "".join(json.dumps(line) + "\n" for line in lines)
            replace_file(file, told.encode())
    return len(older)
