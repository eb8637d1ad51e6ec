"""What simulated houses have in common: a quiet server of JSON at a port of this machine."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

HOST = "127.0.0.1"
MOST_BYTES = 256 * 1024


class Server(ThreadingHTTPServer):
    """Answers in threads that end with the process."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: cut lines are what it is for."""


def serve(handler: type[BaseHTTPRequestHandler], port: int) -> ThreadingHTTPServer:
    """Listen at a port, any free one for 0; the caller shuts it down."""
    server = Server((HOST, port), handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server


class Quiet(BaseHTTPRequestHandler):
    """Reads and writes JSON; writes no log, since messages name people."""

    timeout = 30

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the library's name
        pass

    def raw(self) -> bytes:
        return self.rfile.read(min(int(self.headers.get("Content-Length", 0)), MOST_BYTES))

    def told(self) -> Mapping[str, Any]:
        read = json.loads(self.raw() or b"{}")
        return read if isinstance(read, dict) else {}

    def give(self, value: object, status: int = HTTPStatus.OK) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self.give_raw(body, {"Content-Type": "application/json; charset=utf-8"}, status)

    def give_raw(self, body: bytes, headers: Mapping[str, str], status: int) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
