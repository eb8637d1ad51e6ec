"""A ticket as the bytes an ESC/POS printer takes."""

from collections.abc import Iterable
from enum import IntEnum

from escpos.printer import Dummy

from circle15.hall.printing.drawing import drawn
from circle15.hall.printing.paper import Line, Qr, Rule, Size, Words


class PaperWidth(IntEnum):
    """Millimeters of the roll."""

    MM58 = 58
    MM80 = 80

    @property
    def dots(self) -> int:
        """How many dots fit across: 8 a millimeter, less the margins."""
        return {PaperWidth.MM58: 384, PaperWidth.MM80: 576}[self]

    @property
    def columns(self) -> int:
        """How many half-width characters fit across."""
        return self.dots // 12


# Printers of the library's list as wide as ours, with a cutter.
_PROFILES = {PaperWidth.MM58: "RP-F10-58mm", PaperWidth.MM80: "KR-306"}
# ESC/POS: characters of two bytes on, their size, size of the others, inverse.
_TWO_BYTES_ON = b"\x1c&"
_INVERSE = b"\x1dB"
_LEFT, _MIDDLE = b"\x1ba\x00", b"\x1ba\x01"
# Size on paper -> times the plain height, for `GS !` and `FS !`.
_TIMES = {Size.SMALL: 1, Size.NORMAL: 1, Size.LARGE: 2, Size.HUGE: 4}
_QR_DOTS = 6


def as_picture(lines: Iterable[Line], width: PaperWidth) -> bytes:
    """Encode as one raster picture: no printer needs Chinese characters of its own for it."""
    printer = Dummy(profile=_PROFILES[width])
    printer.hw("INIT")
    printer.image(drawn(lines, width.dots), impl="bitImageRaster", fragment_height=1024)
    printer.cut(mode="PART")
    return bytes(printer.output)


def as_text(lines: Iterable[Line], width: PaperWidth) -> bytes:
    """Encode as text in GB 18030 with the printer's own QR code: quicker, where it can do both."""
    printer = Dummy(profile=_PROFILES[width])
    printer.hw("INIT")
    printer.set(align="center")
    printer._raw(_TWO_BYTES_ON)  # noqa: SLF001 -- the library has no command for it
    for line in lines:
        _text_line(printer, line, width)
    printer.cut(mode="PART")
    return bytes(printer.output)


def _text_line(printer: Dummy, line: Line, width: PaperWidth) -> None:
    match line:
        case Words():
            placed = _LEFT + _styled(line) + _MIDDLE if line.left else _styled(line)
            printer._raw(placed)  # noqa: SLF001 -- its text() knows no GB 18030
        case Rule():
            printer._raw(b"-" * width.columns + b"\n")  # noqa: SLF001
        case Qr():
            printer.qr(line.payload, native=True, size=_QR_DOTS)


def _styled(words: Words) -> bytes:
    times = _TIMES[words.size] - 1
    two_byte = 0x0C if times else 0  # characters of two bytes know only plain and double
    return b"".join(
        (
            b"\x1b!" + bytes([0x08 if words.bold else 0]),
            b"\x1d!" + bytes([times << 4 | times]),
            b"\x1c!" + bytes([two_byte]),
            _INVERSE + bytes([words.inverse]),
            words.text.encode("gb18030", "replace") + b"\n",
            _INVERSE + b"\x00",
        )
    )
