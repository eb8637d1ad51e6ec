"""The way to a printer: a file or device node, TCP port 9100, USB. Says what is wrong with it."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

from escpos.exceptions import Error as EscposError
from escpos.printer import File, Network, Usb

TIMEOUT_S = 3.0
DEFAULT_PORT = 9100
_SHAPE = re.compile(
    r"file:(?P<path>.+)|tcp:(?P<host>[^:]+)(:(?P<port>[0-9]{1,5}))?"
    r"|usb:(?P<vendor>[0-9a-f]{4}):(?P<product>[0-9a-f]{4})",
    re.IGNORECASE,
)


class Trouble(StrEnum):
    NO_PAPER = "no_paper"
    COVER_OPEN = "cover_open"
    OFF = "off"
    TIMED_OUT = "timed_out"


class PrinterTrouble(Exception):
    """Nothing, or not all, came out; `kind` says why."""

    def __init__(self, kind: Trouble) -> None:
        super().__init__(kind)
        self.kind = kind


class BadAddress(ValueError):
    """An address is none of file:PATH, tcp:HOST[:PORT], usb:VENDOR:PRODUCT."""


@dataclass(frozen=True, slots=True)
class PrinterAddress:
    kind: Literal["file", "tcp", "usb"]
    place: str
    number: int = 0


class _Printer(Protocol):
    def open(self) -> None: ...
    def close(self) -> None: ...
    def _raw(self, msg: bytes) -> None: ...
    def _read(self) -> bytes: ...


def address(text: str) -> PrinterAddress:
    """Read `file:/dev/usb/lp0`, `tcp:192.168.1.20:9100` or `usb:04b8:0e15`. Raises BadAddress."""
    found = _SHAPE.fullmatch(text.strip())
    if not found:
        raise BadAddress(text)
    if found["path"]:
        return PrinterAddress("file", found["path"])
    if found["vendor"]:
        return PrinterAddress("usb", found["vendor"], int(found["product"], 16))
    return PrinterAddress("tcp", found["host"], int(found["port"] or DEFAULT_PORT))


def send(to: PrinterAddress, data: bytes) -> None:
    """Print; asks for paper before and after. Raises PrinterTrouble."""
    with _opened(to) as printer:
        talks = _checked(printer)
        printer._raw(data)  # noqa: SLF001 -- the library's only way for ready bytes
        if talks:
            _checked(printer)


def look(at: PrinterAddress) -> None:
    """Ask a printer how it is. Raises PrinterTrouble; silent ones count as well."""
    with _opened(at) as printer:
        _checked(printer)


@contextmanager
def _opened(to: PrinterAddress) -> Iterator[_Printer]:
    printer = _printer(to)
    try:
        printer.open()
        yield printer
    except TimeoutError as error:
        raise PrinterTrouble(Trouble.TIMED_OUT) from error
    except (OSError, EscposError) as error:
        raise PrinterTrouble(Trouble.OFF) from error
    finally:
        printer.close()


def _printer(to: PrinterAddress) -> _Printer:
    printer: _Printer
    match to.kind:
        case "file":
            printer = File(to.place)
        case "tcp":
            printer = _Tcp(to.place, to.number, timeout=TIMEOUT_S)
        case "usb":
            printer = Usb(int(to.place, 16), to.number, timeout=int(TIMEOUT_S * 1000))
    return printer


class _Tcp(Network):  # type: ignore[misc]  # the library ships no types
    """The library's own way leaves a failed connection open and calls a time-out no printer."""

    def open(self, raise_not_found: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002 -- as there
        self.device = socket.create_connection((self.host, self.port), self.timeout)

    def _read(self) -> bytes:
        assert self.device
        self.device.settimeout(STATUS_TIMEOUT_S)
        try:
            return bytes(self.device.recv(1))
        finally:
            self.device.settimeout(self.timeout)


# DLE EOT n is answered at once with one byte, also while the printer is busy.
_WHY_OFFLINE, _PAPER = b"\x10\x04\x02", b"\x10\x04\x04"
_COVER_BIT, _PAPER_END_BITS = 0x04, 0x60
# Some printers never answer; a ticket must not wait for them long.
STATUS_TIMEOUT_S = 0.5


def _checked(printer: _Printer) -> bool:
    """Tell whether the printer says how it is. Raises PrinterTrouble if it is not well."""
    paper = _asked(printer, _PAPER)
    if paper is None:
        return False
    if paper & _PAPER_END_BITS:
        raise PrinterTrouble(Trouble.NO_PAPER)
    if (_asked(printer, _WHY_OFFLINE) or 0) & _COVER_BIT:
        raise PrinterTrouble(Trouble.COVER_OPEN)
    return True


def _asked(printer: _Printer, question: bytes) -> int | None:
    """Return the answer; None where the printer tells nothing, as a device node does."""
    if isinstance(printer, File):
        return None
    try:
        printer._raw(question)  # noqa: SLF001
        answer = printer._read()  # noqa: SLF001
    except TimeoutError:
        return None
    return answer[-1] if answer else None
