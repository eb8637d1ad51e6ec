"""Appointments of the city at a hall with its own instance: told without persons, and who came.

Both sides share one database here: what the city tells is kept, then undone, then taken over.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from tests.factories import AT
from tests.hall.appointments.places import Bookable, at_hour, furnish
from tests.hall.test_relay import ORIGIN, link_up, server_of

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.appointments import changing
from circle15.hall.appointments.refusals import CheckInAtTheHall
from circle15.hall.booking_models import Appointment, Notice, Place
from circle15.hall.booking_states import AppointmentState
from circle15.hall.models import Hall, Ticket
from circle15.hall.relay.booked import BookedOfDays, hand_down_booked, take_over
from circle15.hall.relay.events import Event
from circle15.hall.relay.receiving import receive
from circle15.hall.relay.sending import send_some

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def place() -> Bookable:
    there = furnish()
    with area_scope(EVERYWHERE):
        Hall.objects.update(runs_itself=True)
    return there


def told_by_the_city(place: Bookable) -> BookedOfDays:
    with area_scope(place.hall.area_path):
        return hand_down_booked(by=server_of(place), at=AT)


def become_the_hall(place: Bookable) -> None:
    """Undo what was booked, and take numbers again: as it is over there."""
    with area_scope(EVERYWHERE):
        for model in (Notice, Place, Appointment):
            model.objects.all().delete()
        Hall.objects.update(runs_itself=False, takes_tickets=True)
    link_up(place)


def arrive(place: Bookable, code: str):
    return changing.check_in_by_code(
        site_code="QD-0001", code=code, source="kiosk", by=place.alice, at=at_hour(8, 40)
    )


def states() -> list[str]:
    with area_scope(EVERYWHERE):
        return list(Appointment.objects.order_by("starts_at", "id").values_list("state", flat=True))


def test_a_code_of_the_city_opens_at_the_hall_and_names_nobody(place):
    booked = place.booked(at_hour(9), n=1)
    told = told_by_the_city(place)
    assert [(one.uid, one.code) for one in told.booked] == [(booked.uid, booked.code)]
    assert "王小明" not in told.model_dump_json()
    become_the_hall(place)

    assert [take_over(told, at=AT), take_over(told, at=AT)] == [1, 0]
    given = arrive(place, booked.code)

    assert given.ticket.label == "Y001"
    with area_scope(EVERYWHERE):
        assert Ticket.objects.get().appointment_uid == booked.uid
    assert take_over(told, at=AT) == 0
    assert states() == [AppointmentState.ARRIVED]


def test_what_the_city_moved_or_cancelled_follows(place):
    first, second = place.booked(at_hour(9), n=1), place.booked(at_hour(10), n=2)
    told = told_by_the_city(place)
    changing.change(uid=first.uid, starts_at=at_hour(11), at=AT)
    changing.cancel(uid=second.uid, at=AT)
    later = told_by_the_city(place)
    become_the_hall(place)

    assert [take_over(told, at=AT), take_over(later, at=AT), take_over(later, at=AT)] == [2, 2, 0]

    with area_scope(EVERYWHERE):
        moved = Appointment.objects.get(uid=first.uid)
    assert moved.starts_at == at_hour(11)
    assert states() == [AppointmentState.CANCELLED, AppointmentState.BOOKED]
    assert take_over(told, at=AT) == 2
    assert states() == [AppointmentState.BOOKED, AppointmentState.BOOKED]


def test_own_appointments_of_the_hall_are_left_alone(place):
    told = told_by_the_city(place)
    become_the_hall(place)
    own = place.booked(at_hour(9), n=1)

    assert take_over(told, at=AT) == 0
    assert place.again(own).state == AppointmentState.BOOKED


@pytest.mark.parametrize(
    ("before", "after"),
    [("booked", "arrived"), ("no_show", "arrived"), ("cancelled", "cancelled")],
)
def test_who_came_to_the_hall_has_arrived_in_the_city(place, before, after):
    booked = place.booked(at_hour(9), n=1)
    events: list[Event] = []

    def post(_origin: UUID, some: Sequence[Event]) -> None:
        events.extend(some)

    with area_scope(EVERYWHERE), transaction.atomic():
        Hall.objects.update(runs_itself=False, takes_tickets=True)
        link_up(place)
        arrive(place, booked.code)
        send_some(post, at=AT)
        transaction.set_rollback(True)
    with area_scope(EVERYWHERE):
        Appointment.objects.update(state=before)
    with area_scope(place.hall.area_path):
        receive(origin=ORIGIN, events=events, by=server_of(place), at=AT)

    assert states() == [after]
    with area_scope(EVERYWHERE):
        assert Ticket.objects.get().appointment_uid == booked.uid


def test_the_link_of_the_city_sends_to_the_machine_at_the_hall(place):
    booked = place.booked(at_hour(9), n=1)
    with pytest.raises(CheckInAtTheHall):
        changing.check_in(uid=booked.uid, at=at_hour(8, 40))


def test_nobody_is_missed_in_the_city_before_the_line_can_tell(place):
    place.booked(at_hour(9), n=1)

    assert changing.mark_missed(at=at_hour(9) + 60 * MINUTE) == 0
    assert changing.mark_missed(at=at_hour(9) + timedelta(days=1) + 16 * MINUTE) == 1


def test_only_the_own_server_of_such_a_hall_is_told(place):
    with pytest.raises(NotAllowed), area_scope(place.hall.area_path):
        hand_down_booked(by=place.alice, at=AT)
    with area_scope(EVERYWHERE):
        Hall.objects.update(runs_itself=False)
    with pytest.raises(NotFound):
        told_by_the_city(place)
