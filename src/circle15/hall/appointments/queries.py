"""Reads of appointments: what can be booked, one's own, a day of the hall, what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import get_language, ngettext

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope, within
from circle15.core.masking import mask_name, mask_phone, mask_resident_id
from circle15.hall.appointments.booking import PersonDetails, opened, rules_of, wanted_item
from circle15.hall.appointments.hours import SHANGHAI, day_of, local, runs
from circle15.hall.appointments.refusals import NoSuchItem
from circle15.hall.booking_models import (
    Appointment,
    BookableItem,
    BookingRules,
    HoursException,
    OpeningSeries,
    Slot,
)
from circle15.hall.booking_states import BOOKING_TRANSITIONS, AppointmentState, BookingStep, Pool
from circle15.hall.models import Hall
from circle15.sites.states import SiteStatus
from circle15.standards.service_items import item_name, service_items


@dataclass(frozen=True, slots=True)
class BookingHall:
    """A hall one can book in."""

    code: str
    name: str
    town: str
    address: str
    phone: str
    is_synthetic: bool


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


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """An appointment as its owner and the staff see it: the person masked."""

    uid: UUID
    state: AppointmentState
    hall: BookingHall
    item: str
    item_name: str
    minutes: int
    on: date
    starts_at: datetime
    ends_at: datetime
    code: str
    door: str
    pool: str
    pool_key: str
    held_until: datetime | None
    changes: int
    name: str
    phone: str
    id_number: str
    ticket_uid: UUID | None
    checks_in_from: datetime
    checks_in_until: datetime
    end_reason: str

    @property
    def is_filled_in(self) -> bool:
        return bool(self.name)

    def may(self, step: BookingStep) -> bool:
        """Tell whether a step is open in this state, times aside."""
        return step in BOOKING_TRANSITIONS[self.state]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What a day offered, what was booked of it, and what was used."""

    on: date
    offered: int
    taken: int
    booked: int
    arrived: int
    no_show: int
    cancelled: int

    @property
    def booked_share(self) -> float | None:
        return self.taken / self.offered if self.offered else None

    @property
    def used_share(self) -> float | None:
        """Give the share of appointments past that were kept; nothing while none is past."""
        past = self.arrived + self.no_show
        return self.arrived / past if past else None


def booking_halls() -> tuple[BookingHall, ...]:
    """Return the halls that take appointments, for everybody."""
    with area_scope(EVERYWHERE):
        rows = BookingRules.objects.filter(is_open=True, hall__site__status=SiteStatus.OPEN)
        rows = rows.select_related("hall__site__division__parent")
        order = rows.order_by("hall__site__division__level", "hall__site__sort_key", "id")
        return tuple(_hall(each.hall) for each in order)


def booking_hall(site_code: str) -> BookingHall:
    """Return a hall that takes appointments; raises NotFound, BookingClosed."""
    with area_scope(EVERYWHERE):
        return _hall(rules_of(site_code).hall)


