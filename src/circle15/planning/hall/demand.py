"""From the people of a catchment to a hall's day, or from its own records."""

from dataclasses import replace

from circle15.planning.hall.hall_reader import Booking, Parts
from circle15.planning.hall.model import (
    HOUR_S,
    SLOT_S,
    SLOTS,
    Appointments,
    Arrivals,
    Hall,
    Item,
    Slot,
)
from circle15.planning.hall.records import Visits, patience_of, profile_of, service_of
from circle15.planning.problems import PlanningRefused
from circle15.standards.text import Text

FEWEST_SERVICES = 30
MOST_OUTSIDE = 0.05


def hall_of_people(parts: Parts, people: float, weekday: int) -> Hall:
    """Return the hall of a catchment of `people` residents, ready for one weekday.

    Visits a day = people x insured x visits a year / working days x weight of the weekday.
    """
    expected = visits_on(parts, people, weekday)
    booked = parts.booking.share if parts.booking else 0.0
    weights = slot_weights(parts)
    return Hall(
        opening=parts.opening,
        arrivals=Arrivals(
            {weekday: tuple(expected * (1 - booked) * weight for weight in weights)},
            parts.day_spread,
        ),
        items=parts.items,
        appointments=_appointments(parts.booking, weights, expected),
        green=parts.green,
        patience=parts.patience,
        serves_after_closing=parts.serves_after_closing,
    )


def visits_on(parts: Parts, people: float, weekday: int) -> float:
    """Return the visits expected on a weekday (0 Monday)."""
    open_days = [weight for weight in parts.weekday_weights if weight]
    mean = sum(open_days) / len(open_days)
    year = people * parts.insured_share * parts.visits_per_insured_year
    return year / parts.working_days_year * parts.weekday_weights[weekday] / mean


def busiest_weekday(parts: Parts) -> int:
    """Return the weekday of the largest weight, the earliest of equals."""
    return parts.weekday_weights.index(max(parts.weekday_weights))


def slot_weights(parts: Parts) -> tuple[float, ...]:
    """Return the share of a day's people in each quarter; nobody comes outside opening hours."""
    raw = [
        parts.hour_weights.get(slot * SLOT_S // HOUR_S, 0.0) * _open_share(parts, slot)
        for slot in range(SLOTS)
    ]
    total = sum(raw)
    return tuple(weight / total for weight in raw)


def _open_share(parts: Parts, slot: int) -> float:
    """Return how much of a quarter the hall is open."""
    from_s, until_s = slot * SLOT_S, (slot + 1) * SLOT_S
    overlaps = (min(s.until_s, until_s) - max(s.from_s, from_s) for s in parts.opening)
    return sum(max(overlap, 0) for overlap in overlaps) / SLOT_S


def _appointments(
    booking: Booking | None, weights: tuple[float, ...], expected: float
) -> Appointments | None:
    """Offer slots all day in whole people, so that with the show rate the share comes."""
    if booking is None or not booking.share:
        return None
    wanted = expected * booking.share / booking.show_rate
    slots: list[Slot] = []
    booked, due = 0, 0.0
    for at_s in range(0, SLOTS * SLOT_S, booking.every_s):
        first, last = at_s // SLOT_S, (at_s + booking.every_s) // SLOT_S
        due += wanted * sum(weights[first : max(last, first + 1)])
        if round(due) > booked:
            slots.append(Slot(at_s, round(due) - booked))
            booked = round(due)
    return Appointments(tuple(slots), booking.show_rate, booking.early_s, booking.early_sd_s)


def hall_of_records(parts: Parts, visits: Visits) -> Hall:
    """Return the hall of its own records: arrivals, and service and patience where recorded.

    Raises PlanningRefused if many came outside opening hours: the hours given must be wrong.
    """
    arrivals = profile_of(visits)
    kept = {
        weekday: tuple(
            rate if _open_share(parts, slot) or slot * SLOT_S < parts.opening[0].from_s else 0.0
            for slot, rate in enumerate(rates)
        )
        for weekday, rates in arrivals.by_weekday.items()
    }
    total = sum(map(sum, arrivals.by_weekday.values()))
    outside = 1 - sum(map(sum, kept.values())) / total
    if outside > MOST_OUTSIDE:
        share = f"{outside:.0%}"
        raise PlanningRefused(
            [
                Text(
                    f"{share} 的到达在开放时间之外，请用 --assume opening=… 给出开放时间",
                    f"{share} came outside opening hours: give the hours with --assume opening=…",
                )
            ]
        )
    return Hall(
        opening=parts.opening,
        arrivals=replace(arrivals, by_weekday=kept),
        items=_items(parts, visits),
        green=parts.green,
        patience=patience_of(visits) or parts.patience,
        serves_after_closing=parts.serves_after_closing,
    )


def _items(parts: Parts, visits: Visits) -> tuple[Item, ...]:
    """Return one item of all service times recorded, or the assumed mix if there are too few."""
    service = service_of(visits)
    if service is None or len(service.seconds) < FEWEST_SERVICES:
        return parts.items
    return (Item("recorded", Text("全部事项（记录）", "all items (records)"), 1.0, service),)
