"""What a stream of ESC/POS bytes puts on paper: text, pictures, QR codes, cuts.

The simulator shows it and tests judge it. A command it does not know is an error: the ticket
would come out wrong on a true printer as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

Modules = tuple[tuple[bool, ...], ...]


class UnknownCommand(ValueError):
    """Bytes no part of a ticket should contain."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One stream as paper."""

    text: str
    pictures: tuple[Image.Image, ...]
    codes: tuple[str, ...]  # QR codes the printer drew itself
    cuts: int

    @property
    def picture(self) -> Image.Image:
        """All pictures below one another, as the paper shows them."""
        width = max((each.width for each in self.pictures), default=1)
        whole = Image.new("1", (width, sum(each.height for each in self.pictures) or 1), 1)
        top = 0
        for each in self.pictures:
            whole.paste(each, (0, top))
            top += each.height
        return whole


# Commands of a fixed length, and how many bytes follow their names. DLE EOT is a question.
_LENGTHS = {
    b"\x10\x04": 1,
    **{b"\x1b" + name: 1 for name in (b"a", b"!", b"d", b"E", b"M", b"-", b"{", b"t")},
    b"\x1b@": 0,
    **{b"\x1d" + name: 1 for name in (b"!", b"B", b"b", b"V")},
    b"\x1c&": 0,
    b"\x1c.": 0,
    b"\x1c!": 1,
}
_QR_STORE = b"\x31\x50\x30"
LEAST_MODULE = 3  # dots


def read_back(data: bytes) -> Printed:
    """Take the bytes apart. Raises UnknownCommand."""
    text, pictures, codes, cuts = bytearray(), [], [], 0
    for name, body in _commands(data):
        match name:
            case "text":
                text += body
            case "picture":
                pictures.append(_picture(body))
            case "code" if body.startswith(_QR_STORE):
                codes.append(body[len(_QR_STORE) :].decode())
            case "cut":
                cuts += 1
    return Printed(text.decode("gb18030"), tuple(pictures), tuple(codes), cuts)


def _commands(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at < len(data):
        name, begin, end = _command(data, at)
        yield name, data[begin:end]
        at = end


def _command(data: bytes, at: int) -> tuple[str, int, int]:
    """Return what stands at a place: its kind, where its content begins and where it ends."""
    head, name = data[at : at + 1], data[at + 1 : at + 2]
    match head:
        case b"\x1d" if name == b"v":
            width, height = _pair(data, at + 4), _pair(data, at + 6)
            return "picture", at + 4, at + 8 + width * height
        case b"\x1d" if name == b"(":
            return "code", at + 5, at + 5 + _pair(data, at + 3)
        case b"\x10" | b"\x1b" | b"\x1c" | b"\x1d":
            if head + name not in _LENGTHS:
                raise UnknownCommand(data[at : at + 4].hex(" "))
            kind = "cut" if head + name == b"\x1dV" else "style"
            return kind, at + 2, at + 2 + _LENGTHS[head + name]
    return "text", at, _end_of_text(data, at)


def _end_of_text(data: bytes, at: int) -> int:
    """No byte of a GB 18030 character is a control code, so the next one ends the text."""
    while at < len(data) and data[at : at + 1] not in b"\x10\x1b\x1c\x1d":
        at += 1
    return at


def _pair(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")


def _picture(body: bytes) -> Image.Image:
    width, height = 8 * _pair(body, 0), _pair(body, 2)
    return Image.frombytes("1", (width, height), bytes(each ^ 0xFF for each in body[4:]))


def code_modules(picture: Image.Image) -> Modules:
    """Read the dark and light modules of the QR code in a picture; empty without one."""
    found = _corner(picture)
    if found is None:
        return ()
    left, top, size = found
    right = max(end for begin, end in _runs(picture, top) if end - begin == 7 * size)
    half = size // 2
    return tuple(
        tuple(
            not picture.getpixel((left + x * size + half, top + y * size + half))
            for x in range((right - left) // size)
        )
        for y in range((right - left) // size)
    )


def _corner(picture: Image.Image) -> tuple[int, int, int] | None:
    """Find the upper left eye of a code: where it begins, and how many dots a module has."""
    for top in range(picture.height):
        for begin, end in _runs(picture, top):
            size, rest = divmod(end - begin, 7)
            if size >= LEAST_MODULE and not rest and _is_eye(picture, begin, top, size):
                return begin, top, size
    return None


def _is_eye(picture: Image.Image, left: int, top: int, size: int) -> bool:
    """Tell by the diagonal: dark, light, three dark, light, dark."""
    steps = [size * step + size // 2 for step in range(7)]
    if top + steps[-1] >= picture.height:
        return False
    shades = [not picture.getpixel((left + step, top + step)) for step in steps]
    return shades == [True, False, True, True, True, False, True]


def _runs(picture: Image.Image, row: int) -> Iterator[tuple[int, int]]:
    """Give the dark stretches of a row."""
    begin = None
    for x in range(picture.width):
        dark = not picture.getpixel((x, row))
        if dark and begin is None:
            begin = x
        if not dark and begin is not None:
            yield begin, x
            begin = None
    if begin is not None:
        yield begin, picture.width
