"""Ways to a printer, and its troubles."""

import socket
from pathlib import Path

import pytest

from circle15.hall.printing.encoding import PaperWidth, as_text
from circle15.hall.printing.paper import Words
from circle15.hall.printing.ports import (
    BadAddress,
    PrinterAddress,
    PrinterTrouble,
    Trouble,
    address,
    look,
    send,
)
from circle15.hall.printing.reading_back import read_back
from circle15.ops.simulators.printer import PrinterSimulator

TICKET = as_text([Words("A001")], PaperWidth.MM80)


def at(printer: PrinterSimulator) -> PrinterAddress:
    return address(f"tcp:127.0.0.1:{printer.port}")


def trouble_of(printer: PrinterAddress) -> Trouble:
    with pytest.raises(PrinterTrouble) as caught:
        send(printer, TICKET)
    return caught.value.kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("file:/dev/usb/lp0", PrinterAddress("file", "/dev/usb/lp0")),
        ("tcp:192.168.1.20", PrinterAddress("tcp", "192.168.1.20", 9100)),
        ("tcp:printer.hall:9101", PrinterAddress("tcp", "printer.hall", 9101)),
        ("usb:04b8:0E15", PrinterAddress("usb", "04b8", 0x0E15)),
    ],
)
def test_address_is_read(text: str, expected: PrinterAddress):
    assert address(text) == expected


@pytest.mark.parametrize("text", ["", "lp0", "tcp:", "usb:epson", "http://printer/"])
def test_other_addresses_are_refused(text: str):
    with pytest.raises(BadAddress):
        address(text)


def test_ticket_comes_out_at_a_network_printer():
    with PrinterSimulator() as printer:
        send(at(printer), TICKET)

    assert [paper.text.strip() for paper in printer.papers] == ["A001"]


def test_a_printer_that_never_answers_prints_nevertheless():
    with PrinterSimulator(answers=False) as printer:
        look(at(printer))
        send(at(printer), TICKET)

    assert len(printer.papers) == 1


@pytest.mark.parametrize(
    ("state", "trouble"),
    [({"has_paper": False}, Trouble.NO_PAPER), ({"is_cover_open": True}, Trouble.COVER_OPEN)],
)
def test_a_printer_says_why_nothing_comes_out(state: dict[str, bool], trouble: Trouble):
    with PrinterSimulator(**state) as printer:
        assert trouble_of(at(printer)) == trouble

    assert printer.papers == []


def test_a_printer_that_is_off_is_told_apart(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    assert trouble_of(address(f"tcp:127.0.0.1:{port}")) == Trouble.OFF
    assert trouble_of(address(f"file:{tmp_path}/nowhere/lp0")) == Trouble.OFF


def test_ticket_is_written_to_a_file(tmp_path: Path):
    send(address(f"file:{tmp_path}/lp0"), TICKET)

    assert read_back((tmp_path / "lp0").read_bytes()).text.strip() == "A001"
