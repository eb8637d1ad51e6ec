"""Book: hold places, fill in, confirm; or all at once at the counter and the kiosk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from secrets import randbelow
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.sealing import blind_index, seal, unseal
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.audit.states import Who
from circle15.core.identifiers.resident_id import canonical_resident_id
from circle15.core.uids import new_uid
from circle15.hall.appointments import notices
from circle15.hall.appointments.hours import day_of, runs
from circle15.hall.appointments.places import (
    demand_bookable,
    free_places,
    is_full,
    lapsed_at,
    lock_person,
    locked_slots,
    slot_ids_of,
    take_places,
)
from circle15.hall.appointments.refusals import (
    AlreadyBookedItem,
    BookingClosed,
    HoldLapsed,
    NoSuchItem,
    NotFilledIn,
    SlotFull,
    TooManyHolds,
    TooManyThatDay,
    WrongAppointmentState,
)
from circle15.hall.booking_models import Appointment, BookableItem, BookingRules, Slot
from circle15.hall.booking_states import (
    BOOKING_TRANSITIONS,
    COUNTED,
    AppointmentState,
    BookingStep,
    Door,
    NoticeKind,
    Pool,
)
from circle15.hall.models import Hall

PUBLIC = Who(id=None, name="预约人本人", role="public")
MOST_A_DAY = 3
# A phone company puts many people behind one address, so these are wide.
MOST_HOLDS = 10
MOST_HOLDS_AN_HOUR = 60
KIND = "appointment"
_PERSONAL = ("name_sealed", "phone_sealed", "id_number_sealed", "person_index")
_CODES = 1_000_000
_TRIES = 8


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """Who books; the number may be missing at the counter only."""

    name: str
    phone: str
    id_number: str = ""

    @property
    def index(self) -> str:
        """Give the key under which the person's other appointments are found."""
        if self.id_number:
            number = canonical_resident_id(self.id_number)
            return blind_index(number, field="id_number", kind=KIND)
        return blind_index(self.phone, field="phone", kind=KIND)


class Room(NamedTuple):
    """Slots wanted, by id, and the locked holds on them whose time is over."""

    slot_ids: list[int]
    lapsed: list[Appointment]


def hold(  # noqa: PLR0913 -- what a place is held by
    *,
    site_code: str,
    item: str,
    starts_at: datetime,
    at: datetime,
    origin: str = "",
    key: str = "",
) -> Appointment:
    """Keep the places of a public slot while somebody fills in the form, for `hold_min`.

    `origin` is where the request came from (kept as blind index): one origin holds a few only.
    `key` is the form's own: the same key for the same time gives the same hold, also at once.
    Raises NotFound, BookingClosed, NoSuchItem, SlotFull, TooLateToBook, TooManyHolds.
    """
    uid = _uid_of(key, site_code, item, starts_at.isoformat())
    try:
        return _hold(uid, site_code, item, starts_at, at, origin)
    except IntegrityError:
        # The same form twice at the same moment: the other was quicker.
        former = _held_before(uid)
        if former is None:
            raise
        return former


@area_scope(EVERYWHERE)
def _hold(  # noqa: PLR0913, PLR0917 -- as above
    uid: UUID, site_code: str, item: str, starts_at: datetime, at: datetime, origin: str
) -> Appointment:
    if is_full(site_code, item, starts_at, uid=uid, at=at):
        raise SlotFull
    rules, wanted = wanted_item(site_code, item)
    appointment = _new(wanted.hall, wanted, door=Door.PUBLIC, pool=Pool.PUBLIC, at=at)
    appointment.uid = uid
    appointment.origin_index = blind_index(origin, field="origin", kind=KIND)
    appointment.held_until = at + timedelta(minutes=rules.hold_min)
    try:
        room = _room(appointment, starts_at, rules, at=at)
        _demand_few_holds(appointment.origin_index, at)
        _seize(appointment, room, rules, at=at)
    except SlotFull:
        former = _former(uid)
        if former is None:
            raise
        return former
    tell(appointment, "appointment.hold", PUBLIC, at, new={"starts_at": starts_at})
    return appointment


@area_scope(EVERYWHERE)
def _held_before(uid: UUID) -> Appointment | None:
    return _former(uid)


def _former(uid: UUID) -> Appointment | None:
    return Appointment.objects.filter(uid=uid).first()


