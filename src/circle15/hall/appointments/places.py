"""Take and free places: every slot row concerned is locked at once, in the order of ids.

Order of locks everywhere: appointment, person, slots. A transaction locks slots once.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from circle15.hall.appointments.refusals import SlotFull, TooLateToBook
from circle15.hall.booking_models import Appointment, BookingRules, Place, Slot
from circle15.hall.booking_states import AppointmentState, Pool

# One round trip for the many refused in a run on a hall: a slot of those wanted that is full and
# has no hold whose time is over. Whoever has this hold already is not refused.
_FULL = """
SELECT EXISTS (
  SELECT FROM sites_site s
  JOIN hall_hall h ON h.site_id = s.id
  JOIN hall_bookingrules r ON r.hall_id = h.id AND r.is_open
  JOIN hall_bookableitem i ON i.hall_id = h.id AND i.item = %(item)s
  JOIN hall_slot t ON t.hall_id = h.id AND t.starts_at >= %(starts_at)s
    AND t.starts_at < %(starts_at)s + i.minutes * interval '1 minute'
  WHERE s.code = %(site)s AND NOT t.is_conflict AND t.public_taken >= t.public_places
    AND NOT EXISTS (
      SELECT FROM hall_place p JOIN hall_appointment a ON a.id = p.appointment_id
      WHERE p.slot_id = t.id AND a.state = 'held' AND a.held_until <= %(at)s
    )
) AND NOT EXISTS (SELECT FROM hall_appointment WHERE uid = %(uid)s)
"""
_PERSON_LOCK = "SELECT pg_advisory_xact_lock(%s)"


def lock_person(person_index: str) -> None:
    """Let one booking of a person go on at a time, for the limits counted per person."""
    key = blake2b(f"circle15.booking/{person_index}".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute(_PERSON_LOCK, [int.from_bytes(key, "big", signed=True)])


def is_full(site_code: str, item: str, starts_at: datetime, *, uid: UUID, at: datetime) -> bool:
    """Tell whether the public surely has no place there, and no hold by this uid."""
    wish: dict[str, str | datetime | UUID] = {
        "site": site_code,
        "item": item,
        "starts_at": starts_at,
        "uid": uid,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FULL, wish)
        return bool(cursor.fetchone()[0])


def lapsed_at(slot_ids: Collection[int], at: datetime) -> list[Appointment]:
    """Lock the holds on these slots whose time is over; others at work on one keep it."""
    rows = Appointment.objects.select_for_update(skip_locked=True, of=("self",))
    held = Q(state=AppointmentState.HELD, held_until__lte=at)
    return list(rows.filter(held, places__slot__in=slot_ids).order_by("id"))


def locked_slots(slot_ids: Iterable[int]) -> dict[int, Slot]:
    """Lock slots in one statement, in the order of their ids."""
    rows = Slot.objects.select_for_update(no_key=True).filter(pk__in=set(slot_ids)).order_by("id")
    return {slot.pk: slot for slot in rows}


def slot_ids_of(appointments: Iterable[Appointment]) -> list[int]:
    """Return the slots whose places these appointments have."""
    rows = Place.objects.filter(appointment__in=list(appointments)).order_by("slot_id", "id")
    return list(rows.values_list("slot_id", flat=True))


def has_room(slot: Slot, pool: str) -> bool:
    """Tell whether a slot has a place left."""
    if slot.is_conflict:
        return False
    if pool == Pool.PUBLIC:
        return slot.public_taken < slot.public_places
    return slot.counter_taken < slot.counter_places


def take_places(
    appointment: Appointment, slots: Collection[Slot], rules: BookingRules, *, at: datetime
) -> None:
    """Use one place of each locked slot; raises SlotFull, TooLateToBook."""
    demand_bookable(slots, rules, appointment.pool, at=at)
    for slot in slots:
        _count(slot, appointment.pool, 1)
    rows = [
        Place(appointment=appointment, slot=slot, area_path=appointment.area_path) for slot in slots
    ]
    Place.objects.bulk_create(rows)


def demand_bookable(
    slots: Collection[Slot], rules: BookingRules, pool: str, *, at: datetime
) -> None:
    """Raise unless every slot has room and lies far enough ahead for this pool."""
    if not slots or not all(has_room(slot, pool) for slot in slots):
        raise SlotFull
    first = min(slot.starts_at for slot in slots)
    # The counter sees the hall before it: it may book until the slot begins.
    notice_s = rules.notice_min * 60 if pool == Pool.PUBLIC else 0
    if (first - at).total_seconds() < notice_s:
        raise TooLateToBook


def free_places(appointments: Collection[Appointment], slots: dict[int, Slot]) -> None:
    """Give back the places of locked appointments to their locked slots."""
    pools = {each.pk: each.pool for each in appointments}
    places = list(Place.objects.filter(appointment__in=pools).order_by("id"))
    for place in places:
        _count(slots[place.slot_id], pools[place.appointment_id], -1)
    Place.objects.filter(pk__in=[place.pk for place in places]).delete()


def _count(slot: Slot, pool: str, by: int) -> None:
    """Change the count here and, by as much, in the database: its check is the second wall."""
    fields = [f"{pool}_taken"]
    if slot.is_conflict:
        # What is given back in a slot the hours no longer have is not offered again.
        fields.append(f"{pool}_places")
    for name in fields:
        setattr(slot, name, getattr(slot, name) + by)
    Slot.objects.filter(pk=slot.pk).update(**{name: F(name) + by for name in fields})
