"""An official paper (GB/T 9704-2012) as plain blocks; two writers set it as Word and as PDF.

Type area 156 mm x 225 mm on A4, 22 lines of 28 characters of size 3 (16 pt), top margin 37 mm and
left margin 28 mm, title in size 2 (22 pt), page numbers in size 4 (14 pt) below the type area.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

PAGE_MM = (210.0, 297.0)
TOP_MM, LEFT_MM = 37.0, 28.0
WIDTH_MM, HEIGHT_MM = 156.0, 225.0
LINES, CHARS = 22, 28
LINE_MM = HEIGHT_MM / LINES
BODY_PT, TITLE_PT, NUMBER_PT, TABLE_PT = 16.0, 22.0, 14.0, 12.0
# From the upper edge of the type area to the name of the issuer in red.
MARK_MM, MARK_PT = 35.0, 40.0
MM_PER_PT = 25.4 / 72
# A number and its page between two dashes, one character from the edge.
PAGE_WORDS = "— {page} —"
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4; its number is given when the paper is set."""

    words: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running words, the first line indented by two characters."""

    words: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `shares` are parts of the width, `numbers` the columns that stand to the right."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]
    numbers: tuple[int, ...] = ()


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is attached: named below the text, set on pages of its own after the signature."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Official:
    """A whole paper. With `issuer_mark` it begins with the issuer's name in red over a red line.

    `mark` stands at the head of every page: what is made up must say so.
    """

    title: str
    blocks: tuple[Block, ...]
    issuer: str
    day: str
    number: str = ""
    issuer_mark: str = ""
    addressee: str = ""
    attachments: tuple[Attachment, ...] = ()
    mark: str = ""

    def words(self) -> Iterator[str]:
        """Yield every text on the paper, for fonts cut to it."""
        yield from (self.title, self.issuer, self.day, self.number, self.issuer_mark)
        yield from (self.addressee, self.mark, f"{PAGE_WORDS}附件：（）.、　{_DIGITS}十")
        yield from (one.title for one in self.attachments)
        for block in chain(self.blocks, *(one.blocks for one in self.attachments)):
            match block:
                case Heading(words) | Paragraph(words):
                    yield words
                case Table(title, heads, rows):
                    yield from (title, *heads, *chain.from_iterable(rows))


def numbered(blocks: Sequence[Block]) -> Iterator[Block]:
    """Give each heading its number: 一、 then （一）, 1. and （1）, begun anew below another."""
    counts = [0, 0, 0, 0]
    for block in blocks:
        if isinstance(block, Heading):
            at = block.level - 1
            counts[at] += 1
            counts[at + 1 :] = [0] * (3 - at)
            yield Heading(f"{_label(block.level, counts[at])}{block.words}", block.level)
        else:
            yield block


def attachment_lines(paper: Official) -> tuple[str, ...]:
    """Return the lines that name what is attached; one alone has no number."""
    titles = [one.title for one in paper.attachments]
    if len(titles) < 2:  # noqa: PLR2004 -- one needs no number
        return tuple(f"附件：{title}" for title in titles)
    return tuple(
        f"{'附件：' if at == 1 else '　　　'}{at}. {title}"
        for at, title in enumerate(titles, start=1)
    )


def attachment_head(paper: Official, at: int) -> str:
    """Return what stands at the top left of an attachment's first page."""
    return "附件" if len(paper.attachments) == 1 else f"附件{at}"


def chinese_number(number: int) -> str:
    """Write a number from 1 to 99 in Chinese, as headings count."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def as_json(paper: Official) -> dict[str, Any]:
    """Return a paper as plain values, for keeping it whole."""
    found: dict[str, Any] = {
        name: getattr(paper, name)
        for name in ("title", "issuer", "day", "number", "issuer_mark", "addressee", "mark")
    }
    found["blocks"] = [_plain(block) for block in paper.blocks]
    found["attachments"] = [
        {"title": one.title, "blocks": [_plain(block) for block in one.blocks]}
        for one in paper.attachments
    ]
    return found


def from_json(kept: Mapping[str, Any]) -> Official:
    """Read back what `as_json` gave."""
    words = {name: str(kept[name]) for name in kept if name not in {"blocks", "attachments"}}
    attached = (
        Attachment(one["title"], tuple(map(_block, one["blocks"]))) for one in kept["attachments"]
    )
    return Official(blocks=tuple(map(_block, kept["blocks"])), attachments=tuple(attached), **words)


def _label(level: int, count: int) -> str:
    labels = (
        f"{chinese_number(count)}、",
        f"（{chinese_number(count)}）",
        f"{count}. ",
        f"（{count}）",
    )
    return labels[level - 1]


def _plain(block: Block) -> dict[str, Any]:
    match block:
        case Heading(words, level):
            return {"kind": "heading", "words": words, "level": level}
        case Paragraph(words):
            return {"kind": "paragraph", "words": words}
        case Table(title, heads, rows, shares, numbers):
            table = {"title": title, "heads": list(heads), "rows": [list(row) for row in rows]}
            return {"kind": "table", **table, "shares": list(shares), "numbers": list(numbers)}


def _block(kept: Mapping[str, Any]) -> Block:
    if kept["kind"] == "heading":
        return Heading(kept["words"], kept["level"])
    if kept["kind"] == "paragraph":
        return Paragraph(kept["words"])
    return Table(
        title=kept["title"],
        heads=tuple(kept["heads"]),
        rows=tuple(tuple(row) for row in kept["rows"]),
        shares=tuple(kept["shares"]),
        numbers=tuple(kept["numbers"]),
    )