@area_scope(EVERYWHERE)
def fill_in(*, uid: UUID, person: PersonDetails, at: datetime) -> Appointment:
    """Keep the name, phone and number of whoever holds the places, sealed; may be done again.

    A number left out the second time stays as it was.
    Raises NotFound, HoldLapsed, WrongAppointmentState.
    """
    appointment = _held(uid, at)
    _seal_person(appointment, person)
    appointment.save(update_fields=_PERSONAL)
    tell(appointment, "appointment.fill_in", PUBLIC, at)
    return appointment


# Clauses: W-62
@area_scope(EVERYWHERE)
def confirm(*, uid: UUID, at: datetime) -> Appointment:
    """Make a held place an appointment. Done twice, the second time answers with the first.

    Raises NotFound, HoldLapsed, NotFilledIn, AlreadyBookedItem, TooManyThatDay.
    """
    appointment = locked_appointment(uid)
    if appointment.state == AppointmentState.BOOKED:
        return appointment
    _demand_held(appointment, at)
    if not appointment.person_index:
        raise NotFilledIn
    _book(appointment, at=at)
    tell(appointment, "appointment.book", PUBLIC, at, new=_facts(appointment))
    return appointment


@area_scope(EVERYWHERE)
def let_go(*, uid: UUID, at: datetime) -> Appointment:
    """Give back what is held: somebody leaves the form. Raises NotFound, WrongAppointmentState."""
    appointment = locked_appointment(uid)
    if appointment.state != AppointmentState.HELD:
        raise WrongAppointmentState(appointment.get_state_display())
    lapse([appointment], at=at)
    tell(appointment, "appointment.let_go", PUBLIC, at)
    return appointment


@transaction.atomic
def book(  # noqa: PLR0913 -- what an appointment consists of
    *,
    site_code: str,
    item: str,
    starts_at: datetime,
    person: PersonDetails,
    door: str,
    by: Actor,
    at: datetime,
) -> Appointment:
    """Book for a person at the counter (counter's places, then the public's) or the kiosk.

    Raises NotAllowed, NotFound, BookingClosed, NoSuchItem, SlotFull, TooLateToBook,
    AlreadyBookedItem, TooManyThatDay.
    """
    demand(by, Permission.TAKE_TICKETS)
    with area_scope(by.area_path):
        rules, wanted = wanted_item(site_code, item, within=by.area_path)
        pool = Pool.COUNTER if door == Door.COUNTER else Pool.PUBLIC
        appointment = _new(wanted.hall, wanted, door=Door(door), pool=pool, at=at)
        if pool == Pool.PUBLIC and is_full(site_code, item, starts_at, uid=appointment.uid, at=at):
            raise SlotFull
        _seal_person(appointment, person)
        lock_person(appointment.person_index)
        appointment.held_until = at
        _seize(appointment, _room(appointment, starts_at, rules, at=at), rules, at=at)
        _book(appointment, at=at)
        tell(appointment, "appointment.book", by.who, at, new=_facts(appointment))
        return appointment


def rules_of(site_code: str, *, within: str = EVERYWHERE) -> BookingRules:
    """Return the rules of a hall that takes appointments, with its site, town and county.

    Raises NotFound, BookingClosed.
    """
    rows = BookingRules.objects.select_related("hall__site__division__parent")
    rows = rows.filter(area_path__startswith=within)
    rules = rows.filter(hall__site__code=site_code).first()
    if rules is None:
        raise NotFound
    if not rules.is_open:
        raise BookingClosed
    return rules


def wanted_item(
    site_code: str, item: str, *, within: str = EVERYWHERE, with_place: bool = False
) -> tuple[BookingRules, BookableItem]:
    """Return the rules of a hall and an item of it, in one read.

    `with_place`: the hall's site, its town and county come in the same read.
    Raises NotFound, BookingClosed, NoSuchItem.
    """
    place = ("hall__site__division__parent",) if with_place else ()
    rows = BookableItem.objects.select_related("hall__booking_rules", *place)
    rows = rows.filter(hall__site__code=site_code, item=item, area_path__startswith=within)
    wanted = next(iter(rows), None)
    rules: BookingRules | None = getattr(wanted.hall, "booking_rules", None) if wanted else None
    if wanted is None or rules is None:
        rules_of(site_code, within=within)
        raise NoSuchItem
    if not rules.is_open:
        raise BookingClosed
    return rules, wanted


