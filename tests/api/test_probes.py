"""Many at once through the API: no number twice, no ticket at two windows, no second effect."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from circle15.accounts.models import GivenAnswer
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.models import Announcement, Span, Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TICKETS = "/halls/QD-0001/tickets"
ROUNDS = 5


def at_once(*asks: Callable[[], object]) -> list:
    """Ask in as many threads, each with a database connection of its own."""

    def one(ask):
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(one, asks))


def codes(replies) -> Counter:
    return Counter(reply.json().get("code", reply.status_code) for reply in replies)


def test_same_key_fifty_times_at_once_is_one_ticket(hall):
    key = str(uuid4())
    ask = [lambda: hall.kiosk.post(TICKETS, {"lane": "A"}, key=key)] * 10

    replies = [reply for _round in range(ROUNDS) for reply in at_once(*ask)]

    assert len(replies) == 50
    assert len({reply.content for reply in replies}) == 1
    with area_scope(EVERYWHERE):
        assert Ticket.objects.count() == 1
        assert Event.objects.filter(verb="ticket.take").count() == 1
        assert GivenAnswer.objects.filter(key=key).count() == 1


def test_same_key_at_once_calls_one(hall):
    for _ticket in range(3):
        hall.take()
    key = str(uuid4())

    replies = at_once(*[lambda: hall.at(0, "call-next", key=key)] * 10)

    assert {reply.json()["label"] for reply in replies} == {"A001"}
    with area_scope(EVERYWHERE):
        assert Announcement.objects.count() == 1


def test_numbers_taken_at_once_have_no_gap(hall):
    ask = [lambda: hall.kiosk.post(TICKETS, {"lane": "A"})] * 10

    replies = [reply for _round in range(3) for reply in at_once(*ask)]

    assert sorted(reply.json()["number"] for reply in replies) == list(range(1, 31))


def test_double_click_calls_one(hall):
    for _ticket in range(2 * ROUNDS):
        hall.take()
    for _round in range(ROUNDS):
        replies = at_once(*[lambda: hall.at(0, "call-next")] * 2)

        assert codes(replies) == {200: 1, "window_busy": 1}
        uid = next(reply.json()["uid"] for reply in replies if reply.status_code == 200)
        hall.at(0, "begin", {"uid": uid})
        hall.at(0, "finish", {"uid": uid})


@pytest.mark.parametrize("second", ["call-next", "pick"])
def test_one_ticket_goes_to_one_window(hall, second):
    for _round in range(ROUNDS):
        uid = {"uid": hall.take()["uid"]}
        body = uid if second == "pick" else None

        replies = at_once(lambda: hall.at(0, "call-next"), lambda: hall.at(1, second, body))  # noqa: B023 -- asked before the next round

        assert codes(replies)[200] == 1
        assert codes(replies)["nobody_waiting"] + codes(replies)["already_taken"] == 1
        winner = [reply.status_code for reply in replies].index(200)
        hall.at(winner, "begin", uid)
        hall.at(winner, "finish", uid)


def test_finish_is_accepted_once(hall):
    for _round in range(ROUNDS):
        uid = {"uid": hall.take()["uid"]}
        hall.at(0, "call-next")
        hall.at(0, "begin", uid)

        replies = at_once(*[lambda: hall.at(0, "finish", uid)] * 3)  # noqa: B023 -- asked before the next round

        assert codes(replies) == {200: 1, "already_finished": 2}
    with area_scope(EVERYWHERE):
        assert Span.objects.filter(state="finished").count() == ROUNDS


def test_begin_hits_no_other_ticket_than_the_one_named(hall):
    first, second = ({"uid": hall.take()["uid"]} for _ticket in range(2))
    hall.at(0, "call-next")

    replies = at_once(
        lambda: hall.at(0, "begin", first),
        lambda: hall.at(0, "begin", second),
        lambda: hall.at(1, "call-next"),
    )

    assert [reply.status_code for reply in replies] == [200, 409, 200]
    assert replies[2].json()["uid"] == second["uid"]
