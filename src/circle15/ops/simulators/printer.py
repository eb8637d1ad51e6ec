"""A ticket printer on TCP, as port 9100 of a true one; shows what it would have printed.

`python -m circle15.ops.simulators printer [--port 9100] [--out FOLDER] [--no-paper]`
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from types import TracebackType
from typing import Self

from circle15.hall.printing.reading_back import Printed, read_back

HOST = "127.0.0.1"
_PAPER_QUESTION, _WHY_OFFLINE_QUESTION = b"\x10\x04\x04", b"\x10\x04\x02"
_WELL, _NO_PAPER, _COVER_OPEN = 0x12, 0x72, 0x16


@dataclass
class PrinterSimulator:
    """A printer with switches for its troubles. Papers that came out are in `papers`."""

    port: int = 0  # 0: any free one
    has_paper: bool = True
    is_cover_open: bool = False
    answers: bool = True  # some printers never say how they are
    on_paper: Callable[[Printed], None] | None = None
    papers: list[Printed] = field(default_factory=list)
    _stop: Event = field(default_factory=Event)

    def __enter__(self) -> Self:
        self._listener = socket.create_server((HOST, self.port))
        self._listener.settimeout(0.05)
        self.port = self._listener.getsockname()[1]
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=5)
        self._listener.close()

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                caller, _address = self._listener.accept()
            except TimeoutError:
                continue
            with caller:
                self._serve(caller)

    def _serve(self, caller: socket.socket) -> None:
        """Take what one caller sends until he hangs up; answer his questions at once."""
        caller.settimeout(5)
        whole = b""
        while chunk := _received(caller):
            whole += chunk
            question = whole[-3:]
            if question in {_PAPER_QUESTION, _WHY_OFFLINE_QUESTION}:
                whole = whole[:-3]
                if self.answers:
                    caller.sendall(bytes([self._state(question)]))
        if whole and self.has_paper and not self.is_cover_open:
            self._print(read_back(whole))

    def _state(self, question: bytes) -> int:
        if question == _PAPER_QUESTION:
            return _WELL if self.has_paper else _NO_PAPER
        return _COVER_OPEN if self.is_cover_open else _WELL

    def _print(self, paper: Printed) -> None:
        self.papers.append(paper)
        if self.on_paper is not None:
            self.on_paper(paper)


def _received(caller: socket.socket) -> bytes:
    try:
        return caller.recv(65536)
    except (TimeoutError, ConnectionError):
        return b""
