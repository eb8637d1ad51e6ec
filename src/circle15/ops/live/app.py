"""The ASGI application: who asks, from which page, for what."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import psycopg
from django.db import DatabaseError

from circle15.ops.live import gate
from circle15.ops.live.connection import Connection, Headers, Left, Receive, Refuse, Send, header
from circle15.ops.live.streams import Streams
from circle15.ops.live.watcher import Watcher

Scope = Mapping[str, Any]

MOST_CONNECTIONS = 12_000


class Application:
    """Streams of halls and tickets; everything else is refused."""

    def __init__(self) -> None:
        self.watcher = Watcher()
        self.streams = Streams(self.watcher)
        self.connections = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, or live from start to end of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        work = asyncio.create_task(self.watcher.run())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = header(scope["headers"])
        line = Connection(receive, send, _shared(headers))
        self.connections += 1
        try:
            await self._stream(line, scope, headers)
        except Left:
            pass  # it comes again, and says where it was
        except Refuse as refused:
            await line.say(refused.status)
        except (DatabaseError, psycopg.Error):
            await line.say(HTTPStatus.SERVICE_UNAVAILABLE)
        finally:
            self.connections -= 1
            line.end()

    async def _stream(self, line: Connection, scope: Scope, headers: Mapping[str, str]) -> None:
        wanted = gate.wanted(scope["path"])
        if wanted is None:
            raise Refuse(HTTPStatus.NOT_FOUND)
        if scope["method"] != "GET":
            raise Refuse(HTTPStatus.METHOD_NOT_ALLOWED)
        if self.connections > MOST_CONNECTIONS:
            raise Refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        if not gate.is_welcome(headers):
            raise Refuse(HTTPStatus.FORBIDDEN)
        what, name = wanted
        if what == gate.HALL:
            token = gate.device_token(headers.get("cookie", ""))
            await self.streams.hall(line, name, token, _after(scope, headers))
        elif what == gate.TICKET:
            await self.streams.ticket(line, UUID(name))
        else:
            await line.say(HTTPStatus.OK, str(self.connections).encode())


def _after(scope: Scope, headers: Mapping[str, str]) -> int | None:
    """Return the number to go on from: the last event seen, or what the page was drawn with."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
    for text in (headers.get("last-event-id", ""), asked):
        if text.isascii() and text.isdecimal() and len(text) <= 18:  # noqa: PLR2004 -- a bigint
            return int(text)
    return None


def _shared(headers: Mapping[str, str]) -> Headers:
    """Let the page of the same installation read the answer, and no other."""
    origin = headers.get("origin", "")
    if not origin or not gate.is_welcome(headers):
        return ((b"vary", b"Origin"),)
    return (
        (b"vary", b"Origin"),
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
    )
