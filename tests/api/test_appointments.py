"""Appointments through the API: by a stranger with a link, at the counter, on arrival."""

import pytest
from django.utils import timezone
from tests import factories
from tests.api.callers import Program, machine, token_of
from tests.hall.appointments.places import SHORT, furnish, oversold, person

from circle15.accounts.models import User
from circle15.accounts.states import DeviceKind

pytestmark = pytest.mark.django_db
STRANGER = Program()


@pytest.fixture
def bookable():
    at = timezone.now()
    return furnish(at=at, since=timezone.localdate(at))


def _free_time() -> str:
    days = STRANGER.get(f"/booking/QD-0001/days?item={SHORT}").json()["days"]
    # Not today: its times may be too near.
    on = next(day["on"] for day in days[1:] if day["is_open"])
    times = STRANGER.get(f"/booking/QD-0001/times?item={SHORT}&on={on}").json()["times"]
    return times[0]["starts_at"]


def _who(n: int = 0) -> dict[str, str]:
    one = person(n)
    return {"name": one.name, "phone": one.phone, "id_number": one.id_number}


def test_stranger_books_changes_and_cancels_by_link(bookable):
    wish = {"item": SHORT, "starts_at": _free_time()}
    assert STRANGER.get("/booking/QD-0001/items").json()["items"][0]["item"] == SHORT

    held = STRANGER.post("/booking/QD-0001/holds", wish).json()
    link = f"/appointments/{held['uid']}"
    filled = STRANGER.post(f"{link}/person", _who()).json()
    booked = STRANGER.post(f"{link}/confirm").json()

    assert (held["state"], booked["state"], len(booked["code"])) == ("held", "booked", 6)
    assert (filled["name"], filled["phone"]) == ("王**", "138****0000")
    assert _who()["id_number"] not in str(STRANGER.get(link).json())
    assert STRANGER.post(f"{link}/check-in").json()["code"] == "not_yet_time"
    assert STRANGER.post(f"{link}/cancel").json()["state"] == "cancelled"
    assert oversold() == []


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        ("6298-09-18T19:18:18+18:19", (409, "slot_full")),
        ("9999-12-31T23:59:59-23:59", (422, "invalid_input")),
        ("0001-01-01T00:00:00+08:00", (422, "invalid_input")),
    ],
)
def test_a_moment_far_off_is_refused_and_no_fault(bookable, moment, refusal):
    reply = STRANGER.post("/booking/QD-0001/holds", {"item": SHORT, "starts_at": moment})

    assert (reply.status_code, reply.json()["code"]) == refusal


def test_wrong_number_of_a_card_is_told_in_words(bookable):
    held = STRANGER.post(
        "/booking/QD-0001/holds", {"item": SHORT, "starts_at": _free_time()}
    ).json()

    wrong = _who() | {"id_number": "320681199003070021"}
    reply = STRANGER.post(f"/appointments/{held['uid']}/person", wrong)

    assert reply.status_code == 422
    assert reply.json()["errors"] == [
        {
            "where": "body.id_number",
            "code": "resident_id",
            "message": "身份证号不正确，请核对",
        }
    ]


def test_counter_books_for_a_person_and_withdraws_with_a_reason(bookable):
    alice = Program(token_of(User.objects.get(username="alice")))
    dave = Program(token_of(User.objects.get(username="dave")))
    wish = {"item": SHORT, "starts_at": _free_time(), **_who(1)}

    booked = alice.post("/halls/QD-0001/appointments", wish).json()
    day = alice.get(f"/halls/QD-0001/appointments?on={booked['on']}").json()

    assert [one["uid"] for one in day["appointments"]] == [booked["uid"]]
    withdraw = f"/appointments/{booked['uid']}/withdraw"
    assert dave.post(withdraw, {"reason": "x"}).status_code == 404
    assert dave.get(f"/halls/QD-0001/appointments?on={booked['on']}").status_code == 404
    assert alice.post(withdraw, {"reason": "停电"}).json()["state"] == "cancelled"


def test_kiosk_says_that_a_code_is_unknown(bookable):
    factories.HallFactory()

    reply = machine().post("/halls/QD-0001/check-in", {"code": "000000"})

    assert (reply.status_code, reply.json()["code"]) == (404, "unknown_code")


def test_a_halls_own_server_fetches_what_is_booked_and_no_other_machine_does(bookable):
    alice = Program(token_of(User.objects.get(username="alice")))
    booked = alice.post(
        "/halls/QD-0001/appointments", {"item": SHORT, "starts_at": _free_time(), **_who(1)}
    ).json()
    server, path = machine(DeviceKind.SERVER), "/relay/appointments"
    assert server.get(path).status_code == 404
    assert server.post("/relay/setup").status_code == 200

    told = server.get(path)

    assert [one["code"] for one in told.json()["booked"]] == [booked["code"]]
    assert "王" not in told.content.decode()
    assert [one.get(path).status_code for one in (machine(), alice, STRANGER)] == [403, 403, 401]


def test_full_time_is_refused_with_the_free_ones_nearby(bookable):
    alice = Program(token_of(User.objects.get(username="alice")))
    wish = {"item": SHORT, "starts_at": _free_time()}
    replies = [STRANGER.post("/booking/QD-0001/holds", wish) for _n in range(9)]

    refused = replies[-1].json()
    offered = refused["offered"]

    assert (replies[0].status_code, replies[-1].status_code) == (200, 409)
    assert (refused["code"], len(offered), wish["starts_at"] in offered) == ("slot_full", 20, False)
    taken = alice.post("/halls/QD-0001/appointments", wish | {"starts_at": offered[0]} | _who(2))
    assert taken.json()["state"] == "booked"
    assert oversold() == []
