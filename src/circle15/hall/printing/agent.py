"""The print agent of a kiosk: takes a ticket's bytes from the kiosk's page and prints them.

It listens on the machine itself only, answers pages of one origin only, and keeps nothing.
"""

import json
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from circle15.hall.printing import ports
from circle15.hall.printing.ports import PrinterAddress, PrinterTrouble

HOST = "127.0.0.1"
PORT = 9115
MOST_BYTES = 512 * 1024  # a ticket on 80 mm is about 100 kB as a picture
_OWN_NAMES = frozenset({"127.0.0.1", "localhost"})


class PrintAgent(ThreadingHTTPServer):
    """`GET /` says how the printer is and how wide its paper; `POST /` prints the body."""

    daemon_threads = True

    def __init__(
        self, *, printer: PrinterAddress, width_mm: int, origin: str, port: int = PORT
    ) -> None:
        super().__init__((HOST, port), _Handler)
        self.printer = printer
        self.width_mm = width_mm
        self.origin = origin.rstrip("/")


class _Handler(BaseHTTPRequestHandler):
    server: PrintAgent
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_OPTIONS(self) -> None:
        """Answer the browser's question whether the page may come here."""
        if self._is_welcome():
            self._answer(HTTPStatus.OK, {})

    def do_GET(self) -> None:
        if self._is_welcome():
            self._tried(lambda: ports.look(self.server.printer))

    def do_POST(self) -> None:
        if not self._is_welcome():
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or not 0 < int(length) <= MOST_BYTES:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"trouble": "too_large"})
            return
        data = self.rfile.read(int(length))
        self._tried(lambda: ports.send(self.server.printer, data))

    def _is_welcome(self) -> bool:
        # The name too: another page could let its own name point to this machine.
        name = self.headers.get("Host", "").rsplit(":", 1)[0]
        if self.headers.get("Origin", "") == self.server.origin and name in _OWN_NAMES:
            return True
        self.close_connection = True
        self._answer(HTTPStatus.FORBIDDEN, {"trouble": "forbidden"})
        return False

    def _tried(self, use: Callable[[], None]) -> None:
        try:
            use()
        except PrinterTrouble as trouble:
            self._answer(HTTPStatus.OK, {"width": self.server.width_mm, "trouble": trouble.kind})
        else:
            self._answer(HTTPStatus.OK, {"width": self.server.width_mm, "trouble": ""})

    def _answer(self, status: HTTPStatus, words: dict[str, object]) -> None:
        body = json.dumps(words).encode()
        self.send_response(status)
        for name, value in self._headers().items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
            "Access-Control-Allow-Origin": self.server.origin,
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Content-Type",
            "Access-Control-Allow-Private-Network": "true",
            "Vary": "Origin",
        }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- as the library
        """Keep no record of who took a number when."""
