"""One connection: what is written to it, whether it is still there, what wakes it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from http import HTTPStatus

Message = MutableMapping[str, object]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]

BEAT_EVERY_S = 15.0
SLOWEST_S = 10.0  # whoever takes longer to take in a piece is cut off, and comes again
_STREAM: Headers = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # a proxy passes each event on at once
    (b"x-content-type-options", b"nosniff"),
    (b"x-robots-tag", b"noindex"),
)


class Left(Exception):
    """The other side is gone or too slow."""


class Refuse(Exception):
    """The stream is not given; the status says why."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class Connection:
    """Somebody who listens. `state` is the newest state of a phone's ticket."""

    __slots__ = ("_leaving", "_receive", "_send", "_shared", "is_gone", "state", "wake")

    def __init__(self, receive: Receive, send: Send, shared: Headers) -> None:
        self.wake = asyncio.Event()
        self.state = b""
        self.is_gone = False
        self._receive, self._send, self._shared = receive, send, shared
        self._leaving: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Start the stream, and notice from now on when the other side goes."""
        self._leaving = asyncio.create_task(self._watch())
        await self._start(HTTPStatus.OK, _STREAM)

    async def write(self, piece: bytes) -> None:
        """Send a piece; raises Left."""
        if self.is_gone:
            raise Left
        try:
            async with asyncio.timeout(SLOWEST_S):
                await self._body(piece, more=True)
        except (TimeoutError, OSError, RuntimeError) as failure:
            raise Left from failure

    async def woken(self) -> bool:
        """Wait for news; False when it is time for a beat. Raises Left."""
        try:
            async with asyncio.timeout(BEAT_EVERY_S):
                await self.wake.wait()
        except TimeoutError:
            return False
        self.wake.clear()
        if self.is_gone:
            raise Left
        return True

    async def say(self, status: HTTPStatus, text: bytes = b"") -> None:
        """Answer with a status instead of a stream."""
        await self._start(
            status, ((b"content-type", b"text/plain"), (b"cache-control", b"no-store"))
        )
        await self._body(text or status.phrase.encode(), more=False)

    def end(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.is_gone = True
        self.wake.set()

    async def _start(self, status: HTTPStatus, headers: Headers) -> None:
        await self._send(
            {
                "type": "http.response.start",
                "status": int(status),
                "headers": [*headers, *self._shared],
            }
        )

    async def _body(self, piece: bytes, *, more: bool) -> None:
        await self._send({"type": "http.response.body", "body": piece, "more_body": more})


def wake(connections: Iterable[Connection]) -> None:
    for connection in connections:
        connection.wake.set()


def header(headers: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """Return the headers of a request as text, names in lower case."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
