"""Evidence photos of the demo city: drawn, not taken, and saying so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw

from circle15.ops.demo import history
from circle15.ops.demo.centres import centres
from circle15.ops.demo.character import MARK, Character
from circle15.ops.demo.dice import between
from circle15.sites.states import SiteKind
from circle15.standards.facts import FactValue, facts

# What an inspector likes to have a picture of.
_SHOWN = ("site.bright_clean", "site.layout_reasonable", "site.convenience_complete")
_SIZE = (480, 320)
_FLOOR = 220
_CAPTION_AT = (120, 270)
_MOST_COUNTERS = 6


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture and the fact it proves."""

    site_code: str
    fact: str
    value: FactValue
    taken_on: date
    counters: int

    @property
    def name(self) -> str:
        return f"{facts()[self.fact].label.zh}-示例照片{MARK}.png"

    def content(self) -> bytes:
        """Draw a hall with counters, in colors of its own, and the caption that it is made up."""
        image = Image.new("RGB", _SIZE, _color(200, self, "wall"))
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, _FLOOR, *_SIZE), fill=_color(150, self, "floor"))
        width = _SIZE[0] // self.counters
        for number in range(self.counters):
            left = number * width
            desk = (left + 10, 150, left + width - 10, _FLOOR)
            draw.rectangle(desk, fill=_color(90, self, "desk"))
            draw.rectangle((left + 20, 60, left + width - 20, 130), fill=(236, 244, 250))
        with Image.open(BytesIO(_caption())) as caption:
            image.paste(caption.convert("RGB"), _CAPTION_AT)
        told = BytesIO()
        image.save(told, "PNG")
        return told.getvalue()


def _caption() -> bytes:
    return (files("circle15.ops.demo") / "data" / "caption.png").read_bytes()


def _color(base: int, photo: Photo, part: str) -> tuple[int, int, int]:
    red, green, blue = (
        base + between(0, 50, photo.site_code, photo.fact, part, channel) for channel in "rgb"
    )
    return red, green, blue


def photos(today: date) -> Iterator[Photo]:
    """Give every long-open centre its pictures of the third party's last visit."""
    for one in centres(today):
        if one.kind == SiteKind.TOWN_CENTRE and one.opened_on < today - history.SPAN:
            yield from (_photo(one, name, today) for name in _SHOWN)


def _photo(one: Character, name: str, today: date) -> Photo:
    taken_on = today - timedelta(days=between(6, 16, one.code, "photo"))
    return Photo(
        one.code, name, history.final(one, name), taken_on, min(one.windows, _MOST_COUNTERS)
    )
