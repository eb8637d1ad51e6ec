"""A ticket as a picture in black and white: Chinese text comes out the same on every printer."""

from collections.abc import Iterable, Iterator
from functools import cache

import segno
from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

from circle15.hall.printing.paper import Line, Qr, Rule, Size, Words

MARGIN = 8
LEADING = 1.3
RULE_HEIGHT = 18
QR_SHARE = 0.6  # of the width of the paper
QR_QUIET = 4  # modules of white around the code, as its standard asks
WHITE, BLACK = 255, 0
_MIDDLE = 128


def drawn(lines: Iterable[Line], width: int) -> Image.Image:
    """Draw the lines below one another; the picture is as wide as the paper prints, in dots."""
    strips = [strip for line in lines for strip in _strips(line, width)]
    picture = Image.new("L", (width, sum(strip.height for strip in strips)), WHITE)
    top = 0
    for strip in strips:
        picture.paste(strip, (0, top))
        top += strip.height
    return picture.point(lambda shade: BLACK if shade < _MIDDLE else WHITE, mode="1")


def _strips(line: Line, width: int) -> Iterator[Image.Image]:
    match line:
        case Words():
            yield from (_words(line, row, width) for row in rows(line, width))
        case Rule():
            yield _rule(width)
        case Qr():
            yield _qr(line.payload, width)


def rows(words: Words, width: int) -> list[str]:
    """Break words into rows that fit; Chinese may break anywhere, an English word may not."""
    font, room = _font(_fitting(words, width)), width - 2 * MARGIN
    found = [""]
    for piece in _pieces(words.text):
        if found[-1] and font.getlength(found[-1] + piece.rstrip()) > room:
            found.append("")
        found[-1] += piece if found[-1] else piece.lstrip()
    return [row.rstrip() if not words.inverse else row for row in found]


def _pieces(text: str) -> Iterator[str]:
    word = ""
    for char in text:
        if char.isascii() and char != " ":
            word += char
            continue
        yield from (word,) if word else ()
        word = ""
        yield char
    yield from (word,) if word else ()


def _words(words: Words, row: str, width: int) -> Image.Image:
    size = _fitting(words, width)
    font, height = _font(size), round(size * LEADING)
    strip = Image.new("L", (width, height + (MARGIN if words.inverse else 0)), WHITE)
    draw = ImageDraw.Draw(strip)
    across = font.getlength(row)
    if words.inverse:
        left = (width - across) / 2 - MARGIN
        draw.rounded_rectangle((left, 0, width - left, height), radius=8, fill=BLACK)
    draw.text(
        (MARGIN if words.left else width / 2, height / 2),
        row,
        font=font,
        anchor="lm" if words.left else "mm",
        fill=WHITE if words.inverse else BLACK,
        # The font comes in one weight: a thin line around the letters makes the other.
        stroke_width=max(1, size // 48) if words.bold else 0,
    )
    return strip


def _fitting(words: Words, width: int) -> int:
    """Return the height asked for, less for a number too long for narrow paper."""
    size = words.size.value
    if words.size is not Size.HUGE:
        return size
    across = _font(size).getlength(words.text)
    return min(size, int(size * (width - 2 * MARGIN) / across)) if across else size


def _rule(width: int) -> Image.Image:
    strip = Image.new("L", (width, RULE_HEIGHT), WHITE)
    middle = RULE_HEIGHT // 2
    ImageDraw.Draw(strip).line((MARGIN, middle, width - MARGIN, middle), fill=BLACK, width=2)
    return strip


def _qr(payload: str, width: int) -> Image.Image:
    matrix = segno.make(payload, error="m", micro=False).matrix
    side = len(matrix) + 2 * QR_QUIET
    scale = max(3, int(width * QR_SHARE) // side)
    code = Image.new("L", (side, side), WHITE)
    for y, row in enumerate(matrix, QR_QUIET):
        for x, dark in enumerate(row, QR_QUIET):
            code.putpixel((x, y), BLACK if dark else WHITE)
    code = code.resize((side * scale, side * scale), Image.Resampling.NEAREST)
    strip = Image.new("L", (width, code.height), WHITE)
    strip.paste(code, ((width - code.width) // 2, 0))
    return strip


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(sans_path()), size)
