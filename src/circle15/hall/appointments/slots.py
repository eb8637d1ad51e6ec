"""Slots as rows, made ahead from the hours; what is booked is never taken away."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.audit.states import SYSTEM
from circle15.core.working_days import standard_calendar
from circle15.hall.appointments.hours import (
    Exceptional,
    PlannedSlot,
    Series,
    Stretch,
    day_of,
    slots_of_day,
)
from circle15.hall.booking_models import BookingRules, HoursException, OpeningSeries, Slot


def make_ahead(*, at: datetime) -> int:
    """Make the slots of every hall up to its `days_ahead` (sweep); return how many were made.

    Looks at a hall once a day, and where something in conflict may have been settled.
    """
    today = day_of(at)
    with area_scope(EVERYWHERE):
        due = [
            rules.pk
            for rules in BookingRules.objects.order_by("id")
            if rules.made_until is None or rules.made_until < _last_day(rules, today)
        ]
        settled = Slot.objects.filter(is_conflict=True, starts_at__gt=at, public_taken=0)
        settled = settled.filter(counter_taken=0)
        halls = set(settled.order_by("hall_id").values_list("hall_id", flat=True).distinct())
        due += list(BookingRules.objects.filter(hall_id__in=halls).values_list("pk", flat=True))
    return sum(_make(pk, at) for pk in dict.fromkeys(due))


@transaction.atomic
def renew(rules: BookingRules, *, at: datetime) -> int:
    """Bring the slots to come of a hall in line with its hours; return how many are new.

    The rules' row must be locked by the caller. A slot with bookings the hours no longer have, or
    have with fewer places, stays as a conflict that sells nothing more.
    """
    today = day_of(at)
    last = _last_day(rules, today)
    planned = {slot.starts_at: slot for slot in _planned(rules, today, last) if slot.starts_at > at}
    slots = Slot.objects.select_for_update(no_key=True).filter(hall=rules.hall, starts_at__gt=at)
    kept = [slot for slot in slots.order_by("id") if _keep(slot, planned.get(slot.starts_at))]
    there = sorted((slot.starts_at, slot.ends_at) for slot in kept)
    new = [
        Slot(
            hall=rules.hall,
            area_path=rules.area_path,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            public_places=slot.public_places,
            counter_places=slot.counter_places,
            is_extended=slot.is_extended,
        )
        for slot in _missing(list(planned.values()), there)
    ]
    Slot.objects.bulk_create(new)
    rules.made_until = last
    rules.save(update_fields=["made_until"])
    return len(new)


def locked_rules(hall_id: int) -> BookingRules:
    """Lock the calendar of a hall."""
    rows = BookingRules.objects.select_for_update(of=("self",)).select_related("hall__site")
    return rows.get(hall_id=hall_id)


def series_of(hall_id: int) -> list[Series]:
    """Return the series of a hall as values."""
    rows = OpeningSeries.objects.filter(hall_id=hall_id).order_by("opens", "id")
    return [as_series(row) for row in rows]


def as_series(row: OpeningSeries) -> Series:
    """Return a stored series as a value."""
    return Series(
        hours=Stretch(
            row.opens,
            row.closes,
            row.slot_min,
            row.public_places,
            row.counter_places,
            row.is_extended,
        ),
        weekdays=row.weekdays,
        since=row.since,
        until=row.until,
        on_makeup_days=row.on_makeup_days,
        on_holidays=row.on_holidays,
    )


def as_exceptional(row: HoursException) -> Exceptional:
    """Return a stored exception as a value."""
    if row.opens is None or row.closes is None:
        return Exceptional(row.on, None)
    places = (row.slot_min, row.public_places, row.counter_places, row.is_extended)
    return Exceptional(row.on, Stretch(row.opens, row.closes, *places))


def _make(rules_id: int, at: datetime) -> int:
    with area_scope(EVERYWHERE):
        rules = BookingRules.objects.select_for_update(of=("self",)).get(pk=rules_id)
        made = renew(rules, at=at)
        if made:
            record(
                who=SYSTEM,
                verb="slots.make",
                target_kind="hall",
                target_id=rules.hall_id,
                area_path=rules.area_path,
                at=at,
                new={"slots": made, "until": rules.made_until},
            )
        return made


def _planned(rules: BookingRules, first: date, last: date) -> Iterator[PlannedSlot]:
    series = series_of(rules.hall_id)
    rows = HoursException.objects.filter(hall_id=rules.hall_id, on__range=(first, last))
    exceptions = [as_exceptional(row) for row in rows.order_by("on", "id")]
    calendar = standard_calendar()
    for days in range((last - first).days + 1):
        on = first + timedelta(days=days)
        yield from slots_of_day(on, series=series, exceptions=exceptions, calendar=calendar)


def _keep(slot: Slot, planned: PlannedSlot | None) -> bool:
    """Fit a locked slot to the plan; tell whether it stays."""
    fits = planned is not None and planned.ends_at == slot.ends_at
    public, counter = (
        (planned.public_places, planned.counter_places) if planned is not None and fits else (0, 0)
    )
    if not fits and not slot.public_taken and not slot.counter_taken:
        slot.delete()
        return False
    before = (slot.public_places, slot.counter_places, slot.is_conflict, slot.is_extended)
    slot.public_places = max(public, slot.public_taken)
    slot.counter_places = max(counter, slot.counter_taken)
    slot.is_conflict = not fits or slot.public_taken > public or slot.counter_taken > counter
    if planned is not None and fits:
        slot.is_extended = planned.is_extended
    if before != (slot.public_places, slot.counter_places, slot.is_conflict, slot.is_extended):
        slot.save(update_fields=["public_places", "counter_places", "is_conflict", "is_extended"])
    return True


def _missing(
    planned: Sequence[PlannedSlot], there: Sequence[tuple[datetime, datetime]]
) -> Iterator[PlannedSlot]:
    """Yield planned slots that neither exist nor run into one that stays."""
    for slot in planned:
        if not any(begin < slot.ends_at and slot.starts_at < end for begin, end in there):
            yield slot


def _last_day(rules: BookingRules, today: date) -> date:
    return today + timedelta(days=rules.days_ahead)
