"""A hall and its day: who comes, what they want, how long they stay, which windows are open."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from circle15.planning.hall.durations import Duration
from circle15.standards.text import Text

DAY_S = 86_400
SLOT_S = 900
"""Arrivals and windows are counted by the quarter of an hour."""
SLOTS = DAY_S // SLOT_S
HOUR_S = 3_600


class Lane(IntEnum):
    """Where a person waits, in the order the kernel counts them."""

    WALK_IN = 0
    APPOINTMENT = 1
    GREEN = 2


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From a second of the day up to, not including, another."""

    from_s: int
    until_s: int

    @property
    def length_s(self) -> int:
        """How long it lasts."""
        return self.until_s - self.from_s


@dataclass(frozen=True, slots=True)
class Arrivals:
    """People expected without appointment in each quarter of the day, for each weekday (0 Monday).

    `day_spread`: how much whole days differ from the profile (standard deviation over mean) beyond
    the chance of single arrivals; 0 is a plain Poisson process.
    """

    by_weekday: Mapping[int, tuple[float, ...]]
    day_spread: float = 0.0

    @property
    def busiest(self) -> int:
        """The weekday on which most people come; the earlier one of equals."""
        return min(self.by_weekday, key=lambda day: (-sum(self.by_weekday[day]), day))


@dataclass(frozen=True, slots=True)
class Item:
    """Something people come for; `skill` is what a window must be able to do, if not all can."""

    id: str
    name: Text
    share: float
    service: Duration
    skill: str | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A time offered for appointments and how many people booked it."""

    at_s: int
    booked: int


@dataclass(frozen=True, slots=True)
class Appointments:
    """Booked people come with `show_rate`, `early_s` before their time give or take `early_sd_s`.

    Once there, they go before those without appointment.
    """

    slots: tuple[Slot, ...]
    show_rate: float
    early_s: float = 300.0
    early_sd_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Green:
    """The green channel (绿色通道): a share of the walk-ins, called ahead of the others.

    After every `others` calls of other lanes one goes to the green channel (0: always first), and
    nobody in it who has waited `longest_wait_s` stands behind anyone of another lane.
    """

    share: float
    others: int
    longest_wait_s: int


@dataclass(frozen=True, slots=True)
class Window:
    """One window and its clerk; `skills` None: any item (综合柜员).

    `cover`: the window that takes over its items while it is away (A/B 岗).
    """

    id: str
    duty: tuple[Span, ...]
    breaks: tuple[Span, ...] = ()
    skills: frozenset[str] | None = None
    cover: str | None = None

    def is_away(self, at_s: int) -> bool:
        """Whether nobody is at the window at that second."""
        on_duty = any(span.from_s <= at_s < span.until_s for span in self.duty)
        return not on_duty or any(span.from_s <= at_s < span.until_s for span in self.breaks)


@dataclass(frozen=True, slots=True)
class Hall:
    """All that is assumed of a hall but its windows.

    `serves_after_closing`: whoever took a number is still served (延时服务); else sent away.
    """

    opening: tuple[Span, ...]
    arrivals: Arrivals
    items: tuple[Item, ...]
    appointments: Appointments | None = None
    green: Green | None = None
    patience: Duration | None = None
    serves_after_closing: bool = True

    @property
    def closes_s(self) -> int:
        """The last second of opening."""
        return max(span.until_s for span in self.opening)

    @property
    def hours(self) -> tuple[int, ...]:
        """The clock hours in which the hall is open, whole or in part."""
        seen = {
            hour
            for span in self.opening
            for hour in range(span.from_s // HOUR_S, -(-span.until_s // HOUR_S))
        }
        return tuple(sorted(seen))

    @property
    def skills(self) -> tuple[str, ...]:
        """The skills any item asks for, in a fixed order."""
        return tuple(sorted({item.skill for item in self.items if item.skill is not None}))