def locked_appointment(uid: UUID, *, within: str = EVERYWHERE) -> Appointment:
    """Lock an appointment; raises NotFound."""
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("hall__site")
    appointment = rows.filter(uid=uid, area_path__startswith=within).first()
    if appointment is None:
        raise NotFound
    return appointment


def run_from(hall: Hall, starts_at: datetime, minutes: int) -> tuple[Slot, ...]:
    """Return the consecutive slots an appointment from here needs; SlotFull if there are none."""
    end = starts_at + timedelta(minutes=minutes)
    rows = Slot.objects.filter(hall=hall, starts_at__gte=starts_at, starts_at__lt=end)
    slots = {slot.pk: slot for slot in rows.order_by("starts_at", "id")}
    times = [(slot.pk, slot.starts_at, slot.ends_at) for slot in slots.values()]
    found = next(runs(times, minutes), ())
    run = tuple(slots[each] for each in found)
    if not run or run[0].starts_at != starts_at:
        raise SlotFull
    return run


def opened(appointment: Appointment, field: str) -> str:
    """Open the sealed name, phone or id_number of an appointment."""
    sealed = getattr(appointment, f"{field}_sealed")
    return unseal(sealed, field=field, uid=appointment.uid, kind=KIND)


def demand_step(appointment: Appointment, step: BookingStep) -> AppointmentState:
    """Return the state a step leads to; raises WrongAppointmentState."""
    to = BOOKING_TRANSITIONS[appointment.state].get(step)
    if to is None:
        raise WrongAppointmentState(appointment.get_state_display())
    return to


def demand_few_that_day(person_index: str, on: date, *, but: UUID | None = None) -> None:
    """Raise TooManyThatDay when the locked person has as many on a day as one may."""
    rows = Appointment.objects.filter(person_index=person_index, on=on, state__in=COUNTED)
    if but is not None:
        rows = rows.exclude(uid=but)
    if rows.count() >= MOST_A_DAY:
        raise TooManyThatDay(MOST_A_DAY)


def lapse(appointments: list[Appointment], *, at: datetime) -> None:
    """Free what locked holds kept, and end them."""
    free_places(appointments, locked_slots(slot_ids_of(appointments)))
    end_holds(appointments, at)


def save_with_code(appointment: Appointment) -> None:
    """Save with a check-in code nobody else of the hall has that day, the old one if it can be.

    The constraints say whether it is free, and whether the person has one such appointment.
    """
    for _try in range(_TRIES):
        appointment.code = appointment.code or f"{randbelow(_CODES):06}"
        try:
            with transaction.atomic():
                appointment.save()
        except IntegrityError as error:
            if "hall_appointment_code_once" not in str(error):
                raise AlreadyBookedItem from error
            appointment.code = ""
        else:
            return
    raise SlotFull  # a million codes and eight misses: the day is as good as full


def tell(  # noqa: PLR0913 -- what an event consists of
    appointment: Appointment,
    verb: str,
    who: Who,
    at: datetime,
    *,
    old: Mapping[str, object] | None = None,
    new: Mapping[str, object] | None = None,
) -> None:
    """Record one event of an appointment; it names no person."""
    record(
        who=who,
        verb=verb,
        target_kind="appointment",
        target_id=appointment.pk,
        area_path=appointment.area_path,
        at=at,
        old=old,
        new=new,
    )


def _new(hall: Hall, wanted: BookableItem, *, door: Door, pool: Pool, at: datetime) -> Appointment:
    return Appointment(
        hall=hall,
        area_path=hall.area_path,
        state=AppointmentState.HELD,
        door=door,
        pool=pool,
        item=wanted.item,
        item_name=wanted.name,
        minutes=wanted.minutes,
        held_at=at,
        is_synthetic=hall.is_synthetic,
    )


def _room(
    appointment: Appointment, starts_at: datetime, rules: BookingRules, *, at: datetime
) -> Room:
    """Find the slots wanted; raises SlotFull where nothing is left, without waiting for a lock.

    In a run on a slot most end here. Lapsed holds on the slots are locked: their places are free.
    """
    run = run_from(appointment.hall, starts_at, appointment.minutes)
    ids = [slot.pk for slot in run]
    try:
        _choose_pool(appointment, run, rules, at)
    except SlotFull:
        lapsed = lapsed_at(ids, at)
        if not lapsed:
            raise
        return Room(ids, lapsed)
    return Room(ids, [])


