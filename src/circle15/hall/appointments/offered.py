"""What can be booked in a hall: items, days, times and the places left."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from django.db.models import F
from django.utils.translation import get_language, ngettext

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.appointments.booking import rules_of, wanted_item
from circle15.hall.appointments.halls import BookingHall, hall_shown
from circle15.hall.appointments.hours import SHANGHAI, day_of, local, runs
from circle15.hall.appointments.refusals import NoSuchItem
from circle15.hall.booking_models import (
    BookableItem,
    BookingRules,
    Slot,
)
from circle15.hall.booking_states import Pool
from circle15.standards.service_items import item_name, service_items


@dataclass(frozen=True, slots=True)
class Offer:
    """An item one can book for."""

    item: str
    name: str
    minutes: int
    bring: str


@dataclass(frozen=True)
class FreeTime:
    """A time one can book, and how many places are left; its words are made once."""

    starts_at: datetime
    ends_at: datetime
    free: int
    is_extended: bool

    @cached_property
    def on(self) -> date:
        """Give the hall's day."""
        return day_of(self.starts_at)

    @cached_property
    def key(self) -> str:
        """Give the time as it stands in a form."""
        return f"{self.starts_at.astimezone(SHANGHAI):%H%M}"

    @cached_property
    def clock(self) -> str:
        """Give the time as it is read."""
        return f"{self.starts_at.astimezone(SHANGHAI):%H:%M}"

    @cached_property
    def left(self) -> str:
        """Say how many places are left; a page has a hundred of these."""
        return _left(self.free)


@dataclass(frozen=True)
class DayOffered:
    """A day of the booking calendar: how many can still come, none where it is closed or full."""

    on: date
    free: int
    is_open: bool

    @cached_property
    def left(self) -> str:
        """Say how many places are left."""
        return _left(self.free)


@dataclass(frozen=True, slots=True)
class CalendarOffered:
    """The days of a calendar and every time on them."""

    days: tuple[DayOffered, ...]
    times: tuple[FreeTime, ...]


def offers(site_code: str) -> tuple[Offer, ...]:
    """Return what one can book for in a hall; raises NotFound, BookingClosed."""
    with area_scope(EVERYWHERE):
        rows = BookableItem.objects.filter(hall=rules_of(site_code).hall)
        return tuple(
            Offer(row.item, item_shown(row.item, row.name), row.minutes, row.bring)
            for row in rows.order_by("position", "id")
        )


def offer(site_code: str, item: str) -> Offer:
    """Return one item of a hall; raises NotFound, BookingClosed."""
    found = next((each for each in offers(site_code) if each.item == item), None)
    if found is None:
        raise NotFound
    return found


def choice_offered(
    site_code: str, item: str, *, at: datetime
) -> tuple[BookingHall, Offer, CalendarOffered]:
    """Return what the page of times shows: the hall, the item and its calendar.

    Raises NotFound, BookingClosed.
    """
    with area_scope(EVERYWHERE):
        try:
            rules, row = wanted_item(site_code, item, with_place=True)
        except NoSuchItem:
            raise NotFound from None
        offer = Offer(row.item, item_shown(row.item, row.name), row.minutes, row.bring)
        return hall_shown(row.hall), offer, _calendar(rules, row.minutes, Pool.PUBLIC, at)


def calendar_offered(
    site_code: str, minutes: int, *, at: datetime, pool: str = Pool.PUBLIC
) -> CalendarOffered:
    """Return the days one can book and every time on them, full ones too, in order."""
    with area_scope(EVERYWHERE):
        return _calendar(rules_of(site_code), minutes, pool, at)


def days_offered(
    site_code: str, minutes: int, *, at: datetime, pool: str = Pool.PUBLIC
) -> tuple[DayOffered, ...]:
    """Return the days of the calendar with the number of places that can be booked on each."""
    return calendar_offered(site_code, minutes, at=at, pool=pool).days


def times_offered(
    site_code: str, on: date, minutes: int, *, at: datetime, pool: str = Pool.PUBLIC
) -> tuple[FreeTime, ...]:
    """Return the times of a day with the places left, full ones too, in order."""
    with area_scope(EVERYWHERE):
        return tuple(_free_times(rules_of(site_code), on, on, minutes, pool, at))


def _calendar(rules: BookingRules, minutes: int, pool: str, at: datetime) -> CalendarOffered:
    today = day_of(at)
    times = _free_times(rules, today, today + timedelta(days=rules.days_ahead), minutes, pool, at)
    free: dict[date, int] = {}
    for each in times:
        on = each.on
        free[on] = free.get(on, 0) + each.free
    days = (today + timedelta(days=n) for n in range(rules.days_ahead + 1))
    return CalendarOffered(
        tuple(DayOffered(on, free.get(on, 0), on in free) for on in days), tuple(times)
    )


def _free_times(  # noqa: PLR0913, PLR0917 -- whose times, of which days, how long, from when
    rules: BookingRules, first: date, last: date, minutes: int, pool: str, at: datetime
) -> list[FreeTime]:
    """Return every time an appointment could begin, with the places its slots have in common."""
    notice = timedelta(minutes=rules.notice_min if pool == Pool.PUBLIC else 0)
    begin = max(local(first, time()), at + notice)
    end = local(last + timedelta(days=1), time())
    rows = Slot.objects.filter(hall_id=rules.hall_id, starts_at__gte=begin, starts_at__lt=end)
    slots = {row[0]: _Times(*row) for row in rows.order_by("starts_at", "id").values_list(*_TIMES)}
    found = []
    for ids in runs([slot[:3] for slot in slots.values()], minutes):
        run = [slots[each] for each in ids]
        if not any(slot.is_conflict for slot in run):
            free = min(_free(slot, pool) for slot in run)
            extended = any(slot.is_extended for slot in run)
            found.append(FreeTime(run[0].starts_at, run[-1].ends_at, free, extended))
    return found


class _Times(NamedTuple):
    """What the calendar reads of a slot."""

    id: int
    starts_at: datetime
    ends_at: datetime
    public_left: int
    counter_left: int
    is_extended: bool
    is_conflict: bool


_TIMES = (
    "id",
    "starts_at",
    "ends_at",
    F("public_places") - F("public_taken"),
    F("counter_places") - F("counter_taken"),
    "is_extended",
    "is_conflict",
)


def _free(slot: _Times, pool: str) -> int:
    # The counter uses its own places first, then the public's.
    return slot.public_left if pool == Pool.PUBLIC else max(slot.public_left, slot.counter_left)


def item_shown(item: str, stored: str) -> str:
    """Name an item in the reader's language; what the list does not know as it is stored."""
    known = item in service_items()
    return item_name(item).in_language(get_language() or "") if known else stored


def _left(count: int) -> str:
    return ngettext("余 %(n)s", "余 %(n)s", count) % {"n": count}
