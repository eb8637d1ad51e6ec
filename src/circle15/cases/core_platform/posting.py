"""Post JSON over HTTP: one connection, one answer, within a time for all of it, never too much.

What is raised says whether the other side may have acted. Contents are in no message of these.
"""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from circle15.cases.core_platform.port import NotTaken, ReplyLost

MOST_BYTES = 256 * 1024
_CHUNK = 16 * 1024
_LEAST_S = 0.001
# The other side says itself that it did nothing.
_NOT_NOW = frozenset({HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, names of headers in small letters; a redirect is not followed."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def post(url: str, body: bytes, headers: Mapping[str, str], *, timeout_s: float) -> Reply:
    """Post once. Raises NotTaken before anything was sent, ReplyLost after it."""
    parts = urlsplit(url)
    until = monotonic() + timeout_s
    connection = _connection(parts, timeout_s)
    try:
        _connect(connection)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            _patience(connection, until)
            connection.request("POST", target, body, dict(headers))
            _patience(connection, until)
            reply = connection.getresponse()
            told = {name.lower(): value for name, value in reply.getheaders()}
            return Reply(reply.status, _read(connection, reply, until), told)
        except (OSError, http.client.HTTPException) as error:
            raise ReplyLost(type(error).__name__) from error
    finally:
        connection.close()


def post_json(url: str, told: object, *, timeout_s: float) -> object:
    """Post JSON and read JSON. Raises NotTaken, ReplyLost."""
    body = json.dumps(told, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    reply = post(url, body, headers, timeout_s=timeout_s)
    if reply.status in _NOT_NOW:
        raise NotTaken(f"HTTP {reply.status}")
    if reply.status != HTTPStatus.OK:
        raise ReplyLost(f"HTTP {reply.status}")
    try:
        return json.loads(reply.body)
    except ValueError as error:
        raise ReplyLost("not JSON") from error


def _connection(parts: SplitResult, timeout_s: float) -> http.client.HTTPConnection:
    assert parts.hostname is not None
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=timeout_s, context=context
        )
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout_s)


def _connect(connection: http.client.HTTPConnection) -> None:
    try:
        connection.connect()
    except OSError as error:
        raise NotTaken(type(error).__name__) from error


def _patience(connection: http.client.HTTPConnection, until: float) -> None:
    """Wait no longer than is left for all of it."""
    if connection.sock is not None:
        connection.sock.settimeout(max(until - monotonic(), _LEAST_S))


def _read(
    connection: http.client.HTTPConnection, reply: http.client.HTTPResponse, until: float
) -> bytes:
    whole = b""
    while chunk := reply.read1(_CHUNK):
        whole += chunk
        if len(whole) > MOST_BYTES:
            raise ReplyLost("too long")
        if monotonic() > until:
            raise ReplyLost("TimeoutError")
        _patience(connection, until)
    if reply.length:  # less came than was announced
        raise ReplyLost("cut")
    return whole
