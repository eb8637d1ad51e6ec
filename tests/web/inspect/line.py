"""The line between a tablet and the server, to be cut: worker and page alike then reach nobody."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

CHUNK = 65_536


class Line:
    """Passes bytes on to a server as long as it is whole."""

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._server = (parts.hostname or "localhost", parts.port or 80)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self.is_whole = True
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End what is being passed on, and accept nothing."""
        self.is_whole = False
        for end in list(self._open):
            self._end(end)

    def mend(self) -> None:
        self.is_whole = True

    def close(self) -> None:
        self.cut()
        self._end(self._door)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = self._door.accept()
                if not self.is_whole or not self._join(near):
                    near.close()

    def _join(self, near: socket.socket) -> bool:
        try:
            far = socket.create_connection(self._server)
        except OSError:
            return False
        self._open |= {near, far}
        for source, target in ((near, far), (far, near)):
            threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()
        return True

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                target.sendall(data)
        for end in (source, target):
            self._end(end)

    def _end(self, end: socket.socket) -> None:
        self._open.discard(end)
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def line_to(server: str) -> Iterator[Line]:
    """Give a line that ends with the test."""
    line = Line(server)
    try:
        yield line
    finally:
        line.close()
