"""A hall's appointments as its staff work with them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from tests.factories import carol, logged_in
from tests.hall.appointments.places import CODE, LONG, SHORT, furnish, number, oversold

from circle15.accounts.models import User
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.appointments import booking, offered
from circle15.hall.appointments.hours import day_of
from circle15.hall.booking_models import (
    Appointment,
    BookableItem,
    BookingRules,
    HoursException,
    OpeningSeries,
)
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return furnish(at=timezone.now(), since=day_of(timezone.now()))


@pytest.fixture
def boss(hall):
    return logged_in(User.objects.get(username="manager"))


@pytest.fixture
def clerk(hall):
    return logged_in(User.objects.get(username="alice"))


@pytest.fixture
def stranger(hall):
    return logged_in(User.objects.get(username="dave"))


@pytest.fixture
def times(hall):
    now = timezone.now()
    days = [each for each in offered.days_offered(CODE, 30, at=now)[2:] if each.free]
    return offered.times_offered(CODE, days[0].on, 30, at=now)


def address(name):
    return reverse(name, args=[CODE])


def booked(hall, time, n=1, item=SHORT):
    return hall.booked(time.starts_at, n, item=item, at=timezone.now())


def test_the_day_shows_who_comes_masked(hall, clerk, times):
    made = booked(hall, times[0])
    day = day_of(times[0].starts_at)
    text = clerk.get(f"{address('hall_appointments')}?day={day}").content.decode()
    assert f"{made.code[:3]} {made.code[3:]}" in text
    assert "王**" in text
    assert "王小明" not in text
    assert number(1) not in text


def test_a_clerk_books_for_a_person_once(hall, clerk, times):
    day = day_of(times[1].starts_at)
    page = address("hall_appointment_book")
    assert clerk.get(f"{page}?item={SHORT}&day={day}").status_code == 200
    fields = {"item": SHORT, "day": f"{day}", "time": times[1].key, "once": new_key()}
    fields |= {"name": "李大山", "phone": "13900000001", "id_number": ""}
    replies = [clerk.post(page, fields) for _n in range(2)]
    assert [each.status_code for each in replies] == [302, 302]
    with area_scope(EVERYWHERE):
        made = Appointment.objects.get()
    assert (made.door, made.pool, made.starts_at) == ("counter", "counter", times[1].starts_at)
    assert booking.opened(made, "phone") == "13900000001"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"time": ""}, "请选择时间"),
        ({"name": ""}, "请填写姓名"),
        ({"id_number": "123"}, "身份证号码应为"),
    ],
)
def test_what_is_missing_is_said(hall, clerk, times, wrong, words):
    day = day_of(times[1].starts_at)
    fields = {"item": SHORT, "day": f"{day}", "time": times[1].key, "once": new_key()}
    fields |= {"name": "李大山", "phone": "13900000001", "id_number": ""} | wrong
    reply = clerk.post(address("hall_appointment_book"), fields)
    assert reply.status_code == 422
    assert words in reply.content.decode()


def test_cancelling_needs_a_reason(hall, clerk, times):
    made = booked(hall, times[0])
    page = address("hall_appointment_cancel")
    clerk.post(page, {"uid": made.uid, "reason": ""})
    assert hall.again(made).state == "booked"
    reply = clerk.post(page, {"uid": made.uid, "reason": "停电", "day": "2026-03-03"})
    assert reply.headers["Location"].endswith("?day=2026-03-03")
    assert hall.again(made).state == "cancelled"


def test_moving_by_the_counter(hall, clerk, times):
    made = booked(hall, times[0])
    page = address("hall_appointment_move")
    assert clerk.get(f"{page}?uid={made.uid}").status_code == 200
    day = f"{day_of(times[2].starts_at)}"
    fields = {"uid": made.uid, "day": day, "time": times[2].key, "once": new_key()}
    assert clerk.post(page, fields).status_code == 302
    assert hall.again(made).starts_at == times[2].starts_at
    again = clerk.post(page, {**fields, "once": new_key()})
    assert again.status_code == 409
    assert oversold() == []


def test_a_wrong_code_is_said_on_the_day_page(clerk):
    reply = clerk.post(address("hall_appointment_check_in"), {"code": "000000"}, follow=True)
    assert "今天没有这个预约码" in reply.content.decode()


def test_strangers_find_nothing_and_change_nothing(hall, stranger, times):
    made = booked(hall, times[0])
    for name in ("hall_appointments", "hall_appointment_book", "hall_appointment_figures"):
        assert stranger.get(address(name)).status_code == 404
    posts = {
        "hall_appointment_cancel": {"uid": made.uid, "reason": "x"},
        "hall_appointment_check_in": {"code": made.code},
        "hall_appointment_move": {"uid": made.uid, "once": new_key()},
        "hall_appointment_book": {"once": new_key()},
    }
    assert {stranger.post(address(name), data).status_code for name, data in posts.items()} == {404}
    assert hall.again(made).state == "booked"


def test_clerks_do_not_set_the_hours(clerk):
    assert clerk.get(address("hall_hours")).status_code == 403
    assert clerk.post(address("hall_hours_rules")).status_code == 403


def series_fields(**more):
    usual = {
        "weekdays": ["6"],
        "opens": "09:00",
        "closes": "11:00",
        "slot_min": "30",
        "public_places": "2",
        "counter_places": "1",
        "since": f"{day_of(timezone.now())}",
        "is_extended": "on",
    }
    return usual | more


def test_a_manager_adds_changes_and_removes_hours(boss):
    page = address("hall_hours_series")
    assert boss.post(page, series_fields()).status_code == 302
    with area_scope(EVERYWHERE):
        row = OpeningSeries.objects.get(weekdays="6")
    assert boss.get(f"{address('hall_hours')}?series={row.pk}").status_code == 200
    boss.post(page, series_fields(series_id=f"{row.pk}", weekdays=["6", "7"]))
    with area_scope(EVERYWHERE):
        row.refresh_from_db()
    assert (row.weekdays, row.is_extended, row.on_makeup_days) == ("67", True, False)
    boss.post(address("hall_hours_series_remove"), {"series_id": row.pk})
    with area_scope(EVERYWHERE):
        assert not OpeningSeries.objects.filter(pk=row.pk).exists()


def test_hours_that_overlap_are_refused_in_the_form(boss):
    reply = boss.post(address("hall_hours_series"), series_fields(weekdays=["1"]))
    assert reply.status_code == 422
    assert "重叠" in reply.content.decode()
    reply = boss.post(address("hall_hours_series"), series_fields(weekdays=[], opens="x"))
    assert "请至少选一天" in reply.content.decode()


def test_a_closed_day_shows_what_is_booked_as_a_conflict(hall, boss, times):
    made = booked(hall, times[0], item=LONG)
    fields = {"on": f"{made.on}", "reason": "停电检修", "is_closed": "on"}
    assert boss.post(address("hall_hours_day"), fields).status_code == 302
    for name in ("hall_hours", "hall_appointments"):
        assert "1 个预约不在现在的开放时间里" in boss.get(address(name)).content.decode()
    with area_scope(EVERYWHERE):
        row = HoursException.objects.get()
    boss.post(address("hall_hours_day_remove"), {"exception_id": row.pk})
    assert "不在现在的开放时间里" not in boss.get(address("hall_hours")).content.decode()


def test_other_hours_on_a_day_need_their_hours(boss):
    fields = {"on": f"{day_of(timezone.now()) + timedelta(days=1)}", "reason": "培训"}
    assert boss.post(address("hall_hours_day"), fields).status_code == 422
    more = {"opens": "14:00", "closes": "16:00", "slot_min": "30"}
    places = {"public_places": "1", "counter_places": "0"}
    assert boss.post(address("hall_hours_day"), fields | more | places).status_code == 302


def test_items_and_rules(boss):
    fields = {"item": "newborn", "minutes": "20", "bring": "出生证"}
    assert boss.post(address("hall_hours_item"), fields).status_code == 302
    with area_scope(EVERYWHERE):
        row = BookableItem.objects.get(item="newborn")
    assert (row.name, row.minutes, row.position) == ("新生儿参保", 20, 2)
    boss.post(address("hall_hours_item_remove"), {"item": "newborn"})
    rules = {"days_ahead": "7", "notice_min": "60", "hold_min": "10", "early_min": "20"}
    boss.post(address("hall_hours_rules"), rules | {"late_min": "10"})
    with area_scope(EVERYWHERE):
        stored = BookingRules.objects.get()
    assert (stored.days_ahead, stored.is_open) == (7, False)
    assert boss.post(address("hall_hours_rules"), {"days_ahead": "0"}).status_code == 422


def test_rows_of_another_hall_are_not_removed_here(hall, boss):
    for name, field in (
        ("hall_hours_series_remove", "series_id"),
        ("hall_hours_day_remove", "exception_id"),
    ):
        for value in ("0", "x", ""):
            assert boss.post(address(name), {field: value}).status_code == 404


def test_the_figures_and_their_workbook(hall, times):
    booked(hall, times[0])
    officer = logged_in(carol())
    page = officer.get(address("hall_appointment_figures"))
    assert "每天放出" in page.content.decode()
    reply = officer.get(address("hall_appointment_figures_export"))
    rows = list(load_workbook(BytesIO(reply.content)).active.iter_rows(values_only=True))
    day = next(row for row in rows if row[0] == f"{day_of(times[0].starts_at)}")
    assert day[1:] == (18, 1, 1 / 18, 1, 0, 0, 0, None)
    wrong = f"{address('hall_appointment_figures')}?since=2026-03-02&until=2026-03-01"
    assert officer.get(wrong).status_code == 422
