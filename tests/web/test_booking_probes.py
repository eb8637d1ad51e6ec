"""Many strangers at once at the pages of booking: no place sold twice, no second effect."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.hall.appointments.places import CODE, SHORT, furnish, number, oversold

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.appointments import offered
from circle15.hall.appointments.hours import day_of
from circle15.hall.booking_models import Appointment
from circle15.web.shared.once import new_key

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PLACES = 2


@pytest.fixture
def hall(db):
    return furnish(public=PLACES, at=timezone.now(), since=day_of(timezone.now()))


def some_times() -> list[dict[str, str]]:
    """Return the times of the first free day from the day after tomorrow on."""
    now = timezone.now()
    days = [each for each in offered.days_offered(CODE, 30, at=now)[2:] if each.free]
    times = offered.times_offered(CODE, days[0].on, 30, at=now)
    return [{"day": f"{day_of(time.starts_at)}", "time": time.key} for time in times]


def hold(n: int, time: dict[str, str], key: str = ""):
    """Choose a time as somebody at an address of his own."""
    address = reverse("booking_times", args=[CODE, SHORT])
    client = Client(REMOTE_ADDR=f"192.0.2.{n}")
    return client.post(address, {**time, "once": key or new_key()})


def booked(n: int, time: dict[str, str]) -> str:
    """Book to the end; return the address of the appointment."""
    client, details = Client(REMOTE_ADDR=f"192.0.2.{n}"), hold(n, time).headers["Location"]
    who = {"name": "王小明", "phone": "13800138000", "id_number": number(n)}
    check = client.post(details, who).headers["Location"]
    return client.post(check).headers["Location"]


def at_once(*asks: Callable[[], object]) -> list:
    """Ask in as many threads, each with a database connection of its own."""

    def one(ask):
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(one, asks))


def states() -> list[str]:
    with area_scope(EVERYWHERE):
        return sorted(Appointment.objects.values_list("state", flat=True))


def test_a_time_of_two_places_is_held_by_two(hall):
    time, *_others = some_times()

    replies = at_once(*(lambda n=n: hold(n, time) for n in range(1, 9)))

    assert sorted(reply.status_code for reply in replies) == [302] * PLACES + [409] * 6
    assert (states(), oversold()) == (["held"] * PLACES, [])


def test_a_double_click_and_a_retry_hold_one_place_and_book_once(hall):
    time, key = some_times()[0], new_key()

    held = at_once(*[lambda: hold(1, time, key)] * 4)
    details = {reply.headers["Location"] for reply in held}
    assert len(details) == 1
    link = details.pop()
    Client().post(link, {"name": "王小明", "phone": "13800138000", "id_number": number(1)})
    ends = at_once(*[lambda: Client().post(f"{link}check/")] * 4)

    assert len({reply.headers["Location"] for reply in ends}) == 1
    assert hold(1, time, key).headers["Location"] == link
    assert (states(), oversold()) == (["booked"], [])


def test_a_place_given_back_goes_to_one(hall):
    first, second, *_others = some_times()
    mine, his = booked(1, first), booked(2, first)

    replies = at_once(
        lambda: Client().post(f"{mine}cancel/"),
        lambda: Client().post(f"{his}change/", {**second, "once": new_key()}),
        *(lambda n=n: hold(n, first) for n in range(3, 9)),
    )

    assert [reply.status_code for reply in replies[:2]] == [302, 302]
    assert oversold() == []
    late = [hold(n, first).status_code for n in range(9, 12)]
    taken = [reply.status_code for reply in replies[2:]] + late
    assert taken.count(302) == PLACES
    assert oversold() == []