def _seize(appointment: Appointment, room: Room, rules: BookingRules, *, at: datetime) -> None:
    """Lock the slots wanted, and those of lapsed holds on them, and take a place of each."""
    ids, lapsed = room
    slots = locked_slots([*ids, *(slot_ids_of(lapsed) if lapsed else ())])
    if lapsed:
        free_places(lapsed, slots)
        end_holds(lapsed, at)
    wanted = [slots[each] for each in ids if each in slots]
    if len(wanted) < len(ids):
        raise SlotFull
    _choose_pool(appointment, wanted, rules, at)
    appointment.starts_at, appointment.ends_at = wanted[0].starts_at, wanted[-1].ends_at
    appointment.on = day_of(appointment.starts_at)
    appointment.save()
    take_places(appointment, wanted, rules, at=at)


def _choose_pool(
    appointment: Appointment, slots: Sequence[Slot], rules: BookingRules, at: datetime
) -> None:
    """Settle whose places are used: the counter's own, else the public's. Raises SlotFull."""
    if appointment.door == Door.COUNTER:
        try:
            demand_bookable(slots, rules, Pool.COUNTER, at=at)
        except SlotFull:
            appointment.pool = Pool.PUBLIC
        else:
            appointment.pool = Pool.COUNTER
    demand_bookable(slots, rules, appointment.pool, at=at)


def _book(appointment: Appointment, *, at: datetime) -> None:
    lock_person(appointment.person_index)
    appointment.state = demand_step(appointment, BookingStep.CONFIRM)
    demand_few_that_day(appointment.person_index, appointment.on)
    appointment.booked_at, appointment.held_until = at, None
    save_with_code(appointment)
    notices.queue(appointment, NoticeKind.BOOKED, at=at)


def _held(uid: UUID, at: datetime) -> Appointment:
    appointment = locked_appointment(uid)
    _demand_held(appointment, at)
    return appointment


def _demand_held(appointment: Appointment, at: datetime) -> None:
    if appointment.state == AppointmentState.LAPSED:
        raise HoldLapsed
    if appointment.state != AppointmentState.HELD:
        raise WrongAppointmentState(appointment.get_state_display())
    assert appointment.held_until is not None
    if at >= appointment.held_until:
        raise HoldLapsed


def end_holds(appointments: list[Appointment], at: datetime) -> None:
    """End locked holds whose places are freed already, and forget who was filling them in."""
    Appointment.objects.filter(pk__in=[each.pk for each in appointments]).update(
        state=AppointmentState.LAPSED,
        ended_at=at,
        held_until=None,
        name_sealed="",
        phone_sealed="",
        id_number_sealed="",
        person_index="",
    )


def _seal_person(appointment: Appointment, person: PersonDetails) -> None:
    uid = appointment.uid
    if not person.id_number and appointment.id_number_sealed:
        person = replace(person, id_number=opened(appointment, "id_number"))
    appointment.name_sealed = seal(person.name, field="name", uid=uid, kind=KIND)
    appointment.phone_sealed = seal(person.phone, field="phone", uid=uid, kind=KIND)
    number = canonical_resident_id(person.id_number) if person.id_number else ""
    appointment.id_number_sealed = seal(number, field="id_number", uid=uid, kind=KIND)
    appointment.person_index = person.index


def _demand_few_holds(origin_index: str, at: datetime) -> None:
    if not origin_index:
        return
    rows = Appointment.objects.filter(
        origin_index=origin_index, held_at__gt=at - timedelta(hours=1)
    )
    is_open = Q(state=AppointmentState.HELD, held_until__gt=at)
    told = rows.aggregate(every=Count("id"), open=Count("id", filter=is_open))
    if told["open"] >= MOST_HOLDS or told["every"] >= MOST_HOLDS_AN_HOUR:
        raise TooManyHolds


def _uid_of(key: str, *wish: str) -> UUID:
    """Give the link of a hold: chance, or what only this installation makes of a form's key."""
    if not key:
        return new_uid()
    return UUID(hex=blind_index("\0".join((key, *wish)), field="hold", kind=KIND))


def _facts(appointment: Appointment) -> dict[str, object]:
    return {
        "item": appointment.item,
        "starts_at": appointment.starts_at,
        "ends_at": appointment.ends_at,
        "door": str(appointment.door),
        "pool": str(appointment.pool),
    }
