"""A hall that takes appointments: half hours from nine to twelve, two public places and one."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tests import factories
from tests.factories import AT

from circle15.accounts.actors import Actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.appointments import booking, settings
from circle15.hall.appointments.booking import PersonDetails
from circle15.hall.appointments.hours import SHANGHAI, Series, Stretch
from circle15.hall.booking_models import Appointment, Place, Slot
from circle15.hall.models import Hall

MONDAY = date(2026, 3, 2)  # the day of AT, nine o'clock
TUESDAY = MONDAY + timedelta(days=1)
CODE = "QD-0001"
SHORT, LONG = "register", "reimburse"  # one slot, two slots
MORNING = Stretch(time(9), time(12), 30, 2, 1)


def number(n: int) -> str:
    """Return a valid made-up number."""
    from circle15.core.identifiers.resident_id import resident_id_check_character

    body = f"32068119900101{n:03}"
    return body + resident_id_check_character(body)


def person(n: int = 0) -> PersonDetails:
    return PersonDetails(name="王小明", phone=f"1380000{n:04}", id_number=number(n))


def at_hour(hour: int, minute: int = 0, on: date = TUESDAY) -> datetime:
    return datetime.combine(on, time(hour, minute), tzinfo=SHANGHAI)


@dataclass
class Bookable:
    hall: Hall
    alice: Actor
    manager: Actor
    dave: Actor

    def hold(self, starts_at: datetime, *, item: str = SHORT, at: datetime = AT, **more):
        return booking.hold(site_code=CODE, item=item, starts_at=starts_at, at=at, **more)

    def booked(self, starts_at: datetime, n: int = 0, *, item: str = SHORT, at: datetime = AT):
        held = self.hold(starts_at, item=item, at=at)
        booking.fill_in(uid=held.uid, person=person(n), at=at)
        return booking.confirm(uid=held.uid, at=at)

    def at_counter(self, starts_at: datetime, n: int = 0, *, item: str = SHORT, **more):
        wish = {"door": "counter", "by": self.alice, "at": AT, **more}
        return booking.book(
            site_code=CODE, item=item, starts_at=starts_at, person=person(n), **wish
        )

    def slot(self, starts_at: datetime) -> Slot:
        with area_scope(EVERYWHERE):
            return Slot.objects.get(hall=self.hall, starts_at=starts_at)

    def again(self, appointment: Appointment) -> Appointment:
        with area_scope(EVERYWHERE):
            return Appointment.objects.get(pk=appointment.pk)


def furnish(
    *, public: int = 2, counter: int = 1, at: datetime = AT, since: date = MONDAY
) -> Bookable:
    """Return the hall with hours, slots and two items."""
    people = {
        name: factories.actor_for(getattr(factories, name)())
        for name in ("alice", "manager", "dave")
    }
    hall = factories.HallFactory()
    manager = people["manager"]
    hours = Stretch(MORNING.opens, MORNING.closes, 30, public, counter)
    said = {"site_code": CODE, "by": manager, "at": at}
    settings.set_rules(rules=settings.Rules(), **said)
    settings.set_item(item=SHORT, name="参保登记", minutes=30, **said)
    settings.set_item(item=LONG, name="零星报销", minutes=60, position=1, **said)
    settings.add_series(series=Series(hours, "12345", since), **said)
    return Bookable(hall=hall, **people)


def oversold() -> list[str]:
    """Return every slot whose count is not what its places say, or is above its capacity."""
    found = []
    with area_scope(EVERYWHERE):
        for slot in Slot.objects.order_by("id"):
            for pool in ("public", "counter"):
                used = Place.objects.filter(
                    slot=slot,
                    appointment__pool=pool,
                    appointment__state__in=["held", "booked", "arrived", "no_show"],
                ).count()
                taken, places = getattr(slot, f"{pool}_taken"), getattr(slot, f"{pool}_places")
                if used != taken or taken > places:
                    found.append(f"{slot} {pool}: used {used}, taken {taken} of {places}")
        loose = Place.objects.filter(appointment__state__in=["lapsed", "cancelled"]).count()
    return found + [f"{loose} places of ended appointments"] * bool(loose)
