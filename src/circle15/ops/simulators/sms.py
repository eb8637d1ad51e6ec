"""A gateway for short messages as phone companies run them; shows what it would have sent.

`python -m circle15.ops.simulators sms [--port 9200] [--key HEX]`; nothing is written anywhere.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import compare_digest
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from circle15.accounts.sms import SIGNATURE_HEADER, TIME_HEADER, signature

HOST = "127.0.0.1"
MOST_BYTES = 4096
# What the printed command takes when no key is given: a simulator's, never a gateway's.
KEY = bytes(range(32))


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was taken."""

    key: str
    to: str
    text: str


@dataclass
class SmsSimulator:
    """A gateway with switches for its troubles. What was sent is in `messages`, once a key."""

    port: int = 0  # 0: any free one
    key: bytes = KEY
    is_up: bool = True
    # Takes the message and loses the answer: the sender must try again with the same key.
    loses_answers: bool = False
    on_message: Callable[[Message], None] | None = None
    messages: list[Message] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __enter__(self) -> Self:
        simulator = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = min(int(self.headers.get("Content-Length") or 0), MOST_BYTES)
                status = simulator.take(
                    self.rfile.read(length),
                    self.headers.get(TIME_HEADER, ""),
                    self.headers.get(SIGNATURE_HEADER, ""),
                )
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                """Keep numbers out of every log."""

        self._server = ThreadingHTTPServer((HOST, self.port), Handler)
        self.port = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/messages"

    def take(self, body: bytes, sent_at: str, signed: str) -> HTTPStatus:
        """Take one message, once for each key; say how it went."""
        if not self.is_up:
            return HTTPStatus.SERVICE_UNAVAILABLE
        if not compare_digest(signature(self.key, sent_at, body), signed):
            return HTTPStatus.UNAUTHORIZED
        message = Message(**json.loads(body))
        if not (message.to.isdigit() and message.text):
            return HTTPStatus.UNPROCESSABLE_ENTITY
        with self._lock:
            is_new = all(each.key != message.key for each in self.messages)
            if is_new:
                self.messages.append(message)
        if is_new and self.on_message is not None:
            self.on_message(message)
        if self.loses_answers:
            return HTTPStatus.GATEWAY_TIMEOUT
        return HTTPStatus.ACCEPTED if is_new else HTTPStatus.OK
