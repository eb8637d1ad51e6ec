"""Nothing is sold twice, whoever comes at the same time through whichever door.

A small version of `bench/prove_booking.py`. The checks of the database are the second wall;
what each of the two walls holds alone is told there.
"""

import pytest
from tests.hall.appointments.places import LONG, at_hour, furnish, oversold
from tests.hall.appointments.races import Race, buyers, people

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.booking_models import Appointment, Slot

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NINE, HALF, TEN = at_hour(9), at_hour(9, 30), at_hour(10)


def taken(starts_at):
    with area_scope(EVERYWHERE):
        slot = Slot.objects.get(starts_at=starts_at)
    return slot.public_taken, slot.counter_taken


@pytest.mark.parametrize("places", [1, 3])
def test_sixty_buyers_of_one_slot(places):
    hall, race = furnish(public=places, counter=places), Race()
    race.run(buyers(hall, NINE, 60), threads=20)
    assert (race.faults, oversold()) == ([], [])
    assert taken(NINE) == (places, places)
    assert race.done == {"done": 2 * places, "SlotFull": 60 - 2 * places}


def test_sixty_buyers_of_times_that_share_a_slot():
    hall, race = furnish(public=3, counter=1), Race()
    # 9:00-10:00, 9:30-10:30 and 10:00-11:00 wait for each other's slots.
    jobs = [job for at in (NINE, HALF, TEN) for job in buyers(hall, at, 60, LONG)]
    race.run(jobs[::3] + jobs[1::3] + jobs[2::3], threads=20)
    assert (race.faults, oversold()) == ([], [])
    assert taken(HALF) == (3, 1)


def test_people_who_book_change_cancel_and_book_again():
    hall, race = furnish(public=3, counter=1), Race()
    race.run(people(hall, race, 120, seed=15), threads=20)
    assert (race.faults, oversold()) == ([], [])
    with area_scope(EVERYWHERE):
        rows = Appointment.objects.filter(state="booked")
        open_ones = list(rows.values_list("person_index", "item"))
        ever = Appointment.objects.filter(booked_at__isnull=False).count()
        told = Event.objects.filter(verb="appointment.book").count()
        cancelled = Appointment.objects.filter(state="cancelled").count()
    assert len(open_ones) == len(set(open_ones)) > 0
    assert cancelled > 0
    assert ever == told
