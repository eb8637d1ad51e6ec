"""What a ticket machine knows of its hall, and whom it looks for."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from tests.factories import AT
from tests.hall.appointments.places import Bookable, at_hour, furnish, number

from circle15.accounts.actors import Actor
from circle15.accounts.devices import Device, device_actor
from circle15.accounts.states import DeviceKind
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.appointments.refusals import NotYetTime
from circle15.hall.kiosk import check_in_by_number, is_old, kiosk_hall
from circle15.hall.models import Ticket

pytestmark = pytest.mark.django_db

MACHINE = uuid4()


def machine_of(place: Bookable) -> Actor:
    until = AT + timedelta(days=300)
    return device_actor(Device(MACHINE, DeviceKind.KIOSK, place.hall.area_path, until))


def arrive(place: Bookable, n: int, *, at):
    actor = machine_of(place)
    with area_scope(actor.area_path):
        return check_in_by_number(
            site_code="QD-0001", id_number=number(n), device_id=MACHINE, by=actor, at=at
        )


def tickets() -> list[tuple[UUID, str, list[str]]]:
    with area_scope(EVERYWHERE):
        rows = Ticket.objects.order_by("id")
        return [(row.uid, row.label, [item.item for item in row.items.all()]) for row in rows]


def test_a_card_finds_its_next_appointment_of_the_day():
    place = furnish()
    place.booked(at_hour(10), n=1, item="reimburse")
    place.booked(at_hour(9), n=1)

    given = arrive(place, 1, at=at_hour(8, 40))

    assert tickets() == [(given, "Y001", ["register"])]


def test_a_card_read_again_after_a_broken_line_gives_the_same_ticket():
    place = furnish()
    place.booked(at_hour(9), n=1)

    first = arrive(place, 1, at=at_hour(8, 40))

    assert arrive(place, 1, at=at_hour(8, 41)) == first
    assert arrive(place, 1, at=at_hour(8, 43)) is None
    assert len(tickets()) == 1


def test_a_card_without_an_appointment_that_day_finds_none():
    place = furnish()
    place.booked(at_hour(9), n=1)

    assert arrive(place, 2, at=at_hour(8, 40)) is None
    assert arrive(place, 1, at=at_hour(8, 40) - timedelta(days=1)) is None


def test_a_card_much_too_early_is_told_when():
    place = furnish()
    place.booked(at_hour(11), n=1)

    with pytest.raises(NotYetTime):
        arrive(place, 1, at=at_hour(8, 40))


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2026, 3, 1), False), (date(2026, 3, 2), True), (date(2030, 1, 1), True)],
)
def test_sixty_years_are_old(on: date, expected: bool):
    from circle15.ops.simulators.reader import synthetic_resident_id

    assert is_old(synthetic_resident_id(date(1966, 3, 2)), on=on) is expected


def test_hours_of_a_staffed_window_count_as_open():
    place = furnish()
    hall = place.hall
    actor = machine_of(place)
    with area_scope(actor.area_path):
        hall.site.hours.create(weekday=2, opens="09:00", closes="11:30")
        window = hall.site.windows.create(number=7, name="7号窗口")
        assert kiosk_hall(actor, "QD-0001", at=at_hour(8, 29)).is_open is False
        assert kiosk_hall(actor, "QD-0001", at=at_hour(8, 30)).gives_numbers is True
        hall.sessions.create(
            window=window, area_path=hall.area_path, user_id=1, clerk_name="王", begun_at=AT
        )
        assert kiosk_hall(actor, "QD-0001", at=at_hour(20)).gives_numbers is True