def offers(site_code: str) -> tuple[Offer, ...]:
    """Return what one can book for in a hall; raises NotFound, BookingClosed."""
    with area_scope(EVERYWHERE):
        rows = BookableItem.objects.filter(hall=rules_of(site_code).hall)
        return tuple(
            Offer(row.item, _named(row.item, row.name), row.minutes, row.bring)
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
        offer = Offer(row.item, _named(row.item, row.name), row.minutes, row.bring)
        return _hall(row.hall), offer, _calendar(rules, row.minutes, Pool.PUBLIC, at)


def calendar_offered(
    site_code: str, minutes: int, *, at: datetime, pool: str = Pool.PUBLIC
) -> CalendarOffered:
    """Return the days one can book and every time on them, full ones too, in order."""
    with area_scope(EVERYWHERE):
        return _calendar(rules_of(site_code), minutes, pool, at)


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


def appointment_by_uid(uid: UUID) -> AppointmentView:
    """Return an appointment to whoever has its link; raises NotFound."""
    with area_scope(EVERYWHERE):
        return _view(_linked(uid))


def bring_along(appointment: AppointmentView) -> str:
    """Return what to bring along to an appointment, "" if nothing is said."""
    with area_scope(EVERYWHERE):
        rows = BookableItem.objects.filter(hall__site__code=appointment.hall.code)
        return rows.filter(item=appointment.item).values_list("bring", flat=True).first() or ""


def held_by_uid(uid: UUID, *, at: datetime) -> tuple[AppointmentView, PersonDetails | None]:
    """Return what is held and what was filled in so far, in full, to whoever holds it.

    In full only while it is held: to be checked before it is confirmed. The number stays masked.
    Raises NotFound.
    """
    with area_scope(EVERYWHERE):
        found = _linked(uid)
    view = _view(found)
    until = found.held_until
    if view.state != AppointmentState.HELD or until is None or until <= at or not view.name:
        return view, None
    return view, PersonDetails(opened(found, "name"), opened(found, "phone"), view.id_number)


def appointment_for(actor: Actor, uid: UUID) -> AppointmentView:
    """Return an appointment of the actor's area; raises NotAllowed, NotFound."""
    demand(actor, Permission.VIEW_HALL)
    found = _seen_by(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return _views([found])[0]


def day_of_hall(actor: Actor, site_code: str, on: date) -> tuple[AppointmentView, ...]:
    """Return the appointments of a hall's day in order of time; holds and lapsed ones left out."""
    demand(actor, Permission.VIEW_HALL)
    rows = _seen_by(actor).filter(hall__site__code=site_code, on=on)
    rows = rows.exclude(state__in=[AppointmentState.HELD, AppointmentState.LAPSED])
    return tuple(_views(rows.order_by("starts_at", "id")))


def appointments_of(id_number: str, *, at: datetime) -> tuple[AppointmentView, ...]:
    """Return what the owner of a number has booked and not yet kept, soonest first."""
    index = PersonDetails(name="", phone="", id_number=id_number).index
    with area_scope(EVERYWHERE):
        rows = Appointment.objects.select_related(*_WITH_HALL).filter(
            person_index=index,
            state__in=(AppointmentState.BOOKED, AppointmentState.ARRIVED),
            ends_at__gt=at,
        )
        return tuple(_views(rows.order_by("starts_at", "id")))


def conflicts_of(actor: Actor, site_code: str, *, at: datetime) -> tuple[AppointmentView, ...]:
    """Return what is booked to come in slots the hours no longer have, or have with less room."""
    demand(actor, Permission.VIEW_HALL)
    rows = _seen_by(actor).filter(
        hall__site__code=site_code,
        state=AppointmentState.BOOKED,
        starts_at__gt=at,
        places__slot__is_conflict=True,
    )
    return tuple(_views(rows.distinct().order_by("starts_at", "id")))


def slots_of_hall(actor: Actor, site_code: str, on: date) -> QuerySet[Slot]:
    """Return the slots of a hall's day with their places, in order of time."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(Slot.objects.filter(hall__site__code=site_code), actor.area_path)
    begin = local(on, time())
    rows = rows.filter(starts_at__gte=begin, starts_at__lt=begin + timedelta(days=1))
    return rows.order_by("starts_at", "id")


def figures(actor: Actor, site_code: str, first: date, last: date) -> tuple[DayFigures, ...]:
    """Return for each day what was offered, booked and used; days without slots left out.

    Offered and taken are places of slots (both pools); booked, arrived, no-shows and cancelled
    are appointments, by the day they are for.
    """
    demand(actor, Permission.VIEW_HALL)
    begin, end = local(first, time()), local(last + timedelta(days=1), time())
    slots = within(Slot.objects.filter(hall__site__code=site_code), actor.area_path)
    per_day = (
        slots.filter(starts_at__gte=begin, starts_at__lt=end)
        .annotate(day=TruncDate("starts_at", tzinfo=SHANGHAI))
        .values("day")
        .annotate(
            offered=Sum(F("public_places") + F("counter_places")),
            in_use=Sum(F("public_taken") + F("counter_taken")),
        )
    )
    made = within(Appointment.objects.filter(hall__site__code=site_code), actor.area_path)
    states = (
        made.filter(on__range=(first, last))
        .values("on")
        .annotate(**{state: Count("id", filter=Q(state=state)) for state in _TOLD})
    )
    by_day = {row["on"]: row for row in states}
    return tuple(
        _figures(row["day"], row["offered"], row["in_use"], by_day.get(row["day"]))
        for row in per_day.order_by("day")
    )


def rules_for(actor: Actor, site_code: str) -> BookingRules | None:
    """Return the rules of a hall in the actor's area, if it has any; raises NotFound."""
    demand(actor, Permission.VIEW_HALL)
    hall_for(actor, site_code)
    rows = within(BookingRules.objects.all(), actor.area_path)
    return rows.filter(hall__site__code=site_code).first()


def hall_for(actor: Actor, site_code: str) -> BookingHall:
    """Return a hall of the actor's area, whether it takes appointments or not; NotFound."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(Hall.objects.select_related("site__division__parent"), actor.area_path)
    hall = rows.filter(site__code=site_code).first()
    if hall is None:
        raise NotFound
    return _hall(hall)


def halls_for(actor: Actor) -> tuple[BookingHall, ...]:
    """Return the halls of the actor's area."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(Hall.objects.select_related("site__division__parent"), actor.area_path)
    order = rows.order_by("site__division__level", "site__sort_key", "id")
    return tuple(_hall(hall) for hall in order)


def series_for(actor: Actor, site_code: str) -> QuerySet[OpeningSeries]:
    """Return the series of a hall, by their hours."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(OpeningSeries.objects.filter(hall__site__code=site_code), actor.area_path)
    return rows.order_by("since", "weekdays", "opens", "id")


def exceptions_for(actor: Actor, site_code: str, *, since: date) -> QuerySet[HoursException]:
    """Return the exceptions of a hall from a day on."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(HoursException.objects.filter(hall__site__code=site_code), actor.area_path)
    return rows.filter(on__gte=since).order_by("on", "opens", "id")


def items_for(actor: Actor, site_code: str) -> QuerySet[BookableItem]:
    """Return what can be booked in a hall, in the order shown."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(BookableItem.objects.filter(hall__site__code=site_code), actor.area_path)
    return rows.order_by("position", "id")


_WITH_HALL = ("hall__site__division__parent", "hall__booking_rules")
# What is read of the hall and its place: a page asks for them at every step.
_READ = (
    *(field.name for field in Appointment._meta.concrete_fields),  # noqa: SLF001 -- documented
    *(f"hall__site__{name}" for name in ("code", "name", "address", "phone", "is_synthetic")),
    "hall__site__division__name",
    "hall__site__division__parent__name",
    "hall__booking_rules__early_min",
    "hall__booking_rules__late_min",
)
_TOLD = (
    AppointmentState.BOOKED.value,
    AppointmentState.ARRIVED.value,
    AppointmentState.NO_SHOW.value,
    AppointmentState.CANCELLED.value,
)


def _linked(uid: UUID) -> Appointment:
    rows = Appointment.objects.filter(uid=uid).select_related(*_WITH_HALL).only(*_READ)
    found = next(iter(rows), None)
    if found is None:
        raise NotFound
    return found


def _seen_by(actor: Actor) -> QuerySet[Appointment]:
    return within(Appointment.objects.select_related(*_WITH_HALL), actor.area_path)


def _hall(hall: Hall) -> BookingHall:
    site = hall.site
    parent = site.division.parent
    return BookingHall(
        code=site.code,
        name=site.name,
        town=" · ".join(each.name for each in (parent, site.division) if each is not None),
        address=site.address,
        phone=site.phone,
        is_synthetic=site.is_synthetic,
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


def _views(rows: Iterable[Appointment]) -> list[AppointmentView]:
    return [_view(row) for row in rows]


def _view(row: Appointment) -> AppointmentView:
    rules = row.hall.booking_rules
    return AppointmentView(
        uid=row.uid,
        state=AppointmentState(row.state),
        hall=_hall(row.hall),
        item=row.item,
        item_name=_named(row.item, row.item_name),
        minutes=row.minutes,
        on=row.on,
        starts_at=row.starts_at.astimezone(SHANGHAI),
        ends_at=row.ends_at.astimezone(SHANGHAI),
        code=row.code,
        door=row.get_door_display(),
        pool=row.get_pool_display(),
        pool_key=row.pool,
        held_until=row.held_until,
        changes=row.changes,
        name=mask_name(opened(row, "name")),
        phone=mask_phone(opened(row, "phone")),
        id_number=mask_resident_id(opened(row, "id_number")),
        ticket_uid=row.ticket_uid,
        checks_in_from=row.starts_at - timedelta(minutes=rules.early_min),
        checks_in_until=row.starts_at + timedelta(minutes=rules.late_min),
        end_reason=row.end_reason,
    )


def _named(item: str, stored: str) -> str:
    """Name an item in the reader's language; what the list does not know as it is stored."""
    known = item in service_items()
    return item_name(item).in_language(get_language() or "") if known else stored


def _left(count: int) -> str:
    return ngettext("余 %(n)s", "余 %(n)s", count) % {"n": count}


def _figures(on: date, offered: int, taken: int, states: Mapping[str, object] | None) -> DayFigures:
    booked, arrived, no_show, cancelled = (_count(states, state) for state in _TOLD)
    return DayFigures(on, offered, taken, booked, arrived, no_show, cancelled)


def _count(states: Mapping[str, object] | None, state: str) -> int:
    found = states[state] if states else 0
    assert isinstance(found, int)
    return found


def summed(rows: Sequence[DayFigures]) -> DayFigures:
    """Return the sum of days, under the last one's date."""
    return DayFigures(
        rows[-1].on,
        sum(row.offered for row in rows),
        sum(row.taken for row in rows),
        sum(row.booked for row in rows),
        sum(row.arrived for row in rows),
        sum(row.no_show for row in rows),
        sum(row.cancelled for row in rows),
    )
