"""Streams of a real process: in order, resumed without gap or repetition, for the right ones."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.hall.conftest import Place
from tests.ops.live.conftest import token
from tests.ops.live.process import Live, events, lively, numbers

from circle15.accounts.states import DeviceKind
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.models import Announcement, Hall

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGE = "http://127.0.0.1:8000"


def display(live: Live, hall: Place, **headers: str):
    path = f"/live/hall/{hall.hall.site.code}/events"
    after = headers.pop("after", "")
    return live.get(path + (f"?after={after}" if after else ""), Cookie=token(hall), **headers)


def shout(hall: Place, count: int) -> None:
    """Append announcements as `count` calls would."""
    with area_scope(EVERYWHERE):
        row = Hall.objects.get()
        for seq in range(row.last_event + 1, row.last_event + count + 1):
            Announcement.objects.create(
                hall=row,
                area_path=row.area_path,
                seq=seq,
                kind="call",
                label="A001",
                window_number=1,
                at=timezone.now(),
            )
        Hall.objects.update(last_event=row.last_event + count)


def test_a_call_reaches_the_display_with_its_number_and_the_counts(live: Live, hall: Place):
    hall.take()
    hall.take()
    stream = events(display(live, hall))
    assert next(stream).data["waiting"] == 2
    called = hall.call(at=timezone.now())
    heard = next(stream)
    assert (heard.name, heard.number) == ("call", called.seq)
    assert {name: heard.data[name] for name in ("kind", "label", "window")} == {
        "kind": "call",
        "label": "A001",
        "window": 1,
    }
    now = next(stream).data
    assert now["waiting"] == 1
    assert now["windows"][0] == {"number": 1, "state": "open", "label": "A001"}


def test_nothing_but_numbers_leaves_the_house(live: Live, hall: Place):
    hall.take()
    hall.call()
    reply = display(live, hall, after="0")
    said = b"".join(reply.readline() for _ in range(7)).decode()
    assert "A001" in said
    assert hall.alice.name not in said


def test_after_a_kill_every_call_comes_once(hall: Place):
    with lively() as live:
        shout(hall, 3)
        assert numbers(display(live, hall, after="0"), 3) == [1, 2, 3]
        live.kill()
        shout(hall, 4)
        live.start()
        stream = display(live, hall, Last_Event_ID="3")
        shout(hall, 2)
        assert numbers(stream, 6) == [4, 5, 6, 7, 8, 9]


def test_long_away_gets_everything_from_the_database_in_order(live: Live, hall: Place):
    shout(hall, 130)
    assert numbers(display(live, hall, Last_Event_ID="10"), 120) == list(range(11, 131))


def test_a_lost_hint_is_made_up_for_within_two_seconds(live: Live, hall: Place):
    stream = display(live, hall)
    before = timezone.now()
    shout(hall, 1)  # no hint: nothing but the table changed
    assert numbers(stream, 1) == [1]
    assert timezone.now() - before < timedelta(seconds=3)


def test_phones_hear_their_place_and_their_call(live: Live, hall: Place):
    first, second = hall.take(), hall.take()
    stream = events(live.get(f"/live/ticket/{second.uid}/events"))
    assert next(stream).data == {
        "label": second.label,
        "state": "waiting",
        "ahead": 1,
        "minutes": None,
        "window": None,
        "onward": None,
    }
    assert hall.call(at=timezone.now()).uid == first.uid
    assert next(stream).data["ahead"] == 0
    hall.call(2, at=timezone.now())
    heard = next(stream).data
    assert (heard["state"], heard["window"]) == ("called", 2)


def test_only_a_display_of_the_hall_may_listen_to_it(live: Live, hall: Place):
    cookies = {
        "": 401,
        token(hall, DeviceKind.KIOSK): 401,
        token(hall, path="/320600000000/320681000000/320681999999C99/"): 401,
        token(hall)[:-3] + "abc": 401,
        token(hall): 200,
    }
    path = f"/live/hall/{hall.hall.site.code}/events"
    got = {cookie: live.get(path, Cookie=cookie).status for cookie in cookies}
    assert got == cookies


def test_nothing_else_is_there(live: Live):
    paths = {
        f"/live/ticket/{uuid4()}/events": 404,
        "/live/ticket/1/events": 404,
        "/live/hall/../events": 404,
        "/": 404,
        "/live/": 200,
    }
    assert {path: live.get(path).status for path in paths} == paths


def test_only_pages_of_this_installation_may_read(live: Live, hall: Place):
    uid = hall.take().uid
    asked = {
        (PAGE, "127.0.0.1:{port}"): 200,
        ("http://127.0.0.1:{port}", "127.0.0.1:{port}"): 200,
        ("http://localhost:8000", "localhost:{port}"): 200,
        ("http://localhost:8000", "127.0.0.1:{port}"): 403,
        ("http://127.0.0.1:8001", "127.0.0.1:{port}"): 403,
        ("https://127.0.0.1:8000", "127.0.0.1:{port}"): 403,
        ("http://evil.example", "127.0.0.1:{port}"): 403,
        ("http://evil.example:8000", "evil.example:{port}"): 403,
        ("null", "127.0.0.1:{port}"): 403,
    }
    for (origin, host), status in asked.items():
        said = origin.format(port=live.port)
        headers = {"Origin": said, "Host": host.format(port=live.port)}
        reply = live.get(f"/live/ticket/{uid}/events", **headers)
        assert (said, reply.status) == (said, status)
        allowed = said if status == 200 else None
        assert reply.headers.get("Access-Control-Allow-Origin") == allowed


def test_one_ticket_cannot_take_all_connections(live: Live, hall: Place):
    ticket = hall.take()
    replies = [live.get(f"/live/ticket/{ticket.uid}/events") for _ in range(7)]
    assert [reply.status for reply in replies] == [200] * 6 + [429]


def test_who_is_gone_is_forgotten(live: Live, hall: Place):
    display(live, hall)
    assert live.listening() == 2
    live.hang_up()
    until = time.monotonic() + 5
    while live.listening() > 1:
        assert time.monotonic() < until
        time.sleep(0.05)
