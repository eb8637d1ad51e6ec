"""Booking through the pages, as a person without an account does it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories import carol, logged_in
from tests.hall.appointments.places import CODE, LONG, SHORT, furnish, number, oversold

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.appointments import booking, offered, settings
from circle15.hall.appointments.hours import day_of
from circle15.hall.booking_models import Appointment
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return furnish(at=timezone.now(), since=day_of(timezone.now()))


@pytest.fixture
def times(hall):
    """Return the times one can book from the day after tomorrow on."""
    now = timezone.now()
    days = [each for each in offered.days_offered(CODE, 30, at=now)[2:] if each.free]
    return offered.times_offered(CODE, days[0].on, 30, at=now)


def at(time):
    return {"day": f"{day_of(time.starts_at)}", "time": time.key}


def choose(client, time, item=SHORT, **more):
    address = reverse("booking_times", args=[CODE, item])
    return client.post(address, {**at(time), "once": new_key(), **more})


def filled(n=1, **more):
    return {"name": "王小明", "phone": "138 0013 8000", "id_number": number(n), **more}


def through(client, time, n=1):
    """Book from the choice of time to the end; return the page of the appointment."""
    reply = choose(client, time)
    details = reply.headers["Location"]
    reply = client.post(details, filled(n))
    check = reply.headers["Location"]
    reply = client.post(check)
    assert reply.status_code == 302, reply.content.decode()
    return reply.headers["Location"]


def test_from_the_list_of_halls_to_the_code(hall, times):
    client = Client()
    for address in (
        reverse("booking"),
        reverse("booking_items", args=[CODE]),
        reverse("booking_times", args=[CODE, SHORT]),
    ):
        assert client.get(address).status_code == 200
    page = client.get(through(client, times[0]))
    text = page.content.decode()
    with area_scope(EVERYWHERE):
        made = Appointment.objects.get()
    assert (made.state, made.starts_at) == ("booked", times[0].starts_at)
    assert f"{made.code[:3]} {made.code[3:]}" in text
    assert "王**" in text
    assert "王小明" not in text
    assert number(1) not in text
    assert page.headers["Cache-Control"] == "no-store"


def test_the_check_page_shows_what_was_typed_once_and_the_number_masked(hall, times):
    client = Client()
    details = choose(client, times[0]).headers["Location"]
    check = client.post(details, filled()).headers["Location"]
    text = client.get(check).content.decode()
    assert "王小明" in text
    assert "13800138000" in text
    assert number(1) not in text
    again = client.get(details).content.decode()
    assert "王小明" in again
    assert number(1) not in again
    client.post(details, filled(name="王大明", id_number=""))
    client.post(check)
    with area_scope(EVERYWHERE):
        made = Appointment.objects.get()
    assert booking.opened(made, "name") == "王大明"
    assert booking.opened(made, "id_number") == number(1)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "请填写姓名"),
        ({"name": "王"}, "请填写完整的姓名"),
        ({"phone": "12345"}, "手机号应为 11 位"),
        ({"id_number": "320681199001010010"}, "校验位不正确"),
        ({"id_number": ""}, "请填写身份证号码"),
    ],
)
def test_wrong_details_are_said_at_the_field(hall, times, wrong, words):
    client = Client()
    details = choose(client, times[0]).headers["Location"]
    reply = client.post(details, filled(**wrong))
    assert reply.status_code == 422
    assert words in reply.content.decode()


def test_a_double_submission_holds_one_place_and_books_once(hall, times):
    client = Client()
    key = new_key()
    replies = [choose(client, times[0], once=key).headers["Location"] for _n in range(2)]
    assert replies[0] == replies[1]
    client.post(replies[0], filled())
    check = reverse("booking_check", args=[replies[0].strip("/").split("/")[-1]])
    ends = [client.post(check).headers["Location"] for _n in range(2)]
    assert ends[0] == ends[1]
    with area_scope(EVERYWHERE):
        assert Appointment.objects.count() == 1
    assert oversold() == []


def test_a_full_time_is_refused_with_the_others_still_shown(hall, times):
    for n in range(2):
        hall.hold(times[0].starts_at, at=timezone.now(), origin=f"o{n}")
    reply = choose(Client(), times[0])
    text = reply.content.decode()
    assert reply.status_code == 409
    assert "刚刚约满" in text
    assert 'value="1000"' in text


def test_choosing_another_time_gives_the_first_back(hall, times):
    client = Client()
    details = choose(client, times[0]).headers["Location"]
    reply = client.post(f"{details}leave/")
    assert reply.headers["Location"] == reverse("booking_times", args=[CODE, SHORT])
    assert hall.slot(times[0].starts_at).public_taken == 0
    assert client.get(details).status_code == 410
    assert client.post(details, filled()).status_code == 410


def test_a_lapsed_hold_says_so_on_every_page(hall, times):
    client = Client()
    held = hall.hold(times[0].starts_at, at=timezone.now() - timedelta(minutes=11))
    for name in ("booking_details", "booking_check"):
        assert client.get(reverse(name, args=[held.uid])).status_code == 410
        assert client.post(reverse(name, args=[held.uid]), filled()).status_code == 410


def test_what_is_not_offered_is_not_found(hall, times):
    client = Client()
    unknown = [
        reverse("booking_items", args=["nowhere"]),
        reverse("booking_times", args=[CODE, "nothing"]),
        reverse("booking_mine", args=["12345678-1234-1234-1234-123456789012"]),
    ]
    assert [client.get(each).status_code for each in unknown] == [404, 404, 404]
    bad = [{"day": "x", "time": "0900"}, {"day": "2026-01-01", "time": ""}, {}]
    for fields in bad:
        address = reverse("booking_times", args=[CODE, SHORT])
        assert client.post(address, {**fields, "once": new_key()}).status_code == 404


def test_changing_and_cancelling_by_the_link(hall, times):
    client = Client()
    mine = through(client, times[0])
    assert client.get(f"{mine}change/").status_code == 200
    for _n in range(2):
        reply = client.post(f"{mine}change/", {**at(times[2]), "once": new_key()})
        assert reply.headers["Location"] == mine
    with area_scope(EVERYWHERE):
        made = Appointment.objects.get()
    assert (made.starts_at, made.changes) == (times[2].starts_at, 1)
    assert client.get(f"{mine}cancel/").status_code == 200
    for _n in range(2):
        assert client.post(f"{mine}cancel/").headers["Location"] == mine
    assert "已取消" in client.get(mine).content.decode()
    refused = client.post(f"{mine}change/", {**at(times[3]), "once": new_key()})
    assert refused.status_code == 409
    assert oversold() == []


def test_picture_and_calendar(hall, times):
    client = Client()
    mine = through(client, times[0])
    picture, calendar = client.get(f"{mine}code.svg"), client.get(f"{mine}calendar.ics")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert calendar.headers["Content-Type"].startswith("text/calendar")
    begin = times[0].starts_at.astimezone(tz=timezone.get_fixed_timezone(0))
    text = calendar.content.decode().replace("\r\n ", "")
    assert f"DTSTART:{begin:%Y%m%dT%H%M%SZ}" in text
    assert "王" not in text


def test_checking_in_by_the_link_gives_one_number(hall):
    now = timezone.now()
    soon = _slot_now(hall, now)
    made = hall.at_counter(soon, 1, at=soon - timedelta(minutes=1))
    client = Client()
    mine = reverse("booking_mine", args=[made.uid])
    assert "签到取号" in client.get(mine).content.decode()
    places = {client.post(f"{mine}check-in/").headers["Location"] for _n in range(2)}
    assert len(places) == 1
    assert hall.again(made).state == "arrived"


def test_checking_in_too_early_is_refused(hall, times):
    client = Client()
    mine = through(client, times[0])
    reply = client.post(f"{mine}check-in/")
    assert reply.status_code == 409
    assert re.search(r"\d\d-\d\d \d\d:\d\d 起可以签到", reply.content.decode())


def test_two_slots_show_only_times_that_fit(hall, times):
    text = Client().get(reverse("booking_times", args=[CODE, LONG])).content.decode()
    assert 'value="1100"' in text
    assert 'value="1130"' not in text


def test_a_closed_hall_says_what_else_to_do(hall):
    settings.set_rules(
        site_code=CODE,
        rules=settings.Rules(is_open=False),
        by=hall.manager,
        at=timezone.now(),
    )
    reply = Client().get(reverse("booking_items", args=[CODE]))
    assert reply.status_code == 409
    assert "不接受预约" in reply.content.decode()
    assert Client().get(reverse("booking")).status_code == 200


def test_staff_may_use_the_public_pages_too(hall, times):
    client = logged_in(carol())
    assert client.get(through(client, times[0], 5)).status_code == 200


def _slot_now(hall, now):
    """Return the begin of a slot that was made to lie around the present."""
    from circle15.hall.booking_models import Slot

    begin = now.replace(minute=0, second=0, microsecond=0)
    with area_scope(EVERYWHERE):
        Slot.objects.filter(starts_at=begin).delete()
        Slot.objects.create(
            hall=hall.hall,
            area_path=hall.hall.area_path,
            starts_at=now + timedelta(minutes=5),
            ends_at=now + timedelta(minutes=35),
            public_places=1,
            counter_places=1,
        )
    return now + timedelta(minutes=5)
