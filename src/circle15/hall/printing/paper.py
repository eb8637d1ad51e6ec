"""What stands on a paper ticket, line by line; how it is drawn is decided elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.utils.translation import gettext as _


class Size(Enum):
    """Heights of characters in dots: 8 dots are a millimeter on paper."""

    SMALL = 26
    NORMAL = 32
    LARGE = 44
    HUGE = 128


@dataclass(frozen=True, slots=True)
class Words:
    text: str
    size: Size = Size.NORMAL
    bold: bool = False
    # White on black, as a label that is seen from afar.
    inverse: bool = False
    # Lists begin at the edge; everything else stands in the middle.
    left: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class Qr:
    payload: str


Line = Words | Rule | Qr


@dataclass(frozen=True, slots=True)
class TicketPaper:
    """A ticket as its holder gets it; nothing about the person is on it."""

    hall_name: str
    label: str
    lane_name: str
    ahead: int
    taken_at: datetime  # in the time of the place
    link: str
    wait_min: tuple[int, int] | None = None
    items: tuple[str, ...] = ()
    is_green: bool = False
    is_synthetic: bool = False

    def lines(self) -> tuple[Line, ...]:
        """Return what is printed, from the top."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[Line]:
        if self.is_synthetic:
            yield Words(_("演示号票，不能办事"), Size.SMALL)
        yield Words(self.hall_name, Size.NORMAL, bold=True)
        yield Rule()
        if self.is_green:
            yield Words(f" {_('绿色通道')} ", Size.NORMAL, bold=True, inverse=True)
        yield Words(self.label, Size.HUGE, bold=True)
        if not self.is_green:
            yield Words(self.lane_name, Size.NORMAL)
        yield from (Words(name, Size.SMALL) for name in self.items)
        yield Words(_("前面还有 %(count)s 人") % {"count": self.ahead}, Size.LARGE, bold=True)
        if self.wait_min:
            low, high = self.wait_min
            yield Words(_("约等 %(low)s-%(high)s 分钟") % {"low": low, "high": high}, Size.NORMAL)
        yield Qr(self.link)
        yield Words(_("手机扫码看排队进度"), Size.SMALL)
        yield Rule()
        yield Words(_("请留意叫号，过号请到服务台"), Size.SMALL)
        yield Words(f"{self.taken_at:%Y-%m-%d %H:%M}", Size.SMALL)
