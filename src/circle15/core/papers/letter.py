"""A paper of one or two pages handed to a person: title, facts, paragraphs, tables, a code."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running words, the first line indented; `bold` for what must not be overlooked."""

    words: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part."""

    words: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names with their values, as a table of two or four columns."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `shares` are the parts of the width each column has."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code beside a few lines of words."""

    payload: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature given on a screen: the picture, words about it, its address on a page."""

    png: bytes
    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign, side by side, and below them who issued it on which day.

    The first place is signed already where there is a picture for it.
    """

    places: tuple[str, ...]
    issuer: str
    day: str
    signed: Signed | None = None


Block = Paragraph | Heading | Pairs | Grid | Code | Signatures


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands on the paper; `mark` at the head of every page, `foot` at its end."""

    title: str
    number: str
    blocks: tuple[Block, ...]
    foot: str
    mark: str = ""
    # The number of the page, with %(page)s for it and {nb} for how many there are.
    page_words: str = "%(page)s / {nb}"

    def words(self) -> Iterator[str]:
        """Yield every text on the paper, for fonts cut to it."""
        yield from (self.title, self.number, self.foot, self.mark, self.page_words, "0123456789")
        for block in self.blocks:
            yield from _words(block)


def _words(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(words) | Heading(words):
            yield words
        case Pairs(rows):
            for row in rows:
                yield from row
        case Grid(heads, cells, _shares):
            yield from heads
            for line in cells:
                yield from line
        case Code(_payload, lines):
            yield from lines
        case Signatures(places, issuer, day, signed):
            yield from (*places, issuer, day, signed.words if signed else "")
